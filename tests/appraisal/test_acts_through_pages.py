"""Acts through their pages: with the tokens a browser sends, by those whose act it is and by those who must not."""

import pytest
from django.urls import reverse

from appraisal.models import Call, Nomination, Visit
from records.trail import TrailEntry
from tests.appraisal.factories import a_visit, days, held
from tests.children.pages import soup, words
from tests.volunteers.factories import a_child

pytestmark = pytest.mark.django_db
LONG = "改期" * 101


@pytest.fixture
def browser(signed_in):
    """browser(user): a client whose requests are forged where they carry no token of the page."""

    def open_for(user):
        client = signed_in(user)
        client.handler.enforce_csrf_checks = True
        return client

    return open_for


def pressed(client, page, to, value="", **typed):
    """Send the form of `page` that leads to `to` (and holds `value`): its tokens, its fields, what is typed."""
    return client.post(to, {**on_form(client.get(page), to, value), **typed}, follow=True)


def on_form(response, to, value=""):
    forms = soup(response).main.find_all("form", method="post")
    (form,) = [
        form
        for form in forms
        if form.get("action", response.request["PATH_INFO"]) == to and (not value or form.find(value=str(value)))
    ]
    fields = {tag["name"]: tag.get("value", tag.text) for tag in form.find_all(["input", "textarea"])}
    return {name: text for name, text in fields.items() if name not in ("outcome", "conflict", "choice")}


def typed_in(response, name):
    field = soup(response).main.find(attrs={"name": name})
    return field.get("value", field.text.strip())


def verbs(row):
    return list(TrailEntry.objects.about(row).values_list("verb", "actor__username"))


def answers_as_to_nobody(signed_in, people, to):
    """For each of them the act answers like one on a row that never existed."""
    for user in people:
        client = signed_in(user)
        pk = next(part for part in to.split("/") if part.isdigit())
        never = client.post(to.replace(f"/{pk}/", "/999999999/"), {})
        answer = client.post(to, {})
        assert (answer.status_code, answer.content) == (404, never.content), user.username


def test_an_act_without_the_tokens_of_its_page_is_none(browser, signed_in, awarded, federation, director):
    awarded.agree(by=director)
    awarded.publish(by=federation)
    to = reverse("appraisal:take_down", args=[awarded.pk])
    assert browser(federation).post(to).status_code == 403
    page = signed_in(federation).post(to, follow=True)
    assert "could not be recognised" in page.content.decode()
    awarded.refresh_from_db()
    assert awarded.is_public


# A visit called off -------------------------------------------------------------------------------------------------


@pytest.fixture
def planned(street, community, supervisor):
    return a_visit(street, community, supervisor, day=3)


def test_a_visit_is_called_off_with_its_reason(planned, browser, supervisor):
    to = reverse("supervision:call_off", args=[planned.pk])
    page = pressed(browser(supervisor), to, to, reason="连日暴雨")
    assert "The visit is called off." in page.content.decode()
    assert "连日暴雨" in words(page)
    planned.refresh_from_db()
    assert (planned.status, planned.why_called_off) == ("called_off", "连日暴雨")
    assert verbs(planned)[0] == ("called off", "supervisor")


def test_a_visit_is_not_called_off_without_words_nor_after_it_was_held(planned, browser, supervisor):
    client, to = browser(supervisor), reverse("supervision:call_off", args=[planned.pk])
    assert "This field is required." in words(pressed(client, to, to, reason=" "))
    page = pressed(client, to, to, reason=LONG)
    assert "at most 200 characters" in words(page)
    assert typed_in(page, "reason") == LONG
    form = on_form(client.get(to), to)
    Visit.objects.filter(pk=planned.pk).update(day=days(0))
    held(Visit.objects.get(pk=planned.pk), supervisor)
    page = client.post(to, {**form, "reason": "改到下周"})
    assert "This is held and cannot become called off." in page.content.decode()
    assert typed_in(page, "reason") == "改到下周"
    planned.refresh_from_db()
    assert (planned.status, planned.why_called_off) == ("held", "")
    assert ("called off", "supervisor") not in verbs(planned)


def test_only_who_inspects_for_the_office_or_above_it_calls_a_visit_off(
    planned, browser, signed_in, director, stranger, federation, make_user, far_street
):
    to = reverse("supervision:call_off", args=[planned.pk])
    others = [director, stranger, make_user("street_officer", far_street, "far.officer")]
    answers_as_to_nobody(signed_in, others, to)
    for user in others:
        assert signed_in(user).get(to).status_code == 404
    assert to not in signed_in(director).get(planned.get_absolute_url()).content.decode()
    planned.refresh_from_db()
    assert planned.is_planned
    pressed(browser(federation), to, to, reason="区里统一安排")
    planned.refresh_from_db()
    assert planned.status == "called_off"


# A call changed -----------------------------------------------------------------------------------------------------


