"""Which figures of accepted reports the federation may read: decided once for every page, export and view.

Pure: it takes numbers and gives cells; `reports.publishing` reads the ones and keeps the others. What is decided once
is never decided anew, so no two pages, people or days can be played against each other. `reports.suppression` tells
what is hidden within one table. Between tables (`reports.relations`):

* **Part of**: where a count is hidden, so are the counts of some of the same children; thus none tells how far the
  hidden one reaches. **Disjoint** parts are hidden together, and the whole as well where both make 1 to 4.
* **Balance**: stock before + came - left = stock now. What came and left is hidden together and decided once, when the
  quarter is complete or closed. It is shown only where the change of the stock can be read anyway; a reader is taken to
  know that change everywhere.
* **Sums** of measures (`reports.layout.SUMS`) are not published: each would tell what its summands hide.
* **Later reports** are a release of their own: what they add to a total is shown only where this addition, taken for
  itself, hides its small counts; else it is left out of the total for ever, and the total says how many communities it
  counts. As long as the addition cannot even be shown for the district, the reports wait for others.
* **Amendments** change a number that is shown into another that may be shown, and the totals above it by as much; any
  other stays as it stood. The parts of a district's number stay as they were first accepted.

Guarded are the counts that are published. How many are *not* paired, or *not* complete, is no such count.
"""

from dataclasses import dataclass

from reports import layout, relations
from reports.suppression import SMALL, hidden_together, small

STREET, DISTRICT = 9, 6  # digits


@dataclass
class Cell:
    """A published number, None where it is hidden; a total counts so many communities."""

    value: int | None = None
    communities: int = 0


@dataclass
class Decision:
    """A quarter of one district while it is decided.

    `totals`: {measure: {community: n}} and `parts`: {measure: {(community, breakdown, part): n}} of accepted reports.
    `cells`: {(measure, code, breakdown, part): Cell} as published so far, `before` those of the quarter before.
    `open_measures`: whose small counts point at nobody. `touched` tells which cells were made or changed.
    """

    district: str
    totals: dict
    parts: dict
    cells: dict
    before: dict
    open_measures: set
    is_complete: bool  # all communities are in
    is_closed: bool  # or no longer waited for

    def __post_init__(self):
        self.touched = set()

    def run(self):
        for family in relations.families(set(self.totals) - relations.FLOWS - set(layout.SUMS)):
            for key in (key for group in family for key in group):
                self._amend(key)
            self._release(family)
        for stock, came, left in relations.BALANCES:
            if came in self.totals and left in self.totals and (self.is_complete or self.is_closed):
                self._release_flows(stock, came, left)
        return self.touched

    # Reports that are new -------------------------------------------------------------------------------------------

    def _release(self, family):
        """The communities of which nothing of the family is published yet."""
        keys = [key for group in family for key in group]
        out = {code for measure, code, _breakdown, _part in self.cells if measure in keys}
        batches = {key: {c: n for c, n in self.totals[key].items() if c not in out} for key in keys}
        tables = {key: _tree(batches[key], self.district, self._parts(key, batches[key])) for key in keys}
        gone: dict = {}
        for group in family:
            gone |= self._hidden_in(group, tables, gone)
        lead = keys[0]
        if batches[lead] and (self.district not in gone[lead] or self.is_complete):
            for key in keys:
                self._add(key, tables[key][0], gone[key], batches[key])

    def _parts(self, key, batch):
        """{(breakdown, part): how many in these communities}"""
        found: dict = {}
        for (code, breakdown, part), n in self.parts.get(key, {}).items():
            if code in batch:
                found[breakdown, part] = found.get((breakdown, part), 0) + n
        return found

    def _hidden_in(self, group, tables, gone):
        """{measure: keys to hide} of one measure, or of two that are disjoint; `gone` tells it of their wholes."""
        if self.open_measures.issuperset(group):
            return {key: set() for key in group}
        counted = [tables[key][0] for key in group]
        every = set().union(*counted)
        counted = [{name: values.get(name, 0) for name in every} for values in counted]
        wholes = [whole for key in group for whole in relations.PART_OF.get(key, []) if whole in gone]
        of_hidden = set().union(*(gone[whole] for whole in wholes))
        of_none = {
            name for whole in wholes for name, n in tables[whole][0].items() if not n and name not in gone[whole]
        }
        primary = set().union(*map(small, counted), of_hidden - of_none, self._parts_make_few(group[0], tables)) & every
        faces = [(values, dict.fromkeys(every, 0) if len(group) > 1 else {}) for values in counted]
        sums = _all_sums(tables[key][1] for key in group)
        return dict.fromkeys(group, hidden_together(faces, sums, primary, least=len(group) - 1))

    def _parts_make_few(self, whole, tables):
        """Where two disjoint parts of this whole make 1 to 4 together."""
        few: set = set()
        for pair in relations.DISJOINT:
            if all(part in tables and whole in relations.PART_OF.get(part, []) for part in pair):
                one, other = (tables[part][0] for part in pair)
                few |= {name for name in {*one, *other} if one.get(name, 0) + other.get(name, 0) in SMALL}
        return few

    def _add(self, key, values, gone, batch):
        """Cells for the communities; streets, district and parts grow by what of this release is shown."""
        counts: dict = {}
        for code in batch:
            for above in (code, code[:STREET], self.district):
                counts[above] = counts.get(above, 0) + 1
        for name, n in values.items():
            code, breakdown, part = (name, "", "") if isinstance(name, str) else (self.district, *name)
            self.touched.add((key, code, breakdown, part))
            cell = self.cells.setdefault((key, code, breakdown, part), Cell())
            if name not in gone:
                cell.value = (cell.value or 0) + n
                cell.communities += counts[code]

    # Reports that were amended --------------------------------------------------------------------------------------

    def _amend(self, key):
        for code, n in self.totals[key].items():
            cell = self.cells.get((key, code, "", ""))
            if cell is None or cell.value in (None, n) or (n in SMALL and key not in self.open_measures):
                continue
            change = n - cell.value
            cell.value = n
            self.touched.add((key, code, "", ""))
            for above in (code[:STREET], self.district):
                total = self.cells[key, above, "", ""]
                if total.value is not None and total.communities == len(self._communities(key, above)):
                    total.value += change
                    self.touched.add((key, above, "", ""))

    def _communities(self, key, code):
        return [c for measure, c, _b, _p in self.cells if measure == key and len(c) > STREET and c.startswith(code)]

    # What came and left ---------------------------------------------------------------------------------------------

    def _release_flows(self, stock, came, left):
        if any(name[0] == came for name in self.cells):
            return
        stands = [_of(stock, cells) for cells in (self.cells, self.before)]
        batch = {c: n for c, n in self.totals[came].items() if c in self.totals[left] and all(c in s for s in stands)}
        if not batch:
            return
        arrived, sums = _tree(batch, self.district)
        gone_away, _sums = _tree({code: self.totals[left][code] for code in batch}, self.district)
        change = {code: arrived[code] - gone_away[code] for code in arrived}
        faces = [
            (arrived, {code: max(0, n) for code, n in change.items()}),
            (gone_away, {code: max(0, -n) for code, n in change.items()}),
        ]
        untold = {code for code in arrived if not all(_told(code, batch, cells) for cells in stands)}
        gone = hidden_together(faces, sums, small(arrived) | small(gone_away) | untold, least=SMALL.stop)
        self._add(came, arrived, gone, batch)
        self._add(left, gone_away, gone, batch)


