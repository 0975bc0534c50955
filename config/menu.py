"""The menu by the programme's words. An entry shows when its route's rule lets the person in and the role may look."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.demo.people import on_the_sign_in_page
from records import policy

# (title, icon, [(title, route, permission or None)])
STAFF = [
    (
        _("Children"),
        "children",
        [
            (_("Register"), "admin:children_child_changelist", "children.view_child"),
            (_("Register a household"), "children:new", "children.add_child"),
            (_("Concerns"), "admin:children_concern_changelist", "children.view_concern"),
            (_("My cases"), "counselling:cases", "counselling.view_casewords"),
            (_("Transfers"), "children:transfers", "children.view_transfer"),
            (_("Likely duplicates"), "children:duplicates", "children.change_child"),
            (_("The same child?"), "children:same_child", "children.change_likeness"),
            (_("Move up a grade"), "children:move_up", "children.add_child"),
        ],
    ),
    (
        _("Survey and roster"),
        "list",
        [
            (_("Survey rounds"), "surveys:rounds", "surveys.view_surveyround"),
            (_("Rosters"), "surveys:rosters", "surveys.view_roster"),
            (_("Rosters of the district"), "surveys:district", "surveys.read_roster"),
            (_("Import a roster"), "children:import", "children.add_importbatch"),
            (_("Exports"), "records:exports", "records.view_exportrequest"),
        ],
    ),
    (
        _("Guardianship and support"),
        "shield",
        [
            (_("Guardianship letters"), "guardianship:letters", "guardianship.view_letter"),
            (_("Contact and phone cards"), "guardianship:cards", "guardianship.view_card"),
            (_("Support applications"), "support:applications", "support.view_application"),
            (_("Support to decide"), "support:sheets", "support.decide_sheet"),
            (_("Public notices"), "support:notices", "support.view_sheet"),
            (_("Support statements"), "support:statement", "support.view_sheet"),
        ],
    ),
    (
        _("Helpers"),
        "hands",
        [
            (_("Helpers"), "admin:volunteers_volunteer_changelist", "volunteers.view_volunteer"),
            (
                _("Applications to help"),
                "admin:volunteers_helperapplication_changelist",
                "volunteers.view_helperapplication",
            ),
            (_("Teams"), "admin:volunteers_team_changelist", "volunteers.view_team"),
            (_("Love matching"), "matching:runs", "volunteers.add_matchrun"),
            (_("Pairings"), "admin:volunteers_pairing_changelist", "volunteers.view_pairing"),
            (pgettext_lazy("of pairings", "Renewals"), "pairings:renewals", "volunteers.view_renewal"),
            (_("Advice-and-care group"), "pairings:care_group", "volunteers.view_caregroup"),
            (_("Board of the five ones"), "five_ones:board", "volunteers.view_duty"),
            (_("This week"), "five_ones:week", "volunteers.view_weekdigest"),
            (_("Five ones"), "admin:volunteers_duty_changelist", "volunteers.view_duty"),
            (_("Rules of the five ones"), "duty_rules:rules", "volunteers.view_dutyrule"),
            (_("Contacts"), "admin:volunteers_contact_changelist", "volunteers.view_contact"),
            (_("Letters of helpers and children"), "letters:letters", "volunteers.view_childletter"),
            (_("Certificates of service"), "letters:certificates", "volunteers.view_certificate"),
        ],
    ),
    (
        _("Activities"),
        "calendar",
        [
            (_("Calendar"), "activities:calendar", "activities.view_activity"),
            (_("Activities"), "activities:list", "activities.view_activity"),
            (_("Children's groups"), "activities:groups", "activities.view_childrengroup"),
            (_("Schemes"), "activities:schemes", "activities.view_scheme"),
            (_("Parent school"), "activities:parent_school", "activities.view_carerattendance"),
            (_("Publicity"), "activities:publicity", "activities.view_publicityitem"),
        ],
    ),
    (
        _("Gifts"),
        "gift",
        [
            (_("Gifts"), "gifts:gifts", "gifts.view_gift"),
            (_("Stock of gifts"), "gifts:stock", "gifts.view_giftline"),
            (_("Ledger of gifts"), "gifts:ledger", "gifts.view_entry"),
            (_("Small wishes"), "gifts:wishes", "gifts.view_wishcard"),
            (_("Donation drives"), "gifts:drives", "gifts.view_drive"),
            (_("Givers"), "gifts:givers", "gifts.view_giver"),
        ],
    ),
    (
        _("Homes"),
        "home",
        [
            (_("Homes"), "homes:list", "homes.view_home"),
            (_("Repairs"), "homes:repairs", "homes.view_repair"),
            (_("Yearly evaluation"), "evaluations:years", "homes.view_evaluationyear"),
            (_("Comparison of the Homes"), "evaluations:comparison", "homes.view_standing"),
            (_("Wishes of the Homes"), "premises:wishes", "premises.view_homewish"),
            (_("Asset register"), "premises:assets", "premises.view_asset"),
            (_("Requests for equipment"), "premises:requests", "premises.view_assetrequest"),
            (_("Visits to the Home"), "premises:visits", "premises.view_homedaylog"),
            (_("Calls to the parents"), "premises:calls", "premises.view_booking"),
            (_("Loans of books"), "premises:loans", "premises.view_loan"),
            (_("Building a Home"), "premises:plans", "premises.view_buildingplan"),
            (_("Duty at the Homes"), "home_duty:homes", "volunteers.view_homeshift"),
            (_("Standard"), "admin:homes_standard_changelist", "homes.change_standard"),
        ],
    ),
    (
        _("Reports"),
        "report",
        [
            (_("Quarterly reports"), "reports:list", "reports.view_quarterlyreport"),
            (_("Street reports"), "reports:streets", "reports.view_streetreport"),
            (_("Gap board"), "reports:gaps", "reports.view_quarterlyreport"),
            (_("District overview"), "reports:district", "reports.read_quarterlyreport"),
            (_("Due days and jumps"), "reports:rule", "reports.add_reportrule"),
            (_("Compare"), "reports:district_compare", "reports.read_quarterlyreport"),
            (_("States of reports"), "reports:district_states", "reports.read_quarterlyreport"),
            (_("Saved views"), "reports:views", "reports.view_savedview"),
            (_("What we count"), "reports:measures", None),
            (
                _("Leading group"),
                "leading_group:group",
                "communities.view_leadinggroupmember",
            ),
            (_("Meetings"), "meetings:list", "communities.view_meeting"),
            (_("Supervision visits"), "supervision:visits", "appraisal.view_visit"),
            (_("Appraisal"), "appraisal:calls", "appraisal.view_call"),
            (_("Commendations"), "appraisal:commendations", "appraisal.view_call"),
            (_("Year book"), "year_book:books", None),
        ],
    ),
    (
        _("Settings"),
        "settings",
        [
            (_("Accounts"), "admin:communities_user_changelist", "communities.view_user"),
            (_("Postings"), "admin:communities_posting_changelist", "communities.view_posting"),
            (
                _("Requirements for helpers"),
                "admin:volunteers_requirement_changelist",
                "volunteers.change_requirement",
            ),
            (_("Confidentiality pledge"), "admin:volunteers_pledgetext_changelist", "volunteers.change_pledgetext"),
            (_("Kinds of support"), "admin:support_aidkind_changelist", "support.change_aidkind"),
            (_("Divisions"), "admin:communities_division_changelist", "communities.change_division"),
            (_("Terms"), "admin:communities_term_changelist", "communities.change_term"),
            (_("Closed days"), "admin:communities_closedday_changelist", "communities.change_closedday"),
            (_("Local numbers to call"), "admin:communities_helpline_changelist", "communities.change_helpline"),
            (_("Trail"), "admin:records_trailentry_changelist", "records.view_trailentry"),
        ],
    ),
]

PORTAL = [
    (_("My children"), "children", "portal:children"),
    (_("To do"), "check", "portal:due"),
    (_("My letters"), "letter", "portal:letters"),
    (_("My entries"), "edit", "portal:entries"),
    (_("Me"), "user", "portal:me"),
]


def menu(request):
    """Template context: `menu` for the person's role, and `signed_in_as`, what they are and where."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"menu": [], "signed_in_as": "", **on_the_sign_in_page(request)}
    entries = _staff_menu(request, user) if user.is_staff else _portal_menu(request, user)
    first = user.current_postings[0] if user.current_postings else None
    signed_in_as = f"{first.role_data.title} · {first.division}" if first else ""
    return {"menu": entries, "signed_in_as": signed_in_as, "face": "staff" if user.is_staff else "portal"}


def _staff_menu(request, user):
    today = reverse("admin:index")
    groups = [{"title": _("Today"), "icon": "desk", "url": today, "current": request.path == today}]
    for title, icon, lines in STAFF:
        items = [
            {"title": words, "url": url, "current": request.path.startswith(url)}
            for words, route, permission in lines
            if (permission is None or user.has_perm(permission)) and (url := _open_to(user, route))
        ]
        best = max((i for i in items if i["current"]), key=lambda i: len(i["url"]), default=None)
        for item in items:
            item["current"] = item is best
        if items:
            groups.append({"title": title, "icon": icon, "items": items, "current": best is not None})
    return groups


def _portal_menu(request, user):
    return [
        {"title": title, "icon": icon, "url": url, "current": request.path == url}
        for title, icon, route in PORTAL
        if (url := _open_to(user, route))
    ]


def _open_to(user, route):
    rule = policy.rule_for(route)
    if rule is None or not rule(user):
        return None
    try:
        return reverse(route)
    except NoReverseMatch:
        return None
