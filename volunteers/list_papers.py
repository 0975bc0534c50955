"""The pairing table and the helper roster of a community on paper, beside the same lists as workbooks."""

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.papers import Both, paper
from records.privacy import BASIC, CONTACT
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


@paper("pairing_table", model="communities.Division", title=_("Pairing table"))
def pairing_table(rows, user):
    """Who accompanies whom, by community, as far as the person may see pairings."""
    if not user.has_perm("volunteers.view_pairing"):
        raise Http404
    kinds, duties = _kinds(), {kind.value: Both(kind.label) for kind in DutyKind}
    tables = []
    for division in rows:
        pairings = Pairing.objects.visible_to(user).filter(status__in=Pairing.HOLDING).within(Scope.of(division.pk))
        inside = pairings.select_related("child", "volunteer").order_by("child__name_pinyin", "pk")
        lines = [(pairing, kinds[pairing.kind], [duties[kind] for kind in pairing.missing]) for pairing in inside]
        tables.append({"division": division, "lines": lines})
    return {"tables": tables, **_table_words(_("Pairing table"), PAIRING_HEADS, _("No pairing in force."))}


@paper("helper_roster", model="communities.Division", title=_("Helper roster"))
def helper_roster(rows, user):
    """The helpers in service of each community; phones for those who may see them."""
    if not user.has_perm("volunteers.view_volunteer") or not user.sees(BASIC):
        raise Http404
    kinds, sexes = _kinds(), {key: Both(words) for key, words in Volunteer._meta.get_field("sex").choices}
    in_service = Volunteer.objects.visible_to(user).in_service_on(timezone.localdate()).with_places()
    tables = []
    for division in rows:
        inside = in_service.within(Scope.of(division.pk)).defer("id_number").order_by("name", "pk")
        lines = [(helper, sexes.get(helper.sex), [kinds[kind] for kind in helper.kinds]) for helper in inside]
        tables.append({"division": division, "lines": lines})
    heads = _table_words(_("Helper roster"), HELPER_HEADS, _("No helper in service."))
    return {"tables": tables, "sees_contact": user.sees(CONTACT), **heads}
