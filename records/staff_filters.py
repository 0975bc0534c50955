"""What a staff list is narrowed by, and how it is paged: scoped, allow-listed, never counting a million rows."""

from functools import cached_property

from django.contrib import admin
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

COUNT_LIMIT = 1000


class CappedPaginator(Paginator):
    """Counts to a thousand and no further; "more than 1,000" is said instead."""

    @cached_property
    def count(self):
        rows = self.object_list.order_by()
        return min(rows[: COUNT_LIMIT + 1].count(), COUNT_LIMIT + 1)

    @property
    def is_capped(self):
        return self.count > COUNT_LIMIT


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


MORE_THAN = _("more than %(count)s")
