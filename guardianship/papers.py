"""The guardianship letter, the family's cards for the fridge and for the wallet, and the log of the cards."""

from itertools import islice

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from children.papers import sheets_of_a_log
from communities.places import communities_of
from guardianship.card_log import AT_A_TIME, CardLog
from guardianship.lapsing import with_facts
from guardianship.models import Card, FamilyContact, Letter
from guardianship.models.letter import PASSED
from guardianship.printed_facts import facts_of, fingerprint_of
from records.exports import ExportRequest
from records.lifecycle import Refused
from records.papers import Both, paper
from records.policy import NotVisible
from records.privacy import CARE, CONTACT
from records.scoping import Scope

LETTER_WORDS = {
    "title": _("Guardianship responsibility letter"),
    "law": _("Minors Protection Law of the People's Republic of China, articles 21 to 23"),
    "child": _("child"),
    "number": _("file number"),
    "born": _("birth date"),
    "parents": _("entrusting parents"),
    "father": _("father"),
    "mother": _("mother"),
    "caregiver": _("entrusted caregiver"),
    "community": _("community"),
    "place": _("place of work"),
    "term": _("term of the letter"),
    "check": _("Exclusion check of the caregiver"),
    "yes": _("yes"),
    "no": _("no"),
    "opinion": _("The child was heard"),
    "duties": _("What the parties promise"),
    "notices": _("Written notices"),
    "school": _("school"),
    "committee": _("committee"),
    "signatures": _("Signatures"),
    "day": _("day"),
    "witness": _("witness (community)"),
    "copies": _("Two copies: one for the family, one for the community."),
    "family_copy": _("Copy for the family"),
    "community_copy": _("Copy for the community"),
}
DUTIES = [
    _(
        "The parents remain guardians. They are in contact with the child, the caregiver, the school and the "
        "committee, at least once a week with the child."
    ),
    _(
        "The caregiver looks after the child's life, safety, health and schooling, and tells the parents of anything "
        "unusual."
    ),
    _("A child under 8, or one who needs special care, is never left alone; a child under 16 never lives alone."),
    _(
        "The parents tell school and committee in writing who looks after the child, and tell them and the community "
        "at once when anything changes. The letter then lapses and a new one is signed."
    ),
    _("Where the child may be in danger, the caregiver calls 110 and tells the community at once."),
]


@paper("guardianship_letter", model="guardianship.Letter", title=_("Guardianship responsibility letter"))
def guardianship_letter(rows, user):
    """Two copies of each letter, filled in as far as the file goes, with lines where it does not."""
    found = with_facts(Letter.objects.filter(pk__in=[row.pk for row in rows])).order_by("pk")
    sheets = [
        (one, copy, _parents(one), _answers(one) if user.sees(CARE) else _answers(None))
        for one in found
        for copy in ("family_copy", "community_copy")
    ]
    return {
        "sheets": [(one, Both(LETTER_WORDS[copy]), parents, answers) for one, copy, parents, answers in sheets],
        "words": {name: Both(text) for name, text in LETTER_WORDS.items()},
        "duties": [Both(text) for text in DUTIES],
        "sees_care": user.sees(CARE),
        "back_url": rows[0].get_absolute_url() if len(rows) == 1 else reverse("guardianship:letters"),
    }


def _parents(letter):
    """[(relation in both languages, name, place of work)] of those who entrust the child."""
    shown = []
    for key, adult in letter.parents.items():
        stays = [s for kin in letter.child.kinships.all() if kin.adult_id == adult.pk for s in kin.adult.aways.all()]
        place = next((stay.place for stay in stays if stay.until is None), "")
        shown.append((Both(LETTER_WORDS[key]), adult.name, place))
    return shown


def _answers(letter):
    return [(Both(Letter._meta.get_field(n).verbose_name), getattr(letter, n) if letter else None) for n in PASSED]


@paper("family_contacts", model="children.Child", title=_("Contact with the parents"))
def family_contacts(rows, user):
    """All entries about each child, in the order of their days, struck ones among them."""
    entries = FamilyContact.with_struck.order_by("made_on", "pk").select_related("noted_by", "struck_by")
    return sheets_of_a_log(rows, user, entries, of="child", log="guardianship:contacts")


CARD_WORDS = {
    "contact": _("Parent contact card"),
    "phone": _("Family phone card"),
    "father": _("father"),
    "mother": _("mother"),
    "teacher": _("class teacher"),
    "caregiver": _("Caregiver"),
    "place": _("works at"),
    "call": _("You can always call"),
    "edition": _("edition"),
    "found": _("If found, please give this card to the community."),
    "replaced": _("A newer card has been issued. Print that one."),
    "stale": _("Something on this card has changed since it was issued. Issue a new card."),
}
HOTLINES = [("110", _("police")), ("12355", _("youth helpline")), ("12345", _("city hotline"))]


def _cards(rows, user):
    keys = [row.pk for row in rows]
    cards = Card.objects.filter(pk__in=keys).select_related("community").in_bulk()
    facts = facts_of({row.child_id for row in rows})
    ordered = sorted(cards.values(), key=lambda card: card.pk)
    return {
        "cards": [
            (
                card,
                facts[card.child_id],
                fingerprint_of(facts[card.child_id], card.kind) != card.fingerprint,
                _url(card),
            )
            for card in ordered
        ],
        "words": {name: Both(text) for name, text in CARD_WORDS.items()},
        "hotlines": [(number, Both(text)) for number, text in HOTLINES],
        "back_url": _url(ordered[0]) if len({c.child_id for c in ordered}) == 1 else reverse("guardianship:cards"),
    }


def _url(card):
    return reverse("children:file", args=[card.child_id]) + "?tab=family"


@paper("family_cards", model="guardianship.Card", title=_("Cards for the fridge"), shows_secrets=True)
def family_cards(rows, user):
    return _cards(rows, user)


@paper("family_cards_small", model="guardianship.Card", title=_("Cards for the wallet"), shows_secrets=True)
def family_cards_small(rows, user):
    """Eight to a sheet of A4, with marks to cut along."""
    shown = _cards(rows, user)
    cards = shown["cards"]
    return {**shown, "pages": [cards[first : first + PER_SHEET] for first in range(0, len(cards), PER_SHEET)]}


PER_SHEET = 8


@paper("card_log", model="communities.Division", title=_("Log of cards issued"), shows_secrets=True, has_choices=True)
def card_log(divisions, user, asked):
    """The log of each community as narrowed on screen: where, and as much as, the person may take out alone."""
    taken = Scope.of(*user.codes_for(ExportRequest, "add"))
    logs, places = [], communities_of(user, Card)
    left = settings.EXPORT_ROWS_ALONE
    for division in divisions:
        log = CardLog({**asked.dict(), "community": division.pk, "after": ""}, user, places)
        if log.place is None or division.pk not in taken:
            raise NotVisible(Card, division.pk)
        lines = list(islice(log.lines(log.rows().iterator(chunk_size=AT_A_TIME)), left + 1))
        left -= len(lines)
        if left < 0:
            raise Refused(
                gettext("More than %(count)d lines leave with a second person alone: ask for the spreadsheet instead.")
                % {"count": settings.EXPORT_ROWS_ALONE}
            )
        logs.append((log, lines))
    return {"logs": logs, "shows_grid": user.sees(CONTACT), "day": timezone.localdate(), "by": user.name}
