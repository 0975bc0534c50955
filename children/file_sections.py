"""The register's own sections of a child's file."""

from operator import attrgetter

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from children.access import LATEST, looks_at, seers, with_roles
from children.completeness import Gaps
from children.consenting import agreed_to_photos
from children.differences import said_otherwise
from children.ethnic_groups import ethnic_word
from children.facts_of_two import said_otherwise as said_of_two
from children.follow_ups import follow_ups
from children.forms import CaregiverForm, ConsentForm, KinForm, PhotoForm, ReferralForm
from children.grades import grade_word, is_out_of_compulsory_school
from children.growth import lived
from children.import_rows import PER_PAGE
from children.kept_forms import FulfilledForm, HardshipEndForm, HardshipForm, NeedForm, WishForm
from children.kin import with_the_others
from children.models import (
    Adult,
    Child,
    Concern,
    Hardship,
    ImportBatch,
    JoinedAdult,
    JoinedHousehold,
    Need,
    QualityRating,
    Transfer,
    Wish,
)
from children.places import place_words
from children.priority import reasons_for
from children.referring import counsellors_for
from children.schooling import past_of
from children.sections import file_section
from children.status import Facts, age_on
from children.status_words import explain, history, with_family
from children.timeline import drawing_height, lines_of
from children.twice_on_file import adults_twice
from communities.models import Division
from records.days import clean_day
from records.privacy import BASIC, CARE, CONTACT, FAMILY, HEALTH, SECRET
from records.trail import TrailEntry

MAY_CHANGE = "children.change_child"


@file_section(tab="overview", order=10)
def standing(request, child):
    """What the child counts as, and the facts that make it so."""
    if not request.user.sees(FAMILY):
        return None
    today = timezone.localdate()
    day = _asked_day(request, child, today)
    facts = Facts.of(with_family(child))
    reasons = reasons_for(child, today, request.user) if not child.left_on else []
    return "children/file/standing.html", {
        "standings": explain(facts, day or today),
        "day": day or today,
        "is_today": (day or today) == today,
        "day_is_wrong": day is None,
        "today": today,
        "spans": history(facts, today),
        "follow_ups": follow_ups(child, today) if request.user.has_perm(MAY_CHANGE) else [],
        "priority_reasons": reasons,
        "reviews": child.status_reviews.select_related("reviewed_by")[:LATEST],
    }


def _asked_day(request, child, today):
    """The day in the address; today where there is none, None where it is no day of the child's life so far."""
    if not (asked := request.GET.get("day", "").strip()):
        return today
    day = clean_day(asked)
    return day if day and child.birth_date <= day <= today else None


@file_section(tab="overview", order=20)
def missing(request, child):
    if not request.user.has_perm(MAY_CHANGE):
        return None
    return "children/file/missing.html", {"gaps": Gaps(child, request.user)}


@file_section(tab="overview", order=30)
def basics(request, child):
    user = request.user
    may_photo = user.has_perm(MAY_CHANGE)
    return "children/file/basics.html", {
        "edit_url": _edit(request, child, "edit"),
        "ethnicity": ethnic_word(child.ethnicity),
        "grade": grade_word(child.grade),
        "sees_secret": user.sees(SECRET),
        "sees_contact": user.sees(CONTACT),
        "sees_family": user.sees(FAMILY),
        "has_photo_consent": may_photo and agreed_to_photos(child),
        "photo_form": PhotoForm() if may_photo else None,
    }


@file_section(tab="overview", order=40, needs="children.view_transfer")
def transfers(request, child):
    """An offer that waits, and where the file came from."""
    told = Q(transfer__in=Transfer.objects.open()) | Q(transfer__status="accepted")
    lines = child.transfer_lines.filter(told).select_related("transfer__from_community", "transfer__to_community")
    lines = list(lines.order_by("-pk"))
    return ("children/file/transfers.html", {"lines": lines}) if lines else None


@file_section(tab="family", order=10)
def family(request, child):
    if not request.user.sees(FAMILY):
        return None
    may_change = request.user.has_perm(MAY_CHANGE)
    adults = Adult.objects.filter(kinships__child=child).order_by("name", "pk")
    kinships = list(with_family(child).kinships.all())
    caregiver = next((kin.adult_id for kin in kinships if kin.is_caregiver), None)
    lines, years = lines_of(kinships, timezone.localdate())
    return "children/file/family.html", {
        "kinships": kinships,
        "lines": lines,
        "years": years,
        "drawing_height": drawing_height(lines),
        "follow_ups": follow_ups(child, timezone.localdate()) if may_change else [],
        "sees_contact": request.user.sees(CONTACT),
        "sees_secret": request.user.sees(SECRET),
        "twice": adults_twice(child.household, request.user) if may_change else [],
        "kin_forms": [KinForm(adult=a, kinship=k) for a, k in with_the_others(child, kinships)] if may_change else [],
        "caregiver_form": CaregiverForm(adults=adults, initial={"adult": caregiver}) if may_change else None,
    }


