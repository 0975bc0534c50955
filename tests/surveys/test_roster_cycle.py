"""A roster from its draft to its acceptance: what is frozen, what is remarked, who may do what."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from children.models import Child
from records.lifecycle import Refused
from records.trail import TrailEntry
from surveys.models import Reminder, Roster, RosterEdition, RosterLine
from surveys.shown import Before
from tests.children.factories import a_child, id_number, left_behind_child, migrant_child
from tests.surveys.roster_factories import a_round, handed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey_round(street, supervisor):
    return a_round(street, supervisor)


@pytest.fixture
def roster(community, survey_round, director):
    return Roster.open_for(community, survey_round, by=director)


def names(lines):
    return [line.get("child_name") for line in lines]


def test_a_draft_lists_the_children_counted_today_and_nobody_else(roster, community, sister_community):
    left_behind_child(community, name="陈小雨")
    migrant_child(community, name="安晓")
    a_child(community, name="不计入")
    left_behind_child(sister_community, name="别处人")
    left_behind_child(community, name="已离开", left_on=timezone.localdate(), left_reason=Child.LeftReason.MOVED_OUT)
    lines = list(roster.lines())
    assert names(lines) == ["安晓", "陈小雨"]
    assert [line.get("category") for line in lines] == ["流动儿童", "留守儿童"]
    assert roster.figures_of(lines) == {"children": 2, "left_behind": 1, "migrant": 1, "boys": 0, "girls": 2}


def test_begun_twice_it_is_one_roster(roster, community, survey_round, director):
    assert Roster.open_for(community, survey_round, by=director) == roster
    with pytest.raises(IntegrityError), transaction.atomic():
        Roster.objects.create(community=community, round=survey_round)


def test_a_round_asks_only_its_own_communities(far_community, survey_round, director, supervisor, street):
    with pytest.raises(Refused, match="does not ask"):
        Roster.open_for(far_community, survey_round, by=director)
    later = a_round(street, supervisor, opened=-1, due_in=20)
    with pytest.raises(Refused, match="has not begun"):
        Roster.open_for(
            Child._meta.get_field("community").related_model.objects.get(pk="150902001001"), later, by=director
        )


def test_what_was_handed_in_stays_as_it_was_when_files_change(roster, community, director):
    born = dt.date(timezone.localdate().year - 9, 3, 5)
    child = left_behind_child(community, name="陈小雨", birth_date=born, id_number=id_number(born))
    edition = roster.submit(by=director)
    frozen = list(roster.lines())
    child.name, child.school = "陈大雨", "实验小学"
    child.save()
    child.household.address = "新地址 3 号"
    child.household.save()
    a_child(community, name="新来的")
    Child.objects.filter(pk=child.pk).update(left_on=timezone.localdate(), left_reason="moved_out")
    again = Roster.objects.get(pk=roster.pk)
    assert list(again.lines()) == frozen
    assert names(again.lines()) == ["陈小雨"]
    assert edition.figures == {"children": 1, "left_behind": 1, "migrant": 0, "boys": 0, "girls": 1}


def test_a_frozen_line_is_ciphertext_in_the_table(roster, community, director):
    born = dt.date(timezone.localdate().year - 9, 3, 5)
    left_behind_child(community, name="陈小雨", birth_date=born, id_number=id_number(born))
    roster.submit(by=director)
    with connection.cursor() as cursor:
        cursor.execute("SELECT texts FROM surveys_rosterline")
        (stored,) = cursor.fetchone()
    assert "陈小雨" not in stored and id_number(born) not in stored


def test_returned_with_remarks_corrected_handed_in_again_accepted(roster, community, director, supervisor):
    child = left_behind_child(community, name="陈小雨")
    other = left_behind_child(community, name="王一")
    first = roster.submit(by=director)
    one, two = first.lines.order_by("position")
    assert roster.remark_on({one.pk: "缺身份证号", two.pk: "学校不对"}, by=supervisor) == 2
    roster.give_back(remark="请补齐", by=supervisor)
    first.refresh_from_db()
    assert (roster.status, first.outcome, first.remark) == ("returned", "returned", "请补齐")

    child.school = "实验小学"
    child.save()
    before = Before.of(first)
    live = {line.child_id: line for line in roster.lines()}
    assert before.remark_on(child.pk) == "缺身份证号"
    changed = before.changes_of(live[child.pk], director)
    assert [(str(c.label), c.before, c.after) for c in changed] == [("school", "", "实验小学")]
    assert before.changes_of(live[other.pk], director) == ()

    second = roster.submit(by=director)
    roster.accept(by=supervisor)
    second.refresh_from_db()
    assert (roster.status, second.number, second.outcome) == ("accepted", 2, "accepted")
    assert [line.get("school") for line in first.as_lines()] == ["", ""]
    assert sorted(line.get("school") for line in second.as_lines()) == ["", "实验小学"]
    assert list(first.lines.order_by("position").values_list("remark", flat=True)) == ["缺身份证号", "学校不对"]
    verbs = TrailEntry.objects.about(roster).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["began", "submitted", "remarked on lines", "returned", "submitted", "accepted"]


def test_a_remark_on_a_child_who_is_gone_is_still_shown(roster, community, director, supervisor):
    child = left_behind_child(community)
    edition = roster.submit(by=director)
    roster.remark_on({edition.lines.get().pk: "已搬走？"}, by=supervisor)
    roster.give_back(remark="", by=supervisor)
    Child.objects.filter(pk=child.pk).update(left_on=timezone.localdate(), left_reason="moved_out")
    assert [kept.remark for kept in Before.of(edition).gone(list(roster.lines()))] == ["已搬走？"]


def test_it_is_returned_only_with_words(roster, director, supervisor):
    roster.submit(by=director)
    with pytest.raises(Refused, match="beside a line or for the whole"):
        roster.give_back(remark=" ", by=supervisor)
    assert Roster.objects.get(pk=roster.pk).status == "submitted"


def test_remarks_reach_only_lines_of_this_roster_while_it_waits(roster, community, director, supervisor):
    left_behind_child(community)
    edition = roster.submit(by=director)
    line = edition.lines.get()
    roster.accept(by=supervisor)
    with pytest.raises(Refused, match="not with the street office"):
        roster.remark_on({line.pk: "太晚"}, by=supervisor)
    line.refresh_from_db()
    assert line.remark == ""


def test_nobody_accepts_what_they_handed_in(roster, director):
    roster.submit(by=director)
    for act in (lambda: roster.accept(by=director), lambda: roster.give_back(remark="x", by=director)):
        with pytest.raises(Refused, match="cannot decide"):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        Roster.objects.filter(pk=roster.pk).update(decided_by=director)


@pytest.mark.parametrize("act", ["submit", "accept", "give_back"])
def test_an_accepted_roster_never_moves(roster, director, supervisor, act):
    roster.submit(by=director)
    roster.accept(by=supervisor)
    arguments = {"remark": "x"} if act == "give_back" else {}
    with pytest.raises(Refused, match="cannot become"):
        getattr(roster, act)(by=director if act == "submit" else supervisor, **arguments)


def test_late_by_days_and_once_handed_in_not_later(street, community, director, supervisor):
    roster = Roster.open_for(community, a_round(street, supervisor, due_in=-3), by=director)
    assert roster.days_late == 3
    roster.submit(by=director)
    Roster.objects.filter(pk=roster.pk).update(handed_in_on=timezone.localdate() - dt.timedelta(days=1))
    roster = Roster.objects.get(pk=roster.pk)
    roster.give_back(remark="补", by=supervisor)
    roster.submit(by=director)
    assert Roster.objects.get(pk=roster.pk).days_late == 2


def test_a_late_roster_counts_for_its_own_round(street, community, director, supervisor):
    old = a_round(street, supervisor, due_in=-60, opened=90, title="上一轮")
    new = a_round(street, supervisor, due_in=10)
    handed_in(community, new, by=director)
    late = handed_in(community, old, by=director)
    assert late.round == old and late.days_late == 60
    assert Roster.objects.get(round=new).previous_edition() == late.last_edition()
    assert late.previous_edition() is None


def test_one_reminder_a_day(survey_round, community, director, supervisor):
    reminder = Reminder.send(community, survey_round, by=supervisor)
    assert (reminder.by, reminder.day) == (supervisor, timezone.localdate())
    with pytest.raises(Refused, match="reminded today"):
        Reminder.send(community, survey_round, by=supervisor)
    Reminder.objects.update(day=timezone.localdate() - dt.timedelta(days=1))
    Reminder.send(community, survey_round, by=supervisor)
    assert Reminder.objects.unanswered().count() == 2
    assert TrailEntry.objects.filter(verb="reminded").count() == 2
    handed_in(community, survey_round, by=director)
    assert not Reminder.objects.unanswered().exists()
    with pytest.raises(Refused, match="has handed its roster in"):
        Reminder.send(community, survey_round, by=supervisor)


def test_a_returned_roster_had_answered_its_reminder_and_can_be_asked_for_again(
    survey_round, community, director, supervisor
):
    Reminder.send(community, survey_round, by=supervisor)
    Reminder.objects.update(day=timezone.localdate() - dt.timedelta(days=1))
    handed_in(community, survey_round, by=director).give_back(remark="补", by=supervisor)
    assert not Reminder.objects.unanswered().exists()
    again = Reminder.send(community, survey_round, by=supervisor)
    assert Reminder.objects.unanswered().get() == again
    Roster.objects.get().submit(by=director)
    assert not Reminder.objects.unanswered().exists()


def test_editions_and_lines_are_numbered_once(roster, community, director):
    left_behind_child(community)
    edition = roster.submit(by=director)
    line = edition.lines.get()
    with pytest.raises(ValidationError):
        RosterEdition(
            community=community, roster=roster, number=1, as_of=edition.as_of,
            submitted_at=edition.submitted_at, submitted_by=director,
        ).validate_constraints()  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        RosterLine.of(edition, line.position, line.as_line()).save()
