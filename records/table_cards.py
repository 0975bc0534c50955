"""Names a table's cells after their columns, so that a phone can show each row as a card."""

import re

from django.utils.html import strip_tags

CELL = re.compile(r"<(td|th)\b([^>]*)>")
HEAD = re.compile(r"<thead\b.*?</thead>", re.DOTALL)
BODY = re.compile(r"<tbody\b.*?</tbody>", re.DOTALL)
EMPTY_HEADER = re.compile(r"<th\b[^>]*>\s*</th>")
LINE = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
HEADER_CELL = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)


def labelled_line(line, labels):
    """A table row whose cells carry their column's name, so that a phone can show the row as a card."""
    cells = iter(labels)
    first = True

    def label(match):
        nonlocal first
        name, attributes = match.groups()
        text = next(cells, "")
        if "colspan" in attributes or "data-label" in attributes:
            return match.group(0)
        mark = ""
        if first and text:
            mark, first = " data-first", False
        return f'<{name}{attributes} data-label="{text}"{mark}>'

    return CELL.sub(label, line)


def header_labels(html):
    """Escaped texts of header cells; `strip_tags` leaves entities as they were."""
    return [strip_tags(text).strip().replace('"', "&quot;") for text in HEADER_CELL.findall(html)]


def named_table(html, wide):
    """The same table with named cells; a wide one scrolls instead. An empty header cell is no header."""
    head = HEAD.search(html)
    html = HEAD.sub(lambda found: EMPTY_HEADER.sub("<td></td>", found.group(0)), html)
    if not head or wide:
        return html
    labels = header_labels(head.group(0))
    return BODY.sub(
        lambda body: LINE.sub(lambda line: labelled_line(line.group(0), labels), body.group(0)),
        html,
    )
