"""A quarter lived at random in two streets: what went up never moves by itself, the same rows give the same table, and
parts make wholes from the community to the district, with corrections and late reports."""

import datetime as dt
import random
from io import BytesIO

import pytest
import python_calamine
from bs4 import BeautifulSoup
from django.db.models import F

from children.models import Child
from records.lifecycle import Refused
from reports import layout
from reports.checking import faults
from reports.models import Amendment, PublishedFigure, QuarterlyReport, StreetAmendment, StreetReport
from reports.publishing import bring_up_to_date, figures_in_force
from tests.children.factories import a_child, left_behind_child, migrant_child
from tests.communities.factories import held_meeting
from tests.reports.conftest import Q3, SHORT
from tests.reports.reported import cells, divisions

pytestmark = pytest.mark.django_db
CODES = ["150902001001", "150902001002", "150902001003", "150902002001", "150902002002"]
KEYS = [key for _title, keys in SHORT for key in keys]
STEPS = 60


def plain(table):
    """{measure: number, (measure, breakdown, part): number}, without noughts among the parts."""
    found = {}
    for line in table.lines():
        found[line.measure.key] = line.value
        found.update({(line.measure.key, b, p): n for b, parts in line.parts.items() for p, n in parts.items() if n})
    return found


def summed(tables):
    total: dict = {}
    for name, n in (pair for table in tables for pair in table.items()):
        total[name] = total.get(name, 0) + n
    return total


