"""What is asked of a helper, against a plain model; access ends at local midnight everywhere."""

import datetime as dt
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from records.attachments import store_image
from records.lifecycle import Refused
from records.measures import Period, get
from records.scoping import Scope
from records.trail import TrailEntry
from tests.children.pages import soup
from tests.volunteers.factories import a_child, a_helper, a_paired_child, a_pairing, asks, consents, days
from volunteers.kinds import HelperKind
from volunteers.models import Evidence, PledgeText, RecordCheck, Requirement, Volunteer
from volunteers.models.record_check import months_after
from volunteers.models.requirement import Asked
from volunteers.standing import LACKING, in_good_standing, problem_of
from volunteers.vetting import District, cleared_through, lapse_on, lines_of, recount_district

TODAY = dt.date(2026, 9, 10)
KINDS = [HelperKind.TUTOR, HelperKind.ACTING_PARENT]
OTHERS = [what for what in Asked.values if what != Asked.RECORD_CHECK]


def at(day, hour, minute=0):
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


# The plain model ------------------------------------------------------------------------------------------------------

a_day = st.integers(-900, 900).map(lambda n: TODAY + dt.timedelta(days=n))
a_past_day = st.integers(-900, 0).map(lambda n: TODAY + dt.timedelta(days=n))
a_line = st.builds(
    Requirement,
    helper_kind=st.sampled_from([*KINDS, HelperKind.STUDENT]),
    what=st.sampled_from(OTHERS),
    is_asked=st.booleans(),
    valid_months=st.sampled_from([0, 6, 12]),
    from_day=a_day,
)


@st.composite
def some_evidence(draw):
    on = draw(a_past_day)
    until = draw(st.none() | st.integers(0, 700).map(lambda n: on + dt.timedelta(days=n)))
    result = draw(st.sampled_from(["met", "met", "not_met", "exempt"]))
    number = draw(st.sampled_from([None, 0, 1, 2]))
    return Evidence(
        what=draw(st.sampled_from(OTHERS)), done_on=on, valid_until=until, result=result, pledge_number=number
    )


@st.composite
def a_check(draw):
    on = draw(a_past_day)
    until = on + dt.timedelta(days=draw(st.integers(0, 366)))
    return RecordCheck(checked_on=on, valid_until=until, result=draw(st.sampled_from(["clear", "clear", "not_clear"])))


def plainly_met(what, day, checks, evidence, pledges):
    """Day by day, as one would explain it to a colleague."""
    if what == Asked.RECORD_CHECK:
        known = [row for row in checks if row.checked_on <= TODAY]
        last = max(known, key=lambda row: (row.checked_on, row.pk), default=None)
        return last is not None and last.result == "clear" and day <= last.valid_until
    known = [row for row in evidence if row.what == what]
    last = max(known, key=lambda row: (row.done_on, row.pk), default=None)
    if last is None or last.result == "not_met" or (last.valid_until and day > last.valid_until):
        return False
    if what == Asked.PLEDGE and last.result == "met":
        return all(day < from_day for number, from_day in pledges if number > (last.pledge_number or 0))
    return True


