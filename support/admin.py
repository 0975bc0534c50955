from django import forms
from django.contrib import admin

from children.models import Hardship
from records.staff_admin import StaffAdmin
from records.staff_site import staff_site
from support.models import AidKind
from support.rules import Stage


@admin.register(AidKind, site=staff_site)
class AidKindAdmin(StaffAdmin):
    """Kinds of support; an application keeps the rules it was made under, whatever is changed here later."""

    list_display = ["title_zh", "giver", "amount", "per", "open_from", "open_until", "district"]
    list_filter = ["circumstance", "per"]
    list_select_related = ["district"]
    ordering = ["title_zh", "pk"]
    fields = [
        "district",
        ("title_zh", "title_en"),
        "giver",
        ("amount", "per"),
        "sex",
        ("age_from", "age_to"),
        "stages",
        "circumstance",
        "hardships",
        "papers",
        "needs_school_review",
        "notice_days",
        ("open_from", "open_until"),
    ]
    fixed_fields = ["district"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        choices = {"stages": Stage.choices, "hardships": Hardship.Kind.choices}.get(db_field.name)
        if choices:
            return forms.MultipleChoiceField(
                label=db_field.verbose_name,
                help_text=db_field.help_text,
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)
