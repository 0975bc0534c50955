"""A donation drive: asked for, what came in, what became of it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from gifts.models import Drive, Gift
from tests.children.pages import filled, soup, words
from tests.gifts.factories import a_gift, a_giver, a_thing, days_ago, money, today

pytestmark = pytest.mark.django_db


def a_drive(community, **details):
    facts = {"title": "冬季募捐", "purpose": "基本学习和生活费用", "target": Decimal(5000), **details}
    return Drive.objects.create(
        community=community, **{"starts_on": days_ago(10), "ends_on": today() + dt.timedelta(days=5), **facts}
    )


def test_a_drive_is_begun_and_its_gifts_add_up(signed_in, director):
    client = signed_in(director)
    url = reverse("gifts:new_drive")
    days = {"starts_on": str(days_ago(10)), "ends_on": str(today())}
    page = client.post(
        url, filled(client.get(url), title="冬季募捐", purpose="学习费用", target="5000", **days), follow=True
    )
    drive = Drive.objects.get()
    assert "冬季募捐" in words(page) and "No gift yet" in words(page)
    new = reverse("gifts:new") + f"?drive={drive.pk}"
    page = client.get(new)
    assert soup(page).find("option", {"value": str(drive.pk), "selected": True})
    typed = {"gift-purpose": "募捐", "gift-counter": "钱淑芬", "line0-kind": "money", "line0-quantity": "1200"}
    client.post(new, filled(page, **typed), follow=True)
    assert Gift.objects.get().drive == drive
    page = words(client.get(drive.get_absolute_url()))
    assert "1200 of 5000" in page
    assert "1,200" in words(client.get(reverse("gifts:drives")))


def test_what_lies_outside_its_days_is_refused(signed_in, director, community):
    drive = a_drive(community, ends_on=days_ago(1))
    client, new = signed_in(director), reverse("gifts:new")
    typed = {"gift-purpose": "募捐", "gift-counter": "钱淑芬", "line0-kind": "money", "line0-quantity": "1200"}
    page = client.post(new, filled(client.get(new), **typed, **{"gift-drive": drive.pk}))
    assert "outside the days of this drive" in words(page)
    url = reverse("gifts:change_drive", args=[drive.pk])
    page = client.post(url, filled(client.get(url), ends_on=str(days_ago(60))))
    assert "The last day lies before the first." in words(page)
    client.post(url, filled(client.get(url), ends_on=str(today())))
    assert Drive.objects.get().ends_on == today()


def test_result_on_paper(signed_in, director, community):
    drive = a_drive(community)
    a_gift(community, director, a_thing(quantity=2), money(100), giver=a_giver(community), drive=drive)
    a_gift(community, director, a_thing("别的", 1))
    paper = signed_in(director).get(reverse("paper", args=["drive_statement", drive.pk])).content.decode()
    assert "书包" in paper and "别的" not in paper and "220" in paper and "晨光文具店" not in paper


def test_only_ones_own_community_is_seen(signed_in, director, supervisor, stranger, federation, community):
    drive = a_drive(community)
    for user, seen in ((director, 200), (supervisor, 200), (stranger, 404), (federation, 404)):
        assert signed_in(user).get(drive.get_absolute_url()).status_code == seen
    assert signed_in(supervisor).get(reverse("gifts:new_drive")).status_code == 404
    assert "added up here" in words(signed_in(stranger).get(reverse("gifts:drives")))


@pytest.mark.parametrize("name", ["drives", "drive"])
def test_pages_ask_as_much_for_one_row_as_for_three(
    name, signed_in, director, community, django_assert_max_num_queries
):
    client, asked = signed_in(director), []
    drive = a_drive(community)
    url = drive.get_absolute_url() if name == "drive" else reverse("gifts:drives")
    a_gift(community, director, drive=drive)
    client.get(url)
    for number in (1, 3):
        for n in range(number):
            a_gift(community, director, giver=a_giver(community, f"店{number}{n}"), drive=a_drive(community))
            a_gift(community, director, giver=a_giver(community, f"铺{number}{n}"), drive=drive)
        with django_assert_max_num_queries(40) as queries:
            client.get(url)
        asked.append(len(queries))
    assert asked[0] == asked[1]