@pytest.fixture
def drafted(district, federation, officers):
    facts = {"title": "创新案例", "who": "社区", "nominate_until": days(9), "places": 3}
    call = Call.draft(district, kind="case", year=days(0).year, **facts, by=federation)
    for user in officers:
        call.seat(user, by=federation)
    call.refresh_from_db()
    return call


def test_a_draft_is_changed_and_the_trail_says_what(drafted, browser, federation):
    to = reverse("appraisal:change_call", args=[drafted.pk])
    page = pressed(browser(federation), to, to, title="年度创新案例", places="4")
    assert "Saved." in page.content.decode()
    drafted.refresh_from_db()
    assert (drafted.title, drafted.places, drafted.who) == ("年度创新案例", 4, "社区")
    entry = TrailEntry.objects.about(drafted).first()
    assert (entry.verb, entry.actor, sorted(entry.fields)) == ("changed", federation, ["places", "title"])


def test_a_draft_with_a_mistake_or_saved_meanwhile_keeps_what_was_typed(drafted, browser, federation):
    client, to = browser(federation), reverse("appraisal:change_call", args=[drafted.pk])
    page = pressed(client, to, to, title="年度创新案例", nominate_until="0202-02-02")
    assert "Choose a day within 2 years of today." in words(page)
    assert typed_in(page, "title") == "年度创新案例"
    form = on_form(client.get(to), to)
    other = Call.objects.get(pk=drafted.pk)
    other.title = "案例征集"
    other.save()
    page = client.post(to, {**form, "title": "年度创新案例"})
    assert "Somebody else saved this while you had it open." in words(page)
    assert "Stored now: 案例征集" in words(page)
    assert typed_in(page, "title") == "年度创新案例"
    drafted.refresh_from_db()
    assert drafted.title == "案例征集"
    assert "changed" not in dict(verbs(drafted))


def test_a_call_that_was_opened_meanwhile_stays_as_it_is(drafted, browser, federation):
    client, to = browser(federation), reverse("appraisal:change_call", args=[drafted.pk])
    form = on_form(client.get(to), to)
    drafted.open(by=federation)
    page = client.post(to, {**form, "title": "年度创新案例"}, follow=True)
    assert "The call is open: it stays as it is." in page.content.decode()
    drafted.refresh_from_db()
    assert drafted.title == "创新案例"


def test_a_criterion_is_removed_from_the_draft(drafted, browser, federation):
    client, page = browser(federation), drafted.get_absolute_url()
    to, one = reverse("appraisal:remove_criterion", args=[drafted.pk]), drafted.criteria.first()
    form = on_form(client.get(page), to, one.pk)
    assert "Removed." in client.post(to, form, follow=True).content.decode()
    assert not drafted.criteria.filter(pk=one.pk).exists()
    assert verbs(drafted)[0] == ("removed a criterion", "federation")
    again = pressed(client, page, to, drafted.criteria.first().pk, criterion=one.pk)
    assert "Something changed meanwhile" in again.content.decode()
    assert verbs(drafted).count(("removed a criterion", "federation")) == 1


def test_criteria_of_an_open_call_and_of_another_call_stay(drafted, call, browser, federation):
    client, page = browser(federation), drafted.get_absolute_url()
    to, one = reverse("appraisal:remove_criterion", args=[drafted.pk]), drafted.criteria.first()
    elsewhere, kept = call.criteria.first(), call.criteria.count()
    assert "Something changed meanwhile" in pressed(client, page, to, one.pk, criterion=elsewhere.pk).content.decode()
    form = on_form(client.get(page), to, one.pk)
    drafted.open(by=federation)
    answer = client.post(to, form, follow=True).content.decode()
    assert "The call is open: its criteria stay as they are." in answer
    assert drafted.criteria.filter(pk=one.pk).exists()
    assert call.criteria.count() == kept


def test_nobody_but_its_office_changes_a_call(drafted, signed_in, supervisor, director, stranger, make_user, district):
    elsewhere = type(district).objects.create(code="150981", name="丰镇市", level="district", parent=district.parent)
    others = [supervisor, director, stranger, make_user("federation_officer", elsewhere, "far.federation")]
    for name in ("change_call", "remove_criterion"):
        answers_as_to_nobody(signed_in, others, reverse(f"appraisal:{name}", args=[drafted.pk]))
    assert drafted.criteria.count() == Call.objects.get(pk=drafted.pk).criteria.count() > 0


# Agreed, and taken back ---------------------------------------------------------------------------------------------


def test_a_helper_agreed_on_paper_and_takes_it_back(awarded, browser, director, federation, client):
    desk, page = browser(director), awarded.get_absolute_url()
    to = reverse("appraisal:agreed", args=[awarded.pk])
    answer = pressed(desk, page, to, on=days(1).isoformat())
    assert "This day has not come yet." in answer.content.decode()
    assert typed_in(answer, "on") == days(1).isoformat()
    pressed(desk, page, to, on=days(-2).isoformat())
    awarded.refresh_from_db()
    assert (awarded.helper_agreed_on, awarded.agreed_by) == (days(-2), director)
    awarded.publish(by=federation)
    public = reverse("commended", args=["150902"])
    assert "赵春梅" in client.get(public).content.decode()
    to = reverse("appraisal:not_agreed", args=[awarded.pk])
    form = on_form(desk.get(page), to)
    assert "the name is told no more" in desk.post(to, form, follow=True).content.decode()
    awarded.refresh_from_db()
    assert (awarded.helper_agreed_on, awarded.agreed_by, awarded.taken_down_on) == (None, None, days(0))
    assert "赵春梅" not in client.get(public).content.decode()
    assert verbs(awarded)[:2] == [("took a commendation down", "director"), ("took an agreement back", "director")]


