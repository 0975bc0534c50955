"""The public notice to hang up, and the statement for a giver. Neither names a child."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.papers import Both, paper
from support.models import Application, Sheet
from support.statements import asked_days, statement_of

NOTICE_WORDS = {
    "title": _("Public notice of support applications"),
    "intro": _(
        "The following children are proposed for support. Whoever has something to say against it may tell the "
        "community or the street office by the last day of the notice."
    ),
    "number": _("No."),
    "name": _("name"),
    "community": _("community"),
    "group": _("reason"),
    "kind": _("kind of support"),
    "days": _("on notice"),
    "stamp": _("Community (stamp)"),
    "day": _("day"),
    "none": _("No application stands on public notice now."),
}


@paper("support_notice", model="support.Application", title=_("Public notice of support applications"))
def support_notice(rows, user):
    """One poster of those that stand on notice today: masked name, community and reason in one word, nothing more."""
    keys = [row.pk for row in rows]
    sheets = Sheet.objects.on_notice_on(timezone.localdate()).filter(application__in=keys)
    found = sheets.select_related("application__kind", "community").order_by("community_id", "application_id")
    return {
        "lines": [(sheet, Both(Application.ReasonGroup(sheet.application.reason_group).label)) for sheet in found],
        "words": {name: Both(text) for name, text in NOTICE_WORDS.items()},
        "back_url": reverse("support:notices"),
    }


@paper("support_statement", model="support.AidKind", title=_("Statement of support"), has_choices=True)
def support_statement(rows, user, asked):
    start, end = asked_days(asked)
    return {"statement": statement_of(rows, start, end, user), "back_url": reverse("support:statement")}
