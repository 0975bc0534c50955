"""Which facts about people a column holds, signed off field by field.

A role sees classes of fields, never single columns, so a new column is hidden from everyone until somebody
says what it is. `personal = {"field": CLASS}` and `not_personal = [...]` on a model must together name
every column: a test calls `undeclared_fields` for each model and fails on a column that nobody thought
about.
"""

from django.utils.translation import gettext_lazy as _

BASIC = "basic"
CONTACT = "contact"
SECRET = "secret"
FAMILY = "family"
HEALTH = "health"
CARE = "care"

FIELD_CLASSES = {
    BASIC: _("Name, age, school and other basic facts"),
    CONTACT: _("Phone and address"),
    SECRET: _("ID numbers"),
    FAMILY: _("Family and guardianship"),
    HEALTH: _("Health and disability"),
    CARE: _("Care, concerns and counselling"),
}


def undeclared_fields(model):
    """Names to decide about: in neither list, in both, of no known class, or listed but no column."""
    personal = getattr(model, "personal", {})
    not_personal = set(getattr(model, "not_personal", []))
    own = {field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    unknown_class = {name for name, field_class in personal.items() if field_class not in FIELD_CLASSES}
    return sorted((own ^ (personal.keys() | not_personal)) | (personal.keys() & not_personal) | unknown_class)
