"""A report as a workbook in the layout of its paper, with sums that work."""

from io import BytesIO

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell

from records.trail import log_act
from records.wording import enumerated, listed
from reports import quarters as q
from reports.models import StreetReport
from reports.sheets import sheets

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A4 = 9
WIDTH = 8  # columns of the first sheet


def report_workbook(report, *, by):
    """An .xlsx response: figures with their changes, parts with their sums, communities of a street, the texts."""
    stream = BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        _Writing(book, report).all()
    log_act(by, "exported", report)
    return as_download(stream, f"report-{report.place.pk}-{q.written(report.period)}.xlsx")


def as_download(stream, name):
    response = HttpResponse(stream.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


class _Writing:
    def __init__(self, book, report):
        self.book, self.report = book, report
        self.text = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
        self.head = book.add_format({"border": 1, "bold": True, "align": "center", "text_wrap": True})
        self.section = book.add_format({"border": 1, "bold": True, "bg_color": "#EEEEEE"})
        self.number = book.add_format({"border": 1, "num_format": "0"})
        self.change = book.add_format({"border": 1, "num_format": "+0;-0;0"})
        self.sum = book.add_format({"border": 1, "bold": True, "num_format": "0"})
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        self.centred = book.add_format({"align": "center"})

    def all(self):
        drawn = sheets(self.report)
        self.figures(drawn)
        self.parts(drawn)
        if isinstance(self.report, StreetReport):
            self.communities(drawn)
        self.words()

    def _sheet(self, name, *widths):
        sheet = self.book.add_worksheet(name[:31])
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        return sheet

    def figures(self, drawn):
        sheet = self._sheet(_("Figures"), 5, 40, 10, 10, 10, 10, 10, 30)
        sheet.merge_range(0, 0, 0, WIDTH - 1, "", self.title)
        sheet.write_string(0, 0, str(self.report._meta.verbose_name), self.title)
        sheet.merge_range(1, 0, 1, WIDTH - 1, "", self.centred)
        sheet.write_string(1, 0, f"{self.report.place} · {self.report.period.label}", self.centred)
        sheet.write_string(2, 0, str(self.report.get_status_display()))
        heads = [_("No."), _("What is counted"), _("This quarter"), _("Last quarter"), _("More or less")]
        for column, words in enumerate([*heads, _("A year ago"), _("More or less in a year"), _("Remark")]):
            sheet.write_string(3, column, words, self.head)
        sheet.repeat_rows(3)
        row = 4
        for title, lines in drawn.numbered:
            sheet.merge_range(row, 0, row, WIDTH - 1, "", self.section)
            sheet.write_string(row, 0, str(title), self.section)
            row += 1
            for number, line, change in lines:
                self._figure(sheet, row, number, line, change)
                row += 1

    def _figure(self, sheet, row, number, line, change):
        sheet.write_number(row, 0, number, self.number)
        sheet.write_string(row, 1, str(line.measure.label), self.text)
        sheet.write_number(row, 2, line.value, self.number)
        now = xl_rowcol_to_cell(row, 2)
        for column, then, since in (
            (3, change.last, change.since_last),
            (5, change.year_ago, change.since_year_ago),
        ):
            if then is None:
                sheet.write_string(row, column, "—", self.text)
                sheet.write_string(row, column + 1, "—", self.text)
            else:
                sheet.write_number(row, column, then, self.number)
                formula = f"={now}-{xl_rowcol_to_cell(row, column)}"
                sheet.write_formula(row, column + 1, formula, self.change, since)
        said = []
        if line.was is not None:
            said.append(_("accepted as %(number)s, amended") % {"number": line.was})
        if why := self.report.explanations.get(line.measure.key):
            said.append(why)
        sheet.write_string(row, 7, enumerated(said), self.text)

    def parts(self, drawn):
        widest = max((len(table.lines) for table in drawn.parts), default=1)
        sheet = self._sheet(_("Parts"), 34, *[16] * widest)
        row = 0
        for table in drawn.parts:
            sheet.write_string(row, 0, str(table.title), self.head)
            for column, line in enumerate(table.lines, 1):
                sheet.write_string(row, column, str(line.measure.label), self.head)
            first = row + 1
            for place, (words, numbers) in enumerate(table.rows, first):
                sheet.write_string(place, 0, str(words), self.text)
                for column, n in enumerate(numbers, 1):
                    if n is None:
                        sheet.write_blank(place, column, None, self.text)
                    else:
                        sheet.write_number(place, column, n, self.number)
            row = first + len(table.rows)
            sheet.write_string(row, 0, _("In all"), self.section)
            for column, line in enumerate(table.lines, 1):
                self._sum(sheet, row, column, (first, column), (row - 1, column), line.value)
            row += 2

    def _sum(self, sheet, row, column, first, last, value):
        formula = f"=SUM({xl_rowcol_to_cell(*first)}:{xl_rowcol_to_cell(*last)})"
        sheet.write_formula(row, column, formula, self.sum, value)

    def communities(self, drawn):
        """A column for each community whose figures are in the sum, and the sum."""
        counted = self.report.by_community()
        places = [place for place in self.report.communities() if place.pk in counted]
        sheet = self._sheet(_("Communities"), 40, *[14] * (len(places) + 1))
        sheet.set_landscape()
        sheet.write_string(0, 0, _("What is counted"), self.head)
        for column, place in enumerate(places, 1):
            sheet.write_string(0, column, str(place), self.head)
        last = len(places)
        sheet.write_string(0, last + 1, _("In all"), self.head)
        row = 1
        for _title, lines in drawn.numbered:
            for _number, line, _change in lines:
                sheet.write_string(row, 0, str(line.measure.label), self.text)
                values = [counted[place.pk].get(line.measure.key, 0) for place in places]
                for column, value in enumerate(values, 1):
                    sheet.write_number(row, column, value, self.number)
                if places:
                    self._sum(sheet, row, last + 1, (row, 1), (row, last), sum(values))
                row += 1
        if self.report.amendments.accepted().exists():
            sheet.write_string(row + 2, 0, _("The numbers by community stand as submitted, without amendments."))
        if missing := self.report.not_there():
            names = listed(missing)
            sheet.write_string(row + 1, 0, _("Not in the sum: %(names)s") % {"names": names})

    def words(self):
        sheet = self._sheet(_("In words"), 100)
        row = 0
        for name in ("done", "problems", "plan"):
            sheet.write_string(row, 0, str(self.report._meta.get_field(name).verbose_name), self.head)
            sheet.write_string(row + 1, 0, getattr(self.report, name), self.text)
            row += 3
        for amendment in self.report.amendments.accepted().order_by("number"):
            title = _("Amendment %(number)s of %(day)s") % {
                "number": amendment.number,
                "day": amendment.decided_at.date().isoformat(),
            }
            sheet.write_string(row, 0, title, self.head)
            sheet.write_string(row + 1, 0, amendment.reason, self.text)
            row += 3
