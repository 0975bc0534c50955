"""Which loans of a Home are shown, on the page and in the workbook alike."""

from django.utils.translation import gettext_lazy as _

from premises.models import Loan

TABS = {"out": _("Out"), "over": _("Back or lost")}


def shown_of(asked):
    """The key of the tab that the address asks for; what is no tab is the first."""
    return asked.get("show") if asked.get("show") in TABS else "out"


def loans_of(user, home, show):
    """What is out, due first on top; or what is over, the last one on top."""
    rows = Loan.objects.visible_to(user).filter(home=home).select_related("child", "asset")
    if show == "out":
        return rows.out().order_by("due_on", "pk")
    return rows.exclude(status="out").order_by("-ended_on", "-pk")
