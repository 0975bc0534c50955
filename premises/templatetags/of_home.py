from django import template
from django.urls import reverse

register = template.Library()


@register.simple_tag
def of_home(route, home_key, **query):
    """The address of a list of one Home."""
    return reverse(route, query={"home": home_key, **query})
