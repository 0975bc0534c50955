"""What a child's file shows of entrusted care: the letter, contact with the parents, and the cards."""

from django.db.models import F
from django.utils import timezone

from children.sections import file_section
from guardianship.card_views import KINDS, SIZES
from guardianship.contacting import SILENT_DAYS
from guardianship.forms import ContactForm, HandOverForm
from guardianship.lapsing import current_letters, is_owed, standing_of
from guardianship.models import Card
from guardianship.printed_facts import stale_among
from guardianship.signing import siblings_of
from records.privacy import FAMILY

LATEST = 8


@file_section(tab="family", order=30, needs="guardianship.view_letter")
def letter(request, child):
    if not request.user.sees(FAMILY):
        return None
    today = timezone.localdate()
    counting = current_letters(child, today)
    may_add = request.user.has_perm("guardianship.add_letter") and child.left_on is None
    earlier = child.letters.exclude(pk__in=[one.pk for one in counting])
    return "guardianship/file_letter.html", {
        "letters": [(one, standing_of(one, today)) for one in counting],
        "is_being_prepared": any(one.is_draft for one in counting),
        "earlier": earlier.select_related("caregiver")[:LATEST],
        "is_needed": is_owed(child, today),
        "may_add": may_add,
        "siblings": siblings_of(child) if may_add and not counting else [],
    }


@file_section(tab="family", order=40, needs="guardianship.view_familycontact")
def contacts(request, child):
    if not request.user.sees(FAMILY):
        return None
    standing_first = [F("struck_at").asc(nulls_first=True), "-made_on", "-pk"]
    entries = child.family_contacts(manager="with_struck").select_related("noted_by")
    found = list(entries.order_by(*standing_first)[:LATEST])
    rows = [one for one in found if not one.struck_at]
    days = (timezone.localdate() - rows[0].made_on).days if rows else None
    may_add = request.user.has_perm("guardianship.add_familycontact") and child.left_on is None
    return "guardianship/file_contacts.html", {
        "contacts": rows,
        "days": days,
        "has_entries": bool(found),
        "is_silent": days is not None and days >= SILENT_DAYS,
        "contact_form": ContactForm() if may_add else None,
    }


@file_section(tab="family", order=50, needs="guardianship.view_card")
def cards(request, child):
    rows = list(child.cards.select_related("issued_by")[: 2 * LATEST])
    may_issue = request.user.has_perm("guardianship.add_card") and child.left_on is None
    latest = {card.kind for card in rows}
    return "guardianship/file_cards.html", {
        "cards": rows,
        "stale": stale_among(child.cards.latest()) if rows else set(),
        "none_of": [label for kind, label in Card.Kind.choices if kind not in latest],
        "may_issue": may_issue,
        "hand_form": HandOverForm(initial={"on": timezone.localdate()}) if may_issue else None,
        "sizes": SIZES,
        "card_kinds": KINDS,
    }
