"""The pairing card in two sizes, the pairing table of a community, the board of the five ones and its week."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from children.models import Kinship
from records.papers import Both, paper
from records.privacy import CARE
from records.scoping import Scope
from volunteers import board, board_choices
from volunteers.kinds import DutyKind, HelperKind
from volunteers.letter_sheets import certificate_sheets, sheets_of
from volunteers.models import Pairing, WeekDigest
from volunteers.week_views import sections_of

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
    "promise": _(
        "I promise to accompany the child with care and patience, to keep what I learn to myself, "
        "and to do the five ones each term."
    ),
    "five": _("The five ones each term"),
    "check": _("Is this pairing card valid?"),
}


def _card(rows, user):
    caregivers = dict(
        Kinship.objects.filter(child__in=[p.child_id for p in rows], is_caregiver=True).values_list(
            "child_id", "adult__name"
        )
    )
    keys = [row.pk for row in rows]
    full = Pairing.objects.select_related("child", "volunteer", "community").in_bulk(keys)
    cards = [
        {
            "pairing": full[row.pk],
            "guardian": caregivers.get(row.child_id, ""),
            "kind": Both(HelperKind(row.kind).label),
            "url": reverse("card_check", args=[full[row.pk].card_code]),
        }
        for row in rows
    ]
    words = {name: Both(text) for name, text in CARD_WORDS.items()}
    return {"cards": cards, "words": words, "five": [Both(kind.label) for kind in DutyKind]}


@paper("pairing_card", model="volunteers.Pairing", title=_("Pairing card"))
def pairing_card(rows, user):
    return _card(rows, user)


@paper("pairing_card_small", model="volunteers.Pairing", title=_("Pairing card, small"))
def pairing_card_small(rows, user):
    return _card(rows, user)


@paper("pairing_table", model="communities.Division", title=_("Pairing table"))
def pairing_table(rows, user):
    """Who accompanies whom, by community, as far as the person may see pairings."""
    if not user.has_perm("volunteers.view_pairing"):
        raise Http404
    tables = []
    for division in rows:
        pairings = Pairing.objects.visible_to(user).filter(status__in=Pairing.HOLDING)
        inside = pairings.within(Scope.of(division.pk)).select_related("child", "volunteer")
        tables.append({"division": division, "pairings": list(inside.order_by("child__name_pinyin", "pk"))})
    return {"tables": tables}


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
        params["community"] = division.pk
    else:
        params["street"], params["community"] = division.pk, ""
    asked, choices = board_choices.read(user, params)
    keys = list(board.keys_of(asked)[: LINES_OF_A_BOARD + 1])
    lines = board.lines_of(asked, board.in_order(user, keys[:LINES_OF_A_BOARD]))
    group = (board.NOW if asked.term is None else board.THEN)[asked.show]
    terms = choices.now if asked.term is None else [asked.term]
    is_cut = len(keys) > LINES_OF_A_BOARD
    return {"division": division, "group": group, "terms": terms, "lines": lines, "is_cut": is_cut, "asked": asked}


@paper("week_digest", model="volunteers.WeekDigest", title=_("This week"))
def week_digest(rows, user):
    full = WeekDigest.objects.select_related("community").in_bulk([row.pk for row in rows])
    digests = sorted(full.values(), key=lambda digest: (digest.monday, digest.community_id))
    return {"digests": [(digest, sections_of(user, digest)) for digest in digests]}
