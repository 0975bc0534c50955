import datetime as dt
import io
import uuid

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from activities.models import Activity, Session, SessionPhoto
from children import consenting
from communities.models import ClosedDay
from records.trail import TrailEntry
from tests.activities.factories import days_ago, make_activity, today

PLAN = {
    "title": "合唱",
    "kind": "club",
    "art": "music",
    "audience": "children",
    "venue": "活动室",
    "capacity": "15",
    "every": "week",
    "materials": "歌谱 15 份",
    "helpers_needed": "2",
    "times": "3",
    "starts_at": "16:00",
    "ends_at": "17:30",
}


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


@pytest.fixture
def club(director, community):
    return make_activity(community, director, kind="club", art="music", title="合唱", times=2)


def plan(**changes):
    return {**PLAN, "first_day": today().isoformat(), "once_token": str(uuid.uuid4()), **changes}


def looked_at(days, **changes):
    return plan(looked="1", days=[str(day) for day in days], **changes)


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def test_planning_lays_out_the_sessions(client, director, district):
    ClosedDay.objects.create(district=district, day=today() + dt.timedelta(days=7), name="节日")
    days = [today() + dt.timedelta(days=n) for n in (0, 14, 21)]
    shown = client.post("/activities/plan/", plan())
    assert [box["value"] for box in soup(shown).select("[name=days]")] == [str(day) for day in days]
    assert "节日" in soup(shown).main.get_text()
    assert Activity.objects.count() == 0
    response = client.post("/activities/plan/", looked_at(days))
    activity = Activity.objects.get()
    assert response.url == f"/activities/{activity.pk}/"
    assert [(s.day - today()).days for s in activity.sessions.all()] == [0, 14, 21]
    assert (activity.leader, activity.capacity, activity.community_id) == (director, 15, "150902001001")
    assert (activity.materials, activity.helpers_needed) == ("歌谱 15 份", 2)
    assert "歌谱 15 份" in client.get(response.url).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("title", ""), ("title", "\x00"), ("kind", "party"), ("art", ""), ("audience", "dogs")],
        *[
            ("capacity", "0"),
            ("capacity", "-1"),
            ("capacity", "99999"),
            ("times", "0"),
            ("times", "61"),
            ("times", "1"),
            ("every", "x"),
            ("only", "x"),
        ],
        *[("first_day", "0000-00-00"), ("first_day", "9999-12-31"), ("first_day", "0202-01-01")],
        *[("ends_at", "16:00"), ("ends_at", "25:00"), ("starts_at", ""), ("helper", "1"), ("venue", "x" * 101)],
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(client, field, value):
    response = client.post("/activities/plan/", plan(**{field: value}))
    assert response.status_code == 200
    assert Activity.objects.count() == 0
    assert response.context["form"].errors
    assert soup(response).find(attrs={"name": "purpose"}) is not None


def test_what_clashes_is_shown_before_anything_is_saved(client, club, director):
    at_once = {"starts_at": "09:30", "ends_at": "11:00"}
    page = soup(client.post("/activities/plan/", plan(venue=club.venue, **at_once))).main
    assert "is taken" in page.get_text()
    assert "also leads" in page.get_text()
    assert [box["value"] for box in page.select("[name=days][checked]")] == [str(today() + dt.timedelta(days=14))]
    refused = client.post("/activities/plan/", looked_at([today()], venue=club.venue, **at_once))
    assert "is taken" in soup(refused).get_text()
    assert Activity.objects.count() == 1


def test_days_can_be_left_out(client):
    kept = [today(), today() + dt.timedelta(days=14)]
    assert client.post("/activities/plan/", looked_at(kept)).status_code == 302
    assert list(Session.objects.values_list("day", flat=True)) == kept


@pytest.mark.parametrize("days", [[], ["2001-01-01"], ["x"], ["2026-99-99"], [""]])
def test_only_days_of_the_plan_can_be_kept(client, days):
    assert client.post("/activities/plan/", looked_at(days)).status_code == 200
    assert Activity.objects.count() == 0


def test_back_to_the_form_keeps_what_was_typed(client):
    page = soup(client.post("/activities/plan/", looked_at([today()], again="1")))
    assert page.find("input", {"name": "title"})["value"] == "合唱"
    assert page.find("input", {"name": "title"})["type"] == "text"
    assert Activity.objects.count() == 0


def test_a_plan_without_its_token_is_shown_again(client):
    response = client.post("/activities/plan/", looked_at([today()], once_token=""))
    assert response.status_code == 200
    assert Activity.objects.count() == 0


