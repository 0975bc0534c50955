"""One adult on file twice becomes one, one family on file as two households becomes one.

Everything that points at the other entry points at the one kept; the other goes, and what it said otherwise stands in
the record of the joining (`JoinedAdult`, `JoinedHousehold`), which also leads from its key to the one kept.

Where a rule allows only one row of a kind, the app the row belongs to makes room first. In an app's `joining.py`:

    @makes_room_for_adult                        # or makes_room_for_household
    def keep_one_of_two_lines(kept, gone, *, by):
        return {"session 3": ["room", "unmarked"]}  # what is recorded of rows that had to go; or None

It runs inside the transaction, with both rows locked, and may refuse what stands against a rule.
"""

import re
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from children import facts_of_two
from children.guardian_copy import pointing_at
from children.joined_stays import join_stays
from children.models import (
    Adult,
    Away,
    Child,
    Household,
    JoinedAdult,
    JoinedHousehold,
    Kinship,
    ToldApart,
    TransferLine,
)
from children.repointing import repoint
from children.transfer import lapse_unanswered
from records.discovery import import_from_apps
from records.drafts import Draft
from records.lifecycle import Refused
from records.trail import log_act

_rules: dict[type, list[Callable]] = {Adult: [], Household: []}


def makes_room_for_adult(function):
    """Register the decorated function `(kept, gone, *, by)` to run before rows of the adult `gone` go to `kept`."""
    _rules[Adult].append(function)
    return function


def makes_room_for_household(function):
    """As `makes_room_for_adult`, of two households."""
    _rules[Household].append(function)
    return function


# The acts -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def join_adults(kept, gone, *, taken=(), seen=None, by):
    """Make two entries of one adult of a household one, and return it.

    `taken` names what the other entry gives (`children.facts_of_two`: facts, `kin_<child>`, `stay_name`);
    `seen` holds the versions of both as they were looked at, {key: version}.
    """
    _lock({kept.household_id, gone.household_id}, no_key=True)
    rows = _locked(Adult, {kept.pk, gone.pk}, seen)
    kept, gone = rows[kept.pk], rows[gone.pk]
    if kept == gone or kept.household_id != gone.household_id:
        raise Refused(_("These two adults are not in one household. Join the households first."))
    return _join_two(kept, gone, taken, by)


@transaction.atomic
def join_households(kept, gone, *, taken=(), pairs=(), seen=None, seen_adults=None, by):
    """Make two households of one family one, and return it.

    `pairs`: (adult of `kept`, adult of `gone`, what the latter gives) of those who are one person; the others come
    along as they are. `taken`, `seen`, `seen_adults`: as in `join_adults`.
    """
    _lock({kept.pk, gone.pk}, no_key=False)
    rows = _locked(Household, {kept.pk, gone.pk}, seen)
    kept, gone = rows[kept.pk], rows[gone.pk]
    adults = _locked(Adult, set(Adult.objects.filter(household__in=rows).values_list("pk", flat=True)), seen_adults)
    _refuse_unless_one_family(kept, gone)
    _refuse_unless_of_both(kept, gone, [(adults.get(one.pk), adults.get(other.pk)) for one, other, _takes in pairs])
    facts = _recorded(kept, gone) | _make_room(kept, gone, by)
    children = list(Child.objects.filter(household__in=rows).order_by("pk"))
    changed = _take_facts(kept, gone, taken)
    moved = _move_rows(kept, gone)
    for mine, theirs, takes in pairs:
        mine, theirs = adults[mine.pk], adults[theirs.pk]
        mine.household_id = theirs.household_id = kept.pk
        _join_two(mine, theirs, takes, by)
    begin = f"children.household.{gone.pk}."
    _bring_drafts(begin, lambda key: f"children.household.{kept.pk}.{key.removeprefix(begin)}")
    record = {"gone_key": gone.pk, "facts": facts, "moved": moved, "joined_by": by, "community_id": kept.community_id}
    JoinedHousehold.objects.create(kept=kept, **record)
    log_act(by, "joined another household into this one", kept, fields=changed, gone=gone)
    log_act(by, "joined into another household", gone, kept=kept)
    for child in children:
        log_act(by, "joined two households of the family", child, household=kept)
    gone.delete()
    kept.save()
    return kept


