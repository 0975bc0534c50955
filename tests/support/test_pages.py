"""The pages as people press through them, without scripts."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from children.models import Erasure
from support import applying
from support.eligibility import Finding
from support.models import Application, Payment, Sheet
from tests.children.pages import soup, words
from tests.support.factories import a_girl, a_kind, filled_in, notice_run, ready, submitted, today

pytestmark = pytest.mark.django_db


def press(client, page, path, **typed):
    """Send the page's form that leads to `path`, with what is typed."""
    form = soup(page).find("form", action=re.compile(re.escape(path) + "$"))
    data = {tag["name"]: tag.get("value", "") for tag in form.find_all("input") if tag.get("type") == "hidden"}
    answer = client.post(path, {**data, **typed}, follow=True)
    assert answer.status_code == 200
    return answer


def test_from_the_file_to_the_receipt(signed_in, district, community, director, supervisor, federation):
    a_kind(district)
    girl = a_girl(community, director)
    worker, officer, decider = signed_in(director), signed_in(supervisor), signed_in(federation)
    file = worker.get(reverse("children:file", args=[girl.pk]) + "?tab=care")
    assert "Spring Bud: could apply" in words(file)
    listed = worker.get(reverse("support:could_apply"))
    assert "all rules met" in words(listed)
    page = press(worker, listed, reverse("support:prepare", args=[girl.pk]))
    application = Application.objects.get()
    own = application.get_absolute_url()
    typed = {
        "reason": "家庭收入低。",
        "reason_group": "hardship",
        "amount": "1200",
        "papers_seen": ["户口簿", "困难证明"],
    }
    page = worker.post(own, {**typed, "seen_version": application.version}, follow=True)
    assert "Saved." in words(page)
    school = {"teacher": "李老师", "on": str(today()), "opinion": "情况属实。"}
    page = press(worker, page, f"{own}school/", **school)
    page = press(worker, page, f"{own}submit/")
    assert "with the street office" in words(page)
    page = press(officer, officer.get(own), f"{own}check/")
    assert "checked by the street office" in words(page)
    page = press(worker, worker.get(own), f"{own}notice/")
    assert "on public notice" in words(page)
    notice_run(application)
    sheet = Sheet.objects.get().get_absolute_url()
    assert "陈**" in words(decider.get(reverse("support:sheets")))
    page = press(decider, decider.get(sheet), f"{sheet}decide/", granted="1000", reason="符合条件", decision="approve")
    assert "approved by the federation" in words(page)
    page = press(worker, worker.get(own), f"{own}plan/", planned_on=str(today()), amount="1000")
    payment = Payment.objects.get()
    page = press(worker, page, reverse("support:paid", args=[payment.pk]), on=str(today()), method="bank")
    received = {"received_by": "王秀英", "on": str(today()), "receipt_number": "A-1"}
    page = press(worker, page, reverse("support:received", args=[payment.pk]), **received)
    payment.refresh_from_db()
    assert (payment.status, payment.received_by, payment.receipt_number) == ("confirmed", "王秀英", "A-1")
    assert "received" in words(page)


def test_what_is_refused_comes_back_as_typed(signed_in, district, community, director):
    girl = a_girl(community, director)
    kind, worker = a_kind(district), signed_in(director)
    file = worker.get(reverse("children:file", args=[girl.pk]) + "?tab=care")
    press(worker, file, reverse("support:prepare", args=[girl.pk]), kind=kind.pk)
    own = Application.objects.get().get_absolute_url()
    typed = {"teacher": "李老师", "on": str(today()), "opinion": "陈小雨表现好"}
    page = press(worker, worker.get(own), f"{own}school/", **typed)
    assert "The opinion names the child, the family or the school. Write it without names." in page.content.decode()
    assert "陈小雨表现好" in page.content.decode()
    assert Application.objects.get().school_reviewed_on is None


def test_the_empty_lists_say_what_to_do(signed_in, director, federation):
    assert "No kind of support is open" in words(signed_in(director).get(reverse("support:could_apply")))
    assert "See who could apply" in words(signed_in(director).get(reverse("support:applications")))
    assert "Nothing to decide" in words(signed_in(federation).get(reverse("support:sheets")))
    assert "No kind of support yet" in words(signed_in(federation).get(reverse("support:statement")))


def test_the_federation_keeps_the_kinds(signed_in, federation, district):
    kind = a_kind(district)
    client = signed_in(federation)
    assert client.get(reverse("admin:support_aidkind_changelist")).status_code == 200
    page = client.get(reverse("admin:support_aidkind_change", args=[kind.pk]))
    assert page.status_code == 200
    assert client.get(reverse("admin:support_aidkind_add")).status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"granted": "0", "decision": "approve"}, "Nothing can be granted by approving"),
        ({"granted": "1000"}, "Choose whether to approve or to decline."),
        ({"granted": "1000", "decision": "perhaps"}, "Choose whether to approve or to decline."),
    ],
)
def test_a_decision_that_says_nothing_decides_nothing(
    typed, said, signed_in, district, community, director, supervisor, federation
):
    application = ready(a_girl(community, director), a_kind(district), director, supervisor)
    sheet, decider = Sheet.objects.get().get_absolute_url(), signed_in(federation)
    page = press(decider, decider.get(sheet), f"{sheet}decide/", reason="写下的理由", **typed)
    assert said in page.content.decode() and "写下的理由" in page.content.decode()
    application.refresh_from_db()
    assert (application.status, application.granted) == ("on_notice", None)


def test_what_changed_since_it_was_read_is_read_again(signed_in, district, community, director, supervisor):
    application = submitted(a_girl(community, director), a_kind(district), director)
    own, officer = application.get_absolute_url(), signed_in(supervisor)
    page = officer.get(own)
    applying.note_school(Application.objects.get(), teacher="王老师", on=today(), opinion="另有情况。", by=director)
    for act, typed in (("check", {}), ("give_back", {"remark": "请补材料"})):
        answer = press(officer, page, reverse(f"support:{act}", args=[application.pk]), **typed)
        assert "This application was changed meanwhile. Read it again." in answer.content.decode()
    assert "请补材料" in answer.content.decode(), "what was typed stays"
    assert Application.objects.get().status == "submitted"
    assert officer.post(reverse("support:check", args=[application.pk])).status_code == 302
    assert Application.objects.get().status == "submitted", "a form that does not say what was seen judges nothing"
    press(officer, officer.get(own), reverse("support:check", args=[application.pk]))
    assert Application.objects.get().status == "checked"


def test_the_words_of_states_in_chinese(signed_in, district, community, director):
    girl = a_girl(community, director)
    application = filled_in(girl, a_kind(district), director)
    applying.withdraw(application, why="改主意", by=director)
    worker = signed_in(director)
    worker.post("/language/", {"language": "zh-hans"})
    assert "已撤回" in words(worker.get(application.get_absolute_url()))
    with translation.override("zh-hans"):
        assert Application.Status.WITHDRAWN.label == Erasure.Status.WITHDRAWN.label == "已撤回"
        states = [Finding("x", state, "", "").state_words for state in ("met", "not_met", "not_known")]
        assert states[:2] == ["符合", "不符合"]
