"""What was published: by year, with its reach, and good examples only as long as the guardian agrees."""

import uuid

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import PublicityItem
from children import consenting, erasing, transfer
from children.merging import merge
from children.models import Consent
from records import measures
from records.attachments import Attachment, owner_attachment_url
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from tests.activities.factories import days_ago, picture_bytes, today
from tests.children.factories import left_behind_child, offered

LIST, NEW = "/activities/publicity/", "/activities/publicity/new/"


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


@pytest.fixture
def child(community, director):
    child = left_behind_child(community, name="欧阳小月")
    consenting.give_consent(child, Consent.Purpose.PUBLICITY, given_by="奶奶", on=today(), by=director)
    return child


def an_item(community, by, **details):
    facts = {"title": "宣传栏", "channel": "poster", "made_on": today(), "reach": 30, **details}
    item = PublicityItem(community=community, **facts)
    item.publish(uploaded=facts.pop("uploaded", None), by=by)
    return item


@pytest.fixture
def example(child, community, director):
    item = an_item(community, director, title="读书小标兵", example_of=child)
    item.publish(uploaded=SimpleUploadedFile("p.jpg", picture_bytes(), "image/jpeg"), by=director)
    return item


def form(**changes):
    facts = {"title": "折页", "channel": "leaflet", "made_on": today().isoformat(), "reach": "120", "place": "入户"}
    return {**facts, "once_token": str(uuid.uuid4()), **changes}


def withdraw(child, by):
    consenting.withdraw_consent(child.consents.in_force().get(purpose="publicity"), by=by)


def gap(community):
    return measures.get("examples_to_take_down").count(Scope.of(community.pk), Period.day(today()))


def test_noting_what_was_published(client, child, director):
    sent = form(example_of=child.pk, uploaded=SimpleUploadedFile("p.jpg", picture_bytes(), "image/jpeg"))
    assert client.post(NEW, sent).context["form"].errors["consents_checked"]
    sent |= {"consents_checked": "on", "uploaded": SimpleUploadedFile("p.jpg", picture_bytes(), "image/jpeg")}
    for _twice in range(2):
        assert client.post(NEW, sent).status_code == 302
    item = PublicityItem.objects.get()
    assert (item.reach, item.example_of, item.noted_by, item.community_id) == (120, child, director, child.community_id)
    assert client.get(owner_attachment_url(item, "picture")).status_code == 200
    assert "欧阳小月" in client.get(item.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("channel", "x"), ("made_on", "0001-01-01"), ("reach", "-1"), ("reach", "99999999999")],
)
def test_what_is_wrong_comes_back(field, value, client):
    answer = client.post(NEW, form(**{field: value}))
    assert answer.context["form"].errors[field]
    assert not PublicityItem.objects.exists()


def test_a_day_ahead_is_refused_in_words(client):
    answer = client.post(NEW, form(made_on=days_ago(-2).isoformat()))
    assert "the day lies ahead" in answer.content.decode()


def test_only_children_who_agreed_are_offered(client, child, community, far_community, director):
    others = [left_behind_child(community), left_behind_child(far_community)]
    options = BeautifulSoup(client.get(NEW).content, "html.parser").select("select[name=example_of] option")
    assert [option["value"] for option in options] == ["", str(child.pk)]
    for other in others:
        assert client.post(NEW, form(example_of=other.pk)).context["form"].errors["example_of"]
        with pytest.raises(Refused, match="no consent to publicity"):
            an_item(community, director, example_of=other)


def test_a_consent_withdrawn_counts_at_once(example, child, community, director, supervisor, client, signed_in):
    above, shown = signed_in(supervisor), owner_attachment_url(example, "picture")
    assert above.get(shown).status_code == 200
    withdraw(child, director)
    assert above.get(shown).status_code == above.get(example.get_absolute_url()).status_code == 404
    assert "读书小标兵" not in above.get(LIST).content.decode()
    assert "读书小标兵" not in client.get(f"/papers/publicity/{community.pk}/").content.decode()
    assert "To be taken down" in client.get(LIST).content.decode()
    assert gap(community) == 1
    client.post(f"{LIST}{example.pk}/down/", {"once_token": str(uuid.uuid4())})
    example.refresh_from_db()
    assert (example.taken_down_on, example.picture, gap(community)) == (today(), None, 0)
    assert not Attachment.objects.exists()
    with pytest.raises(Refused, match="already"):
        example.take_down(by=director)


def test_a_change_keeps_the_child_and_asks_again(example, child, client, director):
    sent = form(title="读书标兵", seen_version=example.version)
    address = f"{LIST}{example.pk}/change/"
    assert client.post(address, sent).status_code == 302
    example.refresh_from_db()
    assert (example.title, example.example_of) == ("读书标兵", child)
    withdraw(child, director)
    answer = client.post(address, {**form(title="第三版"), "seen_version": example.version})
    assert "no consent to publicity" in answer.content.decode()


def test_what_is_taken_down_is_changed_no_more(example, client, director):
    sent = form(title="读书标兵", seen_version=example.version)
    example.take_down(by=director)
    example.refresh_from_db()
    answer = client.post(f"{LIST}{example.pk}/change/", {**sent, "seen_version": example.version})
    assert "already been taken down" in answer.content.decode()
    assert PublicityItem.objects.get().title == "读书小标兵"


