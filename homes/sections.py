"""Higher apps add sections to the page of a Home, of a repair or of an evaluation, without this app hearing of them.

In an app's `home_sections.py`:

    @home_section(order=10)
    def equipment(request, home):
        return "premises/home_equipment.html", {"pieces": …}   # or None: nothing to show
"""

from collections.abc import Callable

from django.template.loader import render_to_string

from records.discovery import import_from_apps

_sections: list[tuple[str, int, Callable]] = []


def home_section(*, order, of="home"):
    """Register the decorated function `(request, row) -> (template, context) or None` as a section of the page of a
    Home, or `of` a "repair" or an "evaluation"."""

    def register(function):
        _sections.append((of, order, function))
        return function

    return register


def sections_of(request, row):
    """What each section shows of this Home, repair or evaluation to this person, as HTML in its order."""
    import_from_apps("home_sections", beside=["homes"])
    name, shown = row._meta.model_name, []
    for of, _order, function in sorted(_sections, key=lambda one: one[1]):
        if of == name and (answer := function(request, row)) is not None:
            template, own = answer
            shown.append(render_to_string(template, {name: row, **own}, request=request))
    return shown
