"""Which rows speak of a child already named: earlier in the workbook, or on the register.

Everything is a look-up in a dictionary, so 20,000 rows cost 20,000 look-ups. The register's ID numbers and phones are
encrypted and known by a keyed hash only, so what they are compared by is a function given from outside.
"""

from dataclasses import dataclass
from itertools import islice

from children.roster.dates import agree
from children.roster.verdict import ACCEPTED, DUPLICATE

AT_A_TIME = 1000
ANYBODY = "?"
BY_ID, BY_CONTACT, BY_NAME = "id", "name_birth_contact", "name_birth"
MERGE, ENRICH = "merge", "merge_enrich"


@dataclass(slots=True)
class KnownChild:
    """One child as far as duplicates go. `place`: where it stands, in the report's words; `row`: of this workbook."""

    place: str
    name: str
    birth_date: str
    has_id: bool
    row: object = None
    key: int = 0  # where it is kept aside, once it is


class KnownChildren:
    """Children already named. `id_key` and `phone_key` turn a clean number into what it is stored and compared by."""

    def __init__(self, *, id_key=str, phone_key=str):
        self.id_key, self.phone_key = id_key, phone_key
        self._by_id = {}
        self._by_contact = {}
        self.warned = []  # earlier rows that a later one gave a warning

    def add(self, child, *, id_key="", phone_keys=(), fathers=(), mothers=None):
        """The first child with an ID keeps it. `mothers` is known of children on file only."""
        if id_key:
            self._by_id.setdefault(id_key, child)
        for key in phone_keys:
            self._note(child, "phone", key)
        for father in fathers:
            self._note(child, "father", father)
        for mother in mothers or ([""] if mothers is not None else ()):
            self._note(child, "mother", mother or ANYBODY)
            self._note(child, "nameless", ANYBODY)

    def _note(self, child, kind, key):
        if key:
            alike = self._by_contact.setdefault((child.name, child.birth_date[:7], kind, key), [])
            if child not in alike:
                alike.append(child)

    def look_up(self, rows):
        """These rows come next; everything is already here."""

    def put_aside(self):
        """The rows that were looked up are done; everything stays here."""

    def add_row(self, row):
        values = row.values
        child = KnownChild(row.place, values["child_name"], values["birth_date"], bool(values.get("id_number")), row)
        self.add(
            child,
            id_key=self._id_of(values),
            phone_keys=[self.phone_key(values["guardian_phone"])] if values.get("guardian_phone") else (),
            fathers=[values.get("father_name", "")],
        )

    def _id_of(self, values):
        return self.id_key(values["id_number"]) if values.get("id_number") else ""

    def _contacts(self, values):
        """Under what a child of that name and birth with the same guardian's phone or father is known."""
        start = (values["child_name"], values["birth_date"][:7])
        phone, father = values.get("guardian_phone"), values.get("father_name")
        return [
            *([(*start, "phone", self.phone_key(phone))] if phone else []),
            *([(*start, "father", father)] if father else []),
        ]

    def _same_contact(self, values):
        """A child of that name and birth with the same guardian's phone or father; at least one side has no ID."""
        for key in self._contacts(values):
            for child in self._by_contact.get(key, ()):
                if not (child.has_id and values.get("id_number")) and agree(child.birth_date, values["birth_date"]):
                    return child
        return None

    def _nothing_else_known(self, values):
        """The child on file that a row without ID, guardian's phone and father must be, unless the mothers differ.

        Else a roster with such rows would add them each time it is uploaded.
        """
        if any(values.get(name) for name in ("id_number", "guardian_phone", "father_name")):
            return None
        start = (values["child_name"], values["birth_date"][:7])
        mother = values.get("mother_name")
        for key in [("mother", mother), ("mother", ANYBODY)] if mother else [("nameless", ANYBODY)]:
            for child in self._by_contact.get((*start, *key), ()):
                if agree(child.birth_date, values["birth_date"]):
                    return child
        return None

    def settle(self, row):
        """Whether an accepted row is a duplicate of a child known here, or has its ID under another name."""
        values = row.values
        id_key = self._id_of(values)
        child = self._by_id.get(id_key) if id_key else None
        if child and child.name == values["child_name"]:
            return _duplicate(row, child, BY_ID, MERGE)
        if child:
            if child.row is not None and child.row.disposition == ACCEPTED:
                child.row.warn("ID_CONFLICT_NAME")
                self.warned.append(child.row)
            return row.reject("ID_CONFLICT_NAME")
        if child := self._same_contact(values):
            enrich = bool(id_key) and not child.has_id
            _duplicate(row, child, BY_CONTACT, ENRICH if enrich else MERGE)
            if enrich:
                child.has_id = True
                self._by_id[id_key] = child
        elif child := self._nothing_else_known(values):
            _duplicate(row, child, BY_NAME, MERGE)
        return None


def _duplicate(row, child, match_type, action):
    row.disposition = DUPLICATE
    row.duplicate_of, row.match_type, row.action = child.place, match_type, action
    row.warnings = []


def settle_within(rows, known=None, own=None):
    """Pass rows on with duplicates settled: against the workbook's own earlier rows, then against `known`.

    `known.look_up(rows)` may fetch what it needs for some rows at a time. An earlier row may still receive a warning
    from a later one (`own.warned`): verdicts stand once the iterator has ended.
    """
    own = own or KnownChildren()
    rows = iter(rows)
    while some := list(islice(rows, AT_A_TIME)):
        accepted = [row for row in some if row.disposition == ACCEPTED]
        own.look_up(accepted)
        if known is not None:
            known.look_up(accepted)
        for row in some:
            if row.disposition == ACCEPTED:
                own.settle(row)
                if row.disposition == ACCEPTED and known is not None:
                    known.settle(row)
                if row.disposition == ACCEPTED:
                    own.add_row(row)
            yield row
        own.put_aside()


def settle_known(rows, known):
    """Settle rows already read against children found on the register afterwards, all at once."""
    for row in rows:
        if row.disposition == ACCEPTED:
            known.settle(row)