# What the family's forms hold and no other section shows.
OF_HOUSEHOLD = ["is_low_income", "has_temporary_aid", "has_medical_aid", "other_aid", "income_source", "note"]
OF_CHILD = ["is_household_registered", "registered_county", "came_on", "reported_as"]


@file_section(tab="family", order=15)
def living(request, child):
    """What is on file of the household and of where the family belongs, as far as this person may know it."""
    shown = [
        (record._meta.get_field(name).verbose_name, _said(record, name))
        for record, names in ((child.household, OF_HOUSEHOLD), (child, OF_CHILD))
        for name in names
        if request.user.sees(record.personal[name])
    ]
    may = request.user.has_perm(MAY_CHANGE)
    edit_url = reverse("children:household", args=[child.household_id]) if may else ""
    return "children/file/living.html", {"shown": shown, "edit_url": edit_url}


def _said(record, name):
    value = getattr(record, f"get_{name}_display", lambda: getattr(record, name))()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _county(value) if name == "registered_county" and value else value


def _county(code):
    """The county in words as far as it is known: of our own districts the name, of others the city and the code."""
    ours = Division.objects.filter(pk=code).first()
    return str(ours) if ours else " ".join(filter(None, [place_words(code[:4]), code]))


@file_section(tab="family", order=20)
def siblings(request, child):
    rows = Child.objects.visible_to(request.user).standing_for_somebody()
    rows = rows.filter(household=child.household_id).exclude(pk=child.pk)
    return "children/file/siblings.html", {"siblings": rows.order_by("birth_date", "pk")}


@file_section(tab="school", order=10)
def school(request, child):
    """The class of today and those before, newest first."""
    periods = list(past_of(child).defer("class_teacher_phone"))
    for period in periods:
        period.grade_words = grade_word(period.grade)
    return "children/file/school.html", {
        "edit_url": _edit(request, child, "school"),
        "grade": grade_word(child.grade),
        "periods": periods,
        "sees_contact": request.user.sees(CONTACT),
        "owes_school": is_out_of_compulsory_school(child.grade, age_on(child.birth_date, timezone.localdate())),
    }


@file_section(tab="school", order=20)
def health(request, child):
    if not request.user.sees(HEALTH):
        return None
    return "children/file/health.html", {"edit_url": _edit(request, child, "edit", "health")}


@file_section(tab="growth", order=10, needs="children.view_need")
def needs(request, child):
    return "children/file/needs.html", {
        "needs": child.needs.filter(met_on=None),
        "struck": _struck(Need, child, Need.get_topic_display),
        "hobbies": _words(Child.Hobby, child.hobbies),
        "edit_url": _edit(request, child, "edit", "hobbies_0"),
        "need_form": _sent(request, "need") or NeedForm(prefix="need"),
    }


@file_section(tab="growth", order=20, needs="children.view_wish")
def wishes(request, child):
    """The open ones, and what became of those before."""
    rows = list(child.wishes.all())
    for wish in rows:
        wish.form = FulfilledForm(prefix=f"wish{wish.pk}")
    earlier = [wish for wish in rows if wish.ended_on]
    return "children/file/wishes.html", {
        "wishes": [wish for wish in rows if not wish.ended_on],
        "earlier": sorted(earlier, key=attrgetter("ended_on", "pk"), reverse=True),
        "struck": _struck(Wish, child, attrgetter("text")),
        "wish_form": _sent(request, "wish") or WishForm(prefix="wish"),
    }


@file_section(tab="growth", order=30, needs="children.view_growthnote")
def growth(request, child):
    """What the child lived through, newest first."""
    return "children/file/growth.html", {"lived": lived(child)}


@file_section(tab="care", order=5)
def quality(request, child):
    if not request.user.sees(CARE):
        return None
    reasons = reasons_for(child, timezone.localdate(), request.user) if not child.left_on else []
    ratings = list(child.ratings.select_related("rated_by")[:LATEST])
    for rating in ratings:
        rating.reason_words = _words(QualityRating.Reason, rating.reasons)
    return "children/file/quality.html", {"priority_reasons": reasons, "ratings": ratings}


