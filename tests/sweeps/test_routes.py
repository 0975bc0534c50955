"""Every route, every role, every scope."""

import re

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from appraisal.models import Nomination
from records.policy import everyone, rule_for
from tests.sweeps.conftest import PEOPLE, leaked

IN_THE_BAR = re.compile(r'<span class="standing">([^<]*)</span>')
# Which rows a route's key names. A new route with a key goes here.
ROWS = {
    "communities:link": "communities.User",
    **dict.fromkeys(
        ["meetings:decision", "meetings:done", "meetings:drop", "meetings:pass_on"], "communities.Decision"
    ),
    "meetings:*": "communities.Meeting",
    **dict.fromkeys(
        ["children:household", "children:join_households", "children:households_apart"], "children.Household"
    ),
    "children:withdraw_consent": "children.Consent",
    "children:end_referral": "children.Referral",
    "children:concern": "children.Concern",
    "children:correction": "children.Correction",
    "children:erasure": "children.Erasure",
    **dict.fromkeys(
        ["children:transfer", "children:transfer_accept", "children:transfer_refuse", "children:transfer_withdraw"],
        "children.Transfer",
    ),
    **dict.fromkeys(
        ["children:note_stay", "children:parent_contact", "children:join_adults", "children:adults_apart"],
        "children.Adult",
    ),
    **dict.fromkeys(["children:stay", "children:verify_stay", "children:came_back"], "children.Away"),
    "children:strike_school": "children.SchoolPeriod",
    "children:meet_need": "children.Need",
    "children:end_wish": "children.Wish",
    "children:end_hardship": "children.Hardship",
    "children:strike_need": "children.Need",
    "children:strike_wish": "children.Wish",
    "children:strike_hardship": "children.Hardship",
    "children:strike_parent_contact": "children.ParentContact",
    "children:note": "children.GrowthNote",
    "children:strike_note": "children.GrowthNote",
    "children:settle": "children.Likeness",
    **dict.fromkeys(
        ["children:import_batch", "children:import_report", "children:import_returned"]
        + ["children:import_confirm", "children:import_discard", "children:import_undo", "children:import_columns"],
        "children.ImportBatch",
    ),
    "children:import_forget_column": "children.ColumnMeaning",
    "children:name_for_concern": "children.Concern",
    "children:end_naming": "children.ConcernNaming",
    "children:*": "children.Child",
    "counselling:open": "children.Child",
    "counselling:session": "counselling.SessionWords",
    "counselling:revoke": "counselling.Admission",
    "counselling:*": "counselling.CaseWords",
    "guardianship:prepare": "children.Child",
    **dict.fromkeys(["guardianship:contact", "guardianship:contacts"], "children.Child"),
    "guardianship:strike_contact": "guardianship.FamilyContact",
    "guardianship:hand_over": "guardianship.Card",
    "guardianship:*": "guardianship.Letter",
    **dict.fromkeys(
        ["surveys:round", "surveys:change_round", "surveys:close_round", "surveys:reopen_round"]
        + ["surveys:households", "surveys:visit", "surveys:grids"],
        "surveys.SurveyRound",
    ),
    **dict.fromkeys(
        ["surveys:roster", "surveys:edition", "surveys:submit_roster"]
        + ["surveys:remark_on_roster", "surveys:decide_roster"],
        "surveys.Roster",
    ),
    "support:prepare": "children.Child",
    "support:settle": "support.Objection",
    **dict.fromkeys(["support:paid", "support:received", "support:take_back", "support:cancel"], "support.Payment"),
    **dict.fromkeys(["support:sheet", "support:decide"], "support.Sheet"),
    "support:*": "support.Application",
    **dict.fromkeys(
        ["matching:run", "matching:again", "matching:accept", "matching:discard"],
        "volunteers.MatchRun",
    ),
    **dict.fromkeys(["gifts:giver", "gifts:change_giver", "gifts:reveal", "gifts:forget"], "gifts.Giver"),
    **dict.fromkeys(["gifts:line", "gifts:give", "gifts:give_home", "gifts:count"], "gifts.GiftLine"),
    **dict.fromkeys(["gifts:hand_out", "gifts:take_back", "gifts:scan"], "gifts.HandOut"),
    **dict.fromkeys(["gifts:drive", "gifts:change_drive"], "gifts.Drive"),
    "gifts:write": "children.Wish",
    **dict.fromkeys(
        ["gifts:wish", "gifts:rewrite", "gifts:show_wish", "gifts:take_wish", "gifts:fulfil_wish"]
        + ["gifts:give_up_wish", "gifts:end_wish"],
        "gifts.WishCard",
    ),
    "gifts:*": "gifts.Gift",
    "matching:allow": "volunteers.MatchVeto",
    "matching:*": "volunteers.MatchLine",
    "five_ones:remind": "volunteers.Pairing",
    "five_ones:reminder": "volunteers.DutyReminder",
    "five_ones:excuse": "volunteers.Duty",
    **dict.fromkeys(["home_duty:week", "home_duty:make", "home_duty:shifts"], "homes.Home"),
    "home_duty:give_up": "volunteers.HomeShift",
    **dict.fromkeys(["home_duty:day", "home_duty:put_on", "home_duty:call_off"], "volunteers.HomeDay"),
    "home_duty:*": "volunteers.HomeDuty",
    **dict.fromkeys(["portal:home_cannot", "portal:home_check_in", "portal:home_check_out"], "volunteers.HomeDuty"),
    "portal:home_take": "volunteers.HomeDay",
    **dict.fromkeys(["pairings:keep", "pairings:give_up", "portal:keep_promise"], "volunteers.Promise"),
    "pairings:end_deputy": "volunteers.Deputy",
    "pairings:*": "volunteers.Pairing",
    **dict.fromkeys(["pairings:take_in", "pairings:assign"], "volunteers.CareGroup"),
    "pairings:let_go": "volunteers.GroupMember",
    "pairings:let_child_go": "volunteers.GroupChild",
    **dict.fromkeys(["portal:goodbye", "portal:wish"], "volunteers.Pairing"),
    **dict.fromkeys(["portal:promise", "portal:handover"], "children.Child"),
    "portal:child": "children.Child",
    "portal:reveal": "children.Child",
    "portal:child_photo": "children.Child",
    **dict.fromkeys(["portal:entry_photo", "portal:entry_correct", "portal:entry_answer"], "volunteers.Contact"),
    "contacts:*": "volunteers.Contact",
    **dict.fromkeys(["portal:letter", "portal:letter_scan", "portal:letter_print"], "volunteers.ChildLetter"),
    "portal:certificate_print": "volunteers.Certificate",
    **dict.fromkeys(["letters:answer", "letters:on_paper"], "volunteers.Pairing"),
    **dict.fromkeys(
        ["letters:certificate", "letters:issue", "letters:decline", "letters:revoke"], "volunteers.Certificate"
    ),
    "letters:thank": "volunteers.Volunteer",
    "letters:*": "volunteers.ChildLetter",
    **dict.fromkeys(
        ["activities:group", "activities:group_change", "activities:group_take_in", "activities:group_meeting"]
        + ["activities:group_dissolve"],
        "activities.ChildrenGroup",
    ),
    **dict.fromkeys(["activities:group_let_go", "activities:group_lead"], "activities.GroupPlace"),
    **dict.fromkeys(["activities:meeting", "activities:meeting_came"], "activities.GroupMeeting"),
    "activities:leave": "activities.Enrolment",
    "activities:helper_off": "activities.HelperPlace",
    "portal_activities:come": "activities.Activity",
    "portal_activities:cannot": "activities.HelperPlace",
    **dict.fromkeys(
        ["activities:handout", "activities:handout_change", "activities:handout_remove"]
        + ["portal_activities:handout", "portal_activities:handout_file"],
        "activities.HandoutSheet",
    ),
    **dict.fromkeys(
        ["activities:helpers_came", "activities:mark_helper", "activities:other_helper", "activities:materials"],
        "activities.Session",
    ),
    "activities:waiting_off": "activities.Waiting",
    "activities:session": "activities.Session",
    "activities:session_photo": "activities.Session",
    **dict.fromkeys(
        ["activities:publicity_item", "activities:publicity_change", "activities:take_down"], "activities.PublicityItem"
    ),
    **dict.fromkeys(
        ["activities:photo_again", "activities:picture", "activities:cover", "activities:vouch", "activities:uncover"],
        "activities.SessionPhoto",
    ),
    "activities:roll": "activities.Session",
    "activities:mark": "activities.Session",
    "activities:everyone": "activities.Session",
    **dict.fromkeys(
        ["activities:late", "activities:carers", "activities:note_carer", "activities:sheet"], "activities.Session"
    ),
    "activities:session_move": "activities.Session",
    "activities:session_cancel": "activities.Session",
    "activities:session_record": "activities.Session",
    **dict.fromkeys(["activities:scheme", "activities:scheme_change", "activities:action_new"], "activities.Scheme"),
    **dict.fromkeys(
        [f"activities:action{act}" for act in ("", "_choose", "_leave_out", "_take_back")], "activities.SchemeAction"
    ),
    "activities:*": "activities.Activity",
    "homes:pictures": "homes.Home",
    "homes:picture_out": "homes.RoomPicture",
    **dict.fromkeys(["homes:standard", "homes:standard_add", "homes:standard_approve"], "homes.Standard"),
    "homes:item_drop": "homes.StandardItem",
    **dict.fromkeys(
        ["premises:ask", "premises:check_in", "premises:count", "premises:begin", "premises:closures"]
        + ["premises:holders"],
        "homes.Home",
    ),
    **dict.fromkeys(
        ["premises:request", "premises:request_approve", "premises:request_refuse", "premises:request_withdraw"]
        + ["premises:bought"],
        "premises.AssetRequest",
    ),
    "premises:asset_count": "premises.AssetCount",
    **dict.fromkeys(
        ["premises:call_kept", "premises:call_missed", "premises:call_give_back", "premises:told"], "premises.Booking"
    ),
    **dict.fromkeys(["premises:loan_back", "premises:loan_lost"], "premises.Loan"),
    **dict.fromkeys(["premises:day", "premises:tap", "premises:day_end"], "premises.HomeDayLog"),
    "premises:closure_lift": "homes.Closure",
    **dict.fromkeys(
        ["premises:holder_end", "premises:holder_training", "premises:holder_phone"], "premises.DutyHolder"
    ),
    **dict.fromkeys(
        ["premises:plan", "premises:add_milestone", "premises:add_line", "premises:choose_drive"]
        + ["premises:plan_open", "premises:plan_give_up"],
        "premises.BuildingPlan",
    ),
    "premises:milestone": "premises.Milestone",
    "premises:line": "premises.BudgetLine",
    "premises:wish_new": "homes.Repair",
    **dict.fromkeys(
        ["premises:wish", "premises:wish_take", "premises:wish_give_back", "premises:wish_fulfil"]
        + ["premises:wish_end"],
        "premises.HomeWish",
    ),
    "premises:*": "premises.Asset",
    "homes:home": "homes.Home",
    "homes:begin": "homes.Home",
    **dict.fromkeys(["homes:opening", "homes:rules"], "homes.Home"),
    "homes:repair_plan": "homes.Answer",
    **dict.fromkeys(
        ["homes:repair", "homes:repair_report", "homes:repair_confirm", "homes:repair_send_back"], "homes.Repair"
    ),
    "homes:repair_give_up": "homes.Repair",
    "homes:*": "homes.Inspection",
    "reports:amendment": "reports.Amendment",
    "reports:street_amendment": "reports.StreetAmendment",
    **dict.fromkeys(
        ["reports:street", "reports:street_submit", "reports:street_decide", "reports:street_workbook"]
        + ["reports:street_amend"],
        "reports.StreetReport",
    ),
    **dict.fromkeys(["reports:view", "reports:share_view", "reports:put_view_away"], "reports.SavedView"),
    **dict.fromkeys(
        ["evaluations:year", "evaluations:dates", "evaluations:take_in", "evaluations:visits"], "homes.EvaluationYear"
    ),
    "evaluations:*": "homes.Evaluation",
    **dict.fromkeys(
        ["supervision:demand", "supervision:answer", "supervision:close", "supervision:ask_again"]
        + ["supervision:withdraw"],
        "appraisal.Demand",
    ),
    "supervision:*": "appraisal.Visit",
    **dict.fromkeys(
        ["appraisal:call", "appraisal:change_call", "appraisal:add_criterion", "appraisal:remove_criterion"]
        + ["appraisal:seat", "appraisal:unseat", "appraisal:open_call", "appraisal:close_call", "appraisal:nominate"],
        "appraisal.Call",
    ),
    "appraisal:*": "appraisal.Nomination",
    "portal_appraisal:*": "appraisal.Nomination",
    "reports:*": "reports.QuarterlyReport",
}
# Other arguments of routes, by name.
ARGUMENTS = {
    **{"section": "hardware", "key": "children_on_register", "uidb64": "MQ", "token": "x-y", "code": "X"},
    **{"number": 1, "other": 1, "adult": 1, "kind": "tutor"},
    **{"code": "150902001001", "quote": "K7M2-4QX9"},
}
PAPERS = {"pairing_card": "volunteers.Pairing", "quarterly_report": "reports.QuarterlyReport"}
SIGN_OUT = {"account_logout"}