def plainly_asked(day, kinds, lines):
    asked = {Asked.RECORD_CHECK}
    for kind in kinds:
        for what in OTHERS:
            mine = [line for line in lines if (line.helper_kind, line.what) == (kind, what) and line.from_day <= day]
            newest = max(mine, key=lambda line: (line.from_day, line.pk), default=None)
            if newest is not None and newest.is_asked:
                asked.add(what)
    return asked


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True),
    lines=st.lists(a_line, max_size=6),
    checks=st.lists(a_check(), max_size=3),
    evidence=st.lists(some_evidence(), max_size=7),
    pledges=st.lists(a_day, max_size=2).map(sorted),
)
def test_clearance_is_what_a_plain_model_says_on_any_day(kinds, lines, checks, evidence, pledges):
    for rows in (lines, checks, evidence):
        for number, row in enumerate(rows):
            row.pk = number
    district = District(tuple(sorted(lines, key=lambda line: (line.from_day, line.pk))), tuple(enumerate(pledges, 1)))
    dated = [(r.checked_on, r.pk, Asked.RECORD_CHECK, r) for r in checks]
    dated += [(r.done_on, r.pk, r.what, r) for r in evidence]
    facts = {what: row for _on, _pk, what, row in sorted(dated, key=lambda fact: fact[:2])}
    until = cleared_through(kinds, facts, district, TODAY)
    helper = Volunteer(cleared_until=until)
    turns = {line.from_day for line in lines} | set(pledges) | {row.valid_until for row in [*checks, *evidence]}
    looked_at = {turn + dt.timedelta(days=n) for turn in turns if turn for n in (-1, 0, 1)} | {TODAY}
    still = True
    for day in (TODAY + dt.timedelta(days=n) for n in range(1000)):
        asked = plainly_asked(day, kinds, lines)
        still = still and all(plainly_met(what, day, checks, evidence, district.pledges) for what in asked)
        if day in looked_at:
            assert helper.is_cleared_on(day) == still, day


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
        (dt.date(2026, 12, 5), 12, dt.date(2027, 12, 5)),
        (dt.date(2026, 11, 30), 1, dt.date(2026, 12, 30)),
        (dt.date(2026, 8, 31), 6, dt.date(2027, 2, 28)),
    ],
)
def test_months_after_a_day(day, months, end):
    assert months_after(day, months) == end


# Asked, shown, exempted -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_district_that_asks_for_nothing_asks_for_the_check_alone(community, director):
    helper = a_helper(community, director)
    assert [line.what for line in lines_of(helper)] == [Asked.RECORD_CHECK]
    helper.refresh_from_db()
    assert helper.is_cleared_on(days(0))
    assert helper.remind_on is None


@pytest.mark.django_db
def test_who_lacks_what_is_asked_is_not_cleared_until_it_is_on_file(
    district, community, director, helper, volunteer_user
):
    asks(district, Asked.TRAINING, valid_months=12)
    recount_district(district.pk)
    helper.refresh_from_db()
    assert problem_of(helper) == LACKING
    assert in_good_standing(volunteer_user) is None
    helper.show(Asked.TRAINING, done_on=days(-10), by=director)
    helper.refresh_from_db()
    assert in_good_standing(volunteer_user) == helper
    assert helper.evidence.get().valid_until == months_after(days(-10), 12)
    assert helper.cleared_until == helper.checks.get().valid_until
    assert helper.remind_on == months_after(days(-10), 12) - dt.timedelta(days=30)


@pytest.mark.django_db
def test_an_exemption_needs_its_reason_and_then_counts(district, community, director, helper):
    asks(district, Asked.REFERENCES)
    recount_district(district.pk)
    with pytest.raises(Refused, match="Say why"):
        helper.show(Asked.REFERENCES, result="exempt", by=director)
    helper.show(Asked.REFERENCES, result="exempt", note="本社区教师", by=director)
    line = next(line for line in lines_of(helper) if line.what == Asked.REFERENCES)
    assert line.is_exempt
    helper.refresh_from_db()
    assert helper.is_cleared_on(days(0))


