"""A gap's need becomes a wish of the Home: shown, taken, fulfilled with what was handed over."""

import datetime as dt

import pytest
from django.urls import reverse

from gifts import giving
from homes.models import Repair
from premises.models import HomeWish
from records.lifecycle import Refused
from tests.children.pages import filled
from tests.gifts.factories import a_gift, a_giver, a_thing, today
from tests.homes.factories import standard_in_force, submitted_check

pytestmark = pytest.mark.django_db


@pytest.fixture
def repair(home, district, director, supervisor):
    standard_in_force(district)
    check = submitted_check(home, supervisor, but={"H02"})
    answer = check.answers.get(item__code="H02")
    due = today() + dt.timedelta(days=30)
    return Repair.plan(answer, what="装烟雾报警器", owner="王敏", due_on=due, need="烟雾报警器两个", by=director)


def handed(home, community, by, what="烟雾报警器"):
    line = a_gift(community, by, a_thing(what, 2)).lines.get()
    return giving.hand_out_to_home(line, home, quantity=2, on=today(), signed_by="王敏", by=by).entry


def test_from_gap_to_gift(repair, home, community, far_community, director):
    wish = HomeWish.show(repair, "儿童之家需要烟雾报警器两个", by=director)
    with pytest.raises(Refused, match="already"):
        HomeWish.show(repair, "再来", by=director)
    with pytest.raises(Refused, match="another community"):
        wish.take(a_giver(far_community), by=director)
    giver = a_giver(community)
    wish.take(giver, by=director)
    wish.give_back(why="买不到", by=director)
    assert (wish.status, wish.giver, wish.taken_on) == ("shown", None, None)
    wish.take(giver, by=director)
    entry = handed(home, community, director)
    assert list(wish.may_fulfil()) == [entry]
    wish.fulfil(entry, by=director)
    stored = HomeWish.objects.get()
    assert (stored.status, stored.entry, stored.giver) == ("fulfilled", entry, giver)
    assert Repair.objects.get().status == "open"  # a gift alone puts nothing right: that is reported and looked at


def test_what_was_taken_back_or_handed_to_a_child_fulfils_nothing(repair, home, community, director):
    wish = HomeWish.show(repair, "烟雾报警器", by=director)
    wish.take(a_giver(community), by=director)
    entry = handed(home, community, director)
    giving.take_back(entry.hand_out, why="记错了", by=director)
    with pytest.raises(Refused, match="Choose something"):
        wish.fulfil(entry, by=director)


def test_what_fulfils_a_wish_is_not_taken_back(repair, home, community, director):
    wish = HomeWish.show(repair, "烟雾报警器", by=director)
    wish.take(a_giver(community), by=director)
    entry = handed(home, community, director)
    wish.fulfil(entry, by=director)
    with pytest.raises(Refused):
        giving.take_back(entry.hand_out, why="记错了", by=director)


def test_a_settled_gap_wishes_for_nothing(repair, director, supervisor):
    repair.give_up(reason="不需要了", by=supervisor)
    with pytest.raises(Refused, match="settled"):
        HomeWish.show(repair, "烟雾报警器", by=director)


def test_from_the_page_of_the_repair_to_the_poster(repair, director, supervisor, federation, signed_in):
    client = signed_in(director)
    assert "Make it a wish" in client.get(repair.get_absolute_url()).content.decode()
    for user in (supervisor, federation):
        assert "Make it a wish" not in signed_in(user).get(repair.get_absolute_url()).content.decode()
        assert signed_in(user).post(reverse("premises:wish_new", args=[repair.pk])).status_code == 404
    url = reverse("premises:wish_new", args=[repair.pk])
    page = client.get(url)
    assert "烟雾报警器两个" in page.content.decode()
    answer = client.post(url, filled(page), follow=True)
    wish = HomeWish.objects.get()
    assert "Givers may read it now." in answer.content.decode()
    poster = client.get(reverse("paper", args=["home_wish_poster", wish.pk])).content.decode()
    assert "烟雾报警器两个" in poster and "王敏" not in poster
    wish.end(why="有了", by=director)
    assert client.get(reverse("paper", args=["home_wish_poster", wish.pk])).status_code == 403
    assert signed_in(federation).get(wish.get_absolute_url()).status_code == 404
