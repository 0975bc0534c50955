"""Offering to help, by anybody and without an account: find the community, fill in one page, get a number to quote.

Nothing here reads a row about a person, so nothing can be learned here about anybody: who applies twice gets a second
number, and staff see that it is the same person.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from children.status import age_on
from communities.models import Division
from communities.throttle import may
from records import once
from records.days import DayInput
from records.staff_filters import clean_search
from records.text import CleanCharField, CleanTextField
from volunteers.kinds import FREE_AT, HelperKind
from volunteers.models import HelperApplication

FOUND_AT_MOST = 20
AGE_OF_HELPERS, AGE_OF_STUDENTS = 18, 14
SEVERAL = ["kinds", "topics", "subjects", "languages", "hobbies", "free_at"]


class ApplicationForm(forms.ModelForm):
    name = CleanCharField(label=gettext_lazy("Your name"), max_length=60)
    address = CleanCharField(
        label=gettext_lazy("Where you live"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Street and building. It helps to find a child nearby."),
    )
    school_class = CleanCharField(
        label=gettext_lazy("School and class"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Only if you apply as a student of a school class."),
    )
    motivation = CleanTextField(
        label=gettext_lazy("Why do you wish to help?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("I agree that the community office keeps these data to decide on my application."),
        help_text=gettext_lazy(
            "Only its child staff read them. If nothing comes of it they are removed after 180 days."
        ),
    )

    class Meta:
        model = HelperApplication
        fields = [
            *["name", "sex", "birth_date", "phone", "address", "kinds", "school_class", "topics", "subjects"],
            *["languages", "hobbies", "free_at", "reach_km", "capacity", "motivation"],
        ]
        widgets = {"birth_date": DayInput(), "sex": forms.RadioSelect}
        labels = {
            "phone": gettext_lazy("Mobile phone"),
            "kinds": gettext_lazy("I wish to help as"),
            "topics": gettext_lazy("I can help with"),
            "languages": gettext_lazy("I speak"),
            "hobbies": gettext_lazy("I can share"),
            "free_at": gettext_lazy("I am free on"),
            "reach_km": gettext_lazy("I come as far as (km)"),
            "capacity": gettext_lazy("Children I can accompany"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in SEVERAL:
            base = HelperApplication._meta.get_field(name)
            self.fields[name] = forms.MultipleChoiceField(
                label=self.Meta.labels.get(name, base.verbose_name.capitalize()),
                choices=FREE_AT if name == "free_at" else base.base_field.choices,
                required=name == "kinds",
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields["sex"].choices = HelperApplication.Sex.choices
        self.fields["birth_date"].required = self.fields["phone"].required = True
        self.order_fields([*self.Meta.fields, "agreed"])

    def clean(self):
        cleaned = super().clean()
        born, kinds = cleaned.get("birth_date"), cleaned.get("kinds") or []
        if HelperKind.STUDENT in kinds and not cleaned.get("school_class"):
            self.add_error("school_class", _("Say which school and class you are in."))
        youngest = AGE_OF_STUDENTS if kinds == [HelperKind.STUDENT] else AGE_OF_HELPERS
        if born and age_on(born, timezone.localdate()) < youngest:
            words = _("Helpers are 18 or older; students who help as a class are 14 or older.")
            self.add_error("birth_date", ValidationError(words))
        return cleaned

    @property
    def facts(self):
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


@require_safe
def where(request):
    """Find one's community by its name or its street's."""
    words = clean_search(request.GET.get("q", ""))
    is_too_often = bool(words) and not may(request, "public_look")
    found = _communities_called(words) if words and not is_too_often else []
    context = {"q": words, "found": found[:FOUND_AT_MOST], "many": len(found), "is_too_often": is_too_often}
    return render(request, "apply/where.html", context, status=429 if is_too_often else 200)


def _communities_called(words):
    rows = Division.objects.filter(level=Division.Level.COMMUNITY)
    for word in words.split():
        name = Q(name__icontains=word) | Q(name_en__icontains=word)
        street = Q(parent__name__icontains=word) | Q(parent__name_en__icontains=word)
        rows = rows.filter(name | street)
    return list(rows.select_related("parent__parent").order_by("code")[: FOUND_AT_MOST + 1])


def offer(request, code):
    """The one page to fill in."""
    community = Division.objects.filter(level=Division.Level.COMMUNITY, code=code).select_related("parent").first()
    if community is None:
        raise Http404
    form = ApplicationForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        if not may(request, "helper_application"):
            words = _("Many applications came from here just now. Try again in an hour, or call the office.")
            form.add_error(None, words)
            status = 429
        else:
            with once.claim(request) as claim:
                if not claim.repeated:
                    application = HelperApplication.receive(community=community, facts=form.facts)
                    claim.result_url = reverse("apply:sent", args=[application.number])
                if not claim.missing:
                    return redirect(claim.result_url)
    return render(request, "apply/offer.html", {"community": community, "form": form}, status=status)


@require_safe
def sent(request, quote):
    """The number to quote, as the address says it: nothing is looked up, so nothing is told."""
    return render(request, "apply/sent.html", {"number": quote})
