from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import Division, Posting
from communities.roles import ROLES
from records.trail import TrailEntry
from tests.children.pages import soup
from tests.conftest import freshly_signed_in
from tests.volunteers.factories import a_child, a_helper, a_paired_child, a_pairing, a_proposal, consents, days
from volunteers import contacts
from volunteers.models import Contact, Duty, DutyRule, HelperApplication, MatchVeto, Pairing, RecordCheck, Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_term")]
LISTS = ["volunteer", "pairing", "duty", "contact"]


def list_of(model):
    return reverse(f"admin:volunteers_{model}_changelist")


def page_of(row):
    return reverse(f"admin:volunteers_{row._meta.model_name}_change", args=[row.pk])


@pytest.fixture
def staff(signed_in, director):
    return signed_in(director)


def some(count, community, director):
    for number in range(count):
        helper = a_helper(community, director, name=f"帮扶{number}")
        a_paired_child(community, helper, director, name=f"儿童{number}")
        contacts.log(helper, pairings=helper.pairings.current(), kinds=["visit"], by=director)


@pytest.mark.parametrize("model", LISTS)
def test_a_list_asks_as_much_for_30_rows_as_for_one(model, staff, community, director):
    counts = []
    staff.get(list_of(model))  # the first page of a session writes it
    for more in (1, 2, 27):
        some(more, community, director)
        with CaptureQueriesContext(connection) as asked:
            assert staff.get(list_of(model)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2], counts


@pytest.mark.parametrize("model", LISTS)
def test_a_list_and_its_rows_stop_at_the_community(model, signed_in, stranger, staff, community, director):
    some(1, community, director)
    theirs = signed_in(stranger)
    assert "儿童0" not in theirs.get(list_of(model)).content.decode()
    row = {"volunteer": Volunteer, "pairing": Pairing, "duty": Duty, "contact": Contact}[model].objects.first()
    assert theirs.get(page_of(row)).status_code == 302
    assert staff.get(page_of(row), follow=True).status_code == 200


def test_federation_and_administrator_have_no_such_pages(signed_in, federation, administrator, community, director):
    some(1, community, director)
    for person in (federation, administrator):
        for model in LISTS:
            assert signed_in(person).get(list_of(model)).status_code in (302, 403, 404)


def form_values(page):
    """What the form on a page would send back as it stands."""
    form = BeautifulSoup(page.content, "html.parser").find("form", class_="staff-form")
    values = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        if field.name == "select":
            chosen = field.find("option", selected=True)
            values[field["name"]] = chosen["value"] if chosen else ""
        elif field.get("type") in ("checkbox", "radio"):
            if field.has_attr("checked"):
                values.setdefault(field["name"], []).append(field["value"])
        elif field.get("type") != "submit":
            values[field["name"]] = field.get("value", "") if field.name == "input" else field.text.strip()
    return values


def test_a_helper_is_added_and_checked_by_staff(staff, director, community):
    add = reverse("admin:volunteers_volunteer_add")
    values = form_values(staff.get(add))
    values |= {"name": "赵敏", "sex": "F", "kinds": ["tutor"], "topics": ["study"], "phone": "15412345679"}
    answer = staff.post(add, values)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    helper = Volunteer.objects.get()
    assert (helper.community, helper.kinds, helper.phone_last4) == (community, ["tutor"], "5679")
    values = form_values(staff.get(page_of(helper)))
    values |= {"checks-TOTAL_FORMS": 1, "checks-0-checked_on": str(days(-1)), "checks-0-result": "clear"}
    values |= {"checks-0-reference": "R-9", "checks-0-volunteer": helper.pk}
    answer = staff.post(page_of(helper), values)
    assert answer.status_code == 302
    helper.refresh_from_db()
    assert helper.is_cleared_on(days(0))
    assert RecordCheck.objects.get().recorded_by == director
    assert helper.phone == "15412345679"  # left blank on the form, kept


