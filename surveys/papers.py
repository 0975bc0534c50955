"""The door-to-door sheet: households in walking order, with room to write and blanks for families nobody knows yet."""

from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.grades import grade_word
from children.models import Away, Child, Household, Kinship
from children.status import age_on
from records.papers import paper
from records.privacy import CONTACT, FAMILY
from records.scoping import Scope
from records.secrets import masked
from records.trail import log_acts
from surveys import roster_papers  # noqa: F401 - registers its papers
from surveys.progress import asked_by, chosen_place, places_in
from surveys.walking import walking_order

# Millimetres on A4, estimated so that a page never overflows.
ROOM = 232
FRAME, LINE, CODES = 29, 6, 23  # a household without people, each person, each row of two codes
BLANK = 42
BLANKS = 3


@dataclass
class Page:
    grid: str
    number: int
    blocks: list = field(default_factory=list)
    blanks: list = field(default_factory=list)
    room: int = ROOM


@paper("door_to_door", model="surveys.surveyround", title=_("Door-to-door sheet"), shows_secrets=True, has_choices=True)
def door_to_door(rows, user, asked):
    """A pile of pages for each building or grid that was asked for; for all of them where none was."""
    survey_round = rows[0]
    community = chosen_place(asked, places_in(user, survey_round))
    if community is None:
        raise Http404
    households = _households(survey_round, community, user, [grid[:40] for grid in asked.getlist("grid")])
    _note_on_trail(households, user)
    blocks: dict[str, list] = {}
    for number, household in enumerate(households, 1):
        blocks.setdefault(household.grid, []).append(_block(number, household))
    piles = [_pages(grid, blocks[grid]) for grid in blocks] or [_pages("", [])]
    return {
        "round": survey_round,
        "community": community,
        "piles": piles,
        "sees_contact": user.sees(CONTACT),
        "sees_family": user.sees(FAMILY),
        "by": user.name,
        "day": timezone.localdate(),
        "back_url": f"{survey_round.get_absolute_url()}?community={community.pk}",
    }


def _households(survey_round, community, user, grids):
    asked = asked_by(survey_round, Scope.of(community.pk)).visible_to(user)
    if grids:
        asked = asked.filter(grid__in=grids)
    kin = Kinship.objects.order_by("pk")
    asked = asked.prefetch_related(
        Prefetch("children", Child.objects.on_register(survey_round.last_day).order_by("birth_date", "pk")),
        Prefetch("adults__kinships", kin, to_attr="kin"),
        Prefetch("adults__aways", Away.objects.filter(until=None), to_attr="away_now"),
    )
    return sorted(asked, key=walking_order)


def _note_on_trail(households, user):
    children = {c.pk: c.community_id for h in households for c in h.children.all()}
    log_acts(user, "printed door_to_door", Household, {h.pk: h.community_id for h in households})
    log_acts(user, "printed door_to_door", Child, children)


def _block(number, household):
    today = timezone.localdate()
    children = [
        {"child": child, "age": age_on(child.birth_date, today), "grade": grade_word(child.grade)}
        for child in household.children.all()
    ]
    adults = [
        {
            "adult": adult,
            "relation": adult.kin[0].get_relation_display() if adult.kin else "",
            "cares": any(kinship.is_caregiver for kinship in adult.kin),
            "phone": masked(adult.phone_last4),
            "away": next(iter(adult.away_now), None),
        }
        for adult in household.adults.all()
    ]
    lines = FRAME + LINE * (len(children) + len(adults))
    height = max(lines, FRAME + CODES * ((len(children) + 1) // 2) - 6)
    return {"number": number, "household": household, "children": children, "adults": adults, "height": height}


def _pages(grid, blocks):
    """The blocks laid onto pages as they fit, the blanks after the last."""
    pages = [Page(grid, 1)]
    for block in blocks:
        _page_with_room(pages, block["height"]).blocks.append(block)
    for number in range(BLANKS):
        _page_with_room(pages, BLANK).blanks.append(number)
    return pages


def _page_with_room(pages, height):
    if pages[-1].room < height and (pages[-1].blocks or pages[-1].blanks):
        pages.append(Page(pages[-1].grid, pages[-1].number + 1))
    pages[-1].room -= height
    return pages[-1]
