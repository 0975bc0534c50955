"""What was put on file by mistake is struck out with the reason: it stays to be read and counts nowhere."""

import re
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from children import caring, erasing, moving, stays, transfer
from children.follow_ups import follow_ups
from children.growth import lived
from children.guardian_copy import copy_of, readable
from children.models import Away, Child, Hardship, Need, ParentContact, Wish
from children.priority import priority_on, reasons_for
from records.lifecycle import Refused
from records.trail import TrailEntry
from support.eligibility import hardships_of
from tests.children.factories import a_child, an_adult, left_behind_child, offered, siblings
from tests.children.pages import soup, words
from tests.guardianship.factories import days_ago

KEPT = {
    "need": lambda child, by: caring.note_need(child, "study", note="数学", by=by),
    "wish": lambda child, by: caring.note_wish(child, "画笔", by=by),
    "hardship": lambda child, by: caring.note_hardship(child, "orphan", note="误记", by=by),
}
TAB = {"need": "growth", "wish": "growth", "hardship": "care"}


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def child(community):
    return left_behind_child(community)


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


def struck_on(page):
    return [one.find_parent("li").get_text(" ", strip=True) for one in soup(page).main.select(".row-text > s")]


@pytest.mark.parametrize("kind", KEPT)
def test_it_is_struck_out_on_the_file_and_stays_there_with_the_reason(client, child, director, kind):
    row, there = KEPT[kind](child, director), f"/children/{child.pk}/?tab={TAB[kind]}"
    url = f"/children/{kind}s/{row.pk}/strike/".replace("wishs", "wishes")
    assert soup(client.get(there)).find("form", action=url)
    assert "Why is it wrong?" in words(client.post(url, {"because": " "}, follow=True))
    assert type(row).objects.filter(pk=row.pk).exists()
    page = client.post(url, {"because": "记到了别的孩子"}, follow=True)
    assert "counts no longer" in words(page)
    stored = type(row).with_struck.get(pk=row.pk)
    assert (stored.struck_because, stored.struck_by) == ("记到了别的孩子", director)
    assert not type(row).objects.filter(pk=row.pk).exists()
    (told,) = struck_on(page)
    assert "记到了别的孩子" in told and director.name in told
    assert soup(page).find("form", action=url) is None
    entry = TrailEntry.objects.about(child).filter(verb=f"struck out a {kind}").get()
    assert entry.actor == director and "别的孩子" not in str(vars(entry))
    again = client.post(url, {"because": "again"}, follow=True)
    assert "This entry is struck out already." in again.content.decode()
    assert type(row).with_struck.get(pk=row.pk).struck_because == "记到了别的孩子"


def test_an_orphan_by_mistake_is_no_priority_and_fits_no_support(community, director, today):
    child = a_child(community, is_household_registered=True)
    an_adult(child, "mother", cares=True)
    row = caring.note_hardship(child, "orphan", by=director)

    def counts():
        one = Child.objects.get(pk=child.pk)
        keys = {reason.key for reason in reasons_for(one, today)}
        in_sql = Child.objects.filter(priority_on(today), pk=child.pk).exists()
        return "hardest" in keys, in_sql, hardships_of([child.pk], today, stated=[])[child.pk] == {"orphan"}

    assert counts() == (True, True, True)
    caring.strike(row, because="误记", by=director)
    assert counts() == (False, False, False)
    assert caring.note_hardship(child, "orphan", by=director).pk != row.pk, "the right one can follow"


def test_a_contact_by_mistake_does_not_silence_the_alarm(client, child, director, today):
    Away.objects.update(verified_on=days_ago(60))
    mother = child.household.adults.get(name="李红")
    contact = stays.log_contact(mother, on=today, reached=True, note="视频", by=director)
    assert "unreachable" not in follow_ups(child, today)
    page, url = f"/children/adults/{mother.pk}/contact/", f"/children/contacts/{contact.pk}/strike/"
    assert soup(client.get(page)).find("form", action=url)
    said = client.post(url, {"because": "是父亲接的"}, follow=True)
    assert "unreachable" in follow_ups(child, today)
    (told,) = struck_on(said)
    assert "视频" in told and "是父亲接的" in told
    assert list(mother.contacts.all()) == [] and ParentContact.with_struck.get().struck_by == director
    assert TrailEntry.objects.filter(verb="struck out a contact with a parent", actor=director).count() == 1


