"""What a staff page may not declare, said at start-up."""

from django.contrib.admin.checks import InlineModelAdminChecks, ModelAdminChecks
from django.core import checks


def _leaks(page):
    """The options of a page or an inline that leak or lose rows."""
    if not hasattr(page.model._default_manager, "visible_to"):
        yield "its model has no visible_to: inherit records.scoping.Record"
    if not page.fields and not page.fieldsets:
        yield "declare fields or fieldsets, one by one"
    if page.raw_id_fields:
        yield "raw_id_fields show any row's name: leave them out"
    if getattr(page, "list_editable", ()):
        yield "list_editable skips the form's checks: leave it out"
    if getattr(page, "date_hierarchy", None):
        yield "date_hierarchy opens lookups on rows out of scope: use a filter"


def _errors(page):
    return [
        checks.Error(f"{type(page).__name__}: {words}.", obj=page.__class__, id="records.E001")
        for words in _leaks(page)
    ]


class StaffAdminChecks(ModelAdminChecks):
    def check(self, admin_obj, **kwargs):
        return [*super().check(admin_obj, **kwargs), *_errors(admin_obj)]


class StaffInlineChecks(InlineModelAdminChecks):
    def check(self, inline_obj, **kwargs):
        return [*super().check(inline_obj, **kwargs), *_errors(inline_obj)]


def check_staff_pages(site):
    """Every registered page inherits StaffAdmin."""
    from records.staff_admin import StaffAdmin

    return [
        checks.Error(
            f"{type(page).__name__}: inherit records.staff_admin.StaffAdmin so that scope applies.",
            obj=page.__class__,
            id="records.E000",
        )
        for page in site._registry.values()
        if not isinstance(page, StaffAdmin)
    ]