def test_an_agreement_that_the_helper_took_back_meanwhile_is_not_there_any_more(awarded, browser, director):
    desk, page = browser(director), awarded.get_absolute_url()
    awarded.agree(by=director)
    to = reverse("appraisal:not_agreed", args=[awarded.pk])
    form = on_form(desk.get(page), to)
    Nomination.objects.get(pk=awarded.pk).take_agreement_back(by=director)
    assert "There is no agreement to take back." in desk.post(to, form, follow=True).content.decode()
    assert [verb for verb, _who in verbs(awarded)].count("took an agreement back") == 1


def test_nobody_but_the_nominating_community_notes_an_agreement(
    awarded, signed_in, federation, supervisor, stranger, director, make_user, sister_community
):
    awarded.agree(by=director)
    others = [federation, supervisor, stranger, make_user("community_worker", sister_community, "neighbour")]
    for name in ("agreed", "not_agreed"):
        answers_as_to_nobody(signed_in, others, reverse(f"appraisal:{name}", args=[awarded.pk]))
    awarded.refresh_from_db()
    assert awarded.helper_agreed_on == days(0)


# An award taken back, a notice taken down ---------------------------------------------------------------------------


@pytest.fixture
def told(awarded, director, federation):
    """Awarded, agreed to and published."""
    awarded.agree(by=director)
    awarded.publish(by=federation)
    return awarded


def test_an_award_is_taken_back_with_its_reason_and_its_notice_goes_with_it(told, browser, federation, client):
    to = reverse("appraisal:revoke", args=[told.pk])
    page = pressed(browser(federation), told.get_absolute_url(), to, reason="情况不实")
    assert "The award is taken back." in page.content.decode()
    assert "情况不实" in words(page)
    told.refresh_from_db()
    assert (told.status, told.why_ended, told.is_public) == ("revoked", "情况不实", False)
    assert verbs(told)[:2] == [("revoked an award", "federation"), ("took a commendation down", "federation")]
    assert "赵春梅" not in client.get(reverse("commended", args=["150902"])).content.decode()


def test_a_reason_that_names_a_child_is_refused_and_stays_in_its_field(told, browser, federation, community):
    a_child(community, name="陈小雨")
    client, page, to = browser(federation), told.get_absolute_url(), reverse("appraisal:revoke", args=[told.pk])
    answer = pressed(client, page, to, reason="陈小雨的家长反映")
    assert "The words tell who a child is" in answer.content.decode()
    assert typed_in(answer, "reason") == "陈小雨的家长反映"
    assert "This field is required." in words(pressed(client, page, to, reason=""))
    form = on_form(client.get(page), to)
    Nomination.objects.get(pk=told.pk).revoke(reason="情况不实", by=federation)
    answer = client.post(to, {**form, "reason": "重复"}, follow=True)
    assert "This is award revoked and cannot become award revoked." in answer.content.decode()
    told.refresh_from_db()
    assert told.why_ended == "情况不实"


def test_a_notice_is_taken_down_once_and_the_award_stays(told, browser, federation, client):
    office, page, to = browser(federation), told.get_absolute_url(), reverse("appraisal:take_down", args=[told.pk])
    form = on_form(office.get(page), to)
    assert "Taken down." in office.post(to, form, follow=True).content.decode()
    told.refresh_from_db()
    assert (told.status, told.taken_down_on) == ("awarded", days(0))
    assert "赵春梅" not in client.get(reverse("commended", args=["150902"])).content.decode()
    assert verbs(told)[0] == ("took a commendation down", "federation")


def test_a_notice_that_a_colleague_took_down_is_not_published(told, browser, federation):
    office, page, to = browser(federation), told.get_absolute_url(), reverse("appraisal:take_down", args=[told.pk])
    form = on_form(office.get(page), to)
    Nomination.objects.get(pk=told.pk).take_down(by=federation)
    assert "This is not published." in office.post(to, form, follow=True).content.decode()
    assert [verb for verb, _who in verbs(told)].count("took a commendation down") == 1


def test_nobody_but_the_office_of_the_call_takes_back_and_down(told, signed_in, director, supervisor, stranger):
    for name in ("revoke", "take_down"):
        to = reverse(f"appraisal:{name}", args=[told.pk])
        answers_as_to_nobody(signed_in, [director, supervisor, stranger], to)
        assert to not in signed_in(director).get(told.get_absolute_url()).content.decode()
    assert list(Nomination.objects.published()) == [told]
