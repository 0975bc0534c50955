from django import template

from records.attachments import owner_attachment_url

register = template.Library()


@register.simple_tag
def photo_url(row):
    """Where the photo of a row is shown, to those who may see the row."""
    return owner_attachment_url(row, "photo")
