"""Two people with the same file open: the second sees what the first wrote, and loses nothing of their own.

The form carries the version it was drawn from. When the stored one is newer, the form comes back with what
is stored beside each differing field and everything typed still in place; sending it again is the decision
to keep it.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from records.secrets import KEEP, SecretField
from records.wording import listed

SAVED_MEANWHILE = _(
    "Somebody else saved this while you had it open. What is stored now stands beside each field "
    "that differs. Check your entries and save again to keep them."
)


class Vanished(Exception):
    """The row was joined with another after it was looked for: the act is tried again from its beginning."""


class Versioned(models.Model):
    """Counts every save, under a lock on the row."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, **kwargs):
        if self._state.adding:
            return super().save(**kwargs)
        with transaction.atomic(using=kwargs.get("using") or self._state.db):
            rows = type(self)._base_manager.select_for_update(no_key=True).filter(pk=self.pk)
            try:
                self.version = rows.values_list("version", flat=True).get() + 1
            except type(self).DoesNotExist:
                raise Vanished from None
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "version"}
            return super().save(**kwargs)


def stored_for_update(obj):
    """The row of `obj` as it stands now, locked against other saves until the transaction ends."""
    try:
        return type(obj)._base_manager.select_for_update(of=("self",), no_key=True).get(pk=obj.pk)
    except type(obj).DoesNotExist:
        raise Vanished from None


class VersionedFormMixin(forms.ModelForm):
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            del self.fields["seen_version"]
        else:
            self.initial["seen_version"] = self.instance.version

    def clean(self):
        cleaned = super().clean()
        if "seen_version" in self.fields:
            stored = stored_for_update(self.instance)
            self._compare(stored)
            self._take_over(stored)
        return cleaned

    def _take_over(self, stored):
        """What the form does not show is saved as it stands now, not as it stood when the row was loaded."""
        for field in stored._meta.concrete_fields:
            setattr(self.instance, field.attname, getattr(stored, field.attname))

    def _compare(self, stored):
        if self.cleaned_data.get("seen_version") == stored.version:
            return
        differing = [name for name in self.fields if self._differs(name, stored)]
        if not differing:
            return
        for name in differing:
            self.add_error(name, _what_is_stored(stored, name))
        self.add_error(
            None,
            SAVED_MEANWHILE,
        )
        self.data = self.data.copy()
        self.data[self.add_prefix("seen_version")] = str(stored.version)

    def _differs(self, name, stored):
        field = _model_field(stored, name)
        if field is None or name not in self.cleaned_data:
            return False
        typed = self.cleaned_data[name]
        if typed is KEEP:
            return False
        if field.many_to_many:
            return set(typed) != set(getattr(stored, name).all())
        if isinstance(field, models.FileField):
            return bool(typed) and typed != getattr(stored, name)
        return _empty_as_none(typed) != _empty_as_none(getattr(stored, name))


def _empty_as_none(value):
    return None if value == "" else value


def _model_field(stored, name):
    fields = (*stored._meta.concrete_fields, *stored._meta.many_to_many)
    return next((field for field in fields if field.name == name), None)


def _what_is_stored(stored, name):
    field = _model_field(stored, name)
    value = getattr(stored, name)
    if isinstance(field, (SecretField, models.FileField)):
        return ValidationError(_("Something else is stored here now."), "changed_meanwhile")
    if field.many_to_many:
        shown = formats.localize(listed(value.all()))
    elif field.flatchoices:
        shown = dict(field.flatchoices).get(value, value)
    elif isinstance(value, bool):
        shown = _("yes") if value else _("no")
    else:
        shown = formats.localize(value)
    if shown in ("", None):
        return ValidationError(_("Stored now: nothing."), "changed_meanwhile")
    return ValidationError(_("Stored now: %(value)s"), "changed_meanwhile", {"value": shown})
