from django import template

from records.papers import qr_svg

register = template.Library()


@register.simple_tag(takes_context=True)
def qr(context, path):
    """A QR code that leads back to `path` on this site."""
    return qr_svg(context["request"].build_absolute_uri(path))


@register.simple_tag(takes_context=True)
def address(context, path):
    """The same address in letters, for those who type it."""
    return context["request"].build_absolute_uri(path)
