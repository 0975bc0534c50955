"""Two entries of one adult, or two households of one family, side by side: joined in one act, or told apart."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from children import facts_of_two
from children.joining import join_adults, join_households
from children.models import Adult, Child, Household, JoinedAdult, JoinedHousehold
from children.twice_on_file import Twice, adults_of_both, tell_apart, why_one_person
from records.lifecycle import Refused
from records.policy import NotVisible, visible_or_404
from records.privacy import CONTACT, SECRET
from records.step_up import ask_again
from records.text import clean_key
from records.trail import log_read

PAGE = require_http_methods(["GET", "HEAD", "POST"])


def _both(request, model, joined, keys):
    """The two rows, the older first; one alone where they were joined while the page was open.

    404 where a child of theirs is not the person's to change: to join is to change every file of the family.
    """
    rows = model.objects.select_related("community")
    today = sorted({joined.key_today(key) for key in keys})
    found = [visible_or_404(rows, request.user, "change", pk=key) for key in today]
    adults = {"kinships__adult__in": found} if model is Adult else {"kinships__adult__household__in": found}
    homes = {row.household_id for row in found} if model is Adult else {row.pk for row in found}
    children = Child.objects.filter(Q(household__in=homes) | Q(**adults)).standing_for_somebody()
    mine = Child.objects.visible_to(request.user, "change").order_by()
    if keys[0] == keys[1] or children.exclude(pk__in=mine.values("pk")).exists():
        raise NotVisible(model, None)
    files = list(children.distinct().order_by("birth_date", "pk").defer("name_grams"))
    if len(found) == 2 and (found[0].community_id != found[1].community_id or (model is Adult and len(homes) > 1)):
        raise NotVisible(model, None)
    return found, files


def _family_of(files):
    """The family page of the first of these files."""
    if not files:
        return redirect("admin:children_child_changelist")
    return redirect(reverse("children:file", args=[files[0].pk]) + "?tab=family")


def _version(request, row):
    return clean_key(request.POST.get(f"version_{row._meta.model_name}_{row.pk}"))


def _kept_of(request, one, other):
    """(the row that is kept, the other), as chosen."""
    if request.POST.get("keep") not in (str(one.pk), str(other.pk)):
        raise Refused(_("Choose which entry is kept."))
    return (one, other) if request.POST["keep"] == str(one.pk) else (other, one)


def _taken(request, lines, begin, gone):
    """Names of those lines of which the value of `gone` was chosen."""
    return {line.name for line in lines if line.may_choose and request.POST.get(f"{begin}{line.name}") == str(gone.pk)}


# Two entries of one adult ---------------------------------------------------------------------------------------------


@PAGE
def adults(request, pk, other):
    """Both entries fact by fact; sending it joins them."""
    found, files = _both(request, Adult, JoinedAdult, (pk, other))
    if len(found) == 1:
        messages.info(request, _("These two are joined already."))
        return _family_of(files)
    older, newer = found
    here = request.user.at(older.community_id)
    if request.method == "POST":
        ask_again(request)
        try:
            kept, gone = _kept_of(request, older, newer)
            taken = _taken(request, facts_of_two.lines(kept, gone, here), "take_", gone)
            seen = {row.pk: _version(request, row) for row in found}
            join_adults(kept, gone, taken=taken, seen=seen, by=request.user)
            messages.success(request, _("The two entries are one. Everything noted of either stands there."))
            return _family_of(files)
        except Refused as refusal:
            messages.error(request, refusal.message)
            found, files = _both(request, Adult, JoinedAdult, (pk, other))
            if len(found) == 1:
                return _family_of(files)
            older, newer = found
    else:
        log_read(request.user, files, page="children:join_adults")
    tells = (here.sees(CONTACT), here.sees(SECRET))
    context = {
        "older": older,
        "newer": newer,
        "files": files,
        "why": why_one_person(older, newer, *tells, in_one_household=True),
        "lines": facts_of_two.lines(older, newer, here),
        "keeps": request.POST.get("keep") or str(older.pk),
        "chosen": [name for name, key in request.POST.items() if key == str(newer.pk)],
    }
    return render(request, "children/join_adults.html", context)


@require_POST
def adults_apart(request, pk, other):
    found, files = _both(request, Adult, JoinedAdult, (pk, other))
    if len(found) == 2:
        tell_apart([found], by=request.user)
        messages.success(request, _("Noted: these are two people. Nobody is asked again."))
    return _family_of(files)


# Two households of one family -----------------------------------------------------------------------------------------


@dataclass
class Person:
    """An adult of the newer household, and who it is in the older one, as far as that was said or is likely."""

    adult: Adult
    same: Adult | None
    lines: list = field(default_factory=list)
    chosen: list = field(default_factory=list)

    @property
    def begin(self):
        return f"take_{self.adult.pk}_"

    def shown_in(self, request):
        """Whether the page that was sent showed the facts of just this pair."""
        return request.POST.get(f"shown_{self.adult.pk}") == (str(self.same.pk) if self.same else "")


@PAGE
def households(request, pk, other):
    """Both households side by side, and who of the one is who in the other; sending it joins them."""
    found, files = _both(request, Household, JoinedHousehold, (pk, other))
    if len(found) == 1:
        messages.info(request, _("These two are joined already."))
        return _family_of(files)
    older, newer = found
    here = request.user.at(older.community_id)
    people = _people(request, older, newer, here)
    if request.method == "POST":
        ask_again(request)
        try:
            if not all(person.shown_in(request) for person in people):
                raise Refused(_("Look at the facts of those who are one person now, then join."))
            _join(request, older, newer, people, here)
            messages.success(request, _("The two households are one. All children and adults stand there."))
            return _family_of(files)
        except Refused as refusal:
            messages.error(request, refusal.message)
            found, files = _both(request, Household, JoinedHousehold, (pk, other))
            if len(found) == 1:
                return _family_of(files)
            people = _people(request, *found, here)
    else:
        log_read(request.user, files, page="children:join_households")
    older, newer = found
    context = {
        "older": older,
        "newer": newer,
        "children": [[file for file in files if file.household_id == home.pk] for home in found],
        "adults": [list(home.adults.order_by("pk")) for home in found],
        "people": people,
        "lines": facts_of_two.lines(older, newer, here),
        "keeps": request.POST.get("keep") or str(older.pk),
        "chosen": [name for name, key in request.POST.items() if key == str(newer.pk)],
        "sees_contact": here.sees(CONTACT),
    }
    return render(request, "children/join_households.html", context)


def _people(request, older, newer, here):
    likely = {twice.second.pk: twice.first.pk for twice in _likely_pairs(older, newer, here)}
    known = {adult.pk: adult for adult in older.adults.order_by("pk")}
    people = []
    for adult in newer.adults.order_by("pk"):
        said = request.POST.get(f"same_{adult.pk}")
        same = known.get(likely.get(adult.pk) if said is None else clean_key(said))
        person = Person(adult, same, facts_of_two.lines(same, adult, here) if same else [])
        person.chosen = [n for n, key in request.POST.items() if key == str(adult.pk) and n.startswith(person.begin)]
        people.append(person)
    return people


def _likely_pairs(older, newer, here):
    """Each `Twice` with the adult of the older household first."""
    for twice in adults_of_both(older, newer, here):
        is_older = twice.first.household_id == older.pk
        yield twice if is_older else Twice(twice.second, twice.first, twice.why)


def _join(request, older, newer, people, here):
    kept, gone = _kept_of(request, older, newer)
    pairs = []
    for person in (one for one in people if one.same):
        mine, theirs = (person.same, person.adult) if kept is older else (person.adult, person.same)
        pairs.append((mine, theirs, _taken(request, person.lines, person.begin, theirs)))
    adults = Adult.objects.filter(household__in=[older, newer])
    join_households(
        kept,
        gone,
        taken=_taken(request, facts_of_two.lines(kept, gone, here), "take_home_", gone),
        pairs=pairs,
        seen={row.pk: _version(request, row) for row in (older, newer)},
        seen_adults={row.pk: _version(request, row) for row in adults},
        by=request.user,
    )


@require_POST
def households_apart(request, pk, other):
    found, files = _both(request, Household, JoinedHousehold, (pk, other))
    if len(found) == 1:
        return _family_of(files)
    here = request.user.at(found[0].community_id)
    tell_apart([(one.first, one.second) for one in adults_of_both(*found, here)], by=request.user)
    messages.success(request, _("Noted: these are two families. Nobody is asked again."))
    return redirect("children:duplicates")
