"""What the staff lists and forms need beyond Django's own tags."""

import re

from django import template
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import FieldDoesNotExist
from django.forms import Media
from django.utils.html import conditional_escape, strip_tags
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from records.table_cards import labelled_line
from records.templatetags.ui import icon

register = template.Library()

BOOLEAN_PICTURE = re.compile(r'<img src="[^"]*/icon-(yes|no|unknown)[^"]*" alt="[^"]*">')


def _boolean_words(match):
    """Django says True and False in English, in a picture; here it is a word in the reader's language."""
    sign, word = {"yes": ("check", _("Yes")), "no": ("close", _("No")), "unknown": ("help", _("Not known"))}[
        match.group(1)
    ]
    return f"{icon(sign)} {word}"


@register.simple_tag
def card_rows(results, headers):
    """Each result as (form errors, cells), every cell carrying the name of its column."""
    labels = [str(conditional_escape(capfirst(strip_tags(str(header["text"]))))) for header in headers]
    rows = []
    for result in results:
        cells = BOOLEAN_PICTURE.sub(_boolean_words, labelled_line("".join(result), labels))
        rows.append((result.form and result.form.non_field_errors(), mark_safe(cells)))
    return rows


SLUG_SCRIPTS = ("xregexp", "urlify", "prepopulate")


@register.filter
def form_media(media):
    """A form's media without the scripts that turn titles into addresses, which no staff form needs: 200 KB less."""
    return _without(media, *SLUG_SCRIPTS, "actions.js")


@register.filter
def list_media(media):
    """The same for a list, which needs the scripts of its actions."""
    return _without(media, *SLUG_SCRIPTS)


def _without(media, *needless):
    return Media(css=media._css, js=[path for path in media._js if not any(word in str(path) for word in needless)])


@register.simple_tag
def page_url(cl, number):
    return cl.get_query_string({PAGE_VAR: number})


@register.filter
def field_words(names, opts):
    """Names of fields on the trail in the reader's words; what is no field stays as written."""
    words = []
    for name in names:
        try:
            words.append(str(opts.get_field(name).verbose_name))
        except (FieldDoesNotExist, AttributeError):
            words.append(name)
    return ", ".join(words)