def test_a_pairing_from_proposal_to_end_by_acts(staff, community, director, helper):
    child = a_child(community)
    consents(child)
    add = reverse("admin:volunteers_pairing_add")
    values = form_values(staff.get(add)) | {"child": child.pk, "volunteer": helper.pk, "kind": "tutor"}
    assert staff.post(add, values).status_code == 302
    pairing = Pairing.objects.get()

    def act(name, then=None, **answers):
        chosen = {"action": name, "_selected_action": pairing.pk, "from_row": 1}
        assert staff.post(list_of("pairing"), chosen).status_code == 200
        answer = staff.post(list_of("pairing"), {**chosen, "apply": 1, **answers})
        assert answer.url == (then or page_of(pairing))
        pairing.refresh_from_db()

    act("hear", guardian="李红", guardian_agreed_on=days(-2), opinion="agrees")
    act("agree", card_signed_on=days(-1))
    act("activate", starts_on=days(0))
    assert pairing.status == "active"
    act("end", then=reverse("pairings:close_out", args=[pairing.pk]), reason="family_wish")
    assert (pairing.status, pairing.end_reason) == ("ended", "family_wish")
    assert TrailEntry.objects.about(pairing).filter(verb="proposed").count() == 1


def test_a_pairing_leads_to_the_pages_that_one_may_open(staff, community, director, helper, monkeypatch):
    pairing = a_pairing(a_child(community), helper, director)
    leads = [reverse("children:file", args=[pairing.child_id]), page_of(helper)]

    def links():
        return [a["href"] for a in soup(staff.get(page_of(pairing))).select("main a") if a.get("href") in leads]

    assert links() == leads
    worker = ROLES["community_worker"]
    for permission, left in (("children.view_child", leads[1:]), ("volunteers.view_volunteer", leads[:1])):
        less = replace(worker, permissions=worker.permissions - {permission})
        monkeypatch.setitem(ROLES, "community_worker", less)
        assert links() == left


def test_the_list_of_helpers_leaves_out_whom_every_rule_forbids(staff, community, director, helper):
    child = a_child(community)
    man = a_helper(community, director, name="褚强", sex="M")
    vetoed = a_helper(community, director, name="冯兰")
    MatchVeto.objects.create(child=child, volunteer=vetoed, community=community, set_by=director)
    add = reverse("admin:volunteers_pairing_add")

    def offered(query=""):
        return {helper.pk for helper in staff.get(add + query).context["adminform"].form.fields["volunteer"].queryset}

    assert offered() == {helper.pk, man.pk, vetoed.pk}
    assert offered(f"?child={child.pk}") == {helper.pk}
    values = form_values(staff.get(add)) | {"child": child.pk, "volunteer": man.pk, "kind": "tutor"}
    answer = staff.post(add, values, follow=True)
    assert "These two may not be paired. Loving mothers are women" in answer.content.decode()
    assert not Pairing.objects.exists()


def test_a_refused_act_says_why(staff, community, director, helper):
    pairing = a_proposal(a_child(community), helper, director)
    chosen = {"action": "activate", "_selected_action": pairing.pk, "apply": 1, "starts_on": days(0)}
    answer = staff.post(list_of("pairing"), chosen, follow=True)
    assert "guardian has not yet agreed" in answer.content.decode()
    pairing.refresh_from_db()
    assert pairing.status == "proposed"


def test_a_street_officer_may_not_propose_but_sees(signed_in, supervisor, community, director, helper):
    a_pairing(a_child(community), helper, director)
    person = signed_in(supervisor)
    assert person.get(list_of("pairing")).status_code == 200
    assert person.get(reverse("admin:volunteers_pairing_add")).status_code == 403


def test_acts_stop_at_the_community(signed_in, stranger, community, director, helper):
    pairing = a_pairing(a_child(community), helper, director)
    chosen = {"action": "end", "_selected_action": pairing.pk, "apply": 1, "reason": "other"}
    signed_in(stranger).post(list_of("pairing"), chosen)
    pairing.refresh_from_db()
    assert pairing.status == "active"


