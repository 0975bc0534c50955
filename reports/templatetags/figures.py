"""Tables of figures, written cell by cell in Python: two hundred communities in one table are two thousand cells."""

import datetime as dt

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from records.templatetags.ui import table as framed
from reports.published import Shown
from reports.tables import Link, plain

register = template.Library()


@register.simple_tag
def figure_table(table, wide=False, caption=""):
    """The table with its heads; on phones each row is a card, unless `wide`, which scrolls."""
    heads = format_html_join("", "{}", ((_head(head),) for head in table.heads))
    dot = _hidden()
    rows = format_html_join("", "<tr>{}</tr>", ((_row(table, row, dot),) for row in table.rows))
    content = format_html("<thead><tr>{}</tr></thead><tbody>{}</tbody>", heads, rows)
    return framed(content, caption=caption, wide=wide)


def _hidden():
    return format_html(
        '<span title="{}">•<span class="visually-hidden">{}</span></span>',
        _("hidden: small, or it would reveal a small number"),
        _("hidden"),
    )


def _head(head):
    words = format_html('<a href="{}">{}</a>', head.url, head.words) if head.url else head.words
    return format_html(
        '<th scope="col"{}{}>{}</th>',
        mark_safe(' class="num"' if head.is_number else ""),
        format_html(' aria-sort="{}"', head.order) if head.order else "",
        words,
    )


def _row(table, row, dot):
    number, text = mark_safe(' class="num"'), ""
    return format_html_join(
        "",
        "<td{}>{}</td>",
        ((number if head.is_number else text, _cell(cell, dot)) for head, cell in zip(table.heads, row, strict=True)),
    )


def _cell(cell, dot):
    if isinstance(cell, Shown):
        return dot if cell.is_hidden else _number(cell)
    if isinstance(cell, Link):
        return format_html('<a href="{}">{}</a>', cell.url, plain(cell))
    if isinstance(cell, dt.date):
        return format_html('<span class="nowrap">{}</span>', plain(cell))
    return plain(cell)


def _number(cell):
    """With a star where a total does not count all communities that have reported."""
    if not cell.is_partial:
        return cell.value
    words = _("counts %(n)s of %(all)s communities") % {"n": cell.communities, "all": cell.reported}
    return format_html('{}<abbr title="{}">*</abbr>', cell.value, words)
