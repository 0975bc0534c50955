"""What a staff list is narrowed by, and how it is paged: scoped, allow-listed, never counting a million rows."""

import re
from functools import cached_property
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.paginator import Paginator

from records.text import clean_code

COUNT_LIMIT = 1000
NUMBER_OF_A_PERSON = re.compile(r"(?:\d{15}|\d{17}[\dXx]|1\d{10}|0\d{9,11})\Z")  # an ID number or a phone


class CappedPaginator(Paginator):
    """Counts to a thousand, or another limit, and no further; "more than 1,000" is said instead."""

    limit = COUNT_LIMIT

    @cached_property
    def count(self):
        return self.object_list.order_by()[: self.limit + 1].count()

    @property
    def is_capped(self):
        return self.count > self.limit


class ScopedRelatedFilter(admin.RelatedFieldListFilter):
    """A filter by a related row that offers only rows the person may see."""

    def field_choices(self, field, request, model_admin):
        rows = field.related_model.objects.visible_to(request.user)
        if limit := field.get_limit_choices_to():
            rows = rows.complex_filter(limit)
        return [(row.pk, str(row)) for row in rows[:300]]

    def has_output(self):
        return len(self.lookup_choices) > 1


class ChoiceParameterFilter(admin.SimpleListFilter):
    """A filter of the page's own: `options` maps a value to (words, function from rows to rows)."""

    options: dict = {}

    def lookups(self, request, model_admin):
        return [(value, words) for value, (words, _narrow) in self.options.items()]

    def queryset(self, request, queryset):
        if self.value() in self.options:
            return self.options[self.value()][1](queryset)
        return queryset


def clean_search(text):
    """What is typed into a search box, cut to 100 characters, without NUL."""
    return (text or "").replace("\x00", "").strip()[:100]


def is_number_of_a_person(text):
    """Whether `text` is an ID number or a phone, which never stands in an address."""
    return bool(NUMBER_OF_A_PERSON.match(clean_code(text).replace("-", "")))


class StaffChangeList(ChangeList):
    """A list whose links carry what was searched for, unless it is somebody's number."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if is_number_of_a_person(self.query):
            self.params.pop(SEARCH_VAR, None)
            self.filter_params.pop(SEARCH_VAR, None)

    @property
    def search_address(self):
        """Where a new search is sent: this list with its filters."""
        return "?" + urlencode({name: value for name, value in self.params.items() if name != SEARCH_VAR})