def test_a_duty_is_excused_with_a_reason(staff, community, director, helper):
    a_paired_child(community, helper, director)
    duty = Duty.objects.get(kind="letter")
    chosen = {"action": "excuse", "_selected_action": duty.pk, "apply": 1}
    staff.post(list_of("duty"), {**chosen, "reason": "other"})
    duty.refresh_from_db()
    assert duty.excused_on is None
    staff.post(list_of("duty"), {**chosen, "reason": "other", "note": "生病住院"})
    duty.refresh_from_db()
    assert duty.status == "excused"


def test_the_phone_is_shown_by_an_act_on_the_trail(staff, signed_in, stranger, helper):
    address = reverse("admin:volunteers_volunteer_phone", args=[helper.pk])
    assert "15412345678" not in staff.get(page_of(helper)).content.decode()
    assert staff.get(address).status_code == 405
    shown = staff.post(address)
    assert "reauthenticate" in shown.url, "the screen may stand open"
    assert not TrailEntry.objects.about(helper).filter(verb="revealed").exists()
    assert "15412345678" in freshly_signed_in(staff).post(address).content.decode()
    assert TrailEntry.objects.about(helper).filter(verb="revealed", fields=["phone"]).exists()
    assert signed_in(stranger).post(address).status_code == 404


def test_the_button_is_there_for_whom_may_show_it_at_this_place(staff, director, far_street, helper, monkeypatch):
    assert "Show phone" in staff.get(page_of(helper)).content.decode()
    Posting.objects.create(user=director, division=far_street, role="street_officer", starts_on=days(-9))
    worker = ROLES["community_worker"]
    less = replace(worker, permissions=worker.permissions - {"volunteers.reveal_volunteer"})
    monkeypatch.setitem(ROLES, "community_worker", less)
    assert "Show phone" not in staff.get(page_of(helper)).content.decode()
    assert (
        freshly_signed_in(staff).post(reverse("admin:volunteers_volunteer_phone", args=[helper.pk])).status_code == 404
    )


def test_a_helper_is_found_by_the_whole_phone_number(staff, helper, community, director):
    a_helper(community, director, name="赵敏", phone="15487654321")
    found = staff.get(list_of("volunteer"), {"q": "154 1234 5678"}).content.decode()
    assert helper.name in found
    assert "赵敏" not in found


def test_reading_a_contact_is_on_the_trail(staff, community, director):
    some(1, community, director)
    contact = Contact.objects.get()
    assert staff.get(page_of(contact), follow=True).status_code == 200
    assert TrailEntry.objects.about(contact).reads().count() == 1


def test_an_account_is_connected_only_within_ones_community(staff, make_user, community, far_community, director):
    helper = a_helper(community, director)
    ours, theirs = make_user("volunteer", community, "ours"), make_user("volunteer", far_community, "theirs")
    chosen = {"action": "connect_account", "_selected_action": helper.pk, "apply": 1}
    assert "reauthenticate" in staff.post(list_of("volunteer"), {**chosen, "username": ours.username}).url
    freshly_signed_in(staff).post(list_of("volunteer"), {**chosen, "username": theirs.username})
    helper.refresh_from_db()
    assert helper.user is None
    staff.post(list_of("volunteer"), {**chosen, "username": ours.username})
    helper.refresh_from_db()
    assert helper.user == ours


def test_an_application_has_nothing_to_save_and_what_was_left_out_is_no_word(staff, community):
    facts = {"name": "钱志明", "sex": "M", "kinds": ["tutor"]}
    one = HelperApplication.receive(community=community, facts=facts)
    page = soup(staff.get(reverse("admin:volunteers_helperapplication_change", args=[one.pk]))).find("main")
    shown = [field.text.strip() for field in page.select(".readonly")]
    assert "钱志明" in shown and "—" in shown and "None" not in shown
    assert not page.select(".submit-row [type=submit]") and page.find("button", string="Note the interview…")


