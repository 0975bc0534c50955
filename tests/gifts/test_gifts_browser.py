"""A gift from the giver to a signature and a statement, and a small wish, on a phone and in both languages."""

import pytest

from children.caring import note_wish
from children.consenting import give_consent
from gifts import giving, wishing
from gifts.models import GiftLine, HandOut, WishCard
from tests.children.factories import left_behind_child
from tests.gifts.factories import a_gift, a_giver, a_thing, food, money, today
from tests.gifts.test_drives import a_drive
from tests.homes.factories import make_home
from tests.journeys.on_a_phone import LANGUAGES, on_a_phone
from tests.journeys.page_checks import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=LANGUAGES)
def worker(request, chromium, live_server, monkeypatch, settings, director):
    kept = {"chromium": chromium, "live_server": live_server, "monkeypatch": monkeypatch, "settings": settings}
    with on_a_phone(director, request.param, **kept) as person:
        yield person
        assert person.faults == []


def fill(worker, **values):
    for name, value in values.items():
        worker.page.fill(f"[name={name.replace('__', '-')}]", value)


def rows_of(worker, first):
    """The cells of the table rows on this page that begin with `first`."""
    rows = worker.page.locator("table tbody tr").all()
    cells = [[cell.strip() for cell in row.locator("td").all_inner_texts()] for row in rows]
    return [one for one in cells if one and one[0] == first]


def test_from_the_giver_to_the_statement(worker, community, director):
    child = left_behind_child(community, name="陈小雨")
    make_home(community)
    worker.open("/gifts/new/")
    fill(worker, gift__new_name="晨光文具店", gift__purpose="开学用品", gift__handler="王敏", gift__counter="钱淑芬")
    fill(worker, line0__what="书包", line0__quantity="20", line0__unit="个", line0__unit_price="60")
    worker.press("Another thing of the same giver")
    worker.page.select_option("[name=line1-kind]", "money")
    fill(worker, line1__quantity="500")
    worker.press("Note the gift")
    worker.reads("The gift is noted. Print the receipt and have both people sign it.")
    worker.follow("Print the receipt")
    worth = {"zh-hans": "1200", "en": "1,200"}[worker.language]
    assert rows_of(worker, "书包") == [["书包", "20 个", "60", worth, ""]]
    assert "王敏" in worker.text() and "钱淑芬" in worker.text()

    bags = GiftLine.objects.get(what="书包")
    worker.open("/gifts/stock/")
    worker.follow("书包")
    worker.follow("Give to children or families")
    worker.page.locator(f"input[name=child][value='{child.pk}']").check(force=True)
    assert worker.page.input_value(f"[name=signed-{child.pk}]") == "王秀英"
    fill(worker, quantity="2")
    worker.press("Note as given out")
    worker.reads("Given out, and noted in the ledger.")
    assert HandOut.objects.get().child == child

    worker.open(bags.gift.giver.get_absolute_url())
    worker.follow("Print the statement for the giver")
    # what came in, to children, to families, to the Home, written off, still there
    assert rows_of(worker, "书包") == [["书包", "开学用品", "20 个", "2", "0", "0", "0", "18"]]
    said = worker.text()
    assert child.name not in said and "王秀英" not in said


def test_a_small_wish_is_shown_without_the_child(worker, community, director):
    child = left_behind_child(community, name="陈小雨", school="第一小学")
    give_consent(child, "publicity", given_by="王秀英", on=today(), by=director)
    note_wish(child, text="想要一个书包", by=director)
    worker.open("/gifts/wishes/?show=open")
    worker.page.get_by_role("link", name=worker.say("Write the card")).click()
    worker.press("Save")
    worker.press("I have read it: show it to givers")
    assert WishCard.objects.get().status == "shown"
    worker.open("/gifts/wishes/")
    worker.follow("Print the wishes as a poster")
    assert "想要一个书包" in worker.text()
    assert not any(told in worker.text() for told in (child.name, child.number, "第一小学"))


def test_every_page_fits_a_phone_and_speaks_one_language(worker, community, director):
    child, drive = left_behind_child(community, name="陈小雨"), a_drive(community)
    make_home(community)
    gift = a_gift(community, director, a_thing(), money(500), food(), giver=a_giver(community), drive=drive)
    line = gift.lines.first()
    empty = [faults_of_now(worker, page) for page in ("wishes/", "wishes/?show=open")]
    made = giving.hand_out_to_children(line, [(child, "王秀英")], to="child", quantity=1, on=today(), by=director)
    card = wishing.write_card(note_wish(child, text="想要一个书包", by=director), "想要一个书包", by=director)
    pages = ["", "new/", f"{gift.pk}/", "stock/", f"stock/{line.pk}/", f"stock/{line.pk}/give/", "ledger/"]
    pages += [f"handed-out/{made[0].pk}/", "wishes/", f"wishes/{card.pk}/", f"wishes/{card.pk}/words/", "drives/"]
    pages += [f"drives/{drive.pk}/", "drives/new/", "givers/", f"givers/{gift.giver_id}/", "givers/new/"]
    found = {page: faults_of_now(worker, page) for page in pages}
    assert {page: faults for page, faults in found.items() if faults} == {}
    assert empty == [[], []]


def faults_of_now(worker, page):
    return faults_of(worker, worker.open(f"/gifts/{page}"))
