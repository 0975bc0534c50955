"""How families come onto the register and how their files change: each act whole or not at all, and on the trail."""

from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from children import stays
from children.models import Adult, Away, Child, FileNumber, Kinship
from children.models.adult import PARENTS
from children.rating import rate_as_saved
from children.schooling import note_class
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update


@dataclass
class FamilyMember:
    """An adult with what ties them to the household's children. `relation` None leaves each kinship as it is."""

    adult: Adult
    relation: str | None = ""
    is_caregiver: bool = False
    is_away: bool = False
    away_since: object = None
    away_place: str = ""
    is_other_county: bool = True
    came_back_on: object = None
    only_of: list[Child] = field(default_factory=list)  # of the household's children; empty: of each
    changed: list[str] = field(default_factory=list)


def register_household(household, children, adults, *, community, on=None, by):
    """Open files for a household's children in one act; `adults` are `FamilyMember`s. Returns the saved household.

    `on`: the day the family said so, where that was not today.
    """
    if not children:
        raise Refused(_("A household is registered with at least one child."))
    with refusing_doubles(), transaction.atomic():
        household.community = community
        household.save()
        log_act(by, "registered", household)
        _open_files(household, children, on, by)
        of_household = list(household.children.standing_for_somebody())
        for member in adults:
            _add_adult(household, of_household, member, on, by)
    return household


def update_household(household, children, adults, *, fields=(), on=None, by):
    """Save what a household's form holds: its own facts, brothers and sisters old and new, adults old and new.

    `on`: the day the family said so, where that was not today.
    """
    with refusing_doubles(), transaction.atomic():
        stored_for_update(household)
        household.save()
        log_act(by, "changed", household, fields=fields)
        for child, changed in ((c, names) for c, names in children if c.pk and names):
            _save_versioned(child, changed, by)
        _open_files(household, [c for c, _names in children if not c.pk], on, by)
        _join_new_children(household, [m for m in adults if not m.adult.pk])
        of_household = list(household.children.standing_for_somebody())
        members = sorted(adults, key=lambda m: (not m.adult.pk, m.is_caregiver))  # the old caregiver steps back first
        for member in members:
            if member.adult.pk:
                _update_adult(member, on, by)
            else:
                _add_adult(household, of_household, member, on, by)


def _open_files(household, children, on, by):
    day = on or timezone.localdate()
    for child, number in zip(children, FileNumber.take(household.community_id, len(children)), strict=True):
        child.household, child.community_id, child.number = household, household.community_id, number
        child.registered_on = child.registered_on or max(day, child.birth_date)
        child.save()
        log_act(by, "opened the file", child, household=household)
        rate_as_saved(child, on=child.registered_on, by=by)


def _join_new_children(household, new_adults):
    """Children opened later belong to the adults already there, as the eldest does; parents of their own come first."""
    of_household = household.children.standing_for_somebody()
    known = Kinship.objects.filter(child__in=of_household.order_by().values("pk"))
    newcomers = of_household.exclude(pk__in=known.values("child"))
    eldest = list(known.order_by("child", "pk").values("child", "adult", "relation", "is_caregiver"))
    pattern = [k for k in eldest if k["child"] == eldest[0]["child"]] if eldest else []
    for child in newcomers:
        own = {m.relation for m in new_adults if m.relation in PARENTS and child in m.only_of}
        for one in [k for k in pattern if k["relation"] not in own]:
            Kinship.objects.create(
                child=child,
                adult_id=one["adult"],
                relation=one["relation"],
                is_caregiver=one["is_caregiver"],
                community_id=household.community_id,
            )


def _add_adult(household, children, member, on, by):
    adult = member.adult
    adult.household, adult.community_id = household, household.community_id
    adult.save()
    log_act(by, "added", adult, household=household)
    for child in [c for c in children if c in member.only_of] or children:
        if member.is_caregiver:
            child.kinships.filter(is_caregiver=True).update(is_caregiver=False)
        Kinship.objects.create(
            child=child,
            adult=adult,
            relation=member.relation or "",
            is_caregiver=member.is_caregiver,
            community_id=household.community_id,
        )
    _note_away(member, None, on, by)


def _update_adult(member, on, by):
    adult = member.adult
    if not member.changed:
        return
    adult.save()
    kinships = Kinship.objects.filter(adult=adult)
    if member.relation is not None:
        kinships.update(relation=member.relation)
    if "is_caregiver" in member.changed:
        if member.is_caregiver:
            rivals = Kinship.objects.filter(child__in=kinships.values("child"), is_caregiver=True)
            rivals.exclude(adult=adult).update(is_caregiver=False)
        kinships.update(is_caregiver=member.is_caregiver)
    _note_away(member, adult.aways.filter(until=None).first(), on, by)
    log_act(by, "changed", adult, fields=member.changed)


def _save_versioned(child, changed, by):
    note_class(child, changed)
    child.save()
    log_act(by, "changed", child, fields=changed)
    if "guardianship_quality" in changed:
        rate_as_saved(child, by=by)


def _note_away(member, stay, on, by):
    """Open, correct or end the adult's stay away for work; `stay` is the one that goes on, if any."""
    facts = {"since": member.away_since, "place": member.away_place, "is_other_county": member.is_other_county}
    if member.is_away and stay is None:
        stays.note_stay(Away(adult=member.adult, **facts), on=on, by=by)
    elif member.is_away:
        changed = [name for name, value in facts.items() if getattr(stay, name) != value]
        for name in changed:
            setattr(stay, name, facts[name])
        stays.correct_stay(stay, changed, by=by)
    elif stay:
        stays.end_stay(stay, on=member.came_back_on or on or timezone.localdate(), by=by)


class refusing_doubles:
    """A race that the form could not see ends in words, not in an error page."""

    WORDS = {
        "one_file_per_id_number_in_a_community": Child,
        "one_father_and_one_mother_per_child": Kinship,
        "one_caregiver_per_child": Kinship,
        "one_open_stay_away_per_adult": Away,
        "stays_away_of_an_adult_do_not_overlap": Away,
    }

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None or not issubclass(kind, IntegrityError):
            return False
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name not in self.WORDS:
            return False
        constraint = next(c for c in self.WORDS[name]._meta.constraints if c.name == name)
        raise Refused(str(constraint.violation_error_message)) from error


def change_caregiver(child, adult, *, by):
    """From now on `adult` looks after the child day by day; nobody when None."""
    with transaction.atomic():
        stored_for_update(child)
        child.kinships.filter(is_caregiver=True).update(is_caregiver=False)
        if adult is not None and not child.kinships.filter(adult=adult).update(is_caregiver=True):
            raise Refused(_("This adult is not in the child's family. Add the adult to the household first."))
        child.save(update_fields=["version"])
        log_act(by, "changed the caregiver", child, adult=adult)