@file_section(tab="care", order=7, needs="children.view_hardship")
def hardships(request, child):
    if not request.user.sees(CARE):
        return None
    rows = list(child.hardships.all())
    for row in rows:
        row.form = HardshipEndForm(prefix=f"hardship{row.pk}", initial={"on": timezone.localdate()})
    return "children/file/hardships.html", {
        "hardships": rows,
        "struck": _struck(Hardship, child, Hardship.get_kind_display),
        "hardship_form": _sent(request, "hardship") or HardshipForm(prefix="hardship"),
    }


@file_section(tab="care", order=10, needs="children.view_concern")
def concerns(request, child):
    rows = Concern.objects.visible_to(request.user).filter(child=child).select_related("raised_by")
    return "children/file/concerns.html", {"concerns": rows}


@file_section(tab="care", order=20, needs="children.view_consent")
def consents(request, child):
    may = request.user.has_perm("children.add_consent")
    today = timezone.localdate()
    form = ConsentForm(initial={"given_on": today}) if may and request.user.sees(BASIC) else None
    return "children/file/consents.html", {"consents": child.consents.all(), "consent_form": form}


@file_section(tab="care", order=30, needs="children.add_referral")
def referrals(request, child):
    rows = list(child.referrals.select_related("counsellor"))
    today, posted = timezone.localdate(), counsellors_for(child)
    able = set(posted.values_list("pk", flat=True))
    for row in rows:
        row.is_current = row.starts_on <= today and (row.ends_on is None or row.ends_on >= today)
        row.is_seen = row.is_current and row.counsellor_id in able
    form = ReferralForm(counsellors=posted)
    shown = {"referrals": rows, "referral_form": form, "sees_care": request.user.sees(CARE)}
    return "children/file/referrals.html", shown


@file_section(tab="history", order=5, needs=MAY_CHANGE)
def rights(request, child):
    """What the guardian may ask for, and what was asked."""
    return "children/file/rights.html", {
        "corrections": child.corrections.all(),
        "erasures": child.erasures.all(),
        "seers": seers(child),
    }


@file_section(tab="history", order=7, needs="children.view_merge")
def merges(request, child):
    """Files that were merged into this one, with what they said otherwise."""
    rows = list(child.merges.select_related("gone", "merged_by"))
    return (
        ("children/file/merges.html", {"merges": [(m, said_otherwise(m, request.user)) for m in rows]})
        if rows
        else None
    )


@file_section(tab="history", order=8, needs="children.view_joinedadult")
def joined(request, child):
    """Entries of the family that were joined into others, with what they said otherwise."""
    adults = JoinedAdult.objects.filter(kept__in=child.kinships.values("adult"))
    homes = JoinedHousehold.objects.filter(kept=child.household_id)
    rows = [*homes.select_related("kept", "joined_by"), *adults.select_related("kept", "joined_by")]
    told = [(record, getattr(record.kept, "name", ""), said_of_two(record, request.user)) for record in rows]
    return ("children/file/joined.html", {"joined": told}) if rows else None


@file_section(tab="history", order=10, needs=MAY_CHANGE)
def readers(request, child):
    """Who looked at the file and who changed it, from the trail."""
    entries = TrailEntry.objects.about(child).select_related("actor")
    return "children/file/readers.html", {
        "looks": looks_at(child),
        "acts": with_roles(entries.acts()[:LATEST]),
        "latest": LATEST,
        "child_meta": child._meta,
    }


@file_section(tab="history", order=8, needs=MAY_CHANGE)
def provenance(request, child):
    """The rows of rosters that opened the file or were about its child."""
    rows = list(child.import_rows.select_related("batch__division").order_by("pk"))
    if not rows:
        return None
    visible = set(
        ImportBatch.objects.visible_to(request.user)
        .filter(pk__in={row.batch_id for row in rows})
        .values_list("pk", flat=True)
    )
    for row in rows:
        row.is_visible = row.batch_id in visible
        row.page = (row.position - 1) // PER_PAGE + 1
    return "children/file/provenance.html", {"rows": rows}


def _edit(request, child, route, field=""):
    """The address of the field where a section's facts are entered, for those who may."""
    may = request.user.has_perm(MAY_CHANGE)
    return reverse(f"children:{route}", args=[child.pk]) + (f"#id_child-{field}" if field else "") if may else ""


def _struck(model, child, words):
    rows = model.with_struck.filter(child=child, struck_at__isnull=False).select_related("struck_by")
    rows = list(rows.order_by("-struck_at", "-pk"))
    for row in rows:
        row.words = words(row)
    return rows


def _sent(request, name):
    """A short form of this page as it was sent and not taken, to be shown again."""
    return getattr(request, "sent_forms", {}).get(name)


def _words(choices, values):
    words = dict(choices.choices)
    return [words.get(value, value) for value in values]
