"""Secret fields in forms: never shown, kept when left blank, replaced when typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from records.secrets import KEEP
from records.text import CleanCharField


class SecretInput(forms.TextInput):
    """Renders no value; what is typed after an error stays."""

    def format_value(self, value):
        return value if self.typed else ""

    typed = False

    def value_from_datadict(self, data, files, name):
        self.typed = True
        return super().value_from_datadict(data, files, name)


class SecretFormField(CleanCharField):
    """A secret typed anew. Blank keeps what is stored; a single "-" removes it."""

    widget = SecretInput

    cleaner = None

    def has_changed(self, initial, data):
        return bool(data)

    def clean(self, value):
        if not (value or "").strip():
            return KEEP
        if value.strip() == "-":
            return ""
        return super().clean(self.cleaner(value) if self.cleaner else value)


def secret_form_field(db_field):
    """The form field for a model's SecretField; the model leaves `KEEP` untouched (`SecretField.save_form_data`)."""
    field = SecretFormField(
        label=db_field.verbose_name,
        required=False,
        max_length=getattr(db_field, "max_length", None) or 300,
        validators=db_field.validators,
        help_text=db_field.help_text or _("Leave empty to keep what is stored; type - to remove it."),
    )
    field.cleaner = getattr(db_field, "cleaner", None)
    return field
