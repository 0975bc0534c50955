"""The components pages are built from. A signature says what each accepts; anything else is an error."""

from datetime import datetime
from functools import cache

from django import template
from django.forms import CheckboxInput
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from records import wording
from records.table_cards import named_table

register = template.Library()
register.filter("listed", wording.listed)
register.filter("enumerated", wording.enumerated)
register.simple_tag(wording.comma)
register.simple_tag(wording.semicolon)
register.simple_tag(wording.colon)

TONES = {
    "neutral": "",
    "info": "info",
    "todo": "alert",
    "done": "check",
    "stop": "stop",
}


def toned(tone):
    """The attribute for a tone; a misspelt tone would silently lose its meaning, so it is refused."""
    if tone and tone not in TONES:
        raise template.TemplateSyntaxError(f"Unknown tone {tone!r}; one of {', '.join(TONES)}.")
    return format_html(' data-tone="{}"', tone) if tone else ""


@cache
def _icons():
    return static("img/icons.svg")  # asked forty times a page


@register.simple_tag
def icon(name, label=""):
    """A symbol of static/img/icons.svg: decoration beside words, or an image with a label of its own."""
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" {}><use href="{}#{}"></use></svg>',
        role,
        _icons(),
        name,
    )


@register.simple_block_tag
def page_header(content, title, subtitle="", back_url="", back_label=""):
    back = ""
    if back_url:
        back = format_html(
            '<a class="back" href="{}">{}{}</a>',
            back_url,
            icon("arrow-left"),
            back_label or _("Back"),
        )
    below = format_html("<p>{}</p>", subtitle) if subtitle else ""
    beside = format_html('<div class="cluster">{}</div>', content) if content.strip() else ""
    return format_html(
        '<header class="page-header"><div>{}<h1>{}</h1>{}</div>{}</header>',
        back,
        title,
        below,
        beside,
    )


@register.simple_block_tag
def card(content, title="", level=2, tone="", icon="", id="", url="", link_label=""):
    head = ""
    if title:
        link = format_html('<a href="{}">{}</a>', url, link_label or _("Show all")) if url else ""
        head = format_html(
            '<div class="card-head"><h{0}>{1}{2}</h{0}>{3}</div>',
            level,
            _icon_or_nothing(icon),
            title,
            link,
        )
    anchor = format_html(' id="{}"', id) if id else ""
    return format_html('<section class="card"{}{}>{}{}</section>', anchor, toned(tone), head, content)


@register.simple_tag
def badge(text, tone="neutral", icon=""):
    return format_html(
        '<span class="badge"{}>{}{}</span>',
        toned(tone),
        _icon_or_nothing(icon or TONES.get(tone, "")),
        text,
    )


@register.simple_block_tag
def notice(content, tone="info", title="", role=""):
    heading = format_html("<h2>{}</h2>", title) if title else ""
    spoken = format_html(' role="{}"', role) if role else ""
    return format_html(
        '<div class="notice"{}{}>{}<div>{}{}</div></div>',
        toned(tone),
        spoken,
        icon(TONES.get(tone) or "info"),
        heading,
        content,
    )


@register.simple_block_tag
def empty(content, title="", icon="leaf"):
    heading = format_html("<h2>{}</h2>", title) if title else ""
    return format_html(
        '<div class="empty">{}{}<div>{}</div></div>',
        _icon_or_nothing(icon),
        heading,
        content,
    )


@register.simple_block_tag
def facts(content):
    return format_html('<dl class="facts">{}</dl>', content)


@register.simple_tag
def fact(label, value, wide=False):
    if isinstance(value, datetime):
        value = localtime(value)
    shown = "—" if value is None or value == "" else localize(value)
    return format_html(
        "<div{}><dt>{}</dt><dd>{}</dd></div>",
        mark_safe(' class="wide"' if wide else ""),
        label,
        shown,
    )


@register.simple_block_tag
def stats(content):
    return format_html('<div class="stats">{}</div>', content)


@register.simple_tag
def stat(label, value, url="", tone="", note="", unit=""):
    name = "a" if url else "div"
    target = format_html(' href="{}"', url) if url else ""
    sign = icon(TONES[tone]) if tone and TONES.get(tone) else ""
    measure = format_html(" <small>{}</small>", unit) if unit else ""
    remark = format_html('<span class="stat-note">{}</span>', note) if note else ""
    return format_html(
        '<{0} class="stat"{1}{2}><span class="stat-label">{3}{4}</span><span class="stat-value">{5}{6}</span>{7}</{0}>',
        mark_safe(name),
        target,
        toned(tone),
        sign,
        label,
        value,
        measure,
        remark,
    )