STANDS = [
    ("met", {"done_on": days(-10)}, "met", "已完成"),
    ("met", {"done_on": days(-10), "valid_until": days(9)}, "ends soon", "即将到期"),
    ("met", {"done_on": days(-10), "valid_until": days(-1)}, "ended", "已到期"),
    ("not_met", {"done_on": days(-10)}, "missing", "未办理"),
    ("exempt", {"note": "本社区教师"}, "exempted", "已免除"),
    (None, {}, "missing", "未办理"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("result", "facts", "english", "chinese"), STANDS)
def test_how_each_thing_stands_is_said_in_the_words_of_the_office(
    result, facts, english, chinese, district, director, helper, signed_in
):
    asks(district, Asked.REFERENCES)
    if result:
        helper.show(Asked.REFERENCES, result=result, **facts, by=director)
    desk, address = signed_in(director), reverse("admin:volunteers_volunteer_vetting", args=[helper.pk])
    for language, label, word in (("en", "references", english), ("zh-hans", "推荐人意见", chinese)):
        desk.cookies["language"] = language
        row = soup(desk.get(address)).find(string=label).find_parent("li")
        assert row.find("span", class_="badge").text == word
    with translation.override("zh-hans"):
        assert [str(words) for words in Evidence.Result.labels] == ["已完成", "不符合要求", "已免除"]


@pytest.mark.django_db
def test_a_helper_is_told_on_the_first_page_before_something_ends(district, helper, signed_in, volunteer_user):
    ends, page = helper.cleared_until, reverse("portal:children")
    told = f"Something asked of you ends on {date_format(ends, 'DATE_FORMAT')}"
    with time_machine.travel(at(ends - dt.timedelta(days=31), 12), tick=False):
        assert "ends on" not in signed_in(volunteer_user).get(page).content.decode()
    with time_machine.travel(at(ends - dt.timedelta(days=30), 12), tick=False):
        main = soup(signed_in(volunteer_user).get(page)).find("main")
        assert told in main.text and main.find("a", href=reverse("portal:asked"))
    Volunteer.objects.filter(pk=helper.pk).update(remind_on=days(-1))
    assert told in signed_in(volunteer_user).get(page).content.decode(), "where the district recalls it earlier"


@pytest.mark.django_db
def test_nobody_is_exempt_from_the_record_check(helper, director, district):
    with pytest.raises(IntegrityError, match="evidence_is_for_something_asked"), transaction.atomic():
        helper.show(Asked.RECORD_CHECK, result="exempt", note="x", by=director)
    with pytest.raises(IntegrityError, match="record_check_is_always_asked"), transaction.atomic():
        asks(district, Asked.RECORD_CHECK, is_asked=False, valid_months=12)


@pytest.mark.django_db
def test_nobody_records_an_interview_about_themselves(helper, volunteer_user):
    with pytest.raises(Refused, match="ask a colleague"):
        helper.show(Asked.INTERVIEW, by=volunteer_user)
    with pytest.raises(Refused, match="ask a colleague"):
        helper.show(Asked.TRAINING, result="exempt", note="很忙", by=volunteer_user)
    helper.show(Asked.TRAINING, score=8, by=volunteer_user)
    assert helper.evidence.get().score == 8


@pytest.mark.django_db
def test_evidence_of_a_day_to_come_is_refused(helper, director):
    with pytest.raises(Refused, match="future"):
        helper.show(Asked.INTERVIEW, done_on=days(1), by=director)


@pytest.mark.django_db
def test_the_strictest_of_several_kinds_counts(district, community, director):
    asks(district, Asked.TRAINING, kind=HelperKind.TUTOR)
    asks(district, Asked.TRAINING, kind=HelperKind.ACTING_PARENT, valid_months=6)
    helper = a_helper(community, director, kinds=["tutor", "acting_parent"])
    helper.show(Asked.TRAINING, done_on=days(0), by=director)
    assert helper.evidence.get().valid_until == months_after(days(0), 6)


@pytest.mark.django_db
def test_a_new_pledge_ends_clearance_on_the_eve_of_its_day(district, community, director, helper, volunteer_user):
    asks(district, Asked.PLEDGE)
    helper.show(Asked.PLEDGE, pledge_number=0, by=volunteer_user)
    PledgeText.publish(district=district, text="新的承诺", from_day=days(20), by=director)
    recount_district(district.pk)
    helper.refresh_from_db()
    assert helper.cleared_until == days(19)
    assert PledgeText.objects.text_on(community.pk, days(0)) == (1, "新的承诺")
    helper.show(Asked.PLEDGE, pledge_number=1, by=volunteer_user)
    helper.refresh_from_db()
    assert helper.cleared_until == helper.checks.get().valid_until


@pytest.mark.django_db
def test_a_requirement_announced_ends_clearance_on_the_eve_of_its_day(district, helper):
    asks(district, Asked.REFERENCES, from_day=days(14))
    recount_district(district.pk)
    helper.refresh_from_db()
    assert helper.cleared_until == days(13)


@pytest.mark.django_db
def test_requirements_and_pledges_begin_on_a_day_to_come(district):
    for row in (
        Requirement(district=district, helper_kind="tutor", what="training", from_day=days(0)),
        PledgeText(district=district, number=1, text="x", from_day=days(0)),
    ):
        with pytest.raises(ValidationError, match="without notice"):
            row.clean()


@pytest.mark.django_db
def test_the_recommended_set_is_taken_over_once(district, administrator):
    made = Requirement.recommend(district, from_day=days(30), by=administrator)
    assert made == 5 * 7 + 2  # everything of everyone, references of those who stand in for a parent
    assert Requirement.recommend(district, from_day=days(60), by=administrator) == 0


# Midnight -------------------------------------------------------------------------------------------------------------


def a_picture(by):
    stream = BytesIO()
    Image.new("RGB", (40, 30), "orange").save(stream, "JPEG")
    return store_image(SimpleUploadedFile("p.jpg", stream.getvalue(), "image/jpeg"), by)


@pytest.mark.django_db
@pytest.mark.usefixtures("this_term")
def test_access_ends_at_local_midnight_on_every_page_photos_included(
    district, community, director, helper, signed_in, volunteer_user
):
    asks(district, Asked.TRAINING, valid_months=6)
    last = days(5)
    helper.show(Asked.TRAINING, done_on=days(-5), valid_until=last, by=director)
    child = a_paired_child(community, helper, director)
    consents(child, "photo")
    child.photo = a_picture(director)
    child.save(update_fields=["photo"])
    pages = [reverse(f"portal:{name}") for name in ("children", "due", "log", "entries", "concern")]
    pages += [reverse(f"portal:{name}", args=[child.pk]) for name in ("child", "child_photo")]
    with time_machine.travel(at(last, 23, 59), tick=False):
        portal = signed_in(volunteer_user)
        assert [portal.get(page).status_code for page in pages] == [200] * 7
        assert portal.post(reverse("portal:reveal", args=[child.pk])).status_code == 200
    with time_machine.travel(at(last + dt.timedelta(days=1), 0), tick=False):
        portal = signed_in(volunteer_user)
        for page in pages:
            answer = portal.get(page)
            assert (answer.status_code, answer.get("Location")) == (302, reverse("portal:standing")), page
            assert "小雨" not in portal.get(page, follow=True).content.decode()
        assert portal.post(reverse("portal:reveal", args=[child.pk])).status_code == 302
        assert "Something we ask" in portal.get(reverse("portal:standing")).content.decode()
        for name in ("me", "asked", "pledge", "training"):
            answer = portal.get(reverse(f"portal:{name}"))
            assert answer.status_code == 200
            assert "小雨" not in answer.content.decode()
        for print_of in ("pairing_card", "file_summary"):
            assert portal.get(reverse("paper", args=[print_of, child.pk])).status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("this_term")
def test_at_night_staff_are_told_once_and_the_pairing_is_not_lost(district, community, director, helper):
    asks(district, Asked.TRAINING, valid_months=6)
    helper.show(Asked.TRAINING, done_on=days(-5), valid_until=days(2), by=director)
    pairing = a_pairing(a_child(community), helper, director)
    lapsed = get("helpers_lapsed")
    with time_machine.travel(at(days(3), 1), tick=False):
        assert lapsed.count(Scope.of(community.pk), Period.day(days(0))) == 1
        assert lapse_on(timezone.localdate()) == 1
        assert lapse_on(timezone.localdate()) == 0
        helper.refresh_from_db()
        assert helper.lapsed_on == timezone.localdate()
        pairing.refresh_from_db()
        assert (pairing.status, pairing.pauses.get().reason) == ("paused", "check")
        with pytest.raises(Refused, match="Something asked of this helper is missing or has ended: training and quiz."):
            pairing.resume(by=director)
        helper.show(Asked.TRAINING, by=director)
        helper.refresh_from_db()
        assert helper.lapsed_on is None
        pairing.resume(by=director)
        assert pairing.status == "active"
        assert lapsed.count(Scope.of(community.pk), Period.day(days(0))) == 0
    verbs = list(TrailEntry.objects.about(helper).values_list("verb", flat=True))
    assert verbs.count("lapsed") == verbs.count("cleared again") == 1


@pytest.mark.django_db
def test_the_nightly_command_says_what_it_did(helper):
    out = StringIO()
    call_command("renew_standing", stdout=out)
    assert out.getvalue().splitlines() == [
        *["0 helpers lapsed", "0 pairings go on again", "0 duties at the Homes given back"],
        *["0 memberships ended", "0 applications removed"],
    ]