def _of(measure, cells):
    """{code: Cell} of one measure, without its parts."""
    return {code: cell for (key, code, breakdown, _part), cell in cells.items() if key == measure and not breakdown}


def _told(code, batch, stock):
    """Whether the stock of just these communities beneath `code` can be found from what is shown, {code: Cell}.

    It can where nothing beneath is hidden; or where only communities of the batch are, and the total counts them all.
    """
    communities = {c: cell for c, cell in stock.items() if len(c) > STREET and c.startswith(code)}
    secret = {c for c, cell in communities.items() if cell.value is None}
    if not secret:
        return True
    if len(code) > STREET or not secret <= set(batch):
        return False
    return stock[code].communities == len(communities)


def _tree(batch, district, parts=None):
    """(values, sums) of the communities, their streets, the district and its parts, as `reports.suppression` asks."""
    values = dict(batch)
    streets: dict = {}
    for code, n in batch.items():
        streets.setdefault(code[:STREET], []).append(code)
        for above in (code[:STREET], district):
            values[above] = values.get(above, 0) + n
    sums = [*streets.items(), (district, list(streets))] if batch else []
    divided: dict = {}
    for name, n in (parts or {}).items():
        values[name] = n
        divided.setdefault(name[0], []).append(name)
    return values, [*sums, *((district, names) for names in divided.values())]


def _all_sums(tables):
    """The sums of tables of the same divisions; one table may have parts that another lacks."""
    found: dict = {}
    for sums in tables:
        for total, parts in sums:
            kind = "" if isinstance(parts[0], str) else parts[0][0]
            found.setdefault((total, kind), {}).update(dict.fromkeys(parts))
    return [(total, list(parts)) for (total, _kind), parts in found.items()]
