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
        ["active_helpers", "pairings_active", "left_behind_paired", "duties_due", "duties_done", "contacts_made"],
    ),
    (
        _("Activities"),
        ["sessions_held", "sessions_recorded", "children_reached", "parent_school_sessions", "safety_classes"],
    ),
    (_("Children's Home"), ["homes_open", "homes_inspected"]),
    (_("Leading group"), ["study_meetings", "special_meetings", "exchange_meetings"]),
]


def sections():
    """[(title, [Measure])]"""
    return [(title, [measures.get(key) for key in keys]) for title, keys in SECTIONS]