class Quarter:
    """Everybody's acts at random, and beside them, in plain numbers, what should stand in each report."""

    def __init__(self, seed, make_user):
        self.chance = random.Random(seed)
        self.places = {place.pk: place for place in divisions(*CODES)}
        self.streets = {code[:9]: place.parent for code, place in self.places.items()}
        self.district = next(iter(self.streets.values())).parent_id
        self.worker = {code: make_user("community_worker", place) for code, place in self.places.items()}
        self.officer = {code: make_user("street_officer", street) for code, street in self.streets.items()}
        self.reader = make_user("federation_officer", next(iter(self.streets.values())).parent)
        self.stands: dict = {}  # what was handed in, and corrected since
        self.absent: dict = {}  # whose figures are not in a street's sum
        self.done: set = set()
        for code in CODES:
            for _n in range(self.chance.randint(0, 9)):
                self.registers(code)

    def live(self, steps=STEPS):
        acts = [self.registers, self.registers, self.leaves, self.meets, self.hands_in, self.hands_in, self.is_decided]
        acts += [self.is_decided, self.amends, self.street_hands_in, self.street_is_decided, self.street_amends]
        for _n in range(steps):
            act, code = self.chance.choice(acts), self.chance.choice(CODES)
            try:
                act(code)
                self.done.add(act.__name__)
            except Refused:
                pass
            self.holds()

    # Life goes on -----------------------------------------------------------------------------------------------------

    def _day(self):
        return Q3.start + dt.timedelta(days=self.chance.randint(-60, 91))

    def registers(self, code):
        make = self.chance.choice([a_child, a_child, left_behind_child, migrant_child])
        born = dt.date(self.chance.randint(2009, 2025), 3, 1)
        make(self.places[code], sex=self.chance.choice("FM"), birth_date=born, registered_on=max(born, self._day()))

    def leaves(self, code):
        child = Child.objects.filter(community=code, left_on=None).order_by("pk").last()
        if child:
            left = max(child.registered_on, self._day())
            Child.objects.filter(pk=child.pk).update(left_on=left, left_reason="moved_out")

    def meets(self, code):
        held_meeting(self.places[code], kind=self.chance.choice(["study", "special"]), day=self._day())

    # What goes up -----------------------------------------------------------------------------------------------------

    def report(self, code):
        return QuarterlyReport.objects.of(Q3).filter(community=code).first()

    def street_report(self, code):
        return StreetReport.objects.of(Q3).filter(street=code[:9]).first()

    def accepted(self, within=""):
        rows = QuarterlyReport.objects.of(Q3).accepted().values_list("community", flat=True)
        return [code for code in rows if code.startswith(within)]

    def hands_in(self, code):
        report = QuarterlyReport.open_for(self.places[code], Q3, by=self.worker[code])
        if report.is_open:
            now = plain(report.draw())
            self._submit(report, self.worker[code])
            self.stands[code] = now

    def is_decided(self, code):
        report = self.report(code)
        if report is None or report.status != "submitted":
            raise Refused("nothing to decide on")
        if self.chance.random() < 0.3:
            report.give_back(remark="请核对", by=self.officer[code[:9]])
        else:
            report.accept(by=self.officer[code[:9]])

    def is_accepted(self, code):
        """Handed in where it was not, and accepted."""
        self.hands_in(code)
        if (report := self.report(code)).status == "submitted":
            report.accept(by=self.officer[code[:9]])

    def amends(self, code):
        if not (report := self.report(code)):
            raise Refused("nothing to amend")
        now = plain(report.draw())
        amendment = Amendment.of(report, keys=KEYS, reason="漏登", by=self.worker[code])
        if self._settled(amendment, by=self.officer[code[:9]]):
            self.stands[code] = now

    def street_hands_in(self, code):
        street = self.streets[code[:9]]
        report = StreetReport.open_for(street, Q3, by=self.officer[street.pk])
        if report.is_open:
            self._submit(report, self.officer[street.pk])
            self._summed_up(street.pk, self.accepted(street.pk))

    def street_is_decided(self, code):
        report = self.street_report(code)
        if report is None or report.status != "submitted":
            raise Refused("nothing to decide on")
        if self.chance.random() < 0.2:
            report.give_back(remark="请核对", by=self.reader)
        else:
            report.accept(by=self.reader)

    def street_amends(self, code):
        if not (report := self.street_report(code)):
            raise Refused("nothing to amend")
        amendment = StreetAmendment.of(report, keys=KEYS, reason="迟报", by=self.officer[code[:9]])
        if self._settled(amendment, by=self.reader):
            self._summed_up(code[:9], self.accepted(code[:9]))

    def _summed_up(self, street, there):
        self.stands[street] = summed(self.stands[code] for code in there)
        self.absent[street] = [code for code in CODES if code.startswith(street) and code not in there]

    def _submit(self, report, by):
        report.done = "走访、活动正常开展。"
        report.save()
        report.submit(by=by)

    def _settled(self, amendment, by):
        if self.chance.random() < 0.3:
            amendment.refuse(remark="无依据", by=by)
            return False
        amendment.accept(by=by)
        return True

    # What must hold ---------------------------------------------------------------------------------------------------

    def holds(self):
        for report in [*QuarterlyReport.objects.of(Q3), *StreetReport.objects.of(Q3)]:
            table = report.in_force()
            assert faults(table) == [], report
            if not report.is_open:
                assert plain(table) == self.stands[report.place.pk], report
                if isinstance(report, StreetReport):
                    assert [place.pk for place in report.not_there()] == self.absent[report.street_id], report
            elif isinstance(report, StreetReport):
                assert plain(table) == summed(self.stands[code] for code in self.accepted(report.street_id)), report
        totals, parts = figures_in_force(self.district, Q3)
        found: dict = {measure: sum(by_community.values()) for measure, by_community in totals.items()}
        for measure, by_part in parts.items():
            for (_community, breakdown, part), n in by_part.items():
                if n:
                    found[measure, breakdown, part] = found.get((measure, breakdown, part), 0) + n
        assert found == summed(self.stands[code] for code in self.accepted())

    def published_as_summed(self):
        """How many whole numbers the federation reads; each is the sum of what the communities below it reported."""
        bring_up_to_date(self.district)
        shown = PublishedFigure.objects.filter(district=self.district).of(Q3).exclude(value=None)
        whole = [one for one in shown if one.communities == len(self.accepted(one.code))]
        for one in whole:
            name = (one.measure, one.breakdown, one.part) if one.breakdown else one.measure
            assert one.value == summed(self.stands[code] for code in self.accepted(one.code)).get(name, 0), name
        return len(whole)


@pytest.mark.usefixtures("november", "short_table")
@pytest.mark.parametrize("seed", range(3))
def test_parts_make_wholes_at_every_level_whatever_happens_in_a_quarter(seed, make_user):
    quarter = Quarter(seed, make_user)
    quarter.live()
    assert {"hands_in", "is_decided"} <= quarter.done
    quarter.published_as_summed()