def _lock(households, *, no_key):
    """Households, then their children, each in the order of their keys, as every act on a family takes them. In full
    where a household goes: who writes a row that hangs on it waits (`communities.following`)."""
    list(Household.objects.select_for_update(no_key=no_key).filter(pk__in=households).order_by("pk"))
    of_family = Q(household__in=households) | Q(kinships__adult__household__in=households)
    keys = Child.objects.filter(of_family).order_by().values("pk")
    list(Child.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk"))


def _locked(model, keys, seen):
    found = {row.pk: row for row in model.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")}
    if found.keys() != keys:
        raise Refused(_("These two are joined already."))
    if seen is not None and any(row.version != seen.get(key) for key, row in found.items()):
        raise Refused(_("Somebody changed one of the two meanwhile. Look at both again."))
    return found


def _refuse_unless_one_family(kept, gone):
    if kept == gone or kept.community_id != gone.community_id:
        raise Refused(_("Only two households of one community are joined."))
    lapse_unanswered(of=Child.objects.filter(household__in=[kept, gone]))
    if TransferLine.objects.filter(is_open=True, child__household__in=[kept, gone]).exists():
        raise Refused(_("A child of the two households is offered to another community. Settle the offer first."))


def _refuse_unless_of_both(kept, gone, pairs):
    homes = [(one and one.household_id, other and other.household_id) for one, other in pairs]
    if any(pair != (kept.pk, gone.pk) for pair in homes) or len({other for _one, other in pairs}) < len(pairs):
        raise Refused(_("Say of each adult once who it is in the other household."))


def _join_two(kept, gone, taken, by):
    """Both rows are locked and of one household."""
    _refuse_father_and_mother(kept, gone)
    facts = _recorded(kept, gone) | _make_room(kept, gone, by)
    children = list(Child.objects.filter(kinships__adult__in=[kept, gone]).distinct().order_by("pk"))
    stays = join_stays(kept, gone, taken)
    facts |= _join_kinships(kept, gone, taken)
    moved = _move_rows(kept, gone) | ({Away._meta.label_lower: stays} if stays else {})
    changed = _take_facts(kept, gone, taken)
    _settle_told_apart(kept, gone)
    of_gone = re.compile(rf"\.(stay\d*|contact)\.{gone.pk}$")
    _bring_drafts(f"children.household.{kept.household_id}.", lambda key: of_gone.sub(rf".\1.{kept.pk}", key))
    record = {"gone_key": gone.pk, "facts": facts, "moved": moved, "joined_by": by, "community_id": kept.community_id}
    JoinedAdult.objects.create(kept=kept, **record)
    log_act(by, "joined another entry into this one", kept, fields=changed, gone=gone)
    log_act(by, "joined into another entry", gone, kept=kept)
    for child in children:
        log_act(by, "joined two entries of an adult", child, adult=kept, gone=gone)
    gone.delete()
    kept.save()
    return kept


def _recorded(kept, gone):
    """What the record holds: each differing fact as it stood in both entries."""
    plain = facts_of_two.plain
    return {name: [plain(kept, name), plain(gone, name)] for name in facts_of_two.differing(kept, gone)}


def _make_room(kept, gone, by):
    import_from_apps("joining", beside=["children"])
    facts: dict[str, list] = {}
    for rule in _rules[type(kept)]:
        facts |= rule(kept, gone, by=by) or {}
    return facts


# Rows -----------------------------------------------------------------------------------------------------------------


def _move_rows(kept, gone):
    """{model: how many rows} that point at the entry kept from now on."""
    moved: dict[str, int] = {}
    for model, name in pointing_at(type(kept)):
        count = repoint(model._base_manager.filter(**{name: gone}), name, kept)
        if count:
            moved[model._meta.label_lower] = moved.get(model._meta.label_lower, 0) + count
    return moved


def _refuse_father_and_mother(kept, gone):
    kinships = Kinship.objects.filter(adult__in=[kept, gone])
    if {"father", "mother"} <= set(kinships.values_list("relation", flat=True)):
        raise Refused(_("One of the two is on file as a father, the other as a mother: they are not one person."))


def _join_kinships(kept, gone, taken):
    """Of the two kinships to one child one stays, with what the other says more; what had to give way is returned."""
    facts = {}
    for mine, other in facts_of_two.kin_of_both(kept, gone):
        facts[f"kin_{mine.child_id}"] = [mine.relation, other.relation]
        other.delete()
        if other.relation and (not mine.relation or f"kin_{mine.child_id}" in taken):
            mine.relation = other.relation
        mine.is_caregiver |= other.is_caregiver
        mine.save(update_fields=["relation", "is_caregiver"])
    return {name: says for name, says in facts.items() if says[0] != says[1]}


def _settle_told_apart(kept, gone):
    """Whoever was told apart from the entry that goes is told apart from the one kept."""
    rows = ToldApart.objects.filter(Q(first=gone.pk) | Q(second=gone.pk))
    for row in rows:
        third = row.second if row.first == gone.pk else row.first
        if third != kept.pk:
            ToldApart.note([(kept.pk, third)], community_id=row.community_id, by=row.told_by)
    rows.delete()


def _bring_drafts(begins, key_today):
    """What somebody had typed about the entry that goes waits at the one kept. The draft of a household's form that
    goes is dropped: it holds for the versions it was typed over."""
    for draft in Draft.objects.filter(key__startswith=begins).order_by("pk"):
        key = key_today(draft.key)
        if key == draft.key:
            continue
        if draft.key.startswith(f"{begins}v") or Draft.objects.filter(user=draft.user_id, key=key).exists():
            draft.delete()
        else:
            Draft.objects.filter(pk=draft.pk).update(key=key)


# Facts ----------------------------------------------------------------------------------------------------------------


def _take_facts(kept, gone, taken):
    """Blanks of the entry kept are filled, chosen values taken over; the columns that changed."""
    changed: list[str] = []
    for name in facts_of_two.differing(kept, gone):
        if facts_of_two.is_blank(gone, name) or not (facts_of_two.is_blank(kept, name) or name in taken):
            continue
        for column in facts_of_two.FACTS[type(kept)][name]:
            setattr(kept, column, getattr(gone, column))
            changed.append(column)
    return changed
