"""Over quarters, late reports, amendments and measures that tie each other, no count of 1 to 4 can be worked out."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records import measures
from reports import deciding, layout, relations
from reports.deciding import Cell, Decision
from reports.suppression import SMALL
from tests.reports.attacker import Attacker

DISTRICT = "150902"
REGISTER, BEHIND, MIGRANT = "children_on_register", "left_behind_children", "migrant_children"
CAME, LEFT, PAIRINGS, PAIRED = "newly_registered", "left_register", "pairings_active", "children_paired"
BEGUN, ENDED, COUNTED, LETTERS = "pairings_begun", "pairings_ended", "counted_children", "with_valid_letter"
SINGLE = "contacts_visit"
PARTS_OF_REGISTER = ["priority_children", "files_complete"]
MEASURES = [REGISTER, BEHIND, MIGRANT, CAME, LEFT, PAIRINGS, PAIRED, SINGLE, *PARTS_OF_REGISTER]
MEASURES += [BEGUN, ENDED, COUNTED, LETTERS]
DIVIDED = [REGISTER, BEHIND, MIGRANT]
SEXES = ("F", "M")
ROUGHLY = [0, 0, 1, 2, 3, 4, 5, 7, 9, 14, 30]


class World:
    """What is true of a district over quarters, and who reports when."""

    def __init__(self, seed, streets=3, quarters=3):
        self.chance = chance = random.Random(seed)
        self.codes = [
            f"{DISTRICT}{s:03}{c:03}"
            for s in range(1, chance.randint(1, streets) + 1)
            for c in range(1, chance.randint(2, 4))
        ]
        self.quarters = list(range(1, chance.randint(1, quarters) + 1))
        self.totals: dict = {q: {m: {} for m in MEASURES} for q in self.quarters}
        self.parts: dict = {q: {m: {} for m in DIVIDED} for q in self.quarters}
        for code in self.codes:
            stock = None
            for q in self.quarters:
                stock = self._tell(q, code, stock)
        for q in self.quarters:
            self._tell_more(q)

    def _tell(self, q, code, before):
        some, totals = lambda: self.chance.choice(ROUGHLY), self.totals[q]
        kinds = {(kind, sex): some() for kind in (BEHIND, MIGRANT, "neither") for sex in SEXES}
        if self.chance.random() < 0.5:
            kinds |= {("neither", sex): 0 for sex in SEXES}
        register = sum(kinds.values())
        for measure in (BEHIND, MIGRANT):
            totals[measure][code] = sum(kinds[measure, sex] for sex in SEXES)
        totals[REGISTER][code] = register
        for sex in SEXES:
            for measure in (BEHIND, MIGRANT):
                self.parts[q][measure][code, "sex", sex] = kinds[measure, sex]
            self.parts[q][REGISTER][code, "sex", sex] = sum(n for (_k, s), n in kinds.items() if s == sex)
        change = register - (register if before is None else before)
        both = self.chance.choice([0, 0, 1, 2, 6])
        totals[CAME][code], totals[LEFT][code] = max(0, change) + both, max(0, -change) + both
        for measure in PARTS_OF_REGISTER:
            totals[measure][code] = self.chance.choice([register, max(0, register - 1), register // 2])
        totals[PAIRED][code] = self.chance.choice([register, register // 2, register // 5])
        totals[PAIRINGS][code] = totals[PAIRED][code] + self.chance.choice([0, 0, 1, 5])
        totals[SINGLE][code] = some()
        return register

    def _tell_more(self, q):
        """Pairings that begin and end; letters of left-behind children; the sum of the two kinds."""
        totals = self.totals[q]
        for code in self.codes:
            change = totals[PAIRINGS][code] - (self.totals[q - 1] if q > 1 else totals)[PAIRINGS][code]
            both = self.chance.choice([0, 0, 1, 2, 6])
            totals[BEGUN][code], totals[ENDED][code] = max(0, change) + both, max(0, -change) + both
            behind = totals[BEHIND][code]
            totals[LETTERS][code] = self.chance.choice([behind, max(0, behind - 1), behind // 2])
            totals[COUNTED][code] = behind + totals[MIGRANT][code]

    def looks(self):
        """Rounds of (quarter, codes that are accepted by then); a quarter closes at its last round."""
        for q in self.quarters:
            order = self.chance.sample(self.codes, len(self.codes))
            cuts = sorted(self.chance.sample(range(1, len(order) + 1), min(self.chance.randint(1, 3), len(order))))
            for cut in cuts:
                yield q, order[:cut], cut == cuts[-1]


class Readers:
    """All readers of all days as one: what is shown after each round, and what follows."""

    def __init__(self, world):
        self.world, self.attacker, self.truth, self.asked = world, Attacker(), {}, set()
        self.cells: dict = {q: {} for q in [0, *world.quarters]}
        self.reported: dict = {}
        for q, codes, is_last in world.looks():
            self._look(q, codes, is_last)
        self._ties()

    def _look(self, q, codes, is_last):
        earlier = {name: Cell(cell.value, cell.communities) for name, cell in self.cells[q].items()}
        self.decide(q, codes, is_last)
        for measure in MEASURES:
            self._read(q, measure, earlier)

    def decide(self, q, codes, is_closed):
        """Publish what these communities say; the names of the cells that were made or changed."""
        self.reported[q], world = codes, self.world
        return Decision(
            DISTRICT,
            {m: {c: n for c, n in counted.items() if c in codes} for m, counted in world.totals[q].items()},
            {m: {name: n for name, n in counted.items() if name[0] in codes} for m, counted in world.parts[q].items()},
            cells=self.cells[q],
            before=self.cells[q - 1],
            open_measures=set(),
            is_complete=len(codes) == len(world.codes),
            is_closed=is_closed,
        ).run()

    def _read(self, q, measure, earlier):
        """The release of a measure that this look brought: hidden communities, and the totals that count it."""
        cells, names = self.cells[q], {}
        new = [n for n in cells if n[0] == measure and n not in earlier and len(n[1]) == 12]
        for name in new:
            if cells[name].value is None:
                names[name[1]] = self._unknown(q, measure, name[1], self.world.totals[q][measure][name[1]])
        if not new:
            return
        for code in sorted({c for name in new for c in (name[1][:9], DISTRICT)}):
            inside = [name[1] for name in new if name[1].startswith(code)]
            whole = {names[c]: 1 for c in inside if c in names}
            shown = sum(cells[measure, c, "", ""].value for c in inside if c not in names)
            now, before = cells[measure, code, "", ""], earlier.get((measure, code, "", ""), Cell())
            if now.communities > before.communities:
                assert now.communities - before.communities == len(inside)
                self.attacker.equal(whole, now.value - (before.value or 0) - shown)
            elif whole:  # a hidden total is a number of its own
                total = self._unknown(q, measure, (code, min(inside)), shown + sum(self.truth[n] for n in whole))
                self.attacker.equal({total: -1, **whole}, -shown)
            if code == DISTRICT:
                self._read_parts(q, measure, inside, whole, shown, earlier)

    def _read_parts(self, q, measure, inside, whole, shown, earlier):
        if measure not in DIVIDED:
            return
        factors, known = dict(whole), -shown
        for sex in SEXES:
            name = (measure, DISTRICT, "sex", sex)
            now, before = self.cells[q][name], earlier.get(name, Cell())
            truth = sum(self.world.parts[q][measure][c, "sex", sex] for c in inside)
            if now.communities > before.communities:
                assert now.value - (before.value or 0) == truth
                known += truth
            else:
                part = self._unknown(q, measure, ("sex", sex, min(inside)), truth)
                factors[part] = -1
        self.attacker.equal(factors, known)

    def _unknown(self, q, measure, code, truth):
        name = (q, measure, code)
        self.truth[name] = truth
        self.asked.add(name)
        self.attacker.unknown(name, least=self._least(q, measure, code))
        return name

    def _least(self, q, measure, code):
        """Zeros are shown, but for those that go with another number."""
        if measure in (BEHIND, MIGRANT) or measure in relations.FLOWS:
            return 0
        wholes = [self.truth.get((q, whole, code)) for whole in relations.PART_OF.get(measure, [])]
        return 0 if any(n is not None for n in wholes) else 1

    def _ties(self):
        """What ties measures and quarters."""
        for q in self.world.quarters:
            for code in self.world.codes:
                self._tie(q, code)
                if q > 1:
                    for stock, came, left in [(REGISTER, CAME, LEFT), (PAIRINGS, BEGUN, ENDED)]:
                        terms = [((stock, q - 1), 1), ((came, q), 1), ((left, q), -1), ((stock, q), -1)]
                        self._balance(terms, code)
            for name in [n for n in self.truth if n[0] == q and n[1] == REGISTER and n[2][0] == "sex"]:
                self._tie(q, name[2])

    def _tie(self, q, code):
        self._at_most([((BEHIND, q), 1), ((MIGRANT, q), 1), ((REGISTER, q), -1)], code)
        for part in (*PARTS_OF_REGISTER, PAIRED, BEHIND, MIGRANT):
            self._at_most([((part, q), 1), ((REGISTER, q), -1)], code)
        self._at_most([((PAIRED, q), 1), ((PAIRINGS, q), -1)], code)
        self._at_most([((LETTERS, q), 1), ((BEHIND, q), -1)], code)
        self._balance([((BEHIND, q), 1), ((MIGRANT, q), 1), ((COUNTED, q), -1)], code)

    def _balance(self, terms, code):
        """The true sum of these terms is known, though not what makes it up."""
        if (split := self._split(terms, code)) is not None and split[0]:
            factors, constant, truth = split
            self.attacker.equal(factors, truth - constant)

    def _at_most(self, terms, code):
        """These terms come to nought at the most."""
        if (split := self._split(terms, code)) is not None and split[0]:
            self.attacker.between(split[0], None, -split[1])

    def _split(self, terms, code):
        """(unknown terms, the sum of the shown ones, the true sum); None where one is not published at all."""
        factors, constant, truth = {}, 0, 0
        for (measure, q), factor in terms:
            if (name := (q, measure, code)) in self.truth:
                factors[name] = factor
                truth += factor * self.truth[name]
            elif isinstance(code, str) and (cell := self.cells[q].get((measure, code, "", ""))) is not None:
                constant += factor * cell.value
                truth += factor * cell.value
            else:
                return None
        return factors, constant, truth

    def found_out(self):
        return self.attacker.found_out(self.truth, self.asked)


@given(st.integers(0, 10**9))
@settings(max_examples=60, derandomize=True)
def test_nothing_hidden_can_be_worked_out_over_quarters_and_late_reports(seed):
    readers = Readers(World(seed))
    small = {
        (measure, code)
        for q in readers.world.quarters
        for (measure, code, _b, _p), cell in readers.cells[q].items()
        if cell.value in SMALL
    }
    assert small == set()
    assert readers.found_out() == {}


@pytest.mark.parametrize(
    ("where", "what", "weaker"),
    [
        (relations, "PART_OF", {}),
        (relations, "DISJOINT", []),
        (relations, "FLOWS", set()),  # what came and left as if it were tied to nothing
        (relations, "FLOWS", {CAME, LEFT}),
        (relations, "PART_OF", {key: wholes for key, wholes in relations.PART_OF.items() if key != LETTERS}),
        (layout, "SUMS", {}),
        (deciding, "_told", lambda code, batch, stock: True),
        (deciding, "hidden_together", lambda faces, sums, primary, least=0: set(primary)),
    ],
)
def test_the_attacker_finds_what_a_weaker_rule_leaves(where, what, weaker, monkeypatch):
    monkeypatch.setattr(where, what, weaker)
    assert any(Readers(World(seed)).found_out() for seed in range(200))


@given(st.integers(0, 10**9), st.integers(0, 40))
@settings(max_examples=60, derandomize=True)
def test_an_amendment_moves_shown_numbers_by_what_can_be_seen(seed, amended):
    readers = Readers(world := World(seed))
    cells, chance = readers.cells, world.chance
    q = chance.choice(world.quarters)
    code, measure = chance.choice(readers.reported[q]), chance.choice(MEASURES)
    before = {name: (cell.value, cell.communities) for name, cell in cells[q].items()}
    world.totals[q][measure][code] = amended
    readers.decide(q, readers.reported[q], True)
    own = (measure, code, "", "")
    moves = (cells[q][own].value or 0) - (before[own][0] or 0) if own in before else 0
    for name, (value, communities) in before.items():
        cell = cells[q][name]
        assert cell.communities == communities
        assert (cell.value is None) == (value is None)
        if name != own and cell.value != value:
            assert name[0] == measure
            assert code.startswith(name[1])
            assert cell.value - value == moves
    if own in before and before[own][0] is None:
        assert cells[q] == {name: Cell(*kept) for name, kept in before.items()}


A, B, C = f"{DISTRICT}001001", f"{DISTRICT}001002", f"{DISTRICT}002001"


def decide(counted, cells=None, **state):
    """Decide on one measure without ties; {code: shown number} and all cells."""
    cells = {} if cells is None else cells
    state = {"is_complete": False, "is_closed": False, "before": {}, "open_measures": set(), **state}
    Decision(DISTRICT, {SINGLE: counted}, {}, cells=cells, **state).run()
    return {name[1]: cell.value for name, cell in cells.items()}, cells


def test_a_late_small_report_waits_and_is_never_the_difference_of_two_totals():
    first, cells = decide({A: 20, B: 30})
    assert first == {A: 20, B: 30, DISTRICT + "001": 50, DISTRICT: 50}
    later, cells = decide({A: 20, B: 30, C: 3}, cells)
    assert later == first
    complete, cells = decide({A: 20, B: 30, C: 3}, cells, is_complete=True)
    assert complete == {**first, C: None, DISTRICT + "002": None}
    assert cells[SINGLE, DISTRICT, "", ""] == Cell(50, 2)


def test_a_sum_of_measures_is_never_published():
    readers = Readers(World(7))
    assert not {name for cells in readers.cells.values() for name in cells if name[0] in layout.SUMS}
    assert {name[0] for cells in readers.cells.values() for name in cells} >= {BEHIND, MIGRANT}


def test_every_tie_that_a_report_checks_is_guarded():
    """A measure and a part of it, both hidden where small: the part is hidden with the whole, or with all summands."""
    for part, whole in layout.AMONG:
        if measures.get(part).hides_small and measures.get(whole).hides_small and part not in layout.SUMS:
            assert set(layout.SUMS.get(whole, [whole])) <= set(relations.PART_OF[part]), part


def test_what_is_published_first_stays_whatever_comes_later():
    first, cells = decide({A: 3, B: 12})
    assert first == {A: None, B: None, DISTRICT + "001": 15, DISTRICT: 15}
    later, _cells = decide({A: 3, B: 12, C: 40}, cells)
    assert later == {**first, C: 40, DISTRICT + "002": 40, DISTRICT: 55}


def test_deciding_again_on_the_same_reports_changes_nothing():
    readers = Readers(World(7))
    q = readers.world.quarters[-1]
    kept = {name: Cell(cell.value, cell.communities) for name, cell in readers.cells[q].items()}
    assert readers.decide(q, readers.reported[q], True) == set()
    assert readers.cells[q] == kept


def test_an_amendment_of_a_hidden_number_is_not_told_by_a_total():
    shown, cells = decide({A: 3, B: 12})
    assert decide({A: 9, B: 12}, cells)[0] == shown
    assert decide({A: 3, B: 30}, cells)[0] == shown


def test_an_amendment_of_a_shown_number_moves_its_totals():
    _shown, cells = decide({A: 20, B: 30})
    assert decide({A: 25, B: 30}, cells)[0] == {A: 25, B: 30, DISTRICT + "001": 55, DISTRICT: 55}
    assert decide({A: 2, B: 30}, cells)[0] == {A: 25, B: 30, DISTRICT + "001": 55, DISTRICT: 55}


def test_small_counts_of_what_is_no_child_are_shown():
    assert decide({A: 1, B: 2}, open_measures={SINGLE})[0] == {A: 1, B: 2, DISTRICT + "001": 3, DISTRICT: 3}