def test_a_move_onto_what_a_child_has_already_is_kept_only_when_seen(client, club, director, community, make_child):
    child = make_child(community, name="欧阳娜娜")
    other = make_activity(community, director, title="象棋", hours=(14, 15), leader=None)
    for each in (club, other):
        each.enrol(child, by=director)
    session = club.sessions.first()
    wanted = {"day": str(today()), "starts_at": "14:30", "ends_at": "15:30", "venue": "操场", "seen_version": 1}
    page = soup(client.post(f"/activities/session/{session.pk}/move/", wanted))
    assert "Enrolled in both: 欧阳娜娜 (象棋" in page.main.get_text()
    session.refresh_from_db()
    assert session.venue != "操场"
    wanted["seen"] = page.find("input", {"name": "seen"})["value"]
    assert client.post(f"/activities/session/{session.pk}/move/", wanted).status_code == 302
    assert soup(client.get(f"/activities/{club.pk}/enrol/")).select(".badge") == []


def test_a_child_busy_at_that_time_is_marked_in_the_search(client, club, director, community, make_child):
    child = make_child(community)
    make_activity(community, director, title="象棋", hours=(9, 10)).enrol(child, by=director)
    page = soup(client.get(f"/activities/{club.pk}/enrol/"))
    assert "at the same time 象棋" in " ".join(page.select_one("li.row").get_text().split())


def test_two_people_changing_one_activity(client, club, director):
    form = {**PLAN, "seen_version": club.version, "venue": club.venue, "title": "合唱团"}
    assert client.post(f"/activities/{club.pk}/change/", form).status_code == 302
    late = client.post(f"/activities/{club.pk}/change/", {**form, "title": "唱歌"})
    assert late.status_code == 200
    assert "合唱团" in late.content.decode()
    assert 'value="唱歌"' in late.content.decode()
    club.refresh_from_db()
    assert club.title == "合唱团"


def test_places_cannot_go_below_those_taken(client, club, director, community, make_child):
    for _n in range(3):
        club.enrol(make_child(community), by=director)
    form = {**PLAN, "seen_version": club.version, "venue": club.venue, "capacity": "2"}
    response = client.post(f"/activities/{club.pk}/change/", form)
    assert response.context["form"].errors["capacity"] == ["3 children are enrolled."]


def test_enrolling_from_the_search(client, club, community, make_child):
    child = make_child(community, name="欧阳娜娜")
    make_child(community, name="李强")
    page = soup(client.get(f"/activities/{club.pk}/enrol/?q=oyn"))
    names = [title.get_text() for title in page.select(".row-title")]
    assert names == ["欧阳娜娜"]
    for _again in range(2):
        assert client.post(f"/activities/{club.pk}/enrol/?q=oyn", {"child": child.pk}).status_code == 302
    assert list(club.enrolments.values_list("child", flat=True)) == [child.pk]
    assert soup(client.get(f"/activities/{club.pk}/enrol/?q=oyn")).select(".row-title") == []


def test_children_whose_hobby_fits_come_first(client, club, community, make_child):
    make_child(community, name="李强")
    make_child(community, name="陈小雨", hobbies=["music"])
    page = soup(client.get(f"/activities/{club.pk}/enrol/"))
    assert [title.get_text() for title in page.select(".row-title")] == ["陈小雨"]


def test_leaving_from_the_page(client, club, director, community, make_child):
    place = club.enrol(make_child(community), by=director)
    assert client.post(f"/activities/enrolment/{place.pk}/leave/").url == f"/activities/{club.pk}/"
    place.refresh_from_db()
    assert place.left_on == today()
    assert client.get(f"/activities/enrolment/{place.pk}/leave/").status_code == 405


def test_a_roll_call_without_javascript(client, club, director, community, make_child):
    session = club.sessions.first()
    children = [make_child(community) for _n in range(3)]
    for child in children:
        club.enrol(child, by=director)
    base = f"/activities/session/{session.pk}/roll/"
    response = client.post(base + "mark/", {"child": children[0].pk, "mark": "present"})
    assert response.url == f"{base}#child-{children[0].pk}"
    page = soup(client.get(base))
    assert page.find(id="roll-count").get_text(" ", strip=True) == "1 of 3 present · 2 not marked"
    pressed = page.find(id=f"child-{children[0].pk}").find("button", attrs={"aria-pressed": "true"})
    assert pressed["value"] == "unmarked"
    client.post(base + "mark/", {"child": children[0].pk, "mark": pressed["value"]})
    assert session.attendances.marked().count() == 0
    client.post(base + "everyone/")
    assert session.attendances.present().count() == 3