@register.simple_tag
def progress(done, total, label="", tone=""):
    words = _("%(done)s of %(total)s") % {"done": done, "total": total}
    tone = tone or ("done" if total and done >= total else "info")
    return format_html(
        '<span class="progress"{}><progress value="{}" max="{}" aria-label="{}"></progress><span>{}</span></span>',
        toned(tone),
        done,
        total or 1,
        label or words,
        words,
    )


@register.simple_block_tag
def tabs(content, label):
    return format_html('<nav class="tabs" aria-label="{}">{}</nav>', label, content)


@register.simple_tag
def tab(text, url, current=False, count=None):
    number = format_html('<span class="count">{}</span>', count) if count else ""
    return format_html(
        '<a href="{}"{}>{}{}</a>',
        url,
        mark_safe(' aria-current="page"' if current else ""),
        text,
        number,
    )


@register.simple_tag
def steps(current, *labels):
    def state(number):
        return ' aria-current="step"' if number == current else ' class="past"' if number < current else ""

    items = ((mark_safe(state(number)), label) for number, label in enumerate(labels, 1))
    return format_html('<ol class="steps">{}</ol>', format_html_join("", "<li{}>{}</li>", items))


@register.simple_tag
def avatar(name, url="", size=""):
    scale = format_html(' data-size="{}"', size) if size else ""
    inside = format_html('<img src="{}" alt="">', url) if url else str(name)[:1]
    return format_html('<span class="avatar"{} aria-hidden="true">{}</span>', scale, inside)


@register.simple_block_tag
def row(content, title, url="", meta="", tone=""):
    line = (
        format_html('<a class="row-link" href="{}">{}</a>', url, title)
        if url
        else format_html('<span class="row-title">{}</span>', title)
    )
    below = format_html('<span class="row-meta">{}</span>', meta) if meta else ""
    beside = format_html('<div class="cluster">{}</div>', content) if content.strip() else ""
    return format_html(
        '<li class="row"{}><div class="row-text">{}{}</div>{}</li>',
        toned(tone),
        line,
        below,
        beside,
    )


@register.simple_block_tag
def table(content, caption="", wide=False):
    """Give it `thead` and `tbody`; on phones each row becomes a card, unless `wide`, which scrolls."""
    content = named_table(content, wide)
    title = format_html("<caption>{}</caption>", caption) if caption else ""
    frame = 'class="table-frame wide" role="region" tabindex="0" aria-label="{}"' if wide else 'class="table-frame"'
    return format_html(
        "<div {}><table>{}{}</table></div>",
        format_html(frame, caption or _("Table")),
        title,
        mark_safe(content),
    )


@register.simple_block_tag
def actions(content, sticky=False):
    return format_html(
        '<div class="actions"{}>{}</div>',
        mark_safe(" data-sticky" if sticky else ""),
        content,
    )


@register.simple_block_tag(takes_context=True)
def filter_bar(context, content, search="", placeholder=""):
    return render_to_string(
        "components/filter_bar.html",
        {
            "content": mark_safe(content),
            "search": search,
            "placeholder": placeholder,
            "query": context["request"].GET.get(search, "") if search else "",
            "filtered": any(context["request"].GET.values()),
            "path": context["request"].path,
        },
    )


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context, page, param="page"):
    """Links to the other pages, keeping the rest of the address."""
    query = context["request"].GET.copy()

    def address(number):
        query[param] = number
        return "?" + query.urlencode()

    paginator = page.paginator
    return {
        "page": page,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
        "pages": [
            (number, address(number) if isinstance(number, int) else "")
            for number in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        ],
    }


@register.inclusion_tag("components/field.html")
def field(bound, label="", hide_label=False, kind=""):
    return {
        "bound": bound,
        "label": label or bound.label,
        "hide_label": hide_label,
        "kind": kind,
        "is_check": isinstance(bound.field.widget, CheckboxInput),
        "choose_again": bound.html_name in bound.form.files and bool(bound.form.errors),
    }


@register.inclusion_tag("components/fields.html")
def fields(form):
    return {"form": form}


@register.inclusion_tag("components/form_errors.html")
def form_errors(form):
    wrong = [(bound, str(bound.label).rstrip(".。"), bound.errors[0]) for bound in form if bound.errors]
    return {"form": form, "wrong": wrong}


def _icon_or_nothing(name):
    return icon(name) if name else ""
