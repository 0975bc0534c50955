"""What the board can be narrowed by: the places, teams and terms a person may choose, and what an address asks for."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from communities.models import Division, Term
from records.scoping import DISTRICT_DIGITS, STREET_DIGITS, Scope
from records.staff_filters import clean_search
from records.text import clean_key
from volunteers import board
from volunteers.kinds import HelperKind
from volunteers.models import Pairing, Team, Volunteer

TEAMS_AT_MOST = 200
TERMS_AT_MOST = 12


@dataclass
class Choices:
    """Lists of what may be chosen; a list with nothing to choose among is empty."""

    is_above: bool = False  # whether the person looks over several communities
    now: list[Any] = field(default_factory=list)  # the newest begun term of each district
    terms: list[Any] = field(default_factory=list)  # those before
    streets: list[Any] = field(default_factory=list)
    communities: list[Any] = field(default_factory=list)
    teams: list[Any] = field(default_factory=list)
    street: str = ""
    community: str = ""
    helper: Any = None
    unread: list[str] = field(default_factory=list)  # what the address narrows by and is passed over


def read(user, params):
    """(what the address asks the board for, what else may be chosen); what it may not ask for is passed over."""
    codes = user.codes_for(Pairing)
    places = list(Division.objects.filter(Scope.of(*codes).at("code"), level__in=["street", "community"]))
    choices = Choices()
    _choose_place(choices, sorted(places, key=lambda division: division.pk), params)
    choices.now, choices.terms = _terms(codes)
    asked = board.Asked(user, kind=_one_of(HelperKind.values, params.get("kind")))
    asked.place = choices.community or choices.street
    asked.term = _one_of(choices.terms, clean_key(params.get("term", "")), lambda term: term.pk) or None
    groups, first = (board.NOW, _first_group(choices)) if asked.term is None else (board.THEN, board.UNDONE)
    asked.show = params["show"] if params.get("show") in groups else first
    choices.teams = _teams(user, choices)
    asked.team = clean_key(_one_of({str(team.pk) for team in choices.teams}, params.get("team")))
    choices.helper = _helper(user, clean_key(params.get("helper", "")))
    asked.helper = choices.helper and choices.helper.pk
    read_as = {"team": asked.team, "helper": asked.helper, "term": asked.term, "kind": asked.kind}
    read_as["street"] = params.get("street") in {division.pk[:STREET_DIGITS] for division in places}
    read_as["community"] = params.get("community") == choices.community
    choices.unread = [name for name, value in read_as.items() if params.get(name) and not value]
    asked.text, asked.after = clean_search(params.get("q")), params.get("after", "")
    return asked, choices


def _first_group(choices):
    """Above a community one sees first what the communities did not settle by themselves."""
    return board.LATE if choices.is_above else board.OVERDUE


def _one_of(known, wanted, key=lambda one: one):
    return next((one for one in known if key(one) == wanted), "")


def _choose_place(choices, places, params):
    communities = [division for division in places if division.level == Division.Level.COMMUNITY]
    streets = {code for division in communities if (code := division.pk[:STREET_DIGITS])}
    choices.is_above = len(communities) > 1
    if len(streets) > 1:
        choices.streets = [division for division in places if division.pk in streets]
        choices.street = _one_of(streets, params.get("street"))
    asked = _one_of({division.pk for division in communities}, params.get("community"))
    if choices.is_above and asked.startswith(choices.street):
        choices.community = asked
    choices.communities = communities if choices.is_above else []
    if choices.street:
        choices.communities = [division for division in communities if division.pk.startswith(choices.street)]
    if not choices.is_above and communities:
        choices.community = communities[0].pk


def _terms(codes):
    """(the newest begun term of each district, of which the board tells what is owed now; those before it)."""
    districts = {code[:DISTRICT_DIGITS] for code in codes if len(code) >= DISTRICT_DIGITS}
    rows = Term.objects.filter(district__in=districts, starts_on__lte=timezone.localdate())
    begun = list(rows.order_by("-starts_on", "pk")[:TERMS_AT_MOST])
    newest = list({term.district_id: term for term in reversed(begun)}.values())
    return newest, [term for term in begun if term not in newest]


def _teams(user, choices):
    """Those of one community: there are too many in a street to choose from."""
    if not choices.community:
        return []
    teams = Team.objects.visible_to(user).filter(community=choices.community).standing_on(timezone.localdate())
    return list(teams.order_by("name", "pk")[:TEAMS_AT_MOST])


def _helper(user, key):
    if key is None:
        return None
    held = Pairing.objects.visible_to(user).filter(volunteer=key)  # perhaps a helper of another community
    return Volunteer.objects.filter(pk__in=held.values("volunteer")).only("name").first()
