"""The pairing card in two sizes, the hand-over, the care group, letters and certificates, the board, all on paper."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.models import Child, Kinship, Need
from communities.models import Term
from records.papers import Both, paper
from records.policy import NotVisible
from records.privacy import CARE
from volunteers import (
    board,
    board_choices,
    list_papers,  # noqa: F401 - its papers register themselves
)
from volunteers.handing_over import packs_of
from volunteers.home_sheets import team_sheets, week_sheets
from volunteers.home_views import rosters_of
from volunteers.kinds import DutyKind, HelperKind
from volunteers.letter_sheets import certificate_sheets, sheets_of
from volunteers.models import CareGroup, CloseOut, DutyRule, GroupChild, GroupMember, Pairing, WeekDigest
from volunteers.seen import given_name
from volunteers.week_views import names_in, sections_of

LINES_OF_A_BOARD = 300

CARD_WORDS = {
    "title": _("Pairing card"),
    "child": _("child"),
    "helper": _("helper"),
    "guardian": _("guardian"),
    "kind": _("as"),
    "community": _("community"),
    "starts_on": _("from"),
    "number": _("file number"),
    "signed_on": _("card signed on"),
    "promise": _("I promise to accompany the child with care and patience, and to keep what I learn to myself."),
    "promise_owed": _(
        "I promise to accompany the child with care and patience, to keep what I learn to myself, "
        "and to do each term what is listed here."
    ),
    "five": _("The five ones each term"),
    "each_term": _("Each term"),
    "check": _("Is this pairing card valid?"),
}

CARD_COLUMNS = [
    *["kind", "card_code", "card_signed_on", "starts_on", "district"],
    *["child__name", "child__number", "volunteer__name", "community__name"],
]


def _card(rows, user):
    caregivers = dict(
        Kinship.objects.filter(child__in=[p.child_id for p in rows], is_caregiver=True).values_list(
            "child_id", "adult__name"
        )
    )
    keys = [row.pk for row in rows]
    full = Pairing.objects.select_related("child", "volunteer", "community").only(*CARD_COLUMNS).in_bulk(keys)
    owed = {district: _owed_now(district) for district in {pairing.district for pairing in full.values()}}
    cards = [
        {
            "pairing": full[row.pk],
            "guardian": caregivers.get(row.child_id, ""),
            "kind": Both(HelperKind(row.kind).label),
            "url": reverse("card_check", args=[full[row.pk].card_code]),
            "owed": [
                (Both(DutyKind(one.kind).label), one.times) for one in owed[full[row.pk].district].get(row.kind, ())
            ],
        }
        for row in rows
    ]
    return {"cards": cards, "words": _both(CARD_WORDS), "five": len(DutyKind)}


def _owed_now(district):
    """{kind of pairing: what it owes} by the rules of the running term, or those of today where none is on file."""
    today = timezone.localdate()
    term = Term.objects.on_or_before(today, district)
    return DutyRule.objects.owed_from(term.starts_on if term else today, district)


@paper("pairing_card", model="volunteers.Pairing", title=_("Pairing card"))
def pairing_card(rows, user):
    return _card(rows, user)


@paper("pairing_card_small", model="volunteers.Pairing", title=_("Pairing card, small"))
def pairing_card_small(rows, user):
    return _card(rows, user)


@paper("care_group", model="volunteers.CareGroup", title=_("Advice-and-care group"))
def care_group(rows, user):
    """Members, and the children each has an eye on."""
    keys = [row.pk for row in rows]
    groups = CareGroup.objects.filter(pk__in=keys).select_related("community").order_by("community")
    members = GroupMember.objects.filter(group__in=keys, left_on=None).select_related("volunteer", "user")
    members = members.defer("volunteer__phone", "volunteer__id_number")
    children = GroupChild.objects.filter(group__in=keys).current().select_related("child", "member")
    if not user.has_perm("children.view_child"):
        children = children.none()
    of_member: dict = {}
    for line in children.defer("child__id_number").order_by("child__name_pinyin", "pk"):
        of_member.setdefault(line.member_id, []).append(line)
    roles = {role.value: Both(role.label) for role in GroupMember.Role}
    in_group: dict = {}
    for one in members:
        in_group.setdefault(one.group_id, []).append((one, roles[one.role], of_member.get(one.pk, [])))
    sheets = [{"group": group, "members": in_group.get(group.pk, [])} for group in groups]
    return {"sheets": sheets, "words": _both(CARE_GROUP_WORDS)}


CARE_GROUP_WORDS = {
    "title": _("Advice-and-care group"),
    "member": _("member"),
    "role": _("as"),
    "since": _("from"),
    "children": _("children the member has an eye on"),
    "nobody": _("none"),
}


def _both(words):
    return {name: Both(text) for name, text in words.items()}


HAND_OVER_WORDS = {
    "title": _("Hand-over for the next helper"),
    "child": _("child"),
    "span": _("from – to"),
    "likes": _("Likes"),
    "needs": _("Can use help with"),
    "works_well": _("What works well"),
    "done": _("What was done"),
    "promises": _("Promises still open"),
    "keep": _("For the next helper of this child alone. Please keep it to yourself and give it back at the end."),
}


@paper("hand_over", model="volunteers.Pairing", title=_("Hand-over for the next helper"))
def hand_over(rows, user):
    """Once the office has passed it on; on paper too the child has its first name alone."""
    if not user.sees(CARE):
        raise Http404
    released = CloseOut.objects.filter(pairing__in=[row.pk for row in rows], released_on__isnull=False)
    packs = packs_of(released.select_related("pairing__child").order_by("pk"))
    if not packs:
        raise Http404
    needs = _open_needs([pack.pairing.child_id for pack in packs])
    sheets = [
        {
            "pack": pack,
            "name": given_name(pack.pairing.child.name),
            "kind": Both(HelperKind(pack.pairing.kind).label),
            "hobbies": [Both(Child.Hobby(h).label) for h in pack.pairing.child.hobbies if h in Child.Hobby.values],
            "needs": [Both(Child.Topic(topic).label) for topic in needs.get(pack.pairing.child_id, [])],
            "done": [(Both(kind.label), times, last) for kind, times, last in pack.done],
        }
        for pack in packs
    ]
    return {"sheets": sheets, "words": _both(HAND_OVER_WORDS)}


def _open_needs(children):
    """{child: topics} of what is not yet met."""
    found: dict = {}
    for need in Need.objects.filter(child__in=children, met_on=None).order_by("topic").only("child", "topic"):
        found.setdefault(need.child_id, []).append(need.topic)
    return found


@paper("letter_paper", model="volunteers.ChildLetter", title=_("Letter paper"))
def letter_paper(rows, user):
    return {"paper_size": "a4", **_read_letters(rows, user)}


@paper(
    "letter_paper_small", model="volunteers.ChildLetter", title=_("Letter paper"), template="papers/letter_paper.html"
)
def letter_paper_small(rows, user):
    return {"paper_size": "a5", **_read_letters(rows, user)}


def _read_letters(rows, user):
    letters = [letter for letter in rows if letter.is_to_child and letter.may_be_printed and user.sees(CARE)]
    if not letters:
        raise Http404
    return sheets_of(letters)


@paper("certificate_of_service", model="volunteers.Certificate", title=_("Certificate of service"))
def certificate_of_service(rows, user):
    certificates = [certificate for certificate in rows if certificate.number]
    if not certificates:
        raise Http404
    return certificate_sheets(certificates)


@paper("home_week", model="homes.Home", title=_("Duty at the Home"), has_choices=True)
def home_week(rows, user, asked):
    """The week in the address, of Homes whose roster the person may see."""
    reach = rosters_of(user)
    for home in rows:
        if home.community_id not in reach:
            raise NotVisible(type(home), home.pk)
    return week_sheets(rows, asked.get("week"))


@paper("team_list", model="volunteers.Team", title=_("List of a team"))
def team_list(rows, user):
    return team_sheets(rows)


@paper("five_ones_board", model="communities.Division", title=_("Board of the five ones"), has_choices=True)
def five_ones_board(rows, user, asked):
    """The board of a community or a street as it was narrowed on screen, up to a number of lines."""
    if not user.has_perm("volunteers.view_duty"):
        raise Http404
    return {"boards": [_board(division, user, asked) for division in rows], "five": DutyKind.labels}


def _board(division, user, params):
    params = params.copy()
    params["after"] = ""
    if division.level == division.Level.COMMUNITY:
        params["street"], params["community"] = "", division.pk
    else:
        params["street"], params["community"] = division.pk, ""
    asked, choices = board_choices.read(user, params)
    if choices.unread:  # a sheet is never wider than what was asked for
        raise Http404
    keys = list(board.keys_of(asked)[: LINES_OF_A_BOARD + 1])
    lines = board.lines_of(asked, board.in_order(user, keys[:LINES_OF_A_BOARD]))
    group = (board.NOW if asked.term is None else board.THEN)[asked.show]
    terms = choices.now if asked.term is None else [asked.term]
    is_cut = len(keys) > LINES_OF_A_BOARD or asked.fits_too_many
    return {"division": division, "group": group, "terms": terms, "lines": lines, "is_cut": is_cut, "asked": asked}


@paper("week_digest", model="volunteers.WeekDigest", title=_("This week"))
def week_digest(rows, user):
    full = WeekDigest.objects.select_related("community").in_bulk([row.pk for row in rows])
    digests = sorted(full.values(), key=lambda digest: (digest.monday, digest.community_id))
    names = names_in(user, digests)
    return {"digests": [(digest, sections_of(digest, names)) for digest in digests]}
