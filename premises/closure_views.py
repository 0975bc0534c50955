"""Days on which a Home stays closed."""

from django import forms
from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from communities.places import may_at
from homes.models import Closure
from premises.closing import close
from premises.reach import find_home
from records.acting import act_once
from records.days import DayField
from records.policy import visible_or_404

SHOWN = 30


class CloseForm(forms.Form):
    use_required_attribute = False
    first_day = DayField(label=gettext_lazy("First day"), years_around=1, initial=timezone.localdate)
    last_day = DayField(label=gettext_lazy("Last day"), years_around=1, initial=timezone.localdate)
    reason = forms.ChoiceField(label=gettext_lazy("Reason, for everybody to read"), choices=Closure.Reason)


@require_http_methods(["GET", "HEAD", "POST"])
def closures(request, pk):
    """The closures of a Home, and a form for one more where the person may."""
    home = find_home(request, pk, Closure)
    may_add = home.is_open and may_at(request.user, "add", Closure, home.community_id)
    form = CloseForm(request.POST or None)
    context = {
        "home": home,
        "form": form if may_add else None,
        "closures": Closure.objects.filter(home=home).select_related("noted_by").order_by("-first_day", "-pk")[:SHOWN],
        "today": timezone.localdate(),
    }
    again = lambda: render(request, "premises/closures.html", context)  # noqa: E731
    if request.method != "POST" or not may_add:
        return again()

    def act(typed):
        done = close(home, by=request.user, **typed)
        words = _("Closed. Duties called off: %(duties)s. Calls called off: %(calls)s.")
        messages.success(request, words % {"duties": done.duties, "calls": done.bookings})
        if done.bookings:
            messages.warning(request, _("Tell the families whose call is off: they stand on a list."))

    return act_once(request, act, to=reverse("premises:closures", args=[home.pk]), form=form, again=again)


@require_POST
def lift(request, pk):
    found = visible_or_404(Closure.objects.select_related("home"), request.user, "change", pk=pk)
    to = reverse("premises:closures", args=[found.home_id])
    said = _("Taken back. Duties that were called off are put on the roster by hand.")
    return act_once(request, lambda _typed: found.lift(by=request.user), to=to, said=said)