@pytest.mark.parametrize("name", ["pairing_card", "pairing_card_small"])
def test_the_pairing_card_carries_both_languages_and_a_code(
    name, staff, signed_in, stranger, community, director, helper
):
    pairing = a_pairing(a_child(community), helper, director)
    address = reverse("paper", args=[name, pairing.pk])
    text = staff.get(address).content.decode()
    assert all(words in text for words in ("陈小雨", "王爱华", "Pairing card", "<svg"))
    signed = [
        [line.find("span", lang=language).text for language in ("zh-Hans", "en")]
        for line in soup(staff.get(address)).select(".signatures > *")
    ]
    assert signed == [["帮扶人", "helper"], ["监护人", "guardian"], ["儿童", "child"]]
    assert TrailEntry.objects.about(pairing).filter(verb=f"printed {name}").exists()
    assert signed_in(stranger).get(address).status_code == 404


def test_the_pairing_card_lists_the_five_in_their_order_however_they_were_set(staff, community, director, helper):
    for kind in ("letter", "talk", "visit"):
        DutyRule.objects.create(
            district_id="150902", pairing_kind="loving_mother", duty_kind=kind, times=1, from_day=days(-300)
        )
    pairing = a_pairing(a_child(community), helper, director)
    page = soup(staff.get(reverse("paper", args=["pairing_card", pairing.pk])))
    listed = [line.find("span", lang="en").text for line in page.select("ul.boxes li")]
    assert listed == ["visit at home", "heart-to-heart talk", "letter to the child"]


@pytest.mark.parametrize(
    ("kind", "listed"),
    [
        ("loving_mother", ["visit at home", "heart-to-heart talk", "contact with the class teacher"]
         + ["talk with the guardian", "letter to the child"]),
        ("tutor", ["heart-to-heart talk", "talk with the guardian"]),
        ("service_team", []),
    ],
)  # fmt: skip
def test_the_pairing_card_lists_what_this_kind_owes_and_nothing_else(kind, listed, staff, community, director, helper):
    elsewhere = Division.objects.create(pk="150999", name="x", level="district")
    DutyRule.objects.create(district=elsewhere, pairing_kind=kind, duty_kind="visit", times=9, from_day=days(-300))
    Volunteer.objects.update(kinds=["loving_mother", "tutor", "service_team"])
    pairing = a_pairing(a_child(community), helper, director, kind=kind)
    page = soup(staff.get(reverse("paper", args=["pairing_card", pairing.pk])))
    assert [line.find("span", lang="en").text for line in page.select("ul.boxes li")] == listed
    text = page.text
    assert ("The five ones each term" in text) == (kind == "loving_mother")
    assert ("what is listed here" in text) == bool(listed)
    assert "I promise to accompany the child" in text and "× 9" not in text


def test_the_pairing_card_follows_the_rules_of_the_running_term(staff, district, community, director, helper):
    rule = {"district": district, "pairing_kind": "tutor"}
    DutyRule.objects.create(**rule, duty_kind="visit", times=2, from_day=days(-100))
    DutyRule.objects.create(**rule, duty_kind="letter", times=1, from_day=days(30))  # of terms to come
    pairing = a_pairing(a_child(community), helper, director, kind="tutor")
    page = soup(staff.get(reverse("paper", args=["pairing_card", pairing.pk])))
    assert [" ".join(line.text.split()) for line in page.select("ul.boxes li")] == ["家访一次 visit at home × 2"]


def test_a_sheet_leads_back_to_the_page_of_ours_it_was_opened_from(staff, community, director, helper):
    address = reverse("paper", args=["pairing_card", a_pairing(a_child(community), helper, director).pk])

    def back(referer):
        page = soup(staff.get(address, headers={"Referer": referer} if referer else {}))
        return [a["href"] for a in page.select("header.tools a")]

    ours = "http://testserver/admin/volunteers/pairing/?owed=open"
    assert back(ours) == [ours]
    assert back("") == back("https://elsewhere.example/x") == back("http://testserver" + address) == []


def test_the_pairing_table_of_a_community(staff, signed_in, federation, community, director, helper):
    a_pairing(a_child(community), helper, director)
    address = reverse("papers", args=["pairing_table"]) + f"?keys={community.pk}"
    assert "陈小雨" in freshly_signed_in(staff).get(address).content.decode()
    assert signed_in(federation).get(address).status_code == 404
