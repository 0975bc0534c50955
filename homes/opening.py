"""The page on which a Home's opening hours by weekday are set."""

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from homes.models import Home, Weekday
from homes.models.opening import Season, hours_of, in_words, set_hours
from records.acting import act_once
from records.days import HourField
from records.policy import visible_or_404
from records.versions import SAVED_MEANWHILE, stored_for_update


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


class WeekForm(forms.Form):
    """The hours of the seven days, drawn from one version of the Home."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, typed, *, home, season=Season.TERM):
        super().__init__(typed, initial={"seen_version": home.version})
        self.home, self.season, known, self.days = home, season, hours_of(home, season), []
        for weekday in Weekday:
            opens, closes = known.get(weekday, (None, None))
            initial = {"opens_at": opens, "closes_at": closes}
            self.days.append((weekday, DayForm(typed, prefix=f"day{weekday.value}", initial=initial)))

    def is_valid(self):
        return super().is_valid() and not self.has_wrong_day

    @property
    def has_wrong_day(self):
        return any(form.errors for _day, form in self.days)

    def clean(self):
        cleaned = super().clean()
        if self.has_wrong_day:
            return cleaned
        cleaned["hours"] = {day.value: form.hours for day, form in self.days if form.hours[0]}
        stored = stored_for_update(self.home)
        if cleaned.get("seen_version") != stored.version:
            self._compare(stored, hours_of(stored, self.season))
        return cleaned

    def _compare(self, stored, known):
        """Somebody else set hours meanwhile: what is stored stands beside what was typed, and may be sent again."""
        differing = [(form, known.get(day)) for day, form in self.days if known.get(day, (None, None)) != form.hours]
        if not differing:
            return
        for form, hours in differing:
            form.add_error("opens_at", _stored_now(hours))
        self.add_error(None, SAVED_MEANWHILE)
        self.data = self.data.copy()
        self.data["seen_version"] = str(stored.version)


def _stored_now(hours):
    if hours is None:
        return _("Stored now: nothing.")
    return _("Stored now: %(value)s") % {"value": in_words(hours)}


@require_http_methods(["GET", "HEAD", "POST"])
def opening(request, pk):
    home = visible_or_404(Home.objects.select_related("community"), request.user, "change", pk=pk)
    season = Season(request.GET.get("season")) if request.GET.get("season") in Season.values else Season.TERM
    form = WeekForm(request.POST or None, home=home, season=season)
    context = {"home": home, "form": form, "seasons": Season.choices, "season": season}
    page = lambda: render(request, "homes/opening.html", context)  # noqa: E731
    if request.method != "POST":
        return page()
    act = lambda cleaned: set_hours(home, cleaned["hours"], season=season, by=request.user)  # noqa: E731
    to = home.get_absolute_url()
    return act_once(request, act, to=to, said=_("The opening hours are set."), form=form, again=page)