@pytest.mark.usefixtures("november", "short_table")
def test_a_whole_quarter_goes_up_corrected_and_late_and_is_read_by_the_federation(make_user):
    """The same, until each kind of act was done and every community is in."""
    quarter = Quarter(99, make_user)
    early, late = CODES[0], CODES[1]
    quarter.is_accepted(early)
    quarter.street_hands_in(early)
    quarter.street_report(early).accept(by=quarter.reader)
    quarter.registers(late)
    quarter.is_accepted(late)
    quarter.holds()
    assert quarter.absent[early[:9]] == [late, CODES[2]]
    assert [place.pk for place in quarter.street_report(early).came_late()] == [late]
    quarter.live(120)
    assert {"leaves", "amends", "street_hands_in", "street_is_decided", "street_amends"} <= quarter.done
    for code in CODES:
        quarter.is_accepted(code)
    quarter.holds()
    assert len(quarter.accepted()) == len(CODES)
    assert late not in quarter.absent[early[:9]]
    assert quarter.published_as_summed() > 10


# The same rows, the same table ----------------------------------------------------------------------------------------


@pytest.fixture
def lived(community, sister_community):
    """Children of every kind in two communities."""
    chance = random.Random(7)
    for place in [community, sister_community] * 6:
        for make in (a_child, left_behind_child, migrant_child):
            born = dt.date(chance.randint(2009, 2025), 3, 1)
            make(place, sex=chance.choice("FM"), birth_date=born, registered_on=max(born, dt.date(2026, 8, 1)))
        held_meeting(place, day=dt.date(2026, 8, chance.randint(1, 28)))


def frozen(report):
    """The rows as they are kept, but for the moment of drawing."""
    return sorted(report.figures.values_list("measure", "breakdown", "part", "value", "definition_version"))


@pytest.mark.usefixtures("november", "lived")
def test_a_report_redrawn_from_the_same_rows_is_identical(community, director, supervisor):
    """On the whole table; the rows are moved about in the store in between, so that they come in another order."""
    report = QuarterlyReport.open_for(community, Q3, by=director)
    report.done = "走访、活动正常开展。"
    report.save()
    first = report.draw()
    assert len(first.lines()) == sum(len(keys) for _title, keys in layout.SECTIONS)
    for pk in sorted(Child.objects.values_list("pk", flat=True), reverse=True):
        Child.objects.filter(pk=pk).update(version=F("version"))
    assert plain(QuarterlyReport.objects.get().draw()) == plain(first)
    report.submit(by=director)
    kept = frozen(report)
    assert plain(report.frozen()) == plain(first)
    report.give_back(remark="请核对", by=supervisor)
    report.submit(by=director)
    assert frozen(report) == kept


@pytest.mark.usefixtures("november", "lived")
def test_no_face_of_a_frozen_report_moves_when_rows_change(community, director, supervisor, signed_in):
    """Page, paper and workbook are those of the day before, on the whole table."""
    report = QuarterlyReport.open_for(community, Q3, by=director)
    report.done = "走访、活动正常开展。"
    report.save()
    report.submit(by=director)
    report.accept(by=supervisor)
    worker = signed_in(director)
    before = _faces(worker, report)
    assert all(before)
    drawn = plain(report.draw())
    Child.objects.filter(community=community, sex="F").update(left_on=dt.date(2026, 8, 20), left_reason="moved_out")
    left_behind_child(community, registered_on=dt.date(2026, 8, 2))
    held_meeting(community, day=dt.date(2026, 9, 1))
    assert plain(report.draw()) != drawn
    assert _faces(worker, report) == before


def _faces(client, report):
    """The tables of the page, the words of the paper, the cells of the workbook, and the rows that are kept."""
    page, paper = client.get(report.get_absolute_url()), client.get(f"/papers/quarterly_report/{report.pk}/")
    book = python_calamine.load_workbook(BytesIO(client.get(f"/reports/{report.pk}/workbook/").content))
    sheets = [book.get_sheet_by_index(n).to_python() for n in range(len(book.sheet_names))]
    return cells(page), BeautifulSoup(paper.content, "html.parser").main.get_text(" "), sheets, frozen(report)