def walk(resolver, namespaces=()):
    for item in resolver.url_patterns:
        if isinstance(item, URLPattern):
            yield ":".join([*namespaces, item.name or "?"]), dict(item.pattern.converters), item
        else:
            yield from walk(item, (*namespaces, item.namespace) if item.namespace else namespaces)


KEYS_OF_REGEXES = {"mfa_edit_webauthn": {"pk": None}, "mfa_remove_webauthn": {"pk": None}}
ROUTES = {
    name: KEYS_OF_REGEXES.get(name) or arguments
    for name, arguments, _item in walk(get_resolver())
    if not name.startswith("admin:")
}
KEYED = sorted(
    name for name, arguments in ROUTES.items() if "pk" in arguments and not name.startswith(("records:", "mfa_"))
)


def test_every_route_has_a_rule():
    bare = [name for name, _arguments, _item in walk(get_resolver()) if rule_for(name) is None]
    assert bare == [], f"{bare}: say in config/policy.py who may open it."


def test_the_policy_names_no_route_that_is_gone():
    from config.policy import POLICY

    known = {name for name, _a, _i in walk(get_resolver())}
    gone = [name for name in POLICY if not name.endswith(":*") and name not in known]
    assert gone == []


def model_of(name):
    label = ROWS.get(name) or ROWS.get(f"{name.partition(':')[0]}:*")
    assert label, f"{name}: say in ROWS which rows its key names."
    return apps.get_model(label)


