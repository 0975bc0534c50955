"""The register as far as a roster's rows may know it: children of each row's own community, and nobody else."""

from functools import lru_cache

from children.importing.facts import UNNAMED
from children.models import Child, Kinship
from children.roster.duplicates import KnownChild, KnownChildren
from records.secrets import blind_index


@lru_cache(maxsize=1024)
def id_key(number):
    return blind_index(number, "id_number")


@lru_cache(maxsize=1024)  # brothers and sisters, and one row asked about several times
def phone_key(number):
    return blind_index(number, "phone")


class RegisteredChildren:
    """Children on file, looked up for some rows at a time: memory holds those that could match, never a register.

    `before` leaves out what the import itself has written: children whose key is not smaller.
    """

    def __init__(self, before=None):
        self.before = before
        self._known = {}
        self._seen = set()

    def settle(self, row):
        if row.community in self._known:
            self._known[row.community].settle(row)

    def look_up(self, rows):
        """Learn of every child that one of these rows could be."""
        by_community = {}
        for row in rows:
            by_community.setdefault(row.community, []).append(row.values)
        found = {}
        for code, values in by_community.items():
            here = Child.objects.filter(
                community_id=code, merged_into=None, **({"pk__lt": self.before} if self.before else {})
            )
            names = {v["child_name"] for v in values}
            hashes = {id_key(v["id_number"]) for v in values if v.get("id_number")}
            for children in (here.filter(name__in=names), here.filter(id_number_hash__in=hashes)):
                for child in children.values_list(
                    "pk", "number", "name", "birth_date", "birth_precision", "id_number_hash"
                ):
                    if child[0] not in self._seen:
                        found[child[0]] = (code, *child[1:])
        self._seen |= found.keys()
        self._add(found)

    def _add(self, found):
        families = {pk: ([], [], []) for pk in found}
        kin = Kinship.objects.filter(child__in=found).order_by("pk")
        for child, relation, name, phone in kin.values_list("child", "relation", "adult__name", "adult__phone_hash"):
            phones, fathers, mothers = families[child]
            phones.append(phone)
            if relation in ("father", "mother") and name != UNNAMED:
                (fathers if relation == "father" else mothers).append(name)
        for pk, (code, number, name, born, precision, digest) in found.items():
            known = self._known.setdefault(code, KnownChildren(id_key=id_key, phone_key=phone_key))
            phones, fathers, mothers = families[pk]
            written = born.isoformat()[: 7 if precision == "month" else 10]
            known.add(
                KnownChild(number, name, written, bool(digest)),
                id_key=digest,
                phone_keys=phones,
                fathers=fathers,
                mothers=mothers,
            )
