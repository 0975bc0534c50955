"""The log of a child's contact with the parents: an entry noted, all of them read, a wrong one struck out."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from children.act_views import say_what_is_wrong, strike_row
from children.kept_forms import StrikeForm
from children.views import find_child
from communities.places import may_at
from guardianship import contacting
from guardianship.forms import ContactForm
from guardianship.models import FamilyContact
from records import once
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.privacy import FAMILY
from records.trail import log_read

PER_PAGE = 50


def family_tab(child):
    return reverse("children:file", args=[child.pk]) + "?tab=family"


@require_POST
def contact(request, pk):
    """Note that a parent was in touch with the child."""
    child = find_child(request, pk, "change")
    form = ContactForm(request.POST)
    with once.claim(request) as claim:
        if claim.repeated:
            return redirect(family_tab(child))
        if form.is_valid():
            with refusals_shown(request):
                contacting.note_contact(child, by=request.user, **form.cleaned_data)
                claim.result_url = family_tab(child)
                messages.success(request, _("The contact is noted."))
        say_what_is_wrong(request, form)
    return redirect(family_tab(child))


@require_safe
def contacts(request, pk):
    """All entries about a child, the newest first, struck ones among them."""
    child = find_child(request, pk)
    here = request.user.at(child.community_id)
    if not (here.has_perm("guardianship.view_familycontact") and here.sees(FAMILY)):
        raise Http404
    rows = (
        FamilyContact.with_struck.visible_to(request.user).filter(child=child).select_related("noted_by", "struck_by")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    log_read(request.user, child, page="guardianship:contacts")
    context = {
        "child": child,
        "page": page,
        "standing": child.family_contacts.count(),
        "back_url": family_tab(child),
        "strike_form": StrikeForm() if may_at(request.user, "change", FamilyContact, child.community_id) else None,
    }
    return render(request, "guardianship/contacts.html", context)


@require_POST
def strike(request, pk):
    rows = FamilyContact.with_struck.select_related("child")
    contact = visible_or_404(rows, request.user, "change", pk=pk)
    strike_row(request, contact, contacting.strike_contact)
    return redirect("guardianship:contacts", pk=contact.child_id)
