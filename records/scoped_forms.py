"""What staff pages and their inlines share: scoped choices, masked secrets, fields by role, no deletion."""

from django import forms
from django.db import models

from records.days import DayField
from records.secret_forms import secret_form_field
from records.secrets import SecretField
from records.text import CleanCharField, CleanTextField


def own_choices(field, user):
    """The rows a form may offer for a relation: those the person may see, within the field's own limits."""
    rows = field.remote_field.model.objects.visible_to(user)
    if limit := field.get_limit_choices_to():
        rows = rows.complex_filter(limit)
    return rows


class ScopedForms:
    """What pages and inlines share: scoped choices, masked secrets, fields by role, no deletion."""

    model: type[models.Model]
    formfield_overrides = {
        models.DateField: {"form_class": DayField},
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        },
    }
    fixed_fields: list[str] = []  # set when the row is made, read-only ever after

    def has_delete_permission(self, request, obj=None):
        return False

    def _may(self, request, action):
        return request.user.has_perm(f"{self.opts.app_label}.{action}_{self.opts.model_name}")

    def sees_field(self, request, name):
        """Whether the role may see the class of facts this field belongs to."""
        facts = getattr(self.model, "personal", {}).get(name) or getattr(self, "column_facts", {}).get(name)
        return facts is None or request.user.sees(facts)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs["queryset"] = own_choices(db_field, request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["queryset"] = own_choices(db_field, request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, SecretField):
            return secret_form_field(db_field)
        if isinstance(db_field, models.CharField) and not db_field.choices:
            kwargs.setdefault("form_class", CleanCharField)
        elif isinstance(db_field, models.TextField):
            kwargs.setdefault("form_class", CleanTextField)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        for icon in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
            if field is not None and hasattr(field.widget, icon):
                setattr(field.widget, icon, False)
        return field

    def get_autocomplete_fields(self, request):
        """Every relation to a model that has a searchable staff page: no select over a table that grows."""
        pages = self.admin_site._registry
        return [
            f.name
            for f in self.opts.get_fields()
            if (f.many_to_one or f.many_to_many)
            and not f.auto_created
            and f.editable
            and getattr(pages.get(f.related_model), "search_fields", None)
        ]
