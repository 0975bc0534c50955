"""The roster's pages: who sees which, the difference over a scripted month, reminding, and two people at once."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from children.models import Child, Household
from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from surveys.difference import difference
from surveys.models import Reminder, Roster
from tests.children.factories import a_child, an_adult, id_number, left_behind_child, migrant_child
from tests.children.pages import filled, words
from tests.records.threads import at_once
from tests.surveys.roster_factories import a_round, handed_in

LIST = reverse("surveys:rosters")


@pytest.fixture
def survey_round(street, supervisor):
    return a_round(street, supervisor)


@pytest.fixture
def director_page(signed_in, director):
    return signed_in(director)


@pytest.fixture
def street_page(signed_in, supervisor):
    return signed_in(supervisor)


def count(key, code):
    return measures.get(key).count(Scope.of(code), Period.day(timezone.localdate()))


@pytest.mark.django_db
def test_a_month_told_exactly(street, community, director, supervisor):
    """Registered, newly counted, moved away, 16, a mother back, a phone and a school changed, and one the same."""
    today = timezone.localdate()
    born = dt.date(today.year - 9, 3, 5)
    before = a_round(street, supervisor, due_in=-30, opened=60, title="上一轮")
    left_behind_child(community, name="没有变化")
    moved = left_behind_child(community, name="搬走了")
    home = left_behind_child(community, name="妈妈回来")
    changed = left_behind_child(community, name="变更项", birth_date=born, id_number=id_number(born))
    sixteen = left_behind_child(
        community, name="满十六", birth_date=today.replace(year=today.year - 16) + dt.timedelta(1)
    )
    carer = changed.kinships.get(is_caregiver=True).adult
    carer.phone = "16100001111"
    carer.save()
    handed_in(community, before, by=director, days_ago=30)

    Child.objects.filter(pk=moved.pk).update(left_on=today - dt.timedelta(3), left_reason="moved_out")
    home.kinships.get(relation="mother").adult.aways.update(until=today - dt.timedelta(5))
    Child.objects.filter(pk=sixteen.pk).update(birth_date=today.replace(year=today.year - 16))
    carer.phone = "16100002222"
    carer.save()
    changed.school = "实验小学"
    changed.save()
    left_behind_child(community, name="新登记", registered_on=today - dt.timedelta(7))
    late = a_child(community, name="新近外出")
    an_adult(late, "father", name="陈一", away_since=today - dt.timedelta(190))
    an_adult(late, "mother", name="李一", away_since=today - dt.timedelta(190))

    now = Roster.open_for(community, a_round(street, supervisor), by=director)
    found = difference(now, now.lines(), director)
    assert [(e.name, e.why.split(" on ")[0]) for e in found.new] == [
        ("新登记", "Registered"),
        ("新近外出", "Counts as left behind now and did not"),
    ]
    left = {entry.name: entry.why for entry in found.left}
    assert left.keys() == {"搬走了", "妈妈回来", "满十六"}
    assert left["搬走了"].startswith("Left the register on") and left["搬走了"].endswith(": moved away.")
    assert left["妈妈回来"].startswith("Mother came back on")
    assert left["满十六"].startswith("Turned 16 on")
    assert [(e.name, [(str(c.label), c.before, c.after) for c in e.changes]) for e in found.changed] == [
        ("变更项", [("guardian's phone", "••••1111", "••••2222"), ("school", "", "实验小学")])
    ]


@pytest.mark.django_db
def test_a_file_that_went_elsewhere_tells_nothing_of_it_here(street, community, sister_community, director, supervisor):
    before = a_round(street, supervisor, due_in=-30, opened=60)
    child = left_behind_child(community)
    handed_in(community, before, by=director, days_ago=30)
    Child.objects.filter(pk=child.pk).update(community=sister_community)
    now = Roster.open_for(community, a_round(street, supervisor), by=director)
    assert [e.why for e in difference(now, now.lines()).left] == ["The file went to another community."]


@pytest.mark.django_db
def test_the_street_sees_who_has_not_reported_and_reminds(
    street_page, director_page, survey_round, community, sister_community, far_community, director
):
    handed_in(sister_community, survey_round, by=director)
    answer = street_page.get(LIST)
    page = words(answer)
    assert "恩和路社区" in page and "体育场社区" in page and "龙湾社区" not in page
    assert (answer.context["reported"], len(answer.context["communities"])) == (1, 2)
    data = {"round": survey_round.pk, "community": community.pk}
    assert "Reminded." in words(street_page.post(reverse("surveys:remind"), data, follow=True))
    assert "was reminded today" in words(street_page.post(reverse("surveys:remind"), data, follow=True))
    assert Reminder.objects.count() == 1
    desk = words(director_page.get(reverse("admin:index")))
    assert "Reminders of the street office" in desk and "Rosters to hand in" in desk
    roster = Roster.open_for(community, survey_round, by=director)
    page = words(director_page.get(roster.get_absolute_url()))
    assert "The street office asks for this roster" in page and "supervisor" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data", [{}, {"round": "x", "community": "150902001001"}, {"round": "9" * 30, "community": ""}]
)
@pytest.mark.parametrize("route", ["surveys:remind", "surveys:begin_roster"])
def test_junk_in_a_form_is_nothing(street_page, director_page, survey_round, route, data):
    client = street_page if route == "surveys:remind" else director_page
    assert client.post(reverse(route), data).status_code == 404


@pytest.mark.django_db
def test_another_street_neither_sees_nor_decides(
    signed_in, make_user, far_street, stranger, survey_round, community, director
):
    left_behind_child(community)
    roster = handed_in(community, survey_round, by=director)
    for user in (stranger, make_user("street_officer", far_street)):
        client = signed_in(user)
        assert client.get(roster.get_absolute_url()).status_code == 404
        assert client.get(reverse("surveys:edition", args=[roster.pk, 1])).status_code == 404
        answer = client.post(reverse("surveys:decide_roster", args=[roster.pk]), {"decision": "accept"})
        assert answer.status_code == 404
        assert "恩和路社区" not in words(client.get(LIST))
    assert Roster.objects.get().status == "submitted"


@pytest.mark.django_db
def test_the_federation_reads_numbers_of_communities_and_no_child(
    signed_in, federation, district, community, sister_community, far_community, supervisor, director
):
    survey_round = a_round(district, supervisor, due_in=-2)
    a_round(district, supervisor, due_in=-50, opened=90, title="上一轮")
    child = left_behind_child(community, name="陈小雨")
    roster = handed_in(community, survey_round, by=director)
    client = signed_in(federation)
    page = words(client.get(reverse("surveys:district")))
    assert "3 1 1 2" in page and page.endswith("3 0 0 3")
    assert child.name not in page and "恩和路" not in page
    for url in (LIST, roster.get_absolute_url(), reverse("paper", args=["roster", roster.pk])):
        assert client.get(url).status_code == 404


@pytest.mark.django_db
def test_the_workdesk_counts_what_is_due_and_what_waits(
    street, community, sister_community, survey_round, director, supervisor
):
    assert (count("rosters_to_hand_in", community.pk), count("communities_not_reported", street.pk)) == (1, 2)
    roster = handed_in(community, survey_round, by=director)
    assert (count("rosters_to_hand_in", community.pk), count("rosters_to_check", street.pk)) == (0, 1)
    assert count("communities_not_reported", street.pk) == 1
    roster.give_back(remark="补", by=supervisor)
    assert (count("rosters_returned", community.pk), count("rosters_to_check", street.pk)) == (1, 0)
    assert count("communities_not_reported", street.pk) == 2


@pytest.mark.django_db
def test_only_accepted_rosters_are_summed(street_page, survey_round, community, sister_community, director, supervisor):
    left_behind_child(community)
    migrant_child(community)
    left_behind_child(sister_community)
    handed_in(sister_community, survey_round, by=director)
    handed_in(community, survey_round, by=director).accept(by=supervisor)
    context = street_page.get(LIST).context
    assert context["sums"] == {"children": 2, "left_behind": 1, "migrant": 1, "boys": 0, "girls": 2}


@pytest.mark.django_db
def test_a_roster_page_asks_as_much_for_three_children_as_for_one(
    director_page, survey_round, community, director, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    left_behind_child(community)
    roster = Roster.open_for(community, survey_round, by=director)
    director_page.get(roster.get_absolute_url())
    asked = []
    for _again in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert director_page.get(roster.get_absolute_url()).status_code == 200
        asked.append(len(queries))
        left_behind_child(community)
        left_behind_child(community)
    assert asked[0] == asked[1]


@pytest.mark.django_db(transaction=True)
def test_two_people_hand_in_at_once_and_one_edition_is_made(survey_round, community, director, make_user):
    left_behind_child(community)
    roster = Roster.open_for(community, survey_round, by=director)
    other = make_user("community_worker", community)

    def submit(by):
        try:
            return Roster.objects.get(pk=roster.pk).submit(by=by).number
        except Refused:
            return None

    made = at_once(lambda: submit(director), lambda: submit(other))
    assert sorted(made, key=str) == [1, None]
    assert roster.editions.count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepted_and_returned_at_once_one_of_them_holds(
    survey_round, street, community, director, supervisor, make_user
):
    roster = handed_in(community, survey_round, by=director)
    other = make_user("street_officer", street)

    def decide(act):
        try:
            act(Roster.objects.get(pk=roster.pk))
            return True
        except Refused:
            return False

    held = at_once(
        lambda: decide(lambda r: r.accept(by=supervisor)),
        lambda: decide(lambda r: r.give_back(remark="补", by=other)),
    )
    assert sorted(held) == [False, True]
    roster = Roster.objects.get(pk=roster.pk)
    assert roster.last_edition().outcome == roster.status


@pytest.mark.django_db(transaction=True)
def test_two_reminders_at_once_are_one(survey_round, street, community, supervisor, make_user):
    other = make_user("street_officer", street)

    def remind(by):
        try:
            return bool(Reminder.send(community, survey_round, by=by))
        except Refused:
            return False

    assert sorted(at_once(lambda: remind(supervisor), lambda: remind(other))) == [False, True]


@pytest.mark.django_db
def test_many_lines_stand_on_pages_and_a_remark_is_not_lost_between_them(
    street_page, survey_round, community, director, monkeypatch
):
    monkeypatch.setattr("surveys.shown.PER_PAGE", 2)
    for name in ("一号", "二号", "三号", "四号", "五号"):
        left_behind_child(community, name=name)
    roster = handed_in(community, survey_round, by=director)
    url = roster.get_absolute_url()

    def seen(page):
        return [(one.number, one.name, one.remark) for one in page.context["lines"]]

    pages = [street_page.get(url, {"page": n}) for n in (1, 2, 3)]
    told = [line for page in pages for line in seen(page)]
    assert [number for number, _name, _remark in told] == [1, 2, 3, 4, 5]
    assert {name for _number, name, _remark in told} == {"一号", "二号", "三号", "四号", "五号"}
    assert seen(street_page.get(url, {"page": "99"})) == seen(pages[2])
    assert seen(street_page.get(url, {"page": "x"})) == seen(pages[0])
    assert "show the next lines" in words(pages[0]) and "show the next lines" not in words(pages[2])
    key = pages[0].context["lines"][1].key
    answer = street_page.post(
        reverse("surveys:remark_on_roster", args=[roster.pk]),
        {"seen": "1", "page": "1", "to": "2", f"line-{key}": "电话不全"},
    )
    assert answer.url == f"{url}?page=2"
    assert seen(street_page.get(answer.url)) == seen(pages[1])
    assert [remark for _number, _name, remark in seen(street_page.get(url))] == ["", "电话不全"]
    for junk in ("", "-1", "1e9", "９"):
        sent = {"seen": "1", "page": junk, "to": ""}
        answer = street_page.post(reverse("surveys:remark_on_roster", args=[roster.pk]), sent)
        assert answer.status_code == 302


@pytest.fixture
def with_two_editions(survey_round, community, director, supervisor, street_page):
    """(the page of edition 1 as it was open, the roster whose edition 2 was handed in since)."""
    left_behind_child(community, name="没有变化")
    roster = handed_in(community, survey_round, by=director)
    page = street_page.get(roster.get_absolute_url())
    Roster.objects.get().give_back(remark="补", by=supervisor)
    left_behind_child(community, name="后来登记")
    Roster.objects.get().submit(by=director)
    return page, Roster.objects.get()


@pytest.mark.django_db
@pytest.mark.parametrize("decision", ["accept", "return"])
def test_an_edition_that_was_not_read_is_not_judged(decision, with_two_editions, street_page, supervisor):
    page, roster = with_two_editions
    old = page.context["lines"][0].key
    sent = filled(page, decision=decision, remark="整体意见")
    sent[f"line-{old}"] = "缺身份证号"
    answer = street_page.post(reverse("surveys:decide_roster", args=[roster.pk]), sent)
    assert "The community has handed in another edition meanwhile. Read it first." in answer.content.decode()
    assert Roster.objects.get().status == "submitted"
    typed = filled(answer)
    new = next(line for line in answer.context["lines"] if line.name == "没有变化")
    assert new.key != old
    assert (typed[f"line-{new.key}"], typed["remark"], typed["seen"]) == ("缺身份证号", "整体意见", "2")
    street_page.post(reverse("surveys:decide_roster", args=[roster.pk]), {**typed, "decision": decision})
    roster = Roster.objects.get()
    assert roster.status == {"accept": "accepted", "return": "returned"}[decision]
    assert roster.last_edition().lines.get(pk=new.key).remark == "缺身份证号"


@pytest.mark.django_db
def test_remarks_on_an_edition_that_was_replaced_are_not_said_to_be_kept(with_two_editions, street_page):
    page, roster = with_two_editions
    sent = filled(page) | {f"line-{page.context['lines'][0].key}": "缺身份证号"}
    answer = street_page.post(reverse("surveys:remark_on_roster", args=[roster.pk]), sent, follow=True)
    text = answer.content.decode()
    assert "another edition meanwhile" in text and "The remarks are kept" not in text
    assert "缺身份证号" in text
    assert (
        "缺身份证号"
        in street_page.post(
            reverse("surveys:remark_on_roster", args=[roster.pk]), filled(answer), follow=True
        ).content.decode()
    )
    assert roster.last_edition().lines.exclude(remark="").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"decision": "perhaps"}, {"decision": "accept", "remark": "长" * 2001}])
def test_remarks_beside_lines_stay_when_a_decision_is_not_taken(wrong, survey_round, community, director, street_page):
    left_behind_child(community)
    roster = handed_in(community, survey_round, by=director)
    page = street_page.get(roster.get_absolute_url())
    line = f"line-{page.context['lines'][0].key}"
    answer = street_page.post(
        reverse("surveys:decide_roster", args=[roster.pk]), filled(page) | {line: "缺身份证号"} | wrong
    )
    assert filled(answer)[line] == "缺身份证号"
    assert Roster.objects.get().status == "submitted"
    street_page.post(reverse("surveys:decide_roster", args=[roster.pk]), {"decision": "accept"})
    assert Roster.objects.get().status == "submitted", "a form that does not say what was read judges nothing"


@pytest.mark.django_db
def test_the_lines_mask_numbers_and_addresses_and_each_look_is_noted(
    survey_round, community, far_community, director, supervisor, director_page, street_page
):
    """What a line shows of a file is no more than a list may, and whose file it was stands on the trail."""
    child = left_behind_child(community, id_number=id_number(dt.date(2015, 3, 5)), registered_address="幸福巷七号")
    Household.objects.filter(pk=child.household_id).update(address="恩和路九号")
    carer = child.kinships.get(is_caregiver=True).adult
    carer.phone = "16100002468"
    carer.save()
    gone = left_behind_child(community, name="去别处")
    roster = handed_in(community, survey_round, by=director)
    Child.objects.filter(pk=gone.pk).update(community=far_community, district=far_community.pk[:6])
    edition = roster.editions.get().get_absolute_url()
    for page, who in ((director_page, director), (street_page, supervisor)):
        for address in (roster.get_absolute_url(), edition):
            shown = page.get(address).content.decode()
            assert child.id_number[-4:] in shown
            for hidden in (child.id_number, "幸福巷七号", "恩和路九号", "16100002468"):
                assert hidden not in shown, (who, address, hidden)
        looks = TrailEntry.objects.filter(actor=who, verb="read", model_label="children.child")
        assert set(looks.values_list("object_key", flat=True)) == {str(child.pk)}, who
