"""Where a new row of a staff page goes, and whether the row as a whole may stand there.

A form checks only the constraints whose columns it shows. A row also has columns that are fixed once made, and a
place that is taken from the posting: a rule that joins those with what was typed would break in the database.
"""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from records.scoping import Scope


def _is_set_on_saving(row, field):
    value = getattr(row, field.attname)
    return (value is None and not field.null) or (value == "" and not field.blank)


class WholeRowForm(forms.ModelForm):
    """Asks every constraint of the row, once what is on the form is right by itself."""

    def place_of_new_row(self):
        """The code of the community that a new row takes; None where its model has none of its own."""

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        row = self.instance
        if row._state.adding and (code := self.place_of_new_row()):
            row.community_id = code
        try:
            row.validate_constraints(exclude={f.name for f in row._meta.concrete_fields if _is_set_on_saving(row, f)})
        except ValidationError as error:
            self.add_error(None, error.messages)


class Placing:
    """Part of `StaffAdmin`: a new row's community comes from a parent, from the posting, or is chosen."""

    community_from: str | None = None  # a foreign key whose row's community this row takes

    def _own_community_column(self):
        return any(f.name == "community" and f.many_to_one for f in self.opts.concrete_fields)

    def _places(self, request):
        """The communities to choose from when a posting leaves the place open; None when nothing is to be chosen."""
        if self.community_from or not self._own_community_column():
            return None
        scope = Scope.of(*request.user.codes_for(self.model, "add"))
        if scope.only_community:
            return None
        division = self.opts.get_field("community").related_model
        return division.objects.within(scope).filter(level="community")

    def _form_for_whole_row(self, request, form, obj):
        """`form` with the choice of a place where there is one, checking the row as a whole."""
        own = {"place_of_new_row": lambda bound: self._place_of_new_row(request, bound)}
        places = self._places(request) if obj is None else None
        if places is not None:
            own["in_community"] = forms.ModelChoiceField(places, label=_("Community"))
        return type(form.__name__, (WholeRowForm, form), own)

    def _place_of_new_row(self, request, form):
        if not self._own_community_column():
            return None
        if self.community_from:
            return form.cleaned_data[self.community_from].community_id
        if "in_community" in form.cleaned_data:
            return form.cleaned_data["in_community"].pk
        return request.user.codes_for(self.model, "add")[0]

    def get_fields(self, request, obj=None):
        fields = list(super().get_fields(request, obj))
        if obj is None and self._places(request) is not None and "in_community" not in fields:
            fields.insert(0, "in_community")
        return fields

    def save_model(self, request, obj, form, change):
        if not change and obj.community_code() not in Scope.of(*request.user.codes_for(self.model, "add")):
            raise PermissionDenied
        super().save_model(request, obj, form, change)
