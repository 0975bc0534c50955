"""The pages of a Home: who may open them, what they cost, what they show of whom."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from communities.models import Posting
from premises.models import Asset, AssetCount, AssetRequest, Booking, DutyHolder, HomeDayLog, Loan
from records import exports
from records.trail import TrailEntry
from records.workbooks import write
from tests.children.factories import a_child
from tests.children.pages import filled, soup
from tests.premises.factories import WEDNESDAY, T, a_piece, asked_for, pieces, statuses
from tests.volunteers.factories import a_helper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
TOMORROW = WEDNESDAY + dt.timedelta(days=1)


def token(client, url):
    return {"once_token": soup(client.get(url)).main.find("input", {"name": "once_token"})["value"]}


def forms_of(client, url):
    """{address: index} of the forms of a page that are sent."""
    return {form.get("action"): n for n, form in enumerate(soup(client.get(url)).main.find_all("form"))}


def send(client, page, act, **typed):
    """Send the form of `page` that leads to `act`."""
    index = forms_of(client, page)[act]
    return client.post(act, filled(client.get(page), form_index=index, **typed), follow=True)


def test_from_asking_to_a_label_by_the_pages(home, director, supervisor, signed_in):
    staff, above = signed_in(director), signed_in(supervisor)
    ask = reverse("premises:ask", args=[home.pk])
    answer = staff.post(ask, filled(staff.get(ask), kind="furniture", name="书桌", quantity="0", reason="人多"))
    assert "书桌" in answer.content.decode() and not AssetRequest.objects.exists()
    staff.post(ask, filled(staff.get(ask), kind="furniture", name="书桌", quantity="2", reason="人多"))
    asked = AssetRequest.objects.get()
    url = asked.get_absolute_url()
    assert "somebody else decides" not in staff.get(url).content.decode()  # the Home's people never decide
    approve = reverse("premises:request_approve", args=[asked.pk])
    assert staff.post(approve, token(above, url)).status_code == 404
    refuse = reverse("premises:request_refuse", args=[asked.pk])
    page = above.post(refuse, {**token(above, url), "remark": ""}, follow=True).content.decode()
    assert "Say why it is refused." in page
    above.post(approve, {**token(above, url), "remark": "同意"})
    bought = reverse("premises:bought", args=[asked.pk])
    page = send(staff, url, bought, pieces="2", place="窗边").content.decode()
    assert "Checked in." in page
    assert statuses(home) == {1: "in_use", 2: "in_use"}
    keys = ",".join(str(one.pk) for one in Asset.objects.all())
    sheet = staff.get(reverse("papers", args=["asset_labels"]), {"keys": keys})
    assert soup(sheet).find_all("svg") and sheet.content.decode().count("书桌") == 2
    assert f"{home.pk}-0001" in sheet.content.decode()


def test_the_code_of_a_label_needs_signing_in(home, director, client, stranger, signed_in):
    piece = a_piece(home, director)
    answer = client.get(piece.get_absolute_url())
    assert answer.status_code == 302 and answer.url.startswith("/login/")
    assert signed_in(stranger).get(piece.get_absolute_url()).status_code == 404
    assert signed_in(director).get(piece.get_absolute_url()).status_code == 200


def test_a_person_of_two_posts_acts_only_where_the_post_lets(home, far_home, director, stranger, far_street, signed_in):
    """Worker here, street officer over there: decides there and not here, keeps books here and not there."""
    Posting.objects.create(user=director, division=far_street, role="street_officer", starts_on=dt.date(2020, 1, 1))
    mine, theirs = asked_for(home, stranger), asked_for(far_home, stranger)
    client = signed_in(director)
    for asked, status in ((mine, 404), (theirs, 302)):
        data = token(client, theirs.get_absolute_url())
        assert client.post(reverse("premises:request_approve", args=[asked.pk]), data).status_code == status
    approve = reverse("premises:request_approve", args=[mine.pk])
    assert approve not in client.get(mine.get_absolute_url()).content.decode()
    for one, status in ((home, 200), (far_home, 404)):
        for name in ("ask", "check_in", "count"):
            assert client.get(reverse(f"premises:{name}", args=[one.pk])).status_code == status, name
    far_piece = a_piece(far_home, stranger)
    page = client.get(far_piece.get_absolute_url()).content.decode()
    assert "Note it" not in page and "Change the entry" not in page


def test_a_count_is_entered_and_what_was_typed_stays(home, director, signed_in):
    one, two = pieces(home, director, number=2)
    client, url = signed_in(director), reverse("premises:count", args=[home.pk])
    sheet = client.get(reverse("paper", args=["asset_count_sheet", home.pk])).content.decode()
    assert sheet.count("小王子") == 2
    typed = filled(client.get(url), handler="王敏", counter="钱淑芬", differs=str(one.pk))
    answer = client.post(url, typed)
    page = answer.content.decode()
    assert "Say how the difference is explained." in page and "钱淑芬" in page
    assert soup(answer).find("input", {"name": "differs", "value": str(one.pk)}).has_attr("checked")
    assert not soup(answer).find("input", {"name": "differs", "value": str(two.pk)}).has_attr("checked")
    answer = client.post(url, {**typed, f"why-{one.pk}": "丢了", "counter": "王敏"})
    assert "Two different people" in answer.content.decode() and "丢了" in answer.content.decode()
    client.post(url, {**typed, f"why-{one.pk}": "丢了"})
    count = AssetCount.objects.get()
    assert (count.expected, count.there, statuses(home)) == (2, 1, {1: "missing", 2: "in_use"})
    assert "丢了" in client.get(count.get_absolute_url()).content.decode()


def test_a_count_drawn_before_a_change_is_looked_at_again(home, director, signed_in):
    one, _two = pieces(home, director, number=2)
    client, url = signed_in(director), reverse("premises:count", args=[home.pk])
    typed = filled(client.get(url), handler="王敏", counter="钱淑芬")
    one.turn("broken", by=director)
    assert "changed meanwhile" in client.post(url, typed).content.decode()
    assert not AssetCount.objects.exists()


def test_the_workbook_holds_what_is_on_screen_and_nothing_of_elsewhere(home, far_home, director, stranger, rf):
    a_piece(home, director, name="=1+1"), a_piece(home, director, kind="sport", name="足球")
    a_piece(far_home, stranger, name="别处的")
    request = rf.get("/")
    request.user = director

    def rows(params):
        target, _written = write(exports.get("asset_register").sheet(request, params))
        return CalamineWorkbook.from_filelike(io.BytesIO(target.read())).get_sheet_by_index(0).to_python()

    text = str(rows(""))
    assert "=1+1" in text and "足球" in text and "别处的" not in text
    assert len(rows("")) - len(rows("kind=sport")) == 1
    assert len(rows("")) == len(rows("status=x&kind=y&home=zz"))


@pytest.mark.parametrize("text", ["小王子", "0001", "{home}-0001", "阅读"])
def test_a_piece_is_found_by_name_number_and_place(home, director, signed_in, text):
    a_piece(home, director, place="阅读角"), a_piece(home, director, name="别的", place="门口")
    page = signed_in(director).get(reverse("premises:assets"), {"q": text.format(home=home.pk)}).content.decode()
    assert "小王子" in page and "别的" not in page


def test_booking_by_the_pages_and_the_look_is_on_the_trail(home, community, director, signed_in):
    computer, child = a_piece(home, director, kind="computer", name="电脑"), a_child(community, name="欧阳小禾")
    client, day = signed_in(director), {"day": str(TOMORROW), "at": "16:00"}
    calls = reverse("premises:calls")
    assert (
        f"{reverse('premises:book', args=[computer.pk])}?day={TOMORROW}&amp;at=16:00"
        in client.get(calls, {"day": str(TOMORROW)}).content.decode()
    )
    book = reverse("premises:book", args=[computer.pk])
    page = client.get(book, {**day, "q": "欧阳"})
    assert "欧阳小禾" in page.content.decode()
    data = {**day, "child": child.pk, "once_token": soup(page).main.find("input", {"name": "once_token"})["value"]}
    assert "Booked." in client.post(book, data, follow=True).content.decode()
    booking = Booking.objects.get()
    assert (booking.child, booking.starts_at) == (child, T(16))
    TrailEntry.objects.filter(verb="read").count()
    before = TrailEntry.objects.about(child).filter(verb="read").count()
    assert "欧阳小禾" in client.get(calls, {"day": str(TOMORROW)}).content.decode()
    assert TrailEntry.objects.about(child).filter(verb="read").count() == before + 1
    client.post(reverse("premises:call_give_back", args=[booking.pk]), token(client, calls + f"?day={TOMORROW}"))
    booking.refresh_from_db()
    assert booking.status == "given_back"


def test_lending_by_the_label_and_back(home, community, director, signed_in):
    book, child = a_piece(home, director), a_child(community, name="欧阳小禾")
    client, lend = signed_in(director), reverse("premises:lend", args=[book.pk])
    assert lend in client.get(book.get_absolute_url()).content.decode()
    page = client.get(lend, {"q": "欧阳"})
    data = filled(page, due_on="9999-01-01", child=str(child.pk))
    answer = client.post(f"{lend}?q=欧阳", data)
    assert "within 1 years" in answer.content.decode() and "欧阳小禾" in answer.content.decode()
    client.post(lend, {**data, "due_on": str(TOMORROW)})
    loan = Loan.objects.get()
    loans = reverse("premises:loans")
    assert "欧阳小禾" in client.get(loans).content.decode()
    client.post(reverse("premises:loan_back", args=[loan.pk]), token(client, loans))
    loan.refresh_from_db()
    assert loan.status == "back" and "欧阳小禾" not in client.get(loans).content.decode()


def test_one_tap_for_each_child_with_and_without_scripts(home, community, director, signed_in):
    regular, new = a_child(community, name="陈小雨"), a_child(community, name="欧阳小禾")
    yesterday = HomeDayLog.objects.create(
        home=home, community=community, day=WEDNESDAY - dt.timedelta(days=1), began_by=director
    )
    yesterday.tap(regular, came=True, by=director)
    yesterday.end(guests=0, by=director)
    client = signed_in(director)
    answer = client.post(reverse("premises:begin", args=[home.pk]), follow=True)
    log = HomeDayLog.objects.get(day=WEDNESDAY)
    page = answer.content.decode()
    assert "陈小雨" in page and "欧阳小禾" not in page
    url, tap = reverse("premises:day", args=[log.pk]), reverse("premises:tap", args=[log.pk])
    answer = client.post(tap, {"child": regular.pk, "mark": "came"}, headers={"HX-Request": "true"})
    assert "<strong>1</strong>" in answer.content.decode() and "<html" not in answer.content.decode()
    assert "欧阳小禾" in client.get(url, {"q": "欧阳"}).content.decode()
    client.post(tap, {"child": new.pk, "mark": "came"})
    client.post(tap, {"child": regular.pk, "mark": "no"})
    assert list(log.visits.came().values_list("child", flat=True)) == [new.pk]
    about = [link["href"] for link in soup(client.get(url)).select(".concern-about a")]
    step = lambda child: reverse("children:raise_concern", args=[child.pk]) + f"?next={url}"  # noqa: E731
    assert sorted(about) == sorted([step(regular), step(new)])
    end = reverse("premises:day_end", args=[log.pk])
    answer = send(client, url, end, guests="-1")
    assert "greater than or equal to 0" in answer.content.decode()
    send(client, url, end, guests="2")
    log.refresh_from_db()
    assert (log.came, log.guests) == (1, 2)


def test_no_child_is_shown_to_those_who_may_not_see_it(
    home, community, director, supervisor, federation, administrator, counsellor, stranger, signed_in
):
    child = a_child(community, name="欧阳小禾")
    computer, book = a_piece(home, director, kind="computer"), a_piece(home, director)
    Booking.book(computer, child, day=WEDNESDAY, starts_at=T(16), by=director)
    Loan.lend(book, child, due_on=TOMORROW, by=director)
    log = HomeDayLog.begin(home, by=director)
    log.tap(child, came=True, by=director)
    pages = [reverse("premises:calls"), reverse("premises:loans"), reverse("premises:day", args=[log.pk])]
    for user in (director, supervisor):
        assert all("欧阳小禾" in signed_in(user).get(url).content.decode() for url in pages), user
    for user in (federation, administrator, counsellor):
        assert [signed_in(user).get(url).status_code for url in pages] == [404] * 3, user
    assert all("欧阳小禾" not in signed_in(stranger).get(url).content.decode() for url in pages)
    assert signed_in(federation).get(home.get_absolute_url()).status_code == 200
    assert "Asset register" not in signed_in(federation).get(home.get_absolute_url()).content.decode()
    assert "欧阳小禾" not in signed_in(director).get(book.get_absolute_url()).content.decode()


def test_closing_by_the_page_tells_what_came_of_it(home, community, director, supervisor, signed_in):
    computer, child = a_piece(home, director, kind="computer"), a_child(community, name="欧阳小禾")
    booking = Booking.book(computer, child, day=TOMORROW, starts_at=T(16), by=director)
    client, url = signed_in(director), reverse("premises:closures", args=[home.pk])
    page = client.post(
        url, filled(client.get(url), first_day=str(TOMORROW), last_day=str(TOMORROW), reason="repair"), follow=True
    ).content.decode()
    assert "Calls called off: 1." in page and "Tell the families" in page
    tell = reverse("premises:to_tell")
    assert "欧阳小禾" in client.get(tell).content.decode()
    client.post(reverse("premises:told", args=[booking.pk]), token(client, tell))
    assert "欧阳小禾" not in client.get(tell).content.decode()
    above = signed_in(supervisor)
    assert above.get(tell).status_code == 404
    assert tell not in above.get(reverse("premises:calls")).content.decode()


@pytest.mark.parametrize("junk", ["x", "0", "9" * 30, "-1", "9999-12-31"])
def test_junk_in_addresses_shows_the_page(home, director, signed_in, junk):
    client = signed_in(director)
    for name in ("assets", "calls", "loans", "visits", "requests", "plans", "wishes"):
        query = {"home": junk, "day": junk, "show": junk, "page": junk, "kind": junk, "q": junk}
        assert client.get(reverse(f"premises:{name}"), query).status_code == 200, name
    computer = a_piece(home, director, kind="computer")
    assert client.get(reverse("premises:book", args=[computer.pk]), {"day": junk, "at": junk}).status_code == 200
    sent = {"child": junk, "day": junk, "at": junk}
    assert client.post(reverse("premises:book", args=[computer.pk]), sent).status_code == 404


def cost(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_every_page_costs_the_same_with_one_row_and_with_three(home, community, director, supervisor, signed_in):
    client, above = signed_in(director), signed_in(supervisor)

    def one_more(number):
        computer, book = a_piece(home, director, kind="computer"), a_piece(home, director)
        child = a_child(community)
        Booking.book(computer, child, day=WEDNESDAY, starts_at=T(16), by=director)
        Booking.book(computer, a_child(community), day=TOMORROW, starts_at=T(17), by=director).call_off(by=director)
        Loan.lend(book, child, due_on=TOMORROW, by=director)
        log = HomeDayLog.begin(home, by=director)
        log.tap(child, came=True, by=director)
        asked_for(home, director)
        DutyHolder.name_for(
            home, position="duty", helper=a_helper(community, director), since=WEDNESDAY, by=director
        ).note_training(what="fire", done_on=WEDNESDAY, by=director)
        DutyHolder.name_for(home, position="duty", name=f"王敏{number}", since=WEDNESDAY, by=director)
        return log

    log = one_more(0)
    count = reverse("premises:count", args=[home.pk])
    pages = [reverse(f"premises:{name}") for name in ("assets", "requests", "calls", "loans", "visits", "to_tell")]
    pages += [reverse("premises:day", args=[log.pk]), count, home.get_absolute_url()]
    pages += [reverse(f"premises:{name}", args=[home.pk]) for name in ("holders", "closures")]
    own = (count, reverse("premises:to_tell"))  # of those who work in the community
    before = {url: (cost(client, url), 0 if url in own else cost(above, url)) for url in pages}
    one_more(1), one_more(2)
    after = {url: (cost(client, url), 0 if url in own else cost(above, url)) for url in pages}
    assert after == before
