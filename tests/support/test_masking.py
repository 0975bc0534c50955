"""No full name leaves the community: poster, pages, statement and workbook, while another of the surname exists."""

import io
from decimal import Decimal
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from children.caring import end_hardship
from children.masking import masked_name, names_told_in
from children.models import Child, Household
from records.trail import TrailEntry
from support import paying
from support.lists import applications_shown
from support.models import AidKind, Application, Objection, Payment, Sheet
from tests.support.factories import a_girl, a_kind, approved, checked, on_notice, ready, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(district):
    return a_kind(district)


@pytest.mark.parametrize(("name", "masked"), [("陈小雨", "陈**"), ("欧阳小雨", "欧阳**"), ("陈雨", "陈**")])
def test_a_name_is_masked(name, masked):
    assert masked_name(name) == masked


def test_a_text_without_names_tells_nothing(community, director):
    assert not names_told_in("家庭收入低，老人患病。", a_girl(community, director))


@pytest.fixture
def two(community, kind, director, supervisor):
    """Two girls of one surname, on notice and ready to be decided."""
    one, other = a_girl(community, director), a_girl(community, director, name="陈大雪")
    return on_notice(one, kind, director, supervisor), ready(other, kind, director, supervisor)


TELLING = ["小雨", "大雪", "第一小学", "李老师", "王秀英", "陈建国", "150902001001-0"]


def tells(response):
    text = response.content.decode()
    return [word for word in TELLING if word in text]


def test_the_poster_and_the_list_show_masked_names_only(two, signed_in, director):
    client = signed_in(director)
    poster = client.get(reverse("paper", args=["support_notice", two[0].pk]))
    assert "陈**" in poster.content.decode()
    assert "恩和路社区" in poster.content.decode()
    assert tells(poster) == []
    over = client.get(reverse("paper", args=["support_notice", two[1].pk]))
    assert "陈**" not in over.content.decode(), "its last day is past"
    shown = [one.pk for one in applications_shown(director, "on_notice")]
    assert shown == [two[0].pk]
    assert [("Print the poster" in client.get(one.get_absolute_url()).content.decode()) for one in two] == [True, False]
    listed = client.get(reverse("support:notices"))
    assert listed.content.decode().count("陈**") == 1
    assert tells(listed) == []


def test_the_federation_reads_sheets_and_nothing_else(two, signed_in, federation, director):
    client = signed_in(federation)
    for address in ("support:sheets", "support:notices", "support:statement"):
        assert tells(client.get(reverse(address))) == []
    sheet = Sheet.objects.get(application=two[1])
    page = client.get(sheet.get_absolute_url())
    assert "陈**" in page.content.decode()
    assert tells(page) == []
    assert f"/children/{two[1].child_id}/" not in page.content.decode()
    assert client.get(two[1].get_absolute_url()).status_code == 404
    assert client.get(reverse("paper", args=["support_notice", two[0].pk])).status_code == 404
    for model in (Application, Payment, Objection):
        assert not model.objects.visible_to(federation).exists()
    assert TrailEntry.objects.about(sheet).reads().exists()


def test_statement_page_paper_and_workbook(
    community, kind, district, director, supervisor, federation, signed_in, stranger, far_community
):
    other = a_kind(district, title_zh="另一", giver="别的基金")
    for place, name in ((community, "陈小雨"), (community, "陈大雪")):
        girl = a_girl(place, director, name=name)
        application = approved(girl, kind, director, supervisor, federation)
        payment = paying.plan(application, planned_on=today(), amount=Decimal(700), by=director)
        paying.pay(payment, on=today(), method="bank", by=director)
    paying.confirm(payment, received_by="王秀英", on=today(), by=director)
    client, asked = signed_in(federation), {"giver": kind.giver}
    page = client.get(reverse("support:statement"), asked)
    made = page.context["statement"]
    assert (made.children, made.planned, made.paid, made.confirmed) == (2, 1400, 1400, 700)
    assert [line.masked_name for line in made.lines] == ["陈**", "陈**"]
    paper = client.get(reverse("papers", args=["support_statement"]), {"keys": kind.pk})
    book = client.get(reverse("support:statement_workbook"), asked)
    inside = ZipFile(io.BytesIO(book.content))
    text = "".join(inside.read(name).decode() for name in inside.namelist() if name.endswith(".xml"))
    assert "陈**" in text
    assert [word for word in TELLING if word in text] == []
    assert tells(page) == tells(paper) == []
    empty = client.get(reverse("support:statement"), {"giver": other.giver}).context["statement"]
    assert (empty.children, empty.paid) == (0, 0)
    afar = signed_in(stranger).get(reverse("support:statement"), asked).context["statement"]
    assert afar.lines == []


def test_scopes(two, director, supervisor, stranger, counsellor, administrator, federation, make_user, far_street):
    elsewhere = make_user("street_officer", far_street)
    for model in (Application, Sheet):
        assert model.objects.visible_to(director).count() == model.objects.visible_to(supervisor).count() == 2
        for person in (stranger, elsewhere, counsellor, administrator):
            assert not model.objects.visible_to(person).exists()
    assert Sheet.objects.visible_to(federation).count() == 2
    assert AidKind.objects.visible_to(director).count() == 1
    assert not AidKind.objects.visible_to(director, "change").exists()
    assert AidKind.objects.visible_to(federation, "change").count() == 1


def test_lists_cost_the_same_for_one_and_three(community, kind, director, supervisor, federation, signed_in):
    addresses = [
        (director, "support:applications"),
        (director, "support:could_apply"),
        (director, "support:notices"),
        (federation, "support:sheets"),
    ]

    def cost():
        found = []
        for person, name in addresses:
            client = signed_in(person)
            client.get(reverse(name))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(name), {"show": "on_notice"} if name == "support:sheets" else {})
            found.append(len(queries))
        return found

    def add(name):
        on_notice(a_girl(community, director, name=name), kind, director, supervisor)
        a_girl(community, director, name=f"李{name}")

    add("陈一一")
    before = cost()
    add("陈二二")
    add("陈三三")
    assert cost() == before


def test_the_sheet_tells_the_hardship_the_rules_were_met_by_and_nothing_else_of_the_file(
    community, kind, director, supervisor
):
    """The allowance ticked on the household is asked for by the kind, and the disability on the file is not."""
    girl = a_girl(community, director)
    end_hardship(girl.hardships.get(), on=today(), by=director)
    Household.objects.filter(pk=girl.household_id).update(is_low_income=True)
    Child.objects.filter(pk=girl.pk).update(disability_type="hearing")
    application = checked(girl, kind, director, supervisor)
    assert Sheet.objects.get(application=application).hardships == ["low_income"]