def path_of(name, pk=None):
    arguments = {key: ARGUMENTS.get(key) for key in ROUTES[name] if key != "pk"}
    if "pk" in ROUTES[name]:
        arguments["pk"] = 1 if pk is None else pk
    if "name" in arguments:
        arguments["name"] = "pairing_card"
    return reverse(name, kwargs=arguments)


def rows_of(name):
    if name in ("paper", "papers"):
        return apps.get_model(PAPERS["pairing_card"])
    return model_of(name)


PLAIN = sorted(
    name for name in ROUTES if name not in KEYED and not name.startswith("records:") and name not in SIGN_OUT
)


@pytest.mark.parametrize("name", PLAIN)
def test_a_page_opens_for_whom_its_rule_lets_in_and_shows_nothing_foreign(name, client_of, person, foreign):
    rule = rule_for(name)
    for who in PEOPLE:
        answer = client_of(who).get(path_of(name))
        if rule is everyone or rule(person(who)):
            assert answer.status_code < 500, (who, answer.status_code)
        else:
            assert answer.status_code == 404, (who, answer.status_code)
        assert leaked(answer, foreign(person(who), name)) == [], who
    anonymous = Client().get(path_of(name))
    if rule is everyone:
        assert anonymous.status_code < 500
    else:
        assert anonymous.status_code == 302
        assert anonymous.url.startswith("/login/")


