import uuid

from django import template
from django.utils.html import format_html

from records.once import FIELD

register = template.Library()


@register.simple_tag
def once_token():
    """The hidden field that makes a form count once (`records.once`)."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4())
