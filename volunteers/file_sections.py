"""What a child's file shows of its helpers and what they did."""

from django.urls import reverse

from children.sections import file_section
from communities.places import may_at
from records.privacy import CARE
from volunteers.models import ChildLetter, CloseOut, ContactDuty, Duty, GroupChild, Pairing, Promise

LATEST = 20


@file_section(tab="helpers", order=10, needs="volunteers.view_pairing")
def pairings(request, child):
    rows = Pairing.objects.visible_to(request.user).filter(child=child).select_related("volunteer")
    rows = rows.defer("volunteer__phone", "volunteer__id_number")
    may_propose = child.left_on is None and may_at(request.user, "add", Pairing, child.community_id)
    return "volunteers/file_pairings.html", {
        "pairings": rows,
        "closing": _closing(request.user, child),
        "promises": Promise.objects.visible_to(request.user).filter(pairing__child=child).still_open(),
        "sees_care": request.user.sees(CARE),
        "propose_url": reverse("admin:volunteers_pairing_add") + f"?child={child.pk}" if may_propose else "",
    }


def _closing(user, child):
    """Keys of the child's pairings whose close-out is open."""
    rows = CloseOut.objects.visible_to(user).still_open().filter(pairing__child=child)
    return set(rows.values_list("pairing", flat=True))


@file_section(tab="helpers", order=15, needs="volunteers.view_groupchild")
def care_group(request, child):
    """Who of the advice-and-care group has an eye on the child."""
    lines = GroupChild.objects.visible_to(request.user).current().filter(child=child)
    line = lines.select_related("member__volunteer", "member__user").first()
    return ("volunteers/file_care_group.html", {"line": line}) if line else None


@file_section(tab="helpers", order=20, needs="volunteers.view_duty")
def five_ones(request, child):
    """The duties of the newest term the child's pairings have any in."""
    rows = Duty.objects.visible_to(request.user).filter(pairing__child=child)
    newest = rows.order_by("-term__starts_on").values("term")[:1]
    duties = list(rows.filter(term__in=newest).select_related("term", "pairing").order_by("pairing_id", "due_on", "pk"))
    if not duties:
        return None
    done = sum(1 for duty in duties if duty.done_on)
    owed = sum(1 for duty in duties if not duty.excused_on)
    return "volunteers/file_five_ones.html", {"duties": duties, "term": duties[0].term, "done": done, "owed": owed}


@file_section(tab="helpers", order=30, needs="volunteers.view_contact")
def contacts(request, child):
    lines = ContactDuty.objects.visible_to(request.user).filter(pairing__child=child)
    shown = {}
    for line in lines.select_related("contact", "contact__volunteer").defer(
        "contact__volunteer__phone", "contact__volunteer__id_number"
    )[:LATEST]:
        shown.setdefault(line.contact_id, line.contact)
    return "volunteers/file_contacts.html", {"contacts": list(shown.values()), "sees_care": request.user.sees(CARE)}


@file_section(tab="helpers", order=35, needs="volunteers.view_childletter")
def letters(request, child):
    rows = ChildLetter.objects.visible_to(request.user).filter(pairing__child=child)
    rows = rows.select_related("pairing__volunteer").defer("text", "remark")
    may_add = may_at(request.user, "add", ChildLetter, child.community_id)
    pairings = Pairing.objects.visible_to(request.user).current().filter(child=child).select_related("volunteer")
    context = {"letters": rows[:LATEST], "pairings": pairings.defer("volunteer__phone", "volunteer__id_number")}
    return "letters/file_letters.html", {**context, "may_add": may_add}