def test_a_name_that_a_helper_agrees_to_tell_is_no_secret_to_who_reads_the_nomination_there_alone(person, foreign):
    nomination = Nomination.objects.exclude(helper_agreed_on=None).get()
    name, reader, other = nomination.helper.name, person("federation"), person("counsellor")
    assert nomination in Nomination.objects.visible_to(reader)
    assert nomination not in Nomination.objects.visible_to(other)
    assert name not in foreign(reader, "appraisal:nomination")
    assert name in foreign(reader, "reports:measure")
    assert name in foreign(other, "appraisal:nomination")


@pytest.mark.parametrize("name", KEYED)
def test_a_row_out_of_scope_answers_like_one_that_never_existed(name, client_of, person):
    model = rows_of(name)
    missing = 10**9
    for who in PEOPLE:
        user = person(who)
        visible = set(model.objects.visible_to(user).values_list("pk", flat=True)) if who != "volunteer" else set()
        theirs = model.objects.exclude(pk__in=visible)
        if who == "volunteer" and name.startswith(("portal:", "portal_activities:", "portal_appraisal:")):
            continue  # told in tests/volunteers: what is one's own there is not a matter of divisions
        row = theirs.order_by("pk").last()
        if row is None:
            assert rule_for(name) is None or not rule_for(name)(user) or visible, f"{name}: no row out of scope to try"
            continue
        client = client_of(who)
        for method in (client.get, client.head, client.post):
            absent, hidden = method(path_of(name, missing)), method(path_of(name, row.pk))
            assert hidden.status_code == absent.status_code, (who, method.__name__)
            assert hidden.content == absent.content, (who, method.__name__)
            assert absent.status_code in (404, 405), (who, method.__name__, absent.status_code)


