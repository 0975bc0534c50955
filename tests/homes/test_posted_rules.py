"""The rules that hang in a Home: kept, printed as posters, read by whoever scans the code on its door."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from homes.models import PostedRule
from homes.models.opening import set_hours
from homes.models.posted_rule import post_rules
from records.lifecycle import Refused
from records.trail import TrailEntry
from tests.children.pages import soup, words
from tests.homes.factories import make_home, managed

pytestmark = pytest.mark.django_db
TEXTS = {"study": "先写作业\n轻声说话", "activity": "", "management": "免费开放", "safety": "不碰插座"}


@pytest.fixture
def home(community, director):
    home = make_home(community)
    managed(home, director)
    return home


def rules_url(home):
    return reverse("homes:rules", args=[home.pk])


def drawn(client, home):
    """The hidden fields of the page, as its form sends them back."""
    fields = soup(client.get(rules_url(home))).select("form[method=post] input[type=hidden]")
    return {field["name"]: field.get("value", "") for field in fields}


def send(client, home, texts):
    return client.post(rules_url(home), {**drawn(client, home), **texts})


def test_usual_rules_are_offered_and_nothing_hangs_before_they_are_kept(home, director, signed_in, client):
    page = soup(signed_in(director).get(rules_url(home)))
    assert "先" in page.select_one("[name=study]").text
    assert not PostedRule.objects.exists()
    assert soup(client.get(reverse("homes:notice", args=[home.community_id]))).select("ol") == []


def test_what_is_kept_hangs_and_an_empty_one_does_not(home, director, signed_in):
    client = signed_in(director)
    assert send(client, home, TEXTS)["Location"] == home.get_absolute_url()
    assert list(home.rules.hanging().values_list("kind", flat=True)) == ["study", "management", "safety"]
    assert soup(client.get(rules_url(home))).select_one("[name=activity]").text.strip() == ""
    posters = soup(client.get(reverse("paper", args=["home_rules", home.pk])))
    assert [poster.h1.text for poster in posters.select("article")] == [
        "Rules for study",
        "Rules of the Home",
        "Rules for safety",
    ]
    assert [line.text for line in posters.select_one("article").select("li")] == ["先写作业", "轻声说话"]
    send(client, home, {**TEXTS, "study": ""})
    assert list(home.rules.hanging().values_list("kind", flat=True)) == ["management", "safety"]
    assert TrailEntry.objects.about(home).filter(verb="posted the rules").count() == 2


def test_nobody_overwrites_a_colleague_unseen(home, director, supervisor, signed_in):
    post_rules(home, TEXTS, by=director)
    first, second = signed_in(director), signed_in(supervisor)
    old = drawn(second, home)
    send(first, home, {**TEXTS, "safety": "不玩火"})
    assert second.post(rules_url(home), {**old, **TEXTS, "study": "安静"}).status_code == 302
    assert dict(home.rules.values_list("kind", "text"))["safety"] == "不玩火"
    again = {**old, "once_token": drawn(second, home)["once_token"]}
    refused = second.post(rules_url(home), {**again, **TEXTS, "safety": "x"})
    assert "meanwhile" in words(refused)
    assert dict(home.rules.values_list("kind", "text"))["safety"] == "不玩火"


def test_everybody_reads_hours_and_rules_and_no_name(home, director, client):
    set_hours(home, {0: (dt.time(16), dt.time(18, 30))}, by=director)
    post_rules(home, TEXTS, by=director)
    page = words(client.get(reverse("homes:notice", args=[home.community_id])))
    assert "Monday" in page and "16:00–18:30" in page and "先写作业" in page and "Free of charge" in page
    assert "王丽" not in page and "6112345678" not in page


def test_the_code_at_the_door_leads_to_the_page_for_everybody(home, director, signed_in):
    set_hours(home, {5: (dt.time(9), dt.time(11, 30))}, by=director)
    sheet = signed_in(director).get(reverse("paper", args=["home_notice", home.pk]))
    assert "<svg" in sheet.content.decode()
    assert "09:00–11:30" in words(sheet)
    assert "王丽" not in words(sheet)


def test_a_closed_home_has_no_page_and_takes_no_rules(home, director, supervisor, client):
    post_rules(home, TEXTS, by=director)
    home.close(by=supervisor, on=timezone.localdate())
    closed, none = (client.get(reverse("homes:notice", args=[code])) for code in (home.community_id, "999999"))
    assert closed.status_code == none.status_code == 404
    with pytest.raises(Refused, match="closed"):
        post_rules(home, TEXTS, by=director)


def test_only_the_own_community_and_those_above_write_rules(home, supervisor, federation, stranger, signed_in):
    asked = {user.username: signed_in(user).get(rules_url(home)).status_code for user in
             (supervisor, federation, stranger)}  # fmt: skip
    assert asked == {supervisor.username: 200, federation.username: 404, stranger.username: 404}


def test_the_public_page_is_throttled(home, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "public_look": "2/m/ip"}
    address = reverse("homes:notice", args=[home.community_id])
    assert [client.get(address).status_code for _time in range(3)] == [200, 200, 429]
