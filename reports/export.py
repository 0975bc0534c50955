"""A report as a workbook in the layout of the table, with sums that work."""

from io import BytesIO

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from records.trail import log_act


def report_workbook(report, *, by):
    """An .xlsx response: totals with their parts below, and beside each breakdown a formula that adds the parts."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("Report"))
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 2, 14)
    sheet.write_string(0, 0, f"{report.community} · {report.period.label}", bold)
    sheet.write_string(1, 0, str(report.get_status_display()))
    row = 3
    for title, lines in report.table().sections:
        sheet.write_string(row, 0, str(title), bold)
        sheet.write_string(row, 1, _("Number"), bold)
        sheet.write_string(row, 2, _("Sum of parts"), bold)
        row += 1
        for line in lines:
            sheet.write_string(row, 0, str(line.measure.label))
            sheet.write_number(row, 1, line.value)
            row += 1
            for words, parts in line.parts_in_words():
                first = row + 1
                for part, n in parts:
                    sheet.write_string(row, 0, f"    {words}: {part}")
                    sheet.write_number(row, 1, n)
                    row += 1
                sheet.write_formula(row - 1, 2, f"=SUM(B{first}:B{row})", None, sum(n for _part, n in parts))
        row += 1
    for field in ("done", "problems", "plan"):
        sheet.write_string(row, 0, str(report._meta.get_field(field).verbose_name), bold)
        sheet.write_string(row + 1, 0, getattr(report, field))
        row += 3
    book.close()
    log_act(by, "exported", report)
    response = HttpResponse(
        stream.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    name = f"report-{report.community_id}-{report.year}Q{report.quarter}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
