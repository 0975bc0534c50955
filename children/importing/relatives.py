"""What a row says of the household and the adults of a child on file: blanks are filled, who is missing is added.

Whoever stands in the file stays as they are: a father of another name is no second father, and a stay away is noted
only where the file knows of none that goes on or overlaps.
"""

from collections import defaultdict

from django.db.models import Q

from children.importing.facts import ADULT_SAID, UNNAMED, adults_of, household_facts
from children.importing.registered import phone_key
from children.models import Adult, Away, Household, Kinship
from children.models.adult import PARENTS
from children.stays import string_together
from records.secrets import with_companions
from records.trail import log_act
from records.versions import stored_for_update

HOUSEHOLD_FILLED = ("address", "grid", "income_source", "other_aid", "note")
BLANK = ("", UNNAMED)
MODELS = (Household, Adult, Kinship)


class Relatives:
    def __init__(self, batch, by, note):
        """`note(model, key)` is told of every row written."""
        self.batch, self.by, self.note = batch, by, note
        self.filled = {model: {} for model in MODELS}  # key of a row that stood there -> what was filled, and for whom

    def look_up(self, children):
        """These files come next: their households, and the adults of every brother and sister."""
        self._households = Household.objects.in_bulk({child.household_id for child in children})
        mine = Q(child__in=children) | Q(child__household__in=self._households)
        self._adults, self._kin, self._aways = {}, defaultdict(list), defaultdict(list)
        self._known = defaultdict(list)  # household -> kinships of its children, to know an adult by
        for kin in Kinship.objects.filter(mine).select_related("adult", "child").order_by("pk"):
            kin.adult = self._adults.setdefault(kin.adult_id, kin.adult)
            self._kin[kin.child_id].append(kin)
            self._known[kin.child.household_id].append(kin)
        for stay in Away.objects.filter(adult__in=self._adults):
            self._aways[stay.adult_id].append(stay)

    def fill(self, child, values):
        """The names of what was filled or added, for the trail of the child's file."""
        told = self._fill(self._households[child.household_id], HOUSEHOLD_FILLED, household_facts(values), child)
        for facts in adults_of(values):
            told += self._fill_adult(child, facts)
        return sorted(set(told))

    def _fill(self, row, names, facts, child):
        if not _blank_in(row, names, facts):
            return []
        stored = stored_for_update(row)  # somebody may have filled it since it was looked up
        for name in (*names, "version"):
            setattr(row, name, getattr(stored, name))
        changed = _blank_in(row, names, facts)
        for name in changed:
            setattr(row, name, facts[name])
        if changed:
            self._save(row, changed, child)
            log_act(self.by, "completed", row, fields=changed, roster=self.batch)
        return [type(row)._meta.model_name] if changed else []

    def _save(self, row, changed, child):
        row.save(update_fields=with_companions(type(row), changed))
        earlier = self.filled[type(row)].get(row.pk, {"fields": []})["fields"]
        fields = sorted({*earlier, *changed})
        self.filled[type(row)][row.pk] = {"fields": fields, "child": child.pk, "version": getattr(row, "version", 0)}

    def _fill_adult(self, child, facts):
        own = self._kin[child.pk]
        kin = _meant(own, facts)
        told = []
        if kin is None:
            if _is_somebody_else(own, facts):
                return []
            kin = self._add(child, facts)
            told.append("kinship")
        elif facts.is_caregiver and not any(other.is_caregiver for other in own):
            kin.is_caregiver = True
            self._save(kin, ["is_caregiver"], child)
            told.append("kinship")
        said = {name: getattr(facts, name) for name in ADULT_SAID}
        on_file = (kin.adult.phone, kin.adult.phone_alt)
        told += self._fill(kin.adult, ADULT_SAID, {n: v for n, v in said.items() if v not in on_file}, child)
        if facts.away and not kin.is_caregiver and self._note_away(kin.adult, facts, child):
            told.append("away")
        return told

    def _add(self, child, facts):
        """The adult whom a brother or sister has already, or a new one."""
        others = [kin for kin in self._known[child.household_id] if kin.child_id != child.pk]
        known = _meant([kin for kin in others if kin.adult.name == facts.name != UNNAMED], facts)
        adult = known.adult if known else self._new_adult(child, facts)
        kin = Kinship.objects.create(
            child=child,
            adult=adult,
            community_id=child.community_id,
            relation=facts.relation,
            is_caregiver=facts.is_caregiver and not any(kin.is_caregiver for kin in self._kin[child.pk]),
        )
        self.note(Kinship, kin.pk)
        self._kin[child.pk].append(kin)
        self._known[child.household_id].append(kin)
        return kin

    def _new_adult(self, child, facts):
        place = {"household_id": child.household_id, "community_id": child.community_id}
        adult = Adult.objects.create(**place, **facts.columns(self.batch.as_of))
        self.note(Adult, adult.pk)
        return adult

    def _note_away(self, adult, facts, child):
        """Only what the row tells itself, and nothing beside a stay that the file knows for those days."""
        away = facts.away
        begins = away.since or self.batch.as_of
        known = self._aways[adult.pk]
        if not (away.place or away.since) or any(stay.until is None or stay.until > begins for stay in known):
            return False
        told = facts.stay_columns(self.batch.as_of, self.by and self.by.pk)
        stay = Away.objects.create(adult=adult, community_id=child.community_id, **told)
        self.note(Away, stay.pk)
        known.append(stay)
        string_together(adult.pk)
        return True


def _blank_in(row, names, facts):
    """Which of these names the file leaves blank and the row does not."""
    return [name for name in names if facts.get(name, "") not in BLANK and getattr(row, name) in BLANK]


def _meant(family, facts):
    """The kinship by which a row's adult is in this family already."""
    if facts.relation in PARENTS:
        parent = next((kin for kin in family if kin.relation == facts.relation), None)
        if parent:
            return parent if UNNAMED in (parent.adult.name, facts.name) or parent.adult.name == facts.name else None
    named = [kin for kin in family if kin.adult.name == facts.name != UNNAMED and _phones_agree(kin.adult, facts)]
    if named:
        return named[0]
    carer = next((kin for kin in family if kin.is_caregiver), None) if facts.is_caregiver else None
    if carer and UNNAMED in (carer.adult.name, facts.name) and _phones_agree(carer.adult, facts):
        return carer if carer.relation == facts.relation or not facts.relation else None
    return None


def _phones_agree(adult, facts):
    return not (adult.phone and facts.phone) or phone_key(adult.phone) == phone_key(facts.phone)


def _is_somebody_else(family, facts):
    """Whether the place of this adult in the family is taken by another one."""
    if facts.relation in PARENTS:
        return any(kin.relation == facts.relation for kin in family)
    return any(kin.is_caregiver for kin in family) or any(kin.adult.name == facts.name for kin in family)
