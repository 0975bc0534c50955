"""A list as somebody takes it out, read back from the workbook."""

import io

from python_calamine import CalamineWorkbook

from records import exports
from records.workbooks import write


def table(user, rf, name, params=""):
    """(headers, rows) of the list as this person takes it out."""
    request = rf.get("/")
    request.user = type(user).objects.get(pk=user.pk)
    sheet = exports.get(name).sheet(request, params)
    file, _written = write(sheet)
    lines = CalamineWorkbook.from_filelike(io.BytesIO(file.read())).get_sheet_by_index(0).to_python()
    start = next(n for n, line in enumerate(lines) if line[0] == "#")
    found = [[str(cell) for cell in line[1:]] for line in lines[start + 1 :]]
    assert sheet.count == len(found)
    return [str(cell) for cell in lines[start][1:]], found
