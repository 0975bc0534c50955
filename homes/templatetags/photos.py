from django import template

from records.attachments import owner_attachment_url

register = template.Library()


@register.simple_tag
def photo_url(photo):
    """Where a Home's photo is shown, to those who may see it."""
    return owner_attachment_url(photo, "photo")
