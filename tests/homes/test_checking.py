"""From begun to submitted: what is filled in, measured, kept and refused."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from homes import checking
from homes.models import Answer, Home, Inspection
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.communities.factories import held_meeting
from tests.homes.factories import fill_in, make_home, picture, standard_in_force, submitted_check, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def standard(district):
    return standard_in_force(district)


@pytest.fixture
def home(community, standard):
    return make_home(community)


@pytest.fixture
def check(home, director):
    return checking.begin(home, "self_check", by=director)


def answer_to(check, code):
    return check.answers.get(item__code=code)


def test_a_check_begins_with_an_answer_for_each_requirement(check, standard):
    assert check.standard == standard
    assert check.answers.count() == 49
    assert {a.community_id for a in check.answers.all()} == {check.community_id}


def test_beginning_twice_goes_on_with_the_same(check, home, director):
    assert checking.begin(home, "self_check", by=director) == check
    assert checking.begin(home, "inspection", by=director) != check
    assert Inspection.objects.count() == 2


def test_no_check_in_a_closed_home(home, director):
    home.close(by=director, on=today())
    with pytest.raises(Refused, match="closed"):
        checking.begin(home, "self_check", by=director)


def test_no_check_without_a_standard(community, director):
    with pytest.raises(Refused, match="No standard"):
        checking.begin(make_home(community), "self_check", by=director)


def test_a_home_with_a_check_under_way_does_not_close(check, home, director):
    with pytest.raises(Refused, match="under way"):
        home.close(by=director, on=today())


def test_one_open_home_per_community(home, community, director):
    with pytest.raises(IntegrityError, match="one_open_home_per_community"), transaction.atomic():
        make_home(community)
    home.close(by=director, on=today())
    assert make_home(community).is_open
    assert Home.objects.count() == 2


def test_meetings_measure_themselves_over_twelve_months(home, community, director):
    for days in (10, 364, 365):
        held_meeting(community, kind="special", day=today() - dt.timedelta(days=days))
    answer = answer_to(checking.begin(home, "self_check", by=director), "O04")
    assert (answer.measured, answer.numerator, answer.number) == (True, 2, Decimal(2))


def test_measuring_again_takes_the_new_figure_and_keeps_the_dispute(check, community, director):
    (answer,) = [a for a in checking.open_section(check, "operation") if a.item.code == "O04"]
    answer.disputed, answer.comment = True, "A meeting is missing."
    checking.keep(check, [answer], by=director)
    held_meeting(community, kind="special", day=today())
    checking.measure_again(check, by=director)
    answer = answer_to(check, "O04")
    assert (answer.number, answer.disputed, answer.comment) == (1, True, "A meeting is missing.")
    assert answer.version == 3


def test_all_met_scores_all_but_what_is_measured_or_needs_photos(check, director):
    fill_in(check, director)
    judged = checking.judge(check.answers.select_related("item"))
    unmet = {line.code for line in judged.lines if line.is_gap}
    photos = {"H04", "H11", "S02", "S03", "S04", "O09"}
    assert photos <= unmet
    assert unmet - photos <= set(check.answers.filter(measured=True).values_list("item__code", flat=True))


def test_submitting_freezes_score_grade_and_every_outcome(check, director):
    fill_in(check, director, but={"H01"})
    done = checking.submit(check, by=director)
    done.refresh_from_db()
    expected = checking.judge(done.answers.select_related("item").order_by("item__position"))
    assert (done.status, done.score, done.grade) == ("submitted", expected.score, str(expected.grade))
    assert {line.code: line for line in done.verdict.lines} == {line.code: line for line in expected.lines}
    assert (done.submitted_by, done.submitted_on) == (director, today())
    assert TrailEntry.objects.about(done).filter(verb="submitted").count() == 1


def test_nothing_changes_after_submission(check, director):
    fill_in(check, director)
    checking.submit(check, by=director)
    for late in (
        lambda: checking.submit(check, by=director),
        lambda: checking.open_section(check, "hardware"),
        lambda: checking.measure_again(check, by=director),
    ):
        with pytest.raises(Refused, match="submitted meanwhile"), transaction.atomic():
            late()
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        Answer.objects.filter(inspection=check, item__code="H02").update(yes=False)


def test_the_database_refuses_half_a_submission(check):
    with pytest.raises(IntegrityError, match="submitted_check_is_scored_and_signed"), transaction.atomic():
        Inspection.objects.update(status="submitted")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"not_applicable": True}, "what_is_left_out_or_disputed_has_a_reason"),
        ({"number": Decimal(-1)}, "a_number_found_is_not_negative"),
        ({"disputed": True, "comment": "no"}, "only_what_was_measured_is_disputed"),
        ({"measured": True}, "what_was_measured_keeps_its_rows"),
    ],
)
def test_answers_are_sound_in_the_database(check, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        check.answers.filter(item__code="H01").update(**change)


def test_photos_count_until_withdrawn(check, director, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    answer = answer_to(check, "H04")
    photo = checking.add_photo(answer, picture(), by=director)
    assert photo.community_id == check.community_id
    assert len(answer_to(check, "H04").photos_kept) == 1
    checking.withdraw_photo(photo, by=director)
    assert answer_to(check, "H04").photos_kept == []
    with pytest.raises(ValidationError):
        checking.add_photo(answer, SimpleUploadedFile("x.svg", b"<svg/>"), by=director)


def test_at_most_six_photos(check, director, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    answer = answer_to(check, "H04")
    for _n in range(6):
        checking.add_photo(answer, picture(), by=director)
    with pytest.raises(Refused, match="6 photos"):
        checking.add_photo(answer, picture(), by=director)


def test_the_last_check_is_the_last_submitted(home, director, supervisor):
    submitted_check(home, supervisor, on=today() - dt.timedelta(days=400), but={"H01", "H02", "S01", "O01"})
    last = submitted_check(home, director, kind="self_check")
    checking.begin(home, "inspection", by=supervisor)
    found = Home.objects.with_last_check().get()
    assert (found.last_check, found.last_score, found.last_day) == (last.pk, last.score, today())
    earlier = Home.objects.with_last_check(today() - dt.timedelta(days=1)).get()
    assert earlier.last_score < last.score
