"""The quarterly table: which measures stand in it, in which order. Measures are named by key; their apps own them."""

from django.utils.translation import gettext_lazy as _

from records import measures

SECTIONS = [
    (
        _("Children"),
        [
            "children_on_register",
            "left_behind_children",
            "migrant_children",
            "newly_registered",
            "left_register",
            "priority_children",
            "files_complete",
        ],
    ),
    (
        _("Helpers"),
        [
            "helpers_active",
            "pairings_active",
            "children_paired",
            "duties_due_base",
            "duties_done",
            "contacts_visit",
            "contacts_talk",
            "contacts_teacher",
            "contacts_guardian",
            "contacts_letter",
        ],
    ),
    (
        _("Activities"),
        [
            "sessions_held",
            "sessions_recorded",
            "children_reached",
            "attendances",
            "parent_school_sessions",
            "law_or_safety_classes",
        ],
    ),
    (_("Children's Home"), ["homes_open", "homes_inspected"]),
    (_("Leading group"), ["study_meetings", "special_meetings", "exchange_meetings"]),
]


def sections():
    """[(title, [Measure])]"""
    return [(title, [measures.get(key) for key in keys]) for title, keys in SECTIONS]
