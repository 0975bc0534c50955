"""Registration by hand: a household with brothers, sisters and adults in one form."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from children.concern_step import CONCERN, set_aside_for_a_concern
from children.families_on_file import open_for_children
from children.family_form import ADD, THERE, FamilyForm
from children.heard import heard_in
from children.joined_rows import carry_to_kept, typed_of_joined
from children.models import Child, Concern, Household, JoinedHousehold
from children.twice_on_file import adults_twice
from communities.calling import whom_to_call
from communities.models import Division
from communities.places import may_at
from records import once
from records.drafts import Draft, as_sent
from records.lifecycle import Refused
from records.policy import visible_or_404
from records.scoping import Scope
from records.text import clean_key
from records.trail import log_read


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    places = list(
        Division.objects.within(Scope.of(*request.user.codes_for(Child, "add"))).filter(level="community")[:300]
    )
    if not places:
        raise Http404
    chosen = request.POST.get("community") or (places[0].pk if len(places) == 1 else "")
    community = next((place for place in places if place.pk == chosen), None)
    page = {"places": places, "community": community}
    return _family_page(request, None, page)


@require_http_methods(["GET", "HEAD", "POST"])
def household(request, pk):
    today = JoinedHousehold.key_today(pk)
    found = visible_or_404(Household.objects.select_related("community"), request.user, "change", pk=today)
    if today != pk:
        return _gone_on_in(request, found)
    if request.method == "GET":
        log_read(request.user, list(found.children.all()), page="children:household")
    return _family_page(request, found, {"community": found.community})


def _gone_on_in(request, found):
    """The household was joined into this one: what an old page of it sends waits here as a draft."""
    if request.method == "POST":
        try:
            carry_to_kept(request.user, request.POST, FamilyForm(request.user, found))
        except ValidationError as refusal:  # too long for a draft
            messages.error(request, refusal.message)
        words = _(
            "This household is one with another now. What you typed is not saved yet: look at it here, then save."
        )
        messages.warning(request, words)
    return redirect(found)


def _family_page(request, found, page):
    may_add = found is None or may_at(request.user, "add", Child, found.community_id)
    details = {"may_add": may_add, "heard": heard_in(request)}
    if request.method != "POST":
        return _fresh(request, found, page, details)
    if ADD in request.POST:
        family = FamilyForm(request.user, found, request.POST, as_typed=True, **details)
        return _shown(request, family, page)
    if CONCERN in request.POST:
        family = FamilyForm(request.user, found, request.POST, as_typed=True, **details)
        return set_aside_for_a_concern(request, family.draft_key, _of_this_family(found, request.POST[CONCERN]))
    if "afresh" in request.POST:
        FamilyForm(request.user, found, **details).drop_draft()
        return redirect(request.get_full_path())
    with once.claim(request) as claim:
        if claim.repeated and not claim.missing:
            return redirect(claim.result_url)
        family = FamilyForm(request.user, found, request.POST, **details)
        if claim.missing:
            return _shown(request, family, page)
        if found and typed_of_joined(request.POST, found):
            family = FamilyForm(request.user, found, request.POST, as_typed=True, **details)
            return _shown(request, family, page)
        goes_there = found is None and THERE in request.POST
        answer = _taken_there(request, family, page, details) if goes_there else _checked(request, family, page)
        if answer.status_code == 302:
            claim.result_url = answer.url
        return answer


def _taken_there(request, family, page, details):
    """To the form of the household that the typed children belong to, with what was typed of them."""
    key = clean_key(request.POST[THERE])
    there = visible_or_404(open_for_children(request.user), request.user, "change", pk=key)
    try:
        place = family.carry_to(FamilyForm(request.user, there, **details))
    except (Refused, ValidationError) as refusal:  # no room there, or too long for a draft
        messages.error(request, refusal.message)
        return _shown(request, FamilyForm(request.user, None, request.POST, as_typed=True, **details), page)
    query = {name: value for name, value in request.GET.items() if name != "afresh"}
    address = there.get_absolute_url() + (f"?{urlencode(query)}" if query else "")
    return redirect(f"{address}#{place}" if place else address)


def _of_this_family(found, key):
    """The child of the household that a concern is about; 404 for anything else."""
    child = found and found.children.filter(pk=clean_key(key)).first()
    if not child:
        raise Http404
    return child


def _fresh(request, found, page, details):
    family = FamilyForm(request.user, found, **details)
    draft = None if "afresh" in request.GET else Draft.find(request.user, family.draft_key)
    if draft:
        family = FamilyForm(
            request.user, found, as_sent({n: v for n, v in draft.items() if n != ADD}), as_typed=True, **details
        )
        page["is_draft"] = True
    return _shown(request, family, page)


def _checked(request, family, page):
    community = page["community"]
    if community is None:
        page["place_missing"] = True
        return _shown(request, family, page)
    if not family.is_valid(community.pk):
        return _shown(request, family, page)
    found, families = family.likely_duplicates(), family.families_on_file()
    if found or families:
        return _shown(request, family, {**page, **_looked_at(request, family, found, families)})
    key = family.draft_key
    try:
        saved = family.save(community=community, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _shown(request, family, page)
    Draft.drop(request.user, key)
    messages.success(request, _("The household is registered.") if family.is_new else _("Saved."))
    if after := _next(request):
        told = {"household": saved.pk, **({"on": family.day} if family.day and family.is_new else {})}
        return redirect(f"{after}{'&' if '?' in after else '?'}{urlencode(told)}")
    child = saved.children.order_by("pk").first()
    return redirect(reverse("children:file", args=[child.pk]) + "?tab=family")


def _next(request):
    """The page of ours that sent the person here and wants them back, told which household it was."""
    after = request.GET.get("next", "")
    is_ours = after.startswith("/") and url_has_allowed_host_and_scheme(after, {request.get_host()})
    return after if is_ours else ""


@require_POST
def likely(request):
    """What the household's form asks while it is typed: a piece of page that names likely doubles, or nothing."""
    key = request.POST.get("household") or None
    found = visible_or_404(Household.objects, request.user, "change", pk=key) if key else None
    family = FamilyForm(request.user, found, request.POST)
    shown = _looked_at(request, family, *family.likely_so_far())
    return render(request, "children/_likely.html", {**shown, "while_typing": True})


def _looked_at(request, family, found, families):
    children = {child.pk: child for child in [*(f.child for f in found), *(c for f in families for c in f.children)]}
    log_read(request.user, list(children.values()), page="children:likely")
    names_place = request.user.scope.is_several
    return {"duplicates": found, "families": families, "names_place": names_place, "goes_there": family.is_new}


def _shown(request, family, page):
    draft_url = reverse("records:draft", args=[family.draft_key])
    back = (
        (_next(request), _("Back")) if _next(request) else (reverse("admin:children_child_changelist"), _("Register"))
    )
    context = {**page, "family": family, "draft_url": draft_url, "back_url": back[0], "back_label": back[1]}
    code = page["community"].pk if page["community"] else ""
    may_raise = may_at(request.user, "add", Concern, code)
    context["on_file"] = [f.instance for f in family.children if f.instance.pk] if may_raise else []
    context["calls"] = whom_to_call(code)
    context["of_joined"] = [] if family.is_new else typed_of_joined(family.data, family.household)
    context["twice"] = [] if family.is_new else adults_twice(family.household, request.user.at(code))
    return render(request, "children/household_form.html", context)
