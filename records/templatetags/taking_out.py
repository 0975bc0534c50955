"""The button that takes a list out as a spreadsheet: only for whom the page behind it opens."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from records.exports import may_take_out
from records.templatetags.ui import icon

register = template.Library()


@register.simple_tag(takes_context=True)
def export_button(context, name, query="", label="", kind=""):
    """`name`: of the list; `query`: what the page is narrowed by, as it stands in its address."""
    if not may_take_out(context["request"].user, name):
        return ""
    address = reverse("records:export", args=[name]) + (f"?{query}" if query else "")
    tone = format_html(' data-kind="{}"', kind) if kind else ""
    button = '<a class="button"{} href="{}">{} {}</a>'
    return format_html(button, tone, address, icon("download"), label or _("Spreadsheet"))
