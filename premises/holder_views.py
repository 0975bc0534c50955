"""Who runs a Home, and the training that they had; of helpers their vetting says it."""

from django import forms
from django.db.models import Prefetch
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from communities.identity_fields import PhoneField, check_phone
from communities.places import may_at
from premises.models import DutyHolder, HolderTraining
from premises.reach import find_home
from records.acting import act_once
from records.days import DayField
from records.policy import visible_or_404
from records.privacy import CONTACT
from records.secrets import masked
from records.text import CleanCharField
from volunteers.models import Evidence, Volunteer


class PhoneTyped(CleanCharField):
    """A phone, as it is kept; "" where none was typed."""

    def clean(self, value):
        typed = PhoneField.cleaner(super().clean(value))
        if typed:
            check_phone(typed)
        return typed


class PhoneForm(forms.Form):
    use_required_attribute = False
    phone = PhoneTyped(
        label=gettext_lazy("Phone"), max_length=40, required=False, help_text=gettext_lazy("Empty: none is kept.")
    )


class HolderForm(forms.Form):
    use_required_attribute = False
    position = forms.ChoiceField(label=gettext_lazy("Position"), choices=DutyHolder.Position, initial="duty")
    helper = forms.ModelChoiceField(
        label=gettext_lazy("A helper"), queryset=None, required=False, empty_label=gettext_lazy("no helper")
    )
    name = CleanCharField(label=gettext_lazy("Or somebody of the staff: name"), max_length=60, required=False)
    phone = PhoneTyped(
        label=gettext_lazy("Phone"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Of somebody of the staff; a helper's is on file."),
    )
    since = DayField(label=gettext_lazy("Since"), years_around=30, initial=timezone.localdate)

    def __init__(self, *args, home, **kwargs):
        super().__init__(*args, **kwargs)
        helpers = Volunteer.objects.filter(community=home.community_id).in_service_on(timezone.localdate())
        self.fields["helper"].queryset = helpers.defer("phone", "id_number").order_by("name", "pk")
        self.fields["helper"].label_from_instance = lambda one: one.name

    def clean(self):
        cleaned = super().clean()
        if not self.errors and bool(cleaned.get("helper")) == bool(cleaned.get("name")):
            self.add_error("name", _("Choose a helper, or give a name."))
        return cleaned


class TrainingForm(forms.Form):
    use_required_attribute = False
    what = forms.ChoiceField(label=gettext_lazy("Which training"), choices=HolderTraining.What)
    words = CleanCharField(label=gettext_lazy("Say more, if needed"), max_length=100, required=False)
    done_on = DayField(label=gettext_lazy("On"), years_around=30)
    valid_until = DayField(
        label=gettext_lazy("Valid until"),
        years_around=30,
        required=False,
        help_text=gettext_lazy("Empty: it holds for good."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def holders(request, pk):
    home = find_home(request, pk, DutyHolder)
    may_add = home.is_open and may_at(request.user, "add", DutyHolder, home.community_id)
    form = HolderForm(request.POST or None, home=home)
    again = lambda: _page(request, home, form=form if may_add else None)  # noqa: E731
    if request.method != "POST" or not may_add:
        return again()
    act = lambda typed: DutyHolder.name_for(home, by=request.user, **typed)  # noqa: E731
    return act_once(request, act, to=_url(home), said=_("Entered."), form=form, again=again)


def _url(home):
    return reverse("premises:holders", args=[home.pk])


def _page(request, home, *, form, training=None, phone=None):
    """`training`, `phone`: (key of a person, the form about them as it was typed)."""
    today = timezone.localdate()
    sees_phone = request.user.at(home.community_id).sees(CONTACT)
    passed = Evidence.objects.filter(what="training").exclude(result="not_met").order_by("-done_on", "-pk")
    rows = DutyHolder.objects.filter(home=home).select_related("helper")
    rows = rows.defer(*([] if sees_phone else ["phone"]), "helper__phone", "helper__id_number")
    rows = rows.prefetch_related("trainings", Prefetch("helper__evidence", passed, to_attr="trained"))
    untrained = set(DutyHolder.objects.filter(home=home).untrained_on(today).values_list("pk", flat=True))
    may_change = may_at(request.user, "change", DutyHolder, home.community_id)
    typed, phones = dict([training] if training else []), dict([phone] if phone else [])
    lines = [
        {
            "holder": one,
            "vetted": one.helper.trained if one.helper_id else [],
            "lacks": one.pk in untrained,
            "form": typed.get(one.pk) or TrainingForm(auto_id=f"%s-{one.pk}"),
            "is_typed": one.pk in typed,
            "phone_form": phones.get(one.pk) or PhoneForm(auto_id=f"%s-phone-{one.pk}"),
            "is_phone_typed": one.pk in phones,
            "phone": masked(one.phone[-4:]) if sees_phone else "",
        }
        for one in rows.order_by("-position", "since", "pk")
    ]
    context = {"home": home, "form": form, "may_change": may_change, "today": today}
    context["now"] = [line for line in lines if line["holder"].until is None]
    context["before"] = [line for line in lines if line["holder"].until is not None]
    return render(request, "premises/holders.html", context)


def _holder(request, pk):
    rows = DutyHolder.objects.select_related("home", "helper").defer("phone", "helper__phone", "helper__id_number")
    return visible_or_404(rows, request.user, "change", pk=pk)


@require_POST
def end(request, pk):
    found = _holder(request, pk)
    return act_once(request, lambda _typed: found.end(by=request.user), to=_url(found.home), said=_("Ended."))


@require_POST
def training(request, pk):
    found = _holder(request, pk)
    form = TrainingForm(request.POST, auto_id=f"%s-{found.pk}")
    act = lambda typed: found.note_training(by=request.user, **typed)  # noqa: E731
    again = lambda: _page(request, found.home, form=HolderForm(home=found.home), training=(found.pk, form))  # noqa: E731
    return act_once(request, act, to=_url(found.home), said=_("The training is noted."), form=form, again=again)


@require_POST
def phone(request, pk):
    found = _holder(request, pk)
    form = PhoneForm(request.POST, auto_id=f"%s-phone-{found.pk}")
    act = lambda typed: found.change_phone(typed["phone"], by=request.user)  # noqa: E731
    again = lambda: _page(request, found.home, form=HolderForm(home=found.home), phone=(found.pk, form))  # noqa: E731
    said = _("The phone is kept.") if request.POST.get("phone", "").strip() else _("No phone is kept.")
    return act_once(request, act, to=_url(found.home), said=said, form=form, again=again)
