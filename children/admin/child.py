"""The register as a list. Looking and changing happen on the file's own pages."""

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import Prefetch
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from children import groups, status_in_sql
from children.birthdays import has_birthday_within
from children.completeness import incomplete
from children.grades import grade_word
from children.measures import turns_16_within
from children.models import Away, Child, Kinship
from children.models.child import IDENTITY_UNCERTAIN
from children.parents_in_sql import FOLLOW_UPS
from children.priority import REASONS, priority_on, reasons_for
from children.register import FOUND_AT_MOST
from children.status import Facts, age_on
from children.status_words import LEFT_BEHIND, MIGRANT, STATUS_WORDS, counts_as
from communities.places import works_in_several
from records.privacy import BASIC, CARE, FAMILY, SECRET
from records.staff_admin import StaffAdmin
from records.staff_filters import ChoiceParameterFilter, is_number_of_a_person
from records.staff_site import staff_site
from records.templatetags.ui import badge
from records.trail import log_read


class OpenFilter(ChoiceParameterFilter):
    title, parameter_name, facts = pgettext_lazy("a child's", "file"), "open", BASIC
    options = {
        "left": (_("left the register"), lambda rows: rows.exclude(left_on=None)),
        "all": (_("open and closed"), lambda rows: rows),
    }

    def queryset(self, request, queryset):
        """Open files unless others are asked for; a search looks everywhere."""
        if self.value() is None and not request.GET.get("q"):
            return queryset.on_register(timezone.localdate())
        return super().queryset(request, queryset)


class StatusFilter(ChoiceParameterFilter):
    title, parameter_name, facts = _("counts as"), "status", FAMILY
    options = {
        LEFT_BEHIND: (STATUS_WORDS[LEFT_BEHIND], lambda rows: rows.left_behind_on(timezone.localdate())),
        MIGRANT: (STATUS_WORDS[MIGRANT], lambda rows: rows.migrant_on(timezone.localdate())),
        "neither": (_("neither"), lambda rows: rows.exclude(_left_behind_or_migrant())),
    }


def _left_behind_or_migrant():
    today = timezone.localdate()
    return status_in_sql.left_behind(today) | status_in_sql.migrant(today)


def _of_age(key):
    return lambda rows: rows.filter(groups.in_age_band(key, timezone.localdate()))


class AgeFilter(ChoiceParameterFilter):
    title, parameter_name, facts = _("age"), "age", BASIC
    options = {
        **{key: (words, _of_age(key)) for key, words in groups.AGE_WORDS.items()},
        "birthday": (_("birthday within 7 days"), lambda rows: rows.filter(has_birthday_within(timezone.localdate()))),
        "turning_16": (_("turning 16 within 30 days"), lambda rows: rows.filter(turns_16_within(timezone.localdate()))),
    }


def _in_stage(key):
    return lambda rows: rows.filter(grade__in=groups.SCHOOL_STAGES[key])


class SchoolingFilter(ChoiceParameterFilter):
    title, parameter_name, facts = _("schooling"), "schooling", BASIC
    options = {key: (groups.SCHOOL_WORDS[key], _in_stage(key)) for key in groups.SCHOOL_STAGES} | {
        "unknown": (groups.SCHOOL_WORDS["unknown"], lambda rows: rows.filter(grade=""))
    }


def _cared_for_by(key):
    return lambda rows: rows.annotate(care=groups.who_cares()).filter(care=key)


class CareFilter(ChoiceParameterFilter):
    title, parameter_name, facts = _("who cares"), "care", FAMILY
    options = {key: (words, _cared_for_by(key)) for key, words in groups.CARE_WORDS.items()}


def _to_follow_up(key):
    return lambda rows: rows.filter(FOLLOW_UPS[key](timezone.localdate()))


class FollowUpFilter(ChoiceParameterFilter):
    title, parameter_name, facts = _("to follow up"), "follow", FAMILY
    options = {
        "unreachable": (_("neither parent can be reached"), _to_follow_up("unreachable")),
        "back": (_("parents returned: close or keep?"), _to_follow_up("back")),
        "expected": (_("a parent should be back by now"), _to_follow_up("expected")),
        "unverified": (_("parents' place not verified lately"), _to_follow_up("unverified")),
        "turned_16": (_("turned 16 since the last roster"), _to_follow_up("turned_16")),
    }


def _with_reason(reason):
    return lambda rows: rows.filter(reason.rows(timezone.localdate()))


class PriorityFilter(ChoiceParameterFilter):
    title, parameter_name, facts = _("priority"), "priority", CARE
    options = {
        "yes": (_("priority children"), lambda rows: rows.filter(priority_on(timezone.localdate()))),
        **{reason.key: (reason.words, _with_reason(reason)) for reason in REASONS},
    }


class CompleteFilter(ChoiceParameterFilter):
    title, parameter_name, facts = _("completeness"), "complete", SECRET
    options = {
        "no": (_("something is missing"), lambda rows: rows.filter(incomplete())),
        "yes": (_("complete"), lambda rows: rows.exclude(incomplete())),
        "identity": (
            _("no ID number or exact birth date"),
            lambda rows: rows.filter(IDENTITY_UNCERTAIN),
        ),
    }