def test_a_tap_swaps_its_line_and_the_count(client, club, director, community, make_child):
    session = club.sessions.first()
    child = make_child(community)
    club.enrol(child, by=director)
    for _again in range(2):
        response = client.post(
            f"/activities/session/{session.pk}/roll/mark/",
            {"child": child.pk, "mark": "absent"},
            headers={"HX-Request": "true"},
        )
        piece = soup(response)
        assert piece.li["data-mark"] == "absent"
        assert piece.find(id="roll-count")["hx-swap-oob"] == "true"
        assert piece.find("html") is None
    assert session.attendances.count() == 1


def test_a_late_joiner_from_the_roll(client, club, community, make_child):
    session = club.sessions.first()
    child = make_child(community, name="欧阳娜娜")
    base = f"/activities/session/{session.pk}/roll/"
    assert "欧阳娜娜" in client.get(f"{base}?q=欧阳").content.decode()
    client.post(base + "late/", {"child": child.pk})
    assert soup(client.get(base)).find(id="roll-count").get_text(" ", strip=True) == "1 of 1 present"


def test_record_and_second_writer(client, club):
    session = club.sessions.first()
    address = f"/activities/session/{session.pk}/record/"
    form = {"record": "学唱新歌", "others_present": "2", "seen_version": session.version}
    assert client.post(address, form).status_code == 302
    late = client.post(address, {**form, "record": "别的"})
    assert late.status_code == 200
    session.refresh_from_db()
    assert session.record == "学唱新歌"
    assert "别的" in late.content.decode()
    assert client.post(address, {**form, "record": " ", "seen_version": 2}).status_code == 200


def test_moving_and_cancelling_from_the_pages(client, club):
    first, second = club.sessions.all()
    day = today() + dt.timedelta(days=3)
    form = {"day": day.isoformat(), "starts_at": "10:00", "ends_at": "11:00", "venue": "图书室", "seen_version": 1}
    assert client.post(f"/activities/session/{first.pk}/move/", form).status_code == 302
    first.refresh_from_db()
    assert (first.day, first.venue) == (day, "图书室")
    form["seen_version"] = first.version
    clash = {**form, "day": second.day.isoformat(), "starts_at": "09:30", "venue": second.venue}
    response = client.post(f"/activities/session/{first.pk}/move/", clash)
    assert "is taken" in soup(response).main.get_text()
    assert client.post(f"/activities/session/{first.pk}/cancel/", {"reason": ""}).status_code == 200
    assert client.post(f"/activities/session/{first.pk}/cancel/", {"reason": "下雨"}).status_code == 302
    first.refresh_from_db()
    assert first.cancel_reason == "下雨"
    assert "下雨" in client.get(f"/activities/session/{first.pk}/").content.decode()


def test_adding_a_session_from_the_page(client, club):
    form = {"day": today().isoformat(), "starts_at": "20:00", "ends_at": "21:00", "venue": "x"}
    form["once_token"] = str(uuid.uuid4())
    for _twice in range(2):
        assert client.post(f"/activities/{club.pk}/session/", form).status_code == 302
    assert club.sessions.count() == 3


def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "JPEG")
    return SimpleUploadedFile("p.jpg", out.getvalue(), "image/jpeg")


def test_a_picture_needs_the_word_that_consents_were_checked(
    client, club, director, stranger, signed_in, settings, tmp_path
):
    settings.PRIVATE_ROOT = tmp_path
    session = club.sessions.first()
    address = f"/activities/session/{session.pk}/picture/"
    token = {"once_token": str(uuid.uuid4())}
    assert client.post(address, {"picture-photo": picture(), **token}).status_code == 200
    assert SessionPhoto.objects.count() == 0
    fake = SimpleUploadedFile("p.jpg", b"<script>", "image/jpeg")
    form = {"picture-consents_checked": "on", "picture-caption": "合唱", **token}
    assert client.post(address, {**form, "picture-photo": fake}).status_code == 200
    assert client.post(address, {**form, "picture-photo": picture()}).status_code == 302
    photo = SessionPhoto.objects.get()
    assert (photo.vouched_by, photo.caption) == (director, "合唱")
    shown = soup(client.get(f"/activities/session/{session.pk}/")).find("img", alt="合唱")["src"]
    assert client.get(shown).status_code == 200
    assert signed_in(stranger).get(shown).status_code == 404


