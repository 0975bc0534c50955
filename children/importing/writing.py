"""Accepted rows become files: households, adults, children, kinships and stays away, some rows at a time."""

from collections import defaultdict

from children.importing.facts import adults_of, child_facts, household_facts, kept_facts
from children.importing.families import Families, Family
from children.models import (
    Adult,
    Away,
    Child,
    FileNumber,
    Hardship,
    Household,
    Kinship,
    Likeness,
    Need,
    QualityRating,
    Wish,
)
from children.names import grams, initials, pinyin
from children.places import code_of
from records.copying import Keys, copy_in
from records.trail import log_acts

WRITTEN = (Household, Adult, Child, Kinship, Away, QualityRating, Need, Wish, Hardship)


class Writer:
    """Writes one roster's rows; what it has written before is known to it by key only."""

    def __init__(self, *, as_of, by, batch):
        self.as_of, self.by, self.batch = as_of, by, batch
        self._by = by.pk if by else None
        self.keys = {model: Keys(model) for model in WRITTEN}
        self.first = {model: keys.take() for model, keys in self.keys.items()}
        self.families = Families(self.first[Adult])
        self.households = 0
        self.written = {model: [] for model in (*WRITTEN, Likeness)}  # [first, last] of keys that follow each other
        self._new = defaultdict(list)

    def write(self, rows):
        """Open a file for each row; the keys of the children, in order."""
        self.families.look_up(rows)
        self._new = defaultdict(list)
        numbers = self._file_numbers(rows)
        for row in rows:
            family = self._family(row)
            child = self._child(row, family, next(numbers[row.community]))
            self._gather(row, family, child)
        for model in WRITTEN:
            copy_in(model, self._new[model])
        self.families.put_aside()
        opened = {child["id"]: child["community_id"] for child in self._new[Child]}
        log_acts(self.by, "opened the file", Child, opened, roster=self.batch)
        return list(opened)

    def _make(self, model, community, **facts):
        key = self.keys[model].take()
        self.note(model, key)
        self._new[model].append({"id": key, "community_id": community, "district": community[:6], **facts})
        return key

    def note(self, model, key):
        """This row came of the roster and goes with it when it is taken back."""
        ranges = self.written[model]
        if ranges and ranges[-1][1] == key - 1:
            ranges[-1][1] = key
        else:
            ranges.append([key, key])

    def _file_numbers(self, rows):
        how_many = defaultdict(int)
        for row in rows:
            how_many[row.community] += 1
        return {code: iter(FileNumber.take(code, n)) for code, n in sorted(how_many.items())}

    def _family(self, row):
        family = self.families.find(row)
        if family is None:
            household = self._make(Household, row.community, **household_facts(row.values))
            self.households += 1
            family = Family(household, row.values.get("father_name", ""), row.values.get("mother_name", ""))
        self.families.note(row, family)
        return family

    def _child(self, row, family, number):
        facts = child_facts(row.values)
        facts |= {"number": number, "household_id": family.household, "registered_on": self.as_of}
        spoken, letters = pinyin(facts["name"]), initials(facts["name"])
        facts |= {"name_pinyin": spoken, "name_initials": letters, "name_grams": grams(facts["name"], spoken, letters)}
        kept = kept_facts(row.values, self.as_of)
        if any(model is Need for model, _columns in kept):
            facts["needs_asked_on"] = self.as_of
        child = self._make(Child, row.community, **facts)
        if quality := facts["guardianship_quality"]:
            said = {"quality": quality, "rated_on": self.as_of, "rated_by_id": self._by}
            self._make(QualityRating, row.community, child_id=child, **said)
        for model, columns in kept:
            self._make(model, row.community, child_id=child, **columns)
        return child

    def _gather(self, row, family, child):
        """The child's adults: those the family has already, and new ones."""
        met = set()
        for facts in adults_of(row.values):
            adult = family.find(facts)
            if adult is None or adult.pk in met:
                adult = self._adult(row, family, facts)
            met.add(adult.pk)
            if facts.away and not adult.is_away:
                adult.is_away = True
                self._make(
                    Away,
                    row.community,
                    adult_id=adult.pk,
                    place_code=code_of(facts.away.place),
                    **dict.fromkeys(["gone_since", "gone_far_since"], facts.away.since),
                    **facts.stay_columns(self.as_of, self._by),
                )
            self._make(
                Kinship,
                row.community,
                child_id=child,
                adult_id=adult.pk,
                relation=facts.relation,
                is_caregiver=facts.is_caregiver,
            )

    def _adult(self, row, family, facts):
        key = self._make(Adult, row.community, household_id=family.household, **facts.columns(self.as_of))
        return family.add(key, facts)