RELATIONS = dict(Kinship.Relation.choices)
COLUMN_FILTERS = {"guardianship_quality": CARE}


def is_list_page(request):
    return request.resolver_match.view_name.endswith("_changelist")


@admin.register(Child, site=staff_site)
class ChildAdmin(StaffAdmin):
    list_display = ["linked_name", "file_number", "sex", "age", "counts_as", "school_and_grade", "caregiver", "place"]
    list_display_links = None
    list_filter = [
        OpenFilter,
        StatusFilter,
        AgeFilter,
        "sex",
        SchoolingFilter,
        CareFilter,
        FollowUpFilter,
        "guardianship_quality",
        PriorityFilter,
        CompleteFilter,
        "community",
    ]
    list_select_related = ["community"]
    search_fields = ["name"]
    search_help_text = _("Name, pinyin, initials, file number, ID number or its last four")
    ordering = ["name_pinyin", "pk"]
    fields = ["number", "name"]
    readonly_fields = ["number", "name"]
    column_facts = {
        "linked_name": BASIC,
        "age": BASIC,
        "counts_as": FAMILY,
        "school_and_grade": BASIC,
        "caregiver": FAMILY,
    }

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if not is_list_page(request):
            return rows
        # What a row counts as is worked out for the rows shown; asked of the database it could read the whole table.
        stays = Away.objects.only("adult_id", "since", "reported_on", "until", "is_other_county")
        family = Kinship.objects.select_related("adult").prefetch_related(Prefetch("adult__aways", stays))
        adults = ["adult__name", "adult__unable_since", "adult__unable_until"]
        family = family.only("child_id", "relation", "is_caregiver", *adults)
        rows = rows.prefetch_related(Prefetch("kinships", family), "hardships")
        return rows.defer("id_number", "registered_address", "class_teacher_phone", "name_grams")

    def get_list_display(self, request):
        names = super().get_list_display(request)
        several = works_in_several(request.user, Child)
        return [n for n in names if n != "place" or several]

    def get_list_filter(self, request):
        """A filter by facts the person does not see would tell them all the same."""
        facts = [(item, getattr(item, "facts", None) or COLUMN_FILTERS.get(item)) for item in self.list_filter]
        kept = [item for item, one in facts if one is None or request.user.sees(one)]
        offered = super().get_list_filter(request)
        return [item for item in offered if (item[0] if isinstance(item, tuple) else item) in kept]

    def get_search_results(self, request, queryset, search_term):
        at_most = FOUND_AT_MOST + 1 if is_list_page(request) else None  # a file that leaves holds all of them
        found = queryset.search(search_term, numbers_in=request.user.sees_in(SECRET), at_most=at_most)
        if is_number_of_a_person(search_term):  # a hit tells whose number it is
            log_read(request.user, Child.objects.filter(pk__in=found.values("pk")), page="children:search")
        return found, False

    def get_paginator(self, request, queryset, per_page, *args, **kwargs):
        paginator = super().get_paginator(request, queryset, per_page, *args, **kwargs)
        if SEARCH_VAR in request.GET:
            paginator.limit = FOUND_AT_MOST
        return paginator

    # The file has pages of its own ----------------------------------------------------------------------------------

    def add_view(self, request, form_url="", extra_context=None):
        return redirect("children:new")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        child = self.get_object(request, object_id)
        if child is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect("children:file", pk=child.pk)

    # Columns --------------------------------------------------------------------------------------------------------

    @admin.display(description=_("name"), ordering="name_pinyin")
    def linked_name(self, child):
        return format_html('<a href="{}">{}</a>', reverse("children:file", args=[child.pk]), child.name)

    @admin.display(description=_("file number"), ordering="number")
    def file_number(self, child):
        return format_html('<span class="nowrap code">{}</span>', child.number)

    @admin.display(description=_("age"), ordering="-birth_date")
    def age(self, child):
        return age_on(child.birth_date, timezone.localdate())

    @admin.display(description=_("counts as"))
    def counts_as(self, child):
        return format_html_join(" ", "{}", ((badge(words, tone),) for words, tone in _badges(child)))

    @admin.display(description=_("school and grade"), ordering="school")
    def school_and_grade(self, child):
        return " · ".join(str(part) for part in (child.school, grade_word(child.grade)) if part) or None

    @admin.display(description=_("who cares"))
    def caregiver(self, child):
        kinship = next((k for k in child.kinships.all() if k.is_caregiver), None)
        if kinship is None:
            return None
        return f"{kinship.adult.name} ({RELATIONS[kinship.relation]})" if kinship.relation else kinship.adult.name

    @admin.display(description=_("community"), ordering="community_id")
    def place(self, child):
        return child.community


def _badges(child):
    standing = counts_as(Facts.of(child, past=False), timezone.localdate())
    yield STATUS_WORDS[standing], "info" if standing in (LEFT_BEHIND, MIGRANT) else "neutral"
    if not child.left_on and reasons_for(child, timezone.localdate()):
        yield _("priority child"), "todo"
