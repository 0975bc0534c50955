"""Books that go home with a child: lent from the book's page or by its label, taken back on the list."""

from django import forms
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.places import may_at
from premises.asset_views import page_of
from premises.loan_list import TABS, loans_of, shown_of
from premises.models import Asset, Loan
from premises.models.loan import USUAL
from premises.reach import chosen_home
from premises.who import children_of, found_by
from records.acting import act_once
from records.days import DayField
from records.policy import visible_or_404
from records.text import clean_key
from records.trail import log_read


class DueForm(forms.Form):
    use_required_attribute = False
    due_on = DayField(label=gettext_lazy("Due on"), years_around=1)


@require_safe
def loans(request):
    """What is out of a Home's library, what is due first on top."""
    home, homes = chosen_home(request, Loan)
    show = shown_of(request.GET)
    page = page_of(request, loans_of(request.user, home, show))
    log_read(request.user, {loan.child for loan in page}, page="premises:loans")
    place = home.community_id if home else ""
    context = {
        "home": home,
        "homes": homes,
        "page": page,
        "show": show,
        "tabs": TABS.items(),
        "may_change": may_at(request.user, "change", Loan, place),
        "export_query": urlencode({"home": home.pk, "show": show}) if home else "",
    }
    return render(request, "premises/loans.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def lend(request, pk):
    """A copy goes out: the child is searched and chosen."""
    book = visible_or_404(Asset.objects.select_related("home", "community"), request.user, pk=pk)
    text, found = found_by(request, book.home)
    log_read(request.user, found, page="premises:lend")
    may_add = may_at(request.user, "add", Loan, book.community_id)
    usual = {"due_on": timezone.localdate() + USUAL}
    form = DueForm(request.POST or None, initial=usual)
    context = {"asset": book, "text": text, "found": found, "form": form, "may_add": may_add}
    again = lambda: render(request, "premises/lend.html", context)  # noqa: E731
    if request.method != "POST" or not may_add:
        return again()
    child = visible_or_404(children_of(request.user, book.home), request.user, pk=clean_key(request.POST.get("child")))
    act = lambda typed: Loan.lend(book, child, by=request.user, **typed)  # noqa: E731
    to = reverse("premises:loans", query={"home": book.home_id})
    return act_once(
        request, act, to=to, said=_("Lent. It stands on the list until it is back."), form=form, again=again
    )


def _loan(request, pk):
    return visible_or_404(Loan.objects.select_related("asset"), request.user, "change", pk=pk)


def _acted(request, found, act, said):
    return act_once(request, act, to=reverse("premises:loans", query={"home": found.home_id}), said=said)


@require_POST
def back(request, pk):
    found, is_broken = _loan(request, pk), "broken" in request.POST
    act = lambda _typed: found.come_back(is_broken=is_broken, by=request.user)  # noqa: E731
    return _acted(request, found, act, _("The book is back."))


@require_POST
def lost(request, pk):
    found = _loan(request, pk)
    said = _("Noted as not brought back. It stands in the register as missing.")
    return _acted(request, found, lambda _typed: found.lose(by=request.user), said)
