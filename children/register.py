"""The register: which children stand on it on a day, what they count as, and how one is found."""

import re

from django.db.models import Q

from children import status_in_sql
from children.names import GRAM
from children.status import MINOR_UNDER, Definition, born_after
from communities.identity import normalise_id
from records.scoping import Scope, ScopedQuerySet
from records.secrets import blind_index
from records.text import clean_text

NOWHERE = Scope(())
LONGEST_SEARCH = 100
# Names are found by their grams, at most so many, and only then put in order: asked for both at once, the database may
# rather walk a million names in their order until it has met a page of hits.
FOUND_AT_MOST = 200  # are shown of one search; who finds more is asked to write more
FILE_NUMBER = re.compile(r"\d{12}-\d{1,7}\Z")
ID_NUMBER = re.compile(r"\d{17}[\dX]\Z")
LAST_FOUR = re.compile(r"\d{3}[\dX]\Z")
SPOKEN = re.compile(r"[a-z' ]+\Z")


class ChildQuerySet(ScopedQuerySet):
    def on_register(self, day):
        """Children whose file was open on `day`."""
        return self.filter(status_in_sql.on_register(day))

    def standing_for_somebody(self):
        """Files that tell of a child, closed ones too: neither merged into another nor erased."""
        return self.exclude(left_reason__in=self.model.ACTS_OF_THEIR_OWN)

    def minors_on(self, day):
        """Children who are not yet 18 on `day`."""
        return self.filter(birth_date__gt=born_after(day, MINOR_UNDER))

    def left_behind_on(self, day, definition=Definition.CIVIL_AFFAIRS):
        return self.filter(status_in_sql.left_behind(day, definition))

    def migrant_on(self, day):
        return self.filter(status_in_sql.migrant(day))

    def counted_on(self, day):
        """On the register, and left behind (civil affairs) or migrant."""
        return self.filter(status_in_sql.counted(day))

    def search(self, text, *, numbers_in=NOWHERE, at_most=FOUND_AT_MOST + 1):
        """Children found by characters of the name, pinyin, initials, file number, ID number or its last four.

        `numbers_in`: the scope in which ID numbers may be known, for a hit tells. Of those whose name fits any
        `at_most` are found, so that the longest list is sorted as fast as a short one; None finds all.
        """
        text = clean_text(text)[:LONGEST_SEARCH].strip()
        if not text:
            return self
        code = normalise_id(text)
        if FILE_NUMBER.match(code):
            return self.filter(pk__in=_numbered(code))
        if ID_NUMBER.match(code):
            return self.within(numbers_in).filter(id_number_hash=blind_index(code, "id_number"))
        if LAST_FOUR.match(code):
            return self.within(numbers_in).filter(id_number_last4=code)
        if code.isdigit() and len(code) >= 6:
            return self.filter(number__startswith=code)
        matched = self.filter(_name_matches(text.lower()))
        return matched if at_most is None else self.filter(pk__in=matched.order_by().values("pk")[:at_most])


def _numbered(code):
    """Keys of the child whose file has this number, or had it in a community it was transferred from."""
    from children.models import Child, TransferLine

    now = Child.objects.filter(number=code).order_by().values("pk")
    before = TransferLine.objects.filter(number_before=code, transfer__status="accepted")
    return now.union(before.order_by().values("child"))


def _name_matches(text):
    """One or two characters are grams themselves; more must hold all their grams, and then the whole."""
    condition = _characters(text)
    if SPOKEN.match(text):
        syllables = [word for word in re.split(r"[' ]+", text) if word]
        joined = "".join(syllables)
        condition |= Q(name_grams__contains=[f"p:{joined}"]) | Q(name_grams__contains=[f"i:{joined}"])
        if len(syllables) > 1:
            condition |= Q(name_grams__contains=[f"p:{word}" for word in syllables])
    elif " " in text:
        condition |= _characters(text.replace(" ", ""))
    return condition


def _characters(text):
    if len(text) <= GRAM:
        return Q(name_grams__contains=[text])
    pairs = sorted({text[i : i + GRAM] for i in range(len(text) - GRAM + 1)} - {" " * GRAM})
    return Q(name_grams__contains=[p for p in pairs if p.strip()], name__icontains=text)
