"""Which applications the list shows, and what the filters are called."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.models import Child
from support.models import Application, Payment

Status = Application.Status
SHOWN = {
    "": _("Under way"),
    "prepared": _("Being prepared or returned"),
    "school": _("Waiting for the school"),
    "street": _("Waiting for the street office"),
    "notice": _("Public notice to be posted"),
    "on_notice": _("On public notice"),
    "federation": _("Waiting for the federation"),
    "approved": _("Approved"),
    "unpaid": _("Payment due"),
    "unconfirmed": _("Receipt missing"),
    "over": _("Declined or withdrawn"),
}


def applications_shown(user, show, kind=None, text=""):
    """Applications `user` may see, of one group and kind; the newest first."""
    day, rows = timezone.localdate(), Application.objects.visible_to(user)
    payments = Payment.objects.visible_to(user)
    rows = {
        "prepared": lambda: rows.filter(status__in=Application.WITH_THE_COMMUNITY),
        "school": rows.waiting_for_school,
        "street": rows.waiting_for_street,
        "notice": rows.waiting_for_notice,
        "on_notice": lambda: rows.on_notice_on(day),
        "federation": lambda: rows.ready_to_decide_on(day),
        "approved": lambda: rows.filter(status=Status.APPROVED),
        "unpaid": lambda: rows.filter(pk__in=payments.unpaid_on(day).values("application")),
        "unconfirmed": lambda: rows.filter(pk__in=payments.unconfirmed().values("application")),
        "over": lambda: rows.filter(status__in=[Status.DECLINED, Status.WITHDRAWN]),
    }.get(show, rows.running)()
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        found = Child.objects.visible_to(user).search(text)
        rows = rows.filter(child__in=found.values("pk"))
    return rows.select_related("child", "kind", "community").order_by("-prepared_at", "-pk")
