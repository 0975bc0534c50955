"""The rules of a district as a table, set for a kind of pairing from a term on."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import Term
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.volunteers.factories import a_child, a_helper, a_pairing, days
from volunteers import contacts, duty_rules
from volunteers.models import Duty, DutyRule
from volunteers.models.duty_rule import Owed
from volunteers.terms import follow_the_terms, open_term_duties

pytestmark = pytest.mark.django_db


@pytest.fixture
def next_term(this_term, district):
    return Term.objects.create(
        district=district, school_year=2026, kind="spring", starts_on=days(61), ends_on=days(200)
    )


def set_tutors(district, by, day, *owed):
    duty_rules.set_rules(district, "tutor", from_day=day, owed=owed or [Owed("talk", 2, 0, 10, "required")], by=by)


def line_of(district, kind="tutor"):
    return next(line for line in duty_rules.table(district) if line.kind == kind)


def test_the_programmes_rules_hold_until_a_district_sets_its_own(district, this_term):
    table = {line.kind.value: list(line.now.owed) for line in duty_rules.table(district)}
    five = ["visit", "talk", "teacher", "guardian", "letter"]
    assert table == {
        **{"tutor": ["talk", "guardian"], "loving_mother": five, "acting_parent": five},
        **{"service_team": [], "counsellor": [], "committee": [], "student": []},
    }
    assert line_of(district).now.from_day is None


def test_a_set_holds_from_its_term_and_the_earlier_one_stays_to_be_read(district, administrator, next_term):
    set_tutors(district, administrator, days(61))
    line = line_of(district)
    assert (list(line.now.owed), [one.from_day for one in line.coming], line.earlier) == (
        ["talk", "guardian"],
        [days(61)],
        [],
    )
    assert DutyRule.objects.count() == 5
    after = next(one for one in duty_rules.table(district, today=days(70)) if one.kind == "tutor")
    assert after.now.owed == {"talk": Owed("talk", 2, 0, 10, "required")}
    assert [one.from_day for one in after.earlier] == [None]
    assert TrailEntry.objects.about(district).filter(verb="set the duty rules").count() == 1


def test_setting_the_same_term_again_replaces_and_adds_no_row(district, administrator, next_term):
    set_tutors(district, administrator, days(61))
    set_tutors(district, administrator, days(61), Owed("visit", 3))
    assert DutyRule.objects.count() == 5
    assert line_of(district).coming[0].owed == {"visit": Owed("visit", 3)}


def test_terms_that_began_keep_their_rules(district, administrator, next_term, community, director):
    pairing = a_pairing(a_child(community), a_helper(community, director), director, kind="tutor")
    set_tutors(district, administrator, days(61))
    open_term_duties(next_term)
    of_this = pairing.duties.exclude(term=next_term)
    assert set(of_this.values_list("kind", "evidence")) == {("talk", "allowed"), ("guardian", "allowed")}
    assert list(Duty.objects.filter(term=next_term).values_list("kind", "evidence", "due_on")) == [
        ("talk", "required", days(190)),
        ("talk", "required", days(190)),
    ]


@pytest.mark.parametrize(
    ("day", "owed", "words"),
    [
        (0, Owed("talk", 2), "past terms keep"),
        (61, Owed("talk", 1, 100, 50), "no day of the term"),
    ],
)
def test_what_cannot_hold_is_refused(day, owed, words, district, administrator, next_term):
    with pytest.raises(Refused, match=words):
        set_tutors(district, administrator, days(day), owed)
    with pytest.raises(Refused, match="Nothing was changed"):
        set_tutors(district, administrator, days(61), Owed("talk"), Owed("guardian"))
    assert not DutyRule.objects.exists()


def test_without_terms_on_file_the_usual_beginnings_are_offered(district):
    assert [day for day, _words in duty_rules.coming_terms(district, dt.date(2026, 11, 26))] == [
        dt.date(2027, 2, 1),
        dt.date(2027, 9, 1),
    ]


def typed(page):
    form = BeautifulSoup(page.content, "html.parser").find("form", class_="stack")
    values = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    chosen = {s["name"]: s.find("option", selected=True) or s.find("option") for s in form.select("select[name]")}
    return values | {name: option["value"] for name, option in chosen.items()}


def test_the_administrator_sets_a_kind_on_one_page(signed_in, administrator, director, district, next_term):
    person, address = signed_in(administrator), reverse("duty_rules:edit", args=["tutor"])
    values = typed(person.get(address))
    assert (values["talk_times"], values["visit_times"], values["from_day"]) == ("1", "0", str(days(61)))
    answer = person.post(address, values | {"talk_times": "2", "talk_evidence": "required"})
    assert answer.status_code == 302, answer.content.decode()
    assert line_of(district).coming[0].owed["talk"] == Owed("talk", 2, 0, 0, "required")
    person.post(address, values | {"talk_times": "5"})  # the same form sent twice
    assert line_of(district).coming[0].owed["talk"].times == 2
    wrong = person.post(address, typed(person.get(address)) | {"talk_times": "21", "letter_opens_after": "x"})
    assert wrong.status_code == 200
    assert len(wrong.context["form"].errors) == 2
    text = signed_in(director).get(reverse("duty_rules:rules")).content.decode()
    assert "2 times" in text
    assert "photo needed" in text
    assert "Set anew" not in text


def test_only_those_who_may_set_rules_open_the_form(signed_in, director, supervisor, federation, district, next_term):
    for user in (director, supervisor, federation):
        assert signed_in(user).get(reverse("duty_rules:edit", args=["tutor"])).status_code == 404
    assert signed_in(federation).get(reverse("duty_rules:rules")).status_code == 404


def test_another_districts_rules_do_not_exist(signed_in, administrator, district, next_term):
    person = signed_in(administrator)
    assert person.get(reverse("duty_rules:rules") + "?district=999999").status_code == 404
    assert person.get(reverse("duty_rules:edit", args=["tutor"]) + "?district=999999").status_code == 404
    assert person.get(reverse("duty_rules:edit", args=["grandmother"])).status_code == 404


def test_the_table_asks_as_much_for_many_sets_as_for_one(signed_in, director, administrator, district, next_term):
    person, counts = signed_in(director), []
    person.get(reverse("duty_rules:rules"))
    for n in range(3):
        set_tutors(district, administrator, days(61 + n), Owed("visit", 2 + n))
        with CaptureQueriesContext(connection) as asked:
            person.get(reverse("duty_rules:rules"))
        counts.append(len(asked))
    assert counts[0] == counts[2]


def test_no_term_at_all_is_no_error(signed_in, administrator, district):
    assert signed_in(administrator).get(reverse("duty_rules:rules")).status_code == 200


def _due(pairing):
    pairing.refresh_from_db()
    days_due = dict(pairing.duties.order_by("kind").values_list("kind", "due_on"))
    return days_due, pairing.next_due_on


def test_what_is_owed_follows_a_term_whose_last_day_is_put_right(community, director, helper, this_term, district):
    set_tutors(district, director, days(1), Owed("talk", 1, 0, 10), Owed("guardian"))
    DutyRule.objects.update(from_day=this_term.starts_on)
    tutored, done, ended = (a_pairing(a_child(community), helper, director, kind="tutor") for _n in range(3))
    mother = a_pairing(a_child(community), helper, director)
    contacts.log(helper, pairings=[done], kinds=["talk"], by=director)
    ended.end(by=director)
    was = [_due(pairing) for pairing in (done, ended)]
    assert (follow_the_terms(), _due(tutored)) == (0, ({"talk": days(50), "guardian": days(60)}, days(50)))
    for last in (75, 40):  # a week of snow is made up for; then the holidays begin early after all
        Term.objects.update(ends_on=days(last))
        assert follow_the_terms() == 2 + 1 + 5
        assert _due(tutored) == ({"talk": days(last - 10), "guardian": days(last)}, days(last - 10))
        assert (mother.duties.filter(due_on=days(last)).count(), follow_the_terms()) == (5, 0)
    assert (_due(done)[0]["talk"], _due(ended)) == (was[0][0]["talk"], was[1])
    mother.pause(reason="helper_ill", by=director)
    Term.objects.update(ends_on=days(30))
    assert follow_the_terms() == 1 + 1 + 5, "what is due by the last day all the same keeps its day"
    mother.resume(by=director)
    assert _due(mother) == (dict.fromkeys(["visit", "talk", "teacher", "guardian", "letter"], days(30)), days(30))