@pytest.mark.parametrize("name", KEYED)
def test_a_row_in_scope_opens_and_shows_nothing_foreign(name, client_of, person, foreign):
    model = rows_of(name)
    for who in PEOPLE:
        user = person(who)
        rule = rule_for(name)
        if who == "volunteer" or not rule(user):
            continue
        row = model.objects.visible_to(user).order_by("pk").first()
        if row is None:
            continue
        answer = client_of(who).get(path_of(name, row.pk))
        assert answer.status_code in (200, 302, 404, 405), (who, answer.status_code)
        assert leaked(answer, foreign(user, name)) == [], who
        bar = IN_THE_BAR.search(answer.getvalue().decode(errors="replace"))
        assert bar is None or " · " in bar[1], f"{who}: a name of this page hides who is signed in: {bar[1]}"


@pytest.mark.parametrize("name", KEYED)
def test_junk_in_keys_is_no_server_error(name, client_of):
    client = client_of("director")
    for junk in (0, 10**18, 10**30):
        assert client.get(path_of(name, junk)).status_code in (404, 405), junk


@pytest.mark.parametrize("path", ["/reports/?quarter=2026Q9%00", "/admin/%00/", "/children/import/?page=x"])
def test_junk_in_addresses_is_no_server_error(path, client_of):
    assert client_of("director").get(path).status_code < 500
