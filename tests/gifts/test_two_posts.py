"""A person with two posts gives out and changes where the post there allows it, and elsewhere only looks."""

import pytest
from django.urls import reverse

from children.caring import note_wish
from gifts import wishing
from gifts.models import Drive
from tests.children.factories import left_behind_child
from tests.children.pages import soup
from tests.gifts.factories import a_gift, a_giver, today
from tests.gifts.test_wishes import handed

pytestmark = pytest.mark.django_db


def pages_of(place, by):
    """A thing, what was handed out, a card, a giver and a drive of this community: their pages."""
    child = left_behind_child(place, name=f"{place.name[:2]}小雨", school="第一小学")
    given = handed(child, by)
    wish = note_wish(child, text="想要一个书包", by=by)
    card = wishing.write_card(wish, "想要一个书包", by=by)
    giver = a_giver(place)
    thing = a_gift(place, by, giver=giver).lines.get()
    drive = Drive.objects.create(community=place, title="冬衣募集", purpose="过冬", starts_on=today(), ends_on=today())
    return [row.get_absolute_url() for row in (thing, given, card, giver, drive)]


def acts_on(page):
    """Forms and buttons in the page's own part that change something."""
    main = soup(page).find("main")
    changing = [form["action"] for form in main.find_all("form") if form.get("method") == "post"]
    return changing + [a["href"] for a in main.select("a.button") if "/change/" in a["href"] or "/new/" in a["href"]]


def test_acts_stand_where_the_post_allows_them(two_posts, director, make_user, community, far_community):
    worker = make_user("community_worker", far_community, "stranger")
    for here, there in zip(pages_of(community, director), pages_of(far_community, worker), strict=True):
        own, other = two_posts.get(here), two_posts.get(there)
        assert (own.status_code, other.status_code) == (200, 200)
        assert acts_on(own) != [], here
        assert acts_on(other) == [], there


def test_things_are_given_out_and_cards_written_from_the_list_in_the_own_community(
    two_posts, director, make_user, community, far_community
):
    worker = make_user("community_worker", far_community, "stranger")
    lines, wishes = {}, {}
    for place, by in ((community, director), (far_community, worker)):
        lines[place] = a_gift(place, by).lines.get()
        wishes[place] = note_wish(left_behind_child(place, name="陈小雨"), text="想要书包", by=by)
    stock, listed = two_posts.get(reverse("gifts:stock")), two_posts.get(reverse("gifts:wishes") + "?show=open")
    for place, may in ((community, True), (far_community, False)):
        assert (reverse("gifts:give", args=[lines[place].pk]) in stock.content.decode()) is may
        assert (reverse("gifts:write", args=[wishes[place].pk]) in listed.content.decode()) is may
