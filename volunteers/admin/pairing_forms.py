"""What an act on a pairing asks."""

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from children.models import Concern
from records.days import DayField
from records.text import CleanCharField
from volunteers.models import Pairing, Pause


class HearForm(forms.Form):
    guardian = CleanCharField(label=_("Guardian who agreed"), max_length=60)
    guardian_agreed_on = DayField(label=_("Agreed on"), initial=timezone.localdate)
    opinion = forms.ChoiceField(label=_("The child's opinion"), choices=Pairing.Opinion.choices)
    words = CleanCharField(
        label=_("In the child's words"),
        max_length=300,
        required=False,
        help_text=_("Of a small child: how it took to the helper when they met."),
    )


class AgreeForm(forms.Form):
    card_signed_on = DayField(label=_("Card signed on"), initial=timezone.localdate)


class ActivateForm(forms.Form):
    starts_on = DayField(label=_("First day"), initial=timezone.localdate)
    ends_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: until it is ended."))


class PauseForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=Pause.Reason.choices)
    note = CleanCharField(label=_("In words"), max_length=200, required=False)
    until = DayField(
        label=_("Goes on, as planned"),
        required=False,
        help_text=_("It goes on when you say so; the day only reminds you."),
    )


class EndForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=Pairing.EndReason.choices)
    note = CleanCharField(label=_("In words"), max_length=200, required=False)
    seen = forms.TypedMultipleChoiceField(
        label=_("I have looked at what is open about the child"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, concerns, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].choices = [(concern.pk, _words(concern)) for concern in concerns]
        if not concerns:
            self.fields["seen"].widget = forms.MultipleHiddenInput()


def concerns_of(pairings, user):
    """Open concerns of the children of `pairings`, as far as the person may see them."""
    rows = Concern.objects.visible_to(user).exclude(status=Concern.Status.CLOSED)
    return list(rows.filter(child__in=pairings.order_by().values("child")).select_related("child").order_by("pk"))


def _words(concern):
    return (
        f"{concern} · {concern.child.name} · {date_format(timezone.localtime(concern.raised_at), 'SHORT_DATE_FORMAT')}"
    )