def test_what_is_struck_out_is_no_need_no_wish_and_no_story(client, child, director):
    met, need = KEPT["need"](child, director), caring.note_need(child, "law", by=director)
    caring.meet_need(met, by=director)
    fulfilled = caring.note_wish(child, "书包", by=director)
    fulfilled.fulfil(by=director)
    for row in (met, need, fulfilled, KEPT["wish"](child, director)):
        caring.strike(row, because="误记", by=director)
    assert [event.kind for event in lived(Child.objects.get(pk=child.pk))] == ["register"]
    assert [child.needs.count(), child.wishes.count(), Need.objects.count(), Wish.objects.count()] == [0, 0, 0, 0]
    assert len(struck_on(client.get(f"/children/{child.pk}/?tab=growth"))) == 4


def test_it_is_struck_out_once_and_with_a_reason(child, director):
    row = KEPT["hardship"](child, director)
    with pytest.raises(Refused, match="Say why"):
        caring.strike(row, because=" ", by=director)
    caring.strike(row, because="误记", by=director)
    with pytest.raises(Refused, match="already"):
        caring.strike(row, because="误记", by=director)
    with pytest.raises(IntegrityError, match="who_strikes_a_hardship_is_named"), transaction.atomic():
        Hardship.with_struck.update(struck_by=None)


def test_the_copy_holds_it_and_a_guardian_reads_why(child, director):
    row = KEPT["hardship"](child, director)
    caring.strike(row, because="记错孩子", by=director)
    assert [one["struck_because"] for one in copy_of(child)["children.hardship"]] == ["记错孩子"]
    (line,) = dict(readable(child, director))[Hardship._meta.verbose_name_plural]
    assert ("struck out because", "记错孩子") in [(str(label), value) for label, value in line]


def struck_of_each_kind(child, by):
    """A need, a wish, a hardship and a call to the mother, all noted by mistake."""
    for make in KEPT.values():
        caring.strike(make(child, by), because="误记未删", by=by)
    mother = child.household.adults.get(name="李红")
    call = stays.log_contact(mother, on=timezone.localdate(), reached=True, note="通话未删", by=by)
    stays.strike_contact(call, because="误记未删", by=by)


def test_an_erased_file_holds_nothing_of_what_was_struck_out(child, director, supervisor):
    struck_of_each_kind(child, director)
    erasing.erase(erasing.ask(child, ground="guardian", by=director), by=supervisor)
    rows = [row for model in (Need, Wish, Hardship, ParentContact) for row in model.with_struck.all()]
    assert len(rows) == 4
    for row in rows:
        held = [value for name in row.personal if isinstance(value := getattr(row, name), str)]
        assert not [value for value in held if "未删" in value or value == "数学" or value == "画笔"]


def test_what_was_struck_out_goes_with_the_file_and_stays_with_the_sibling(
    director, stranger, community, far_community
):
    one, two = siblings(community)
    struck_of_each_kind(two, director)
    transfer.accept(offered([two], far_community, by=director), by=stranger)
    for model in (Need, Wish, Hardship):
        assert model.with_struck.get().community == far_community
    places = ParentContact.with_struck.values_list("community", "note", "struck_because")
    assert sorted(places) == sorted((place.pk, "通话未删", "误记未删") for place in (community, far_community))
    assert moving.misplaced() == {}


def test_a_need_of_another_child_leaves_open_whether_anybody_asked(child, director, today):
    earlier = caring.note_need(child, "law", by=director)
    Need.objects.filter(pk=earlier.pk).update(noted_on=days_ago(30))
    wrong = KEPT["need"](child, director)
    caring.strike(wrong, because="记到了别的孩子", by=director)
    assert Child.objects.get(pk=child.pk).needs_asked_on == days_ago(30)
    earlier.refresh_from_db()
    caring.strike(earlier, because="也是别的孩子的", by=director)
    assert Child.objects.get(pk=child.pk).needs_asked_on is None


def test_nobody_else_strikes_it_out(child, director, stranger, counsellor, federation, signed_in):
    rows = [(kind, make(child, director)) for kind, make in KEPT.items()]
    for user in (stranger, counsellor, federation):
        for kind, row in rows:
            url = f"/children/{kind}s/{row.pk}/strike/".replace("wishs", "wishes")
            assert signed_in(user).post(url, {"because": "x"}).status_code == 404
    assert [model.objects.count() for model in (Need, Wish, Hardship)] == [1, 1, 1]


def test_no_query_reaches_past_the_managers():
    """A join from the child or the adult would count what was struck out: ask the model's own `objects`."""
    top, found = Path(__file__).resolve().parents[2], []
    for path in top.glob("*/**/*.py"):
        if path.relative_to(top).parts[0] not in (".venv", "tests", "var") and "migrations" not in path.parts:
            joins = re.findall(r"\b(?:hardships|needs|wishes|adults?__contacts)__\w+(?==|\")", path.read_text())
            found += [f"{path.relative_to(top)}: {join}" for join in joins if not join.endswith("__in")]
    assert found == []
