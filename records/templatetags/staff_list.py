"""What the staff lists and forms need beyond Django's own tags."""

from django import template
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import FieldDoesNotExist
from django.forms import Media

from records.staff_rows import written
from records.wording import listed

register = template.Library()


@register.inclusion_tag("admin/change_list_results.html")
def staff_results(cl):
    """The list's table: Django's headers over rows of our own writing."""
    return {"cl": cl, "result_headers": list(result_headers(cl)), "rows": written(cl)}


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
    return listed(words)
