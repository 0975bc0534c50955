"""The log of contact with the parents: all of it is read and printed, and a wrong entry is struck out with a reason."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from children import referring
from guardianship import contacting
from guardianship.models import FamilyContact
from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from tests.children.factories import left_behind_child
from tests.children.pages import soup, words
from tests.guardianship.factories import an_entrusted_child, days_ago


@pytest.fixture
def browser(signed_in, director):
    return signed_in(director)


@pytest.fixture
def child(community):
    return left_behind_child(community)


def noted(child, by, ago, **said):
    return contacting.note_contact(child, made_on=days_ago(ago), **{"who": "mother", "how": "video", **said}, by=by)


def log_of(child):
    return reverse("guardianship:contacts", args=[child.pk])


def family_tab(child):
    return reverse("children:file", args=[child.pk]) + "?tab=family"


def test_the_file_leads_to_all_entries_page_by_page(browser, child, director):
    assert log_of(child) not in browser.get(family_tab(child)).content.decode()
    for ago in range(53):
        noted(child, director, ago, minutes=ago + 1)
    file = browser.get(family_tab(child))
    assert soup(file).find("a", href=log_of(child))
    first, second = browser.get(log_of(child)), browser.get(log_of(child) + "?page=2")
    shown = [len(soup(page).select("ul.rows > li")) for page in (first, second)]
    assert shown == [50, 3]
    assert "53 entries count." in words(first) and "53 minutes" in words(second)
    assert TrailEntry.objects.reads().filter(page="guardianship:contacts", object_key=str(child.pk)).count() == 2
    for junk in ("0", "x", "-1", "99999999999999999999"):
        assert browser.get(f"{log_of(child)}?page={junk}").status_code == 200


def test_the_log_takes_as_many_queries_for_one_entry_as_for_three(browser, child, director):
    browser.get(log_of(child))
    taken = []
    for more in (1, 2):
        for ago in range(more):
            contacting.strike_contact(noted(child, director, ago), because="记错", by=director)
            noted(child, director, ago)
        with CaptureQueriesContext(connection) as queries:
            browser.get(log_of(child))
        taken.append(len(queries))
    assert taken[0] == taken[1]


def test_a_wrong_entry_is_struck_out_with_a_reason_and_counts_no_longer(browser, child, director):
    wrong = noted(child, director, 2)
    noted(child, director, 9, who="father", how="call")
    assert "Last contact 2 days ago" in words(browser.get(family_tab(child)))
    page = browser.get(log_of(child))
    form = soup(page).find("form", action=reverse("guardianship:strike_contact", args=[wrong.pk]))
    assert form.find("input", {"name": "because"})
    answer = browser.post(form["action"], {"because": "是别家的孩子"}, follow=True)
    said = words(answer)
    assert "1 entry counts." in said and "struck out 是别家的孩子" in said
    assert not soup(answer).find("form", action=form["action"])
    wrong.refresh_from_db()
    assert (wrong.struck_by, wrong.struck_because, wrong.struck_at is not None) == (director, "是别家的孩子", True)
    file = words(browser.get(family_tab(child)))
    assert "Last contact 9 days ago" in file
    act = TrailEntry.objects.about(wrong).get(verb="struck out a family contact")
    assert {name: str(key) for name, key in act.keys.items()} == {"child": str(child.pk)}


def test_without_a_reason_or_twice_nothing_is_struck(browser, child, director):
    entry = noted(child, director, 2)
    strike = reverse("guardianship:strike_contact", args=[entry.pk])
    assert "Why is it wrong?" in words(browser.post(strike, {"because": " \u3000"}, follow=True))
    assert FamilyContact.objects.count() == 1
    with pytest.raises(Refused, match="Say why the entry is wrong"):
        contacting.strike_contact(entry, because=" ", by=director)
    browser.post(strike, {"because": "记错"})
    again = browser.post(strike, {"because": "又一次"}, follow=True)
    assert "This entry is struck out already." in again.content.decode()
    assert FamilyContact.with_struck.get().struck_because == "记错"
    with pytest.raises(IntegrityError, match="who_strikes_a_family_contact_is_named"), transaction.atomic():
        FamilyContact.with_struck.update(struck_at=None)


def test_struck_entries_are_in_no_figure_and_break_no_silence(community, director):
    child, _letter = an_entrusted_child(community, director, days_ago(40))
    entry = noted(child, director, 3)
    scope, period = Scope.of(community.pk), Period.day(timezone.localdate())
    month = Period(days_ago(30), timezone.localdate())
    silence, figure = measures.get("without_weekly_contact"), measures.get("family_contacts_noted")
    assert (list(silence.rows(scope, period)), figure.count(scope, month)) == ([], 1)
    contacting.strike_contact(entry, because="记错", by=director)
    assert (list(silence.rows(scope, period)), figure.count(scope, month)) == ([child], 0)
    assert not entry.child.family_contacts.exists()


def test_a_log_of_struck_entries_alone_is_still_reached_from_the_file(browser, child, director):
    contacting.strike_contact(noted(child, director, 2), because="记错", by=director)
    page = browser.get(family_tab(child))
    assert "No contact is noted yet." in words(page) and soup(page).find("a", href=log_of(child))


def test_the_log_is_printed_with_what_was_struck(browser, child, director):
    noted(child, director, 4, minutes=12)
    contacting.strike_contact(noted(child, director, 2, who="father", how="call"), because="记错", by=director)
    page = browser.get(reverse("paper", args=["family_contacts", child.pk]))
    rows = [[cell.get_text(" ", strip=True) for cell in row.find_all("td")] for row in soup(page).select("tbody tr")]
    day = timezone.localdate().isoformat()
    assert rows == [
        [days_ago(4).isoformat(), "mother", "video call", "12", director.name, ""],
        [days_ago(2).isoformat(), "father", "phone call", "—", director.name,
         f"Struck out on {day} by {director.name}: 记错"],
    ]  # fmt: skip
    assert TrailEntry.objects.filter(verb="printed family_contacts", object_key=str(child.pk)).exists()


def test_who_may_not_read_the_log_gets_neither_page_nor_paper(
    child, director, stranger, supervisor, counsellor, signed_in
):
    referring.refer(child, counsellor, by=director)
    entry = noted(child, director, 2)
    places = [log_of(child), reverse("paper", args=["family_contacts", child.pk])]
    for user in (stranger, counsellor):
        assert [signed_in(user).get(place).status_code for place in places] == [404, 404]
    office = signed_in(supervisor)
    assert [office.get(place).status_code for place in places] == [200, 200]
    assert "Strike out" not in words(office.get(log_of(child)))
    strike = reverse("guardianship:strike_contact", args=[entry.pk])
    assert [signed_in(user).post(strike, {"because": "x"}).status_code for user in (stranger, supervisor)] == [404, 404]
    assert FamilyContact.objects.count() == 1
