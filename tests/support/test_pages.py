"""The pages as people press through them, without scripts."""

import re

import pytest
from django.urls import reverse

from support.models import Application, Payment, Sheet
from tests.children.pages import soup, words
from tests.support.factories import a_girl, a_kind, notice_run, today

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