def test_a_picture_is_withheld_once_a_child_who_was_there_no_longer_agrees(
    client, club, director, supervisor, stranger, signed_in, settings, tmp_path, community, make_child
):
    settings.PRIVATE_ROOT = tmp_path
    session, child = club.sessions.first(), make_child(community)
    consent = consenting.give_consent(child, "photo", given_by="李红", on=today(), by=director)
    club.enrol(child, by=director)
    session.mark(child, "present", by=director)
    photo = SessionPhoto.add(session, picture(), caption="合唱", consents_checked=True, by=director)
    shown, address = f"/attachments/activities.sessionphoto/{photo.pk}/photo/", f"/activities/session/{session.pk}/"
    above = signed_in(supervisor)
    assert above.get(shown).status_code == 200
    consenting.withdraw_consent(consent, by=director)
    assert above.get(shown).status_code == 404
    assert shown not in above.get(address).content.decode()
    assert "a consent was withdrawn" in client.get(address).content.decode()
    again = f"/activities/picture/{photo.pk}/again/"
    assert signed_in(stranger).post(again, {"show": "yes"}).status_code == 404
    SessionPhoto.withhold(SessionPhoto.objects.all(), by=director)
    page = soup(client.get(address))
    assert f"No consent for photos: {child.name}" in page.find(id="pictures").figure.get_text()
    seen = page.find("input", {"name": "seen"})["value"]
    SessionPhoto.withhold(SessionPhoto.objects.all(), by=director)  # another guardian withdraws too
    refused = client.post(again, {"show": "yes", "seen": seen}, follow=True)
    assert "Another consent was withdrawn meanwhile" in refused.content.decode()
    assert above.get(shown).status_code == 404
    seen = soup(refused).find("input", {"name": "seen"})["value"]
    assert client.post(again, {"show": "yes", "seen": seen}).status_code == 302
    assert above.get(shown).status_code == 200
    SessionPhoto.withhold(SessionPhoto.objects.all(), by=director)
    assert client.post(again, {"remove": "yes"}).status_code == 302
    assert not SessionPhoto.objects.exists()


def test_the_sign_in_sheet_lists_the_roll_and_is_on_the_trail(client, club, director, community, make_child):
    session = club.sessions.first()
    club.enrol(make_child(community, name="<b>欧阳</b>"), by=director)
    page = client.get(f"/papers/sign_in_sheet/{session.pk}/")
    rows = soup(page).select("tbody tr")
    assert [row.get_text(" ", strip=True) for row in rows][1:] == ["2", "3", "4", "5", "6"]
    assert "&lt;b&gt;欧阳&lt;/b&gt;" in page.content.decode()
    assert TrailEntry.objects.about(session).filter(verb="printed sign_in_sheet").count() == 1


def test_the_childs_file_shows_what_it_attended(client, club, director, community, make_child, rf):
    from activities.file_sections import attendance

    child, other = make_child(community), make_child(community)
    session = club.sessions.first()
    for one in (child, other):
        session.join_late(one, by=director)
    club.enrolments.get(child=child).leave(by=director)
    request = rf.get("/")
    request.user = director
    _template, context = attendance(request, child)
    assert [(row["place"].activity, row["present"], row["marked"]) for row in context["places"]] == [(club, 1, 1)]
    assert [(mark.child, mark.mark) for mark in context["marks"]] == [(child, "present")]
    page = client.get(f"/children/{child.pk}/?tab=activities")
    assert page.status_code == 200
    assert "合唱" in page.content.decode()


def test_a_full_day_of_the_calendar_leads_to_its_own_page(client, director, community):
    first = today().replace(day=1)
    for n in range(6):
        make_activity(community, director, title=f"活动{n}", kind="club", art="music", first_day=first, venue=f"v{n}")
    page = soup(client.get(f"/activities/calendar/?month={first:%Y-%m}&kind=club"))
    assert len(page.select(".month .slot")) == 4
    more = page.select_one(".month a.more")
    assert (more.get_text(), more["href"]) == ("and 2 more", f"/activities/calendar/day/?day={first}&kind=club")
    page = soup(client.get(more["href"]))
    assert [row.get_text() for row in page.select(".row .row-link")] == [f"活动{n}" for n in range(6)]
    assert page.select_one("a.back")["href"] == f"/activities/calendar/?month={first:%Y-%m}&kind=club"


def test_lists_tell_coming_from_past(client, director, community):
    make_activity(community, director, title="昨天的", first_day=days_ago(1))
    make_activity(community, director, title="明天的", first_day=today() + dt.timedelta(days=1))
    titles = lambda address: [a.title for a in client.get(address).context["page"]]  # noqa: E731
    assert titles("/activities/") == ["明天的"]
    assert titles("/activities/?when=past") == ["昨天的"]
    assert titles("/activities/?kind=law") == []
    assert titles("/activities/?q=明天") == ["明天的"]


def test_every_session_and_mark_lies_in_its_activitys_community(club, director, community, make_child):
    club.sessions.first().join_late(make_child(community), by=director)
    assert {s.community_id for s in Session.objects.all()} == {club.community_id}
