"""An edition of the standard on one page: what it changes, requirements of the district's own, the approval."""

from decimal import Decimal

from django import forms
from django.db.models import Sum
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from homes.models import Standard, StandardItem
from records.acting import act_once
from records.policy import visible_or_404
from records.text import CleanCharField

Kind = StandardItem.Kind
BY_HAND = [(kind.value, kind.label) for kind in (Kind.BOOL, Kind.NUMBER, Kind.CHOICE, Kind.PHOTO)]
COMPARED = [
    *["section", "label_zh", "label_en", "kind", "comparison", "threshold", "unit_zh", "unit_en", "choices_zh"],
    *["choices_en", "weight", "is_bar", "source_zh", "source_en"],
]


class OwnItemForm(forms.Form):
    """A requirement of the district's own, answered by hand."""

    use_required_attribute = False
    section = forms.ChoiceField(label=gettext_lazy("Section"), choices=StandardItem.Section)
    label_zh = CleanCharField(label=gettext_lazy("Requirement in Chinese"), max_length=80)
    label_en = CleanCharField(label=gettext_lazy("Requirement in English"), max_length=160)
    kind = forms.ChoiceField(label=pgettext_lazy("a requirement", "Answered by"), choices=BY_HAND)
    threshold = forms.DecimalField(
        label=gettext_lazy("At least"),
        required=False,
        min_value=0,
        max_digits=7,
        decimal_places=1,
        help_text=gettext_lazy("Needed for a number or photos."),
    )
    unit_zh = CleanCharField(label=gettext_lazy("Unit in Chinese"), max_length=20, required=False)
    unit_en = CleanCharField(label=gettext_lazy("Unit in English"), max_length=40, required=False)
    choices_zh = CleanCharField(
        label=gettext_lazy("Choices in Chinese, best first"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("With | between them. Needed for a choice."),
    )
    choices_en = CleanCharField(label=gettext_lazy("Choices in English, best first"), max_length=120, required=False)
    weight = forms.IntegerField(label=gettext_lazy("Weight"), min_value=0, max_value=100, initial=1)
    source_zh = CleanCharField(label=gettext_lazy("Source in Chinese"), max_length=100, required=False)
    source_en = CleanCharField(label=gettext_lazy("Source in English"), max_length=200, required=False)

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        kind, threshold = data["kind"], data.get("threshold")
        if kind in (Kind.NUMBER, Kind.PHOTO) and threshold is None:
            self.add_error("threshold", _("Numbers and photos need a threshold; other kinds have none."))
        elif kind in (Kind.BOOL, Kind.CHOICE):
            data["threshold"] = None
        if kind == Kind.PHOTO and threshold is not None and threshold != int(threshold):
            self.add_error("threshold", _("Photos are counted whole."))
        if kind != Kind.CHOICE:
            data["choices_zh"] = data["choices_en"] = ""
        elif not _as_many(data["choices_zh"], data["choices_en"]):
            self.add_error("choices_zh", _("Name two choices or more, as many in Chinese as in English, none empty."))
        return data


def _as_many(chinese, english):
    both = [[part.strip() for part in text.split("|")] for text in (chinese, english)]
    return len(both[0]) == len(both[1]) >= 2 and all(part for parts in both for part in parts)


def _find(request, pk, action="view"):
    rows = Standard.objects.select_related("district", "drafted_by", "approved_by")
    return visible_or_404(rows, request.user, action, pk=pk)


def changes_of(standard):
    """(the edition before, [(requirement, [(words of a field, before, now)])]) of what this edition changes."""
    earlier = Standard.objects.filter(district=standard.district_id, edition__lt=standard.edition)
    before = earlier.exclude(status=Standard.Status.DRAFT).order_by("-edition").first()
    if before is None:
        return None, []
    old = {item.code: item for item in before.items.all()}
    now = {item.code: item for item in standard.items.order_by("position")}
    changes = [(item, _differences(old.get(code), item)) for code, item in now.items()]
    gone = [(item, [(_("taken out"), "", "")]) for code, item in old.items() if code not in now]
    return before, [(item, lines) for item, lines in changes if lines] + gone


def _differences(old, item):
    if old is None:
        return [(_("new"), "", item.required)]
    words = {name: StandardItem._meta.get_field(name).verbose_name for name in COMPARED}
    pairs = [(name, _shown(old, name), _shown(item, name)) for name in COMPARED]
    return [(words[name], one, other) for name, one, other in pairs if one != other]


def _shown(item, name):
    value = getattr(item, name)
    if StandardItem._meta.get_field(name).choices:
        return getattr(item, f"get_{name}_display")()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value.normalize() if isinstance(value, Decimal) else value


@require_safe
def standard(request, pk):
    return _page(request, _find(request, pk))


def _page(request, found, form=None):
    user = request.user
    before, changes = changes_of(found)
    may_change = found.is_draft and Standard.objects.visible_to(user, "change").filter(pk=found.pk).exists()
    context = {
        "standard": found,
        "before": before,
        "changes": changes,
        "items": found.items.order_by("position"),
        "weights": found.items.aggregate(sum=Sum("weight"))["sum"] or 0,
        "mark": found.mark(),
        "may_change": may_change,
        "is_own": may_change and found.drafted_by_id == user.pk,
        "form": (form or OwnItemForm()) if may_change else None,
    }
    return render(request, "homes/standard.html", context)


@require_POST
def add(request, pk):
    found, form = _find(request, pk, "change"), OwnItemForm(request.POST)
    act = lambda typed: found.add_own_item(StandardItem(**typed), by=request.user)  # noqa: E731
    again = lambda: _page(request, _find(request, pk), form)  # noqa: E731
    said = _("The requirement stands in the draft. The weights must make 100 again.")
    return act_once(request, act, to=found, said=said, form=form, again=again)


@require_POST
def drop(request, pk):
    item = visible_or_404(StandardItem.objects.select_related("standard"), request.user, "change", pk=pk)
    act = lambda _typed: item.standard.drop_own_item(item, by=request.user)  # noqa: E731
    return act_once(request, act, to=item.standard, said=_("Taken out of the draft."))


@require_POST
def approve(request, pk):
    found = _find(request, pk, "change")
    act = lambda _typed: found.approve(seen=request.POST.get("seen", ""), by=request.user)  # noqa: E731
    return act_once(request, act, to=found, said=_("Approved. It is in force from its day."))
