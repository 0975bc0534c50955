"""The register's own sections of a child's file."""

from django.utils import timezone

from children.completeness import missing_in
from children.differences import said_otherwise
from children.ethnic_groups import ethnic_word
from children.forms import CaregiverForm, ConsentForm, PhotoForm, ReferralForm
from children.grades import grade_word
from children.models import Adult, Child, Consent
from children.referring import counsellors_for
from children.sections import file_section
from children.status_words import explain
from communities.roles import ROLES
from records.privacy import BASIC, CARE, CONTACT, FAMILY, HEALTH, SECRET
from records.trail import READ, TrailEntry

MAY_CHANGE = "children.change_child"
LATEST = 60


@file_section(tab="overview", order=10)
def standing(request, child):
    """What the child counts as, and the facts that make it so."""
    if not request.user.sees(FAMILY):
        return None
    poor = child.guardianship_quality == Child.Quality.POOR and not child.left_on
    return "children/file/standing.html", {
        "standings": explain(child, timezone.localdate()),
        "is_priority": poor and request.user.sees(CARE),
    }


@file_section(tab="overview", order=20)
def missing(request, child):
    if not request.user.has_perm(MAY_CHANGE):
        return None
    lacks = [item for item in missing_in(child) if item.facts is None or request.user.sees(item.facts)]
    return "children/file/missing.html", {"lacks": lacks}


@file_section(tab="overview", order=30)
def basics(request, child):
    user = request.user
    may_photo = user.has_perm(MAY_CHANGE)
    consents = child.consents.in_force().filter(purpose=Consent.Purpose.PHOTO)
    return "children/file/basics.html", {
        "ethnicity": ethnic_word(child.ethnicity),
        "grade": grade_word(child.grade),
        "sees_secret": user.sees(SECRET),
        "sees_contact": user.sees(CONTACT),
        "sees_family": user.sees(FAMILY),
        "has_photo_consent": may_photo and consents.exists(),
        "photo_form": PhotoForm() if may_photo else None,
    }


@file_section(tab="family", order=10)
def family(request, child):
    if not request.user.sees(FAMILY):
        return None
    may_change = request.user.has_perm(MAY_CHANGE)
    adults = Adult.objects.filter(kinships__child=child).order_by("name", "pk")
    caregiver = child.kinships.filter(is_caregiver=True).values_list("adult", flat=True).first()
    return "children/file/family.html", {
        "kinships": list(child.kinships.select_related("adult").prefetch_related("adult__aways")),
        "sees_contact": request.user.sees(CONTACT),
        "sees_secret": request.user.sees(SECRET),
        "caregiver_form": CaregiverForm(adults=adults, initial={"adult": caregiver}) if may_change else None,
    }


@file_section(tab="family", order=20)
def siblings(request, child):
    rows = Child.objects.visible_to(request.user).filter(household=child.household_id)
    rows = rows.filter(merged_into=None).exclude(pk=child.pk)
    return "children/file/siblings.html", {"siblings": rows.order_by("birth_date", "pk")}


@file_section(tab="school", order=10)
def school(request, child):
    return "children/file/school.html", {
        "grade": grade_word(child.grade),
        "sees_contact": request.user.sees(CONTACT),
        "needs": _words(Child.Topic, child.needs),
        "hobbies": _words(Child.Hobby, child.hobbies),
    }


@file_section(tab="school", order=20)
def health(request, child):
    return ("children/file/health.html", {}) if request.user.sees(HEALTH) else None


@file_section(tab="care", order=5)
def quality(request, child):
    if not request.user.sees(CARE):
        return None
    return "children/file/quality.html", {"is_priority": child.guardianship_quality == Child.Quality.POOR}


@file_section(tab="care", order=10, needs="children.view_concern")
def concerns(request, child):
    return "children/file/concerns.html", {"concerns": child.concerns.select_related("raised_by")}


@file_section(tab="care", order=20, needs="children.view_consent")
def consents(request, child):
    may = request.user.has_perm("children.add_consent")
    today = timezone.localdate()
    form = ConsentForm(initial={"given_on": today}) if may and request.user.sees(BASIC) else None
    return "children/file/consents.html", {"consents": child.consents.all(), "consent_form": form}


@file_section(tab="care", order=30, needs="children.add_referral")
def referrals(request, child):
    rows = list(child.referrals.select_related("counsellor"))
    today = timezone.localdate()
    for row in rows:
        row.is_current = row.starts_on <= today and (row.ends_on is None or row.ends_on >= today)
    form = ReferralForm(counsellors=counsellors_for(child))
    return "children/file/referrals.html", {"referrals": rows, "referral_form": form}


@file_section(tab="history", order=5, needs="children.view_merge")
def merges(request, child):
    """Files that were merged into this one, with what they said otherwise."""
    rows = list(child.merges.select_related("gone", "merged_by"))
    return (
        ("children/file/merges.html", {"merges": [(m, said_otherwise(m, request.user)) for m in rows]})
        if rows
        else None
    )


@file_section(tab="history", order=10, needs=MAY_CHANGE)
def readers(request, child):
    """Who looked at the file and who changed it, from the trail."""
    entries = TrailEntry.objects.about(child).select_related("actor")
    return "children/file/readers.html", {
        "looks": _with_roles(entries.filter(verb=READ)[:LATEST]),
        "acts": _with_roles(entries.exclude(verb=READ)[:LATEST]),
        "latest": LATEST,
        "child_meta": child._meta,
    }


def _with_roles(entries):
    """Each entry with the titles of the roles it was done in."""
    shown = list(entries)
    for entry in shown:
        roles = [ROLES[key].title if key in ROLES else key for key in entry.actor_role.split(", ") if key]
        entry.role_words = ", ".join(str(title) for title in roles)
    return shown


def _words(choices, values):
    words = dict(choices.choices)
    return [words.get(value, value) for value in values]
