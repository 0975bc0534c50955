"""The pairing table and the helper roster of a community on paper, beside the same lists as workbooks."""

from django.conf import settings
from django.db.models import Count
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records.exports import ExportRequest
from records.lifecycle import Refused
from records.papers import Both, paper
from records.privacy import CONTACT
from records.scoping import Scope
from volunteers.kinds import DutyKind, HelperKind
from volunteers.models import Pairing, Volunteer

PAIRING_HEADS = [
    *[_("No."), _("Child"), _("File number"), _("Helper"), _("As"), _("From"), _("Card signed on"), _("Still to do")],
]
HELPER_HEADS = [
    *[_("No."), _("Name"), _("Sex"), _("Phone"), _("Can help as"), _("Children now"), _("Children at most")],
    *[_("Joined on"), _("Cleared until")],
]
PAIRING_COLUMNS = [
    *["kind", "status", "community", "starts_on", "card_signed_on", "missing"],
    *["child__name", "child__number", "volunteer__name"],
]
SIGNATURES = [_("Filled in by"), _("Head of the community"), _("Date and seal")]


def _kinds():
    return {kind.value: Both(kind.label) for kind in HelperKind}


def _table_words(title, heads, nobody):
    return {
        "title_both": Both(title),
        "heads": [Both(words) for words in heads],
        "nobody": Both(nobody),
        "signatures": [Both(words) for words in SIGNATURES],
        "today": timezone.localdate(),
    }


def _tables(divisions, user, rows):
    """[(division, its rows)]: where, and as many as, this person may take out alone as a spreadsheet."""
    reach = [Scope.of(*user.codes_for(rows.model)), Scope.of(*user.codes_for(ExportRequest, "add"))]
    if not all(division.pk in scope for division in divisions for scope in reach):
        raise Http404
    inside = rows.visible_to(user).within(Scope.of(*(division.pk for division in divisions)))
    found = list(inside[: settings.EXPORT_ROWS_ALONE + 1])
    if len(found) > settings.EXPORT_ROWS_ALONE:
        raise Refused(
            gettext("More than %(count)d lines leave with a second person alone: ask for the spreadsheet instead.")
            % {"count": settings.EXPORT_ROWS_ALONE}
        )
    return [(division, [row for row in found if row.community_id.startswith(division.pk)]) for division in divisions]


@paper("pairing_table", model="communities.Division", title=_("Pairing table"), shows_secrets=True)
def pairing_table(divisions, user):
    """Who accompanies whom, by community, as far as the person may see pairings."""
    kinds, duties = _kinds(), {kind.value: Both(kind.label) for kind in DutyKind}
    rows = Pairing.objects.filter(status__in=Pairing.HOLDING).select_related("child", "volunteer")
    rows = rows.only(*PAIRING_COLUMNS).order_by("child__name_pinyin", "pk")
    tables = []
    for division, inside in _tables(divisions, user, rows):
        lines = [(pairing, kinds[pairing.kind], [duties[kind] for kind in pairing.missing]) for pairing in inside]
        tables.append({"division": division, "lines": lines})
    return {"tables": tables, **_table_words(_("Pairing table"), PAIRING_HEADS, _("No pairing in force."))}


@paper("helper_roster", model="communities.Division", title=_("Helper roster"), shows_secrets=True)
def helper_roster(divisions, user):
    """The helpers in service of each community; phones where the person may reveal them."""
    kinds, sexes = _kinds(), {key: Both(words) for key, words in Volunteer._meta.get_field("sex").choices}
    shows_phones = Scope.of(*(user.codes_for(Volunteer, "reveal") if user.sees(CONTACT) else []))
    rows = Volunteer.objects.in_service_on(timezone.localdate()).defer("id_number").order_by("name", "pk")
    if not any(division.pk in shows_phones for division in divisions):
        rows = rows.defer("id_number", "phone")
    found = _tables(divisions, user, rows)
    children = _children_of(helper.pk for _division, inside in found for helper in inside)
    tables = [
        {
            "division": division,
            "shows_phones": division.pk in shows_phones,
            "lines": [
                (helper, sexes.get(helper.sex), [kinds[kind] for kind in helper.kinds], children.get(helper.pk, 0))
                for helper in inside
            ],
        }
        for division, inside in found
    ]
    return {"tables": tables, **_table_words(_("Helper roster"), HELPER_HEADS, _("No helper in service."))}


def _children_of(helpers):
    """{helper: how many children}, counted once for all of them."""
    held = Pairing.objects.filter(volunteer__in=list(helpers), status__in=Pairing.HOLDING).order_by()
    return dict(held.values_list("volunteer").annotate(Count("child", distinct=True)))