def test_an_example_told_elsewhere_stays_there_when_two_files_become_one(community, far_community, stranger, director):
    kept, gone = left_behind_child(community), left_behind_child(far_community)
    consenting.give_consent(gone, "publicity", given_by="奶奶", on=today(), by=stranger)
    item = an_item(far_community, stranger, example_of=gone)
    merge(kept, gone, by=director)
    item.refresh_from_db()
    assert (item.example_of, item.community_id) == (kept, far_community.pk)


def test_sums_are_those_of_the_list(example, child, community, director, client):
    an_item(community, director, reach=5)
    withdraw(child, director)
    page = client.get(LIST)
    assert (page.context["items"], page.context["people"], len(page.context["page"])) == (1, 5, 1)


def test_a_child_who_moves_away_takes_its_consent_along(
    example, child, director, stranger, far_community, client, community
):
    transfer.accept(offered([child], far_community, by=director), by=stranger)
    assert PublicityItem.objects.get().community_id == community.pk
    assert "欧阳小月" not in client.get(example.get_absolute_url()).content.decode()
    withdraw(child, stranger)
    assert gap(community) == 1


def test_an_erased_file_is_no_example(example, child, director, supervisor, community):
    erasing.ask(child, ground="guardian", by=director)
    erasing.erase(child.erasures.get(), by=supervisor)
    example.refresh_from_db()
    assert (example.title, example.text, example.picture) == ("", "", None)
    assert gap(community) == 1


def test_a_good_example_is_told_without_its_picture_once_photos_are_not_agreed_to(example, child, director, community):
    consent = consenting.give_consent(child, "photo", given_by="奶奶", on=today(), by=director)
    kept = an_item(community, director)
    kept.publish(uploaded=SimpleUploadedFile("p.jpg", picture_bytes(), "image/jpeg"), by=director)
    consenting.withdraw_consent(consent, by=director)
    example.refresh_from_db()
    assert (example.title, example.picture, Attachment.objects.get()) == ("读书小标兵", None, kept.picture)


def test_the_year_and_its_sums(client, community, director):
    an_item(community, director, reach=30)
    an_item(community, director, channel="leaflet", reach=None)
    an_item(community, director, made_on=days_ago(366))
    page = client.get(LIST)
    assert (page.context["items"], page.context["people"], len(page.context["page"])) == (2, 30, 2)
    assert client.get(f"{LIST}?year={today().year - 1}").context["items"] == 1
    for junk in ("year=x", "year=99999", "page=z", "year=%27"):
        assert client.get(f"{LIST}?{junk}").context["filter"].in_year == today().year
    assert measures.get("publicity_items").count(Scope.of(community.pk), Period.day(today())) == 2


def test_a_stranger_finds_nothing(example, stranger, supervisor, signed_in, client):
    theirs = signed_in(stranger)
    for tail in ("", "change/", "down/"):
        for key in (example.pk, 999_999):
            assert theirs.get(f"{LIST}{key}/{tail}").status_code == (405 if tail == "down/" else 404)
            assert theirs.post(f"{LIST}{key}/{tail}", form()).status_code == 404
    above = signed_in(supervisor)
    assert above.get(NEW).status_code == above.get(f"{LIST}{example.pk}/change/").status_code == 404
    assert reverse("activities:publicity_new") not in above.get(LIST).content.decode()


@pytest.mark.parametrize("who", ["director", "supervisor"])
def test_the_list_asks_nothing_once_per_item(who, request, signed_in, director, community):
    client, counts, made = signed_in(request.getfixturevalue(who)), {}, 0
    for total in (1, 3, 12):
        for _n in range(made, total):
            child = left_behind_child(community)
            consenting.give_consent(child, "publicity", given_by="奶奶", on=today(), by=director)
            an_item(community, director, example_of=child)
            other = left_behind_child(community)
            consent = consenting.give_consent(other, "publicity", given_by="奶奶", on=today(), by=director)
            an_item(community, director, example_of=other)
            consenting.withdraw_consent(consent, by=director)
        made = total
        for page in [LIST, f"/papers/publicity/{community.pk}/"]:
            client.get(page)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page).status_code == 200
            counts.setdefault(page, set()).add(len(captured))
    assert {page: n for page, n in counts.items() if len(n) > 1} == {}


def test_of_many_communities_the_year_of_one_is_added_up(
    signed_in, community, sister_community, director, supervisor, monkeypatch
):
    an_item(community, director, title="甲的", reach=30)
    an_item(sister_community, director, title="乙的", reach=12)
    client = signed_in(supervisor)

    def shown(chosen=""):
        page = client.get(LIST, {"community": chosen})
        return [item.title for item in page.context["page"]], page.context["people"], page.context["filter"]

    titles, people, found = shown()
    assert (set(titles), people, found.paper_for) == ({"甲的", "乙的"}, 42, None)
    assert shown(community.pk)[:2] == (["甲的"], 30)
    monkeypatch.setattr("activities.filters.COMMUNITIES_AT_ONCE", 1)
    first = min(community.pk, sister_community.pk)
    of = {community.pk: (["甲的"], 30), sister_community.pk: (["乙的"], 12)}
    for chosen in ("", "x", community.pk, sister_community.pk):
        place = chosen if chosen in of else first
        titles, people, found = shown(chosen)
        assert (titles, people) == of[place] and found.paper_for == place
        assert found.address == f"year={today().year}&community={place}"
    assert "not counted together" in client.get(LIST).content.decode()
