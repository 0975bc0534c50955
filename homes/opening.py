"""The page on which a Home's opening hours by weekday are set."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from homes.models import Home, Weekday
from homes.models.opening import hours_of, set_hours
from records import once
from records.days import HourField
from records.lifecycle import refusals_shown
from records.policy import visible_or_404


class DayForm(forms.Form):
    """One weekday; both empty: closed."""

    opens_at = HourField(label=gettext_lazy("opens at"), required=False)
    closes_at = HourField(label=gettext_lazy("closes at"), required=False)

    def clean(self):
        cleaned = super().clean()
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if not self.errors and bool(opens) != bool(closes):
            self.add_error("closes_at" if opens else "opens_at", _("Give both hours, or leave both empty: closed."))
        elif opens and closes and closes <= opens:
            self.add_error("closes_at", _("A Home closes later than it opens."))
        return cleaned

    @property
    def hours(self):
        return self.cleaned_data["opens_at"], self.cleaned_data["closes_at"]


@require_http_methods(["GET", "HEAD", "POST"])
def opening(request, pk):
    home = visible_or_404(Home.objects.select_related("community"), request.user, "change", pk=pk)
    known, typed = hours_of(home), request.POST or None
    days = []
    for weekday in Weekday:
        opens, closes = known.get(weekday, (None, None))
        initial = {"opens_at": opens, "closes_at": closes}
        days.append((weekday, DayForm(typed, prefix=f"day{weekday.value}", initial=initial)))
    if request.method == "POST":
        with once.claim(request) as claim:
            if claim.repeated and not claim.missing:
                return redirect(claim.result_url)
            valid = [form.is_valid() for _day, form in days]  # each says what is wrong with it
            if all(valid) and not claim.missing:
                with refusals_shown(request):
                    set_hours(home, {day.value: form.hours for day, form in days if form.hours[0]}, by=request.user)
                    claim.result_url = home.get_absolute_url()
            if claim.result_url and not claim.repeated:
                messages.success(request, _("The opening hours are set."))
                return redirect(claim.result_url)
    return render(request, "homes/opening.html", {"home": home, "days": days})
