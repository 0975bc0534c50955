import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.models import ImportBatch
from communities.models import Division
from records.days import DayField
from records.scoping import Scope

EARLIEST = datetime.date(2000, 1, 1)


class RosterForm(forms.Form):
    """A roster, the day it was taken, and for whom. A worker of one community is not asked for whom."""

    file = forms.FileField(
        label=_("Roster"),
        help_text=_(
            "An .xlsx, .xls, .ods or .csv file of up to 20 MB, as it is. Every header layout is read by its words."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )
    division = forms.ModelChoiceField(
        Division.objects.none(),
        label=_("Roster of"),
        empty_label=None,
        help_text=_(
            "For a whole street office, each row's community is read from its village column or its sheet's name."
        ),
    )
    as_of = DayField(label=_("Survey day"), help_text=_("The day on which what the roster says was true."))

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        scope = Scope.of(*user.codes_for(ImportBatch, "add"))
        choices = Division.objects.within(scope)
        self.fields["division"].queryset = choices
        self.fields["as_of"].initial = timezone.localdate
        self.only = choices[0] if len(choices[:2]) == 1 else None
        if self.only:
            del self.fields["division"]

    @property
    def chosen_division(self):
        return self.only or self.cleaned_data["division"]

    def clean_as_of(self):
        day = self.cleaned_data["as_of"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The survey day lies in the future."))
        if day < EARLIEST:
            raise forms.ValidationError(_("The survey day lies too far back."))
        return day
