"""This week: what fell due, who was reminded, which helper is silent, what waits; of a community or of a street."""

import datetime as dt

from django.db import transaction
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from records.papers import SHEETS_AT_MOST
from records.privacy import BASIC
from records.wording import said_of
from volunteers import weekly
from volunteers.models import ChildLetter, Pairing, Volunteer, WeekDigest

WEEKS_BACK = 26
# (what, its heading, where it is worked on)
SECTIONS = [
    (weekly.FELL_DUE, _("Fell due last week and is not done"), "five_ones:board"),
    (weekly.COMING, _("Falls due this week"), "five_ones:board"),
    (weekly.REMINDED, _("Reminded last week"), "five_ones:board"),
    (weekly.SILENT, _("Helpers who wrote down nothing for 30 days"), "admin:volunteers_contact_changelist"),
    (weekly.CHECKS, _("Helpers whose record check is missing or ends soon"), "admin:volunteers_volunteer_changelist"),
    (weekly.PAUSES, _("Pauses that end this week or should have ended"), "admin:volunteers_pairing_changelist"),
    (weekly.TO_READ, _("Letters to read"), "letters:letters"),
    (weekly.TO_HAND_OVER, _("Letters to hand over"), "letters:letters"),
]
QUERIES = {
    weekly.COMING: "?show=due",
    weekly.CHECKS: "?service=paired&check=unlasting",
    weekly.PAUSES: "?status__exact=paused",
    weekly.TO_HAND_OVER: "?show=deliver",
}


@require_safe
def week(request):
    """The digest of one community, or the figures of several with a line for each."""
    user = request.user
    mine = WeekDigest.objects.visible_to(user)
    weeks = _weeks(mine)
    monday = _chosen(weeks, request.GET.get("week", ""))
    digests = list(mine.filter(monday=monday).select_related("community").order_by("community")) if monday else []
    chosen = next((d for d in digests if d.community_id == request.GET.get("community")), None)
    is_above = len(digests) > 1
    shown = [chosen] if chosen else digests
    sections = sections_of(shown[0], names_in(user, shown)) if len(shown) == 1 else []
    context = {
        "weeks": weeks,
        "monday": monday,
        "sunday": monday and monday + dt.timedelta(days=6),
        "is_above": is_above,
        "chosen": chosen,
        "counts": weekly.summed(shown),
        "by_community": [] if chosen or not is_above else _by_community(digests),
        "sections": sections,
        "is_quiet": len(shown) == 1 and not any(section["count"] for section in sections),
        "print_url": _print_address(shown),
    }
    if monday == weekly.monday_of(timezone.localdate()):
        with transaction.atomic():
            weekly.note_read(user, monday)
    return render(request, "volunteers/week.html", context)


def _weeks(mine):
    newest = mine.order_by("-monday").values_list("monday", flat=True).first()
    if newest is None:
        return []
    since = newest - dt.timedelta(weeks=WEEKS_BACK)
    return list(mine.filter(monday__gt=since).order_by("-monday").values_list("monday", flat=True).distinct())


def _chosen(weeks, asked):
    return next((monday for monday in weeks if str(monday) == asked), weeks[0] if weeks else None)


def _by_community(digests):
    """Those with most to look after first."""

    def troubles(digest):
        return sum(digest.counts.get(what, 0) for what in (weekly.FELL_DUE, weekly.SILENT, weekly.CHECKS))

    return sorted(digests, key=lambda digest: (-troubles(digest), digest.community_id))


def _print_address(digests):
    if not 0 < len(digests) <= SHEETS_AT_MOST:
        return ""
    return reverse("papers", args=["week_digest"]) + "?keys=" + ",".join(str(digest.pk) for digest in digests)


def sections_of(digest, names):
    """[{"heading", "count", "rows", "more", "url"}] of one digest, with its `names_in`."""
    found = []
    for what, title, route in SECTIONS:
        keys, count = digest.lines.get(what, []), digest.counts.get(what, 0)
        rows = [names[what][key] for key in keys if key in names[what]]
        url = reverse(route) + QUERIES.get(what, "")
        heading = said_of(title, count)
        found.append({"heading": heading, "count": count, "rows": rows, "more": count - len(rows), "url": url})
    return found


def names_in(user, digests):
    """{section: {key: (who, of whom, address)}} of what this person may see, a query for each kind of record."""

    def keys_of(*sections):
        return {key for digest in digests for what in sections for key in digest.lines.get(what, [])}

    pairings, helpers = keys_of(*weekly.OF_PAIRINGS), keys_of(*weekly.OF_HELPERS)
    letters = keys_of(weekly.TO_READ, weekly.TO_HAND_OVER)
    of_pairings = {pairing.pk: _pairing_row(user, pairing) for pairing in _pairings(user, pairings)}
    of_helpers = {
        helper.pk: (helper.name, "", reverse("admin:volunteers_volunteer_change", args=[helper.pk]))
        for helper in Volunteer.objects.visible_to(user).filter(pk__in=helpers).only("name")
    }
    of_letters = {
        letter.pk: _pairing_row(user, letter.pairing, reverse("letters:letter", args=[letter.pk]))
        for letter in ChildLetter.objects.visible_to(user)
        .filter(pk__in=letters)
        .select_related("pairing__child", "pairing__volunteer")
        .only("pairing", *(f"pairing__{name}" for name in NAMED))
    }
    return {
        **dict.fromkeys(weekly.OF_PAIRINGS, of_pairings),
        **dict.fromkeys(weekly.OF_HELPERS, of_helpers),
        **dict.fromkeys([weekly.TO_READ, weekly.TO_HAND_OVER], of_letters),
    }


NAMED = ["child__name", "child__number", "volunteer__name"]


def _pairings(user, keys):
    rows = Pairing.objects.visible_to(user).filter(pk__in=keys).select_related("child", "volunteer")
    return rows.only("child", "volunteer", *NAMED)


def _pairing_row(user, pairing, url=""):
    """A child is named to whom may see children; to others it is its file's number."""
    may_name = user.sees(BASIC) and user.has_perm("children.view_child")
    child = pairing.child.name if may_name else pairing.child.number
    return child, pairing.volunteer.name, url or reverse("admin:volunteers_pairing_change", args=[pairing.pk])
