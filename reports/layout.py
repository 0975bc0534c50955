"""The quarterly table: which measures stand in it, in which order, and what must hold between them.

Measures are named by key; their apps own them.
"""

from django.utils.translation import gettext_lazy as _

from records import measures

SECTIONS = [
    (
        _("Children"),
        [
            "children_on_register",
            "counted_children",
            "left_behind_children",
            "migrant_children",
            "newly_registered",
            "left_register",
            "priority_children",
            "children_out_of_school",
            "disabled_children",
            "files_complete",
        ],
    ),
    (
        _("Entrusted care"),
        [
            "with_valid_letter",
            "letters_signed",
            "children_with_cards",
            "family_contacts_noted",
        ],
    ),
    (
        _("Helpers"),
        [
            "helpers_in_service",
            "helpers_active",
            "helpers_with_valid_check",
            "pairings_active",
            "pairings_begun",
            "pairings_ended",
            "children_paired",
            "duties_due_base",
            "duties_done",
            "contacts_visit",
            "contacts_talk",
            "contacts_teacher",
            "contacts_guardian",
            "contacts_letter",
            "hours_of_contacts",
        ],
    ),
    (_("Counselling"), ["children_in_counselling", "counselling_sessions_held"]),
    (
        _("Activities"),
        [
            "sessions_held",
            "sessions_recorded",
            "children_reached",
            "attendances",
            "parent_school_sessions",
            "carers_reached",
            "law_or_safety_classes",
            "publicity_items",
        ],
    ),
    (
        _("Support and gifts"),
        [
            "spring_bud_applied",
            "spring_bud_approved",
            "support_children_helped",
            "gifts_received",
            "gifts_of_money",
            "hand_outs_made",
            "children_given_gifts",
            "wishes_fulfilled",
        ],
    ),
    (_("Children's Home"), ["homes_open", "homes_inspected", "homes_open_enough", "home_hours"]),
    (_("Leading group"), ["study_meetings", "special_meetings", "exchange_meetings"]),
]

# A whole and the parts that make it up.
SUMS = {"counted_children": ["left_behind_children", "migrant_children"]}

# The rows of the first are among those of the second.
AMONG = [
    ("counted_children", "children_on_register"),
    ("priority_children", "children_on_register"),
    ("children_out_of_school", "children_on_register"),
    ("disabled_children", "children_on_register"),
    ("files_complete", "children_on_register"),
    ("children_paired", "children_on_register"),
    ("with_valid_letter", "left_behind_children"),
    ("children_with_cards", "counted_children"),
    ("helpers_active", "helpers_in_service"),
    ("helpers_with_valid_check", "helpers_in_service"),
    ("duties_done", "duties_due_base"),
    ("sessions_recorded", "sessions_held"),
    ("parent_school_sessions", "sessions_held"),
    ("law_or_safety_classes", "sessions_held"),
    ("children_reached", "attendances"),
    ("homes_inspected", "homes_open"),
    ("homes_open_enough", "homes_open"),
]


def sections():
    """[(title, [Measure])]"""
    return [(title, [measures.get(key) for key in keys]) for title, keys in SECTIONS]
