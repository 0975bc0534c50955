"""From gap to repair: planned, reported, looked at by somebody else; overdue ones stand on the first pages."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from communities.models import Posting, User
from homes.measures import repairs_overdue, repairs_to_look_at
from homes.models import Inspection, Repair
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from tests.children.pages import soup, words
from tests.homes.factories import make_home, picture, standard_in_force, submitted_check

pytestmark = pytest.mark.django_db
GAP, MET = "H02", "H03"
TASK = {"what": "换一盏灯", "owner": "王丽", "cost": "120.50", "need": "一盏台灯"}


def days(number):
    return timezone.localdate() + dt.timedelta(days=number)


@pytest.fixture
def home(district, community):
    standard_in_force(district)
    return make_home(community)


@pytest.fixture
def check(home, director):
    with transaction.atomic():
        return submitted_check(home, director, kind=Inspection.Kind.SELF_CHECK, but=[GAP])


@pytest.fixture
def gap(check):
    return check.answers.get(item__code=GAP)


@pytest.fixture
def repair(gap, director):
    return Repair.plan(gap, what="换一盏灯", owner="王丽", due_on=days(10), by=director)


def plan_url(gap):
    return reverse("homes:repair_plan", args=[gap.pk])


def act_url(repair, act):
    return reverse(f"homes:repair_{act}", args=[repair.pk])


def fresh(repair):
    return Repair.objects.get(pk=repair.pk)


def posted(client, page, url, **typed):
    """What a person sends from `page`, with the hidden token that makes it count once."""
    form = next(f for f in soup(client.get(page)).select("form[method=post]") if f.get("action", page) == url)
    hidden = {field["name"]: field["value"] for field in form.select("input[type=hidden]") if "name" in field.attrs}
    return client.post(url, {**hidden, **typed})


def test_from_gap_to_confirmed(gap, home, director, supervisor, signed_in):
    client = signed_in(director)
    link = soup(client.get(home.get_absolute_url())).select_one(f'a[href="{plan_url(gap)}"]')
    assert link is not None
    answer = posted(client, plan_url(gap), plan_url(gap), **TASK, due_on=days(10).isoformat())
    repair = Repair.objects.get()
    assert answer["Location"] == repair.get_absolute_url()
    assert (repair.code, repair.owner, str(repair.cost), repair.need) == (GAP, "王丽", "120.50", "一盏台灯")
    page = repair.get_absolute_url()
    posted(client, page, act_url(repair, "report"), text="已换好", photo=picture(), nobody_shown="on")
    assert fresh(repair).status == Repair.Status.REPORTED
    above = signed_in(supervisor)
    assert "已换好" in words(above.get(page))
    posted(above, page, act_url(repair, "send_back"), remark="灯还不够亮")
    assert (fresh(repair).status, fresh(repair).reported_on) == (Repair.Status.OPEN, None)
    assert "灯还不够亮" in words(client.get(page))
    posted(client, page, act_url(repair, "report"), text="又换了一盏")
    posted(above, page, act_url(repair, "confirm"))
    done = fresh(repair)
    assert (done.status, done.settled_on) == (Repair.Status.CONFIRMED, days(0))
    assert list(done.reports.values_list("text", "accepted", "remark")) == [
        ("已换好", False, "灯还不够亮"),
        ("又换了一盏", True, ""),
    ]
    verbs = list(TrailEntry.objects.about(repair).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["planned", "reported", "sent back", "reported", "confirmed a repair"]


def test_nobody_confirms_what_they_reported(repair, supervisor):
    repair.report(text="已换好", by=supervisor)
    with pytest.raises(Refused, match="Somebody else"):
        repair.confirm(seen=repair.reports.get().pk, by=supervisor)
    assert fresh(repair).status == Repair.Status.REPORTED


def test_nobody_judges_what_they_have_not_seen(repair, director, supervisor, signed_in):
    old = repair.report(text="已换好", by=director)
    repair.send_back(seen=old.pk, remark="没有好", by=supervisor)
    repair.report(text="又换了", by=director)
    signed_in(supervisor).post(act_url(repair, "confirm"), {"report": old.pk})
    for act in (repair.confirm, lambda **seen: repair.send_back(remark="还是不行", **seen)):
        for seen in (old.pk, None):
            with pytest.raises(Refused, match="meanwhile"):
                act(seen=seen, by=supervisor)
    assert fresh(repair).status == Repair.Status.REPORTED


def test_in_a_home_that_closed_nothing_is_owed(repair, home, community, supervisor, director, signed_in):
    Repair.objects.filter(pk=repair.pk).update(planned_on=days(-20), due_on=days(-5))
    home.close(by=supervisor, on=days(0))
    place = Scope.of(community.pk)
    assert not repairs_overdue(place, Period(days(0), days(0))).exists()
    assert repairs_overdue(place, Period(days(-1), days(-1))).exists()
    page = signed_in(director).get(reverse("homes:repairs"))
    assert soup(page).select("tbody tr") == []


def test_who_may_do_what(gap, repair, director, supervisor, federation, stranger, signed_in):
    plan, page = plan_url(gap), repair.get_absolute_url()
    opened = {user: [signed_in(user).get(url).status_code for url in (plan, page)] for user in
              (director, supervisor, federation, stranger)}  # fmt: skip
    assert opened == {director: [302, 200], supervisor: [302, 200], federation: [404, 200], stranger: [404, 404]}
    for act in ("confirm", "send_back", "give_up"):
        assert signed_in(director).post(act_url(repair, act)).status_code == 404
        assert signed_in(stranger).post(act_url(repair, act)).status_code == 404
    assert signed_in(federation).post(act_url(repair, "report")).status_code == 404
    assert fresh(repair).status == Repair.Status.OPEN


def test_the_federation_is_told_no_name(repair, federation, director, signed_in):
    assert "王丽" in words(signed_in(director).get(repair.get_absolute_url()))
    for address in (repair.get_absolute_url(), reverse("homes:repairs"), repair.home.get_absolute_url()):
        page = words(signed_in(federation).get(address))
        assert "王丽" not in page


def test_what_is_met_or_not_submitted_is_no_gap(check, home, director, signed_in):
    met = check.answers.get(item__code=MET)
    assert signed_in(director).get(plan_url(met)).status_code == 404
    draft = submitted_check(home, director, kind=Inspection.Kind.SELF_CHECK, but=[GAP])
    Inspection.objects.filter(pk=draft.pk).update(
        status="draft", submitted_at=None, submitted_on=None, submitted_by=None, score=None, grade=""
    )
    assert signed_in(director).get(plan_url(draft.answers.get(item__code=GAP))).status_code == 404


def test_what_was_typed_stays_and_the_reason_is_said(gap, repair, supervisor, director, signed_in):
    repair.give_up(reason="房间要拆", by=supervisor)
    client = signed_in(director)
    for day in (days(-1).isoformat(), days(800).isoformat(), "9999-12-31", ""):
        answer = posted(client, plan_url(gap), plan_url(gap), **TASK, due_on=day)
        assert answer.status_code == 200
        assert soup(answer).select_one("[name=owner]")["value"] == "王丽"
    assert Repair.objects.count() == 1
    again = Repair.plan(gap, what="换灯", owner="王丽", due_on=days(3), by=director)
    answer = posted(client, again.get_absolute_url(), act_url(again, "report"), text="好了", photo=picture())
    assert "nobody can be recognised" in words(answer)
    assert soup(answer).select_one("[name=text]").text.strip() == "好了"
    assert fresh(again).status == Repair.Status.OPEN


def test_a_picture_nobody_can_keep_undoes_the_report(repair, director, signed_in):
    from django.core.files.uploadedfile import SimpleUploadedFile

    broken = SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg")
    page = repair.get_absolute_url()
    posted(signed_in(director), page, act_url(repair, "report"), text="好了", photo=broken, nobody_shown="on")
    assert fresh(repair).status == Repair.Status.OPEN
    assert not repair.reports.exists()


def test_the_gaps_of_an_old_check_are_planned_no_more(gap, check, home, director, signed_in):
    client = signed_in(director)
    assert client.get(plan_url(gap)).status_code == 200
    with transaction.atomic():
        newer = submitted_check(home, director, kind=Inspection.Kind.SELF_CHECK, but=[GAP])
    assert client.get(plan_url(gap)).status_code == 404
    link = f'a[href="{plan_url(gap)}"]'
    assert not soup(client.get(check.get_absolute_url())).select(link)
    assert client.get(plan_url(newer.answers.get(item__code=GAP))).status_code == 200


def test_one_task_for_a_gap_and_none_in_a_closed_home(gap, repair, home, director, supervisor):
    with pytest.raises(Refused, match="already"):
        Repair.plan(gap, what="x", owner="x", due_on=days(1), by=director)
    repair.give_up(reason="房间要拆", by=supervisor)
    home.close(by=supervisor, on=days(0))
    with pytest.raises(Refused, match="closed"):
        Repair.plan(gap, what="x", owner="x", due_on=days(1), by=director)


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_make_one_task(gap, director):
    said = []

    def plan():
        try:
            Repair.plan(gap, what="x", owner="x", due_on=days(1), by=director)
            said.append("planned")
        except Refused:
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=plan) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["planned", "refused"]
    assert Repair.objects.count() == 1


def test_what_is_overdue_on_any_day(repair, director, supervisor, community, street, far_community):
    def overdue(place, day):
        return list(repairs_overdue(Scope.of(place.pk), Period(day, day)))

    due = repair.due_on
    assert overdue(community, due) == []
    assert overdue(community, due + dt.timedelta(days=1)) == [repair]
    assert overdue(street, due + dt.timedelta(days=1)) == [repair]
    assert overdue(far_community, due + dt.timedelta(days=1)) == []
    repair.report(text="好了", by=director)
    assert overdue(community, due + dt.timedelta(days=1)) == []
    assert list(repairs_to_look_at(Scope.of(street.pk), Period(due, due))) == [repair]
    repair.send_back(seen=repair.reports.get().pk, remark="没有好", by=supervisor)
    assert overdue(community, due + dt.timedelta(days=1)) == [repair]


def test_each_list_holds_its_own(gap, repair, director, supervisor, signed_in):
    Repair.objects.filter(pk=repair.pk).update(planned_on=days(-20), due_on=days(-1))
    client = signed_in(director)

    def shown(key):
        return len(soup(client.get(reverse("homes:repairs"), {"show": key})).select("tbody tr"))

    assert [shown(key) for key in ("open", "overdue", "reported", "settled")] == [1, 1, 0, 0]
    repair.report(text="好了", by=director)
    assert [shown(key) for key in ("open", "overdue", "reported", "settled")] == [1, 0, 1, 0]
    repair.confirm(seen=repair.reports.get().pk, by=supervisor)
    assert [shown(key) for key in ("open", "overdue", "reported", "settled")] == [0, 0, 0, 1]
    assert shown("nonsense") == 0


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    number, check, director, signed_in, django_assert_max_num_queries
):
    for answer in check.answers.select_related("item", "inspection").order_by("pk")[:number]:
        Repair.plan(answer, what="x", owner="x", due_on=days(1), by=director)
    client = signed_in(director)
    client.get(reverse("homes:repairs"))
    with django_assert_max_num_queries(8):
        page = client.get(reverse("homes:repairs"))
    assert len(soup(page).select("tbody tr")) == number


def test_who_sees_to_a_repair_is_named_only_where_the_post_names_people(
    repair, director, federation, district, far_community, make_user, signed_in
):
    """A federation officer who is also child director of one community reads names there, and nowhere else."""
    worker = make_user("community_worker", far_community, "far")
    there = submitted_check(make_home(far_community), worker, kind=Inspection.Kind.SELF_CHECK, but=[GAP])
    Repair.plan(there.answers.get(item__code=GAP), what="修门", owner="赵强", due_on=days(3), by=worker)
    own = {"user": federation, "division": repair.community, "role": "community_worker"}
    Posting.objects.create(**own, starts_on=days(-9))
    client = signed_in(User.objects.get(pk=federation.pk))
    page = client.get(reverse("homes:repairs")).content.decode()
    assert [words in page for words in (str(repair.community), "王丽", str(far_community), "赵强")] == [True] * 3 + [
        False
    ]
    assert "王丽" in client.get(repair.get_absolute_url()).content.decode()
    other = Repair.objects.get(what="修门")
    assert "赵强" not in client.get(other.get_absolute_url()).content.decode()
    Posting.objects.create(user=federation, division=district, role="counsellor", starts_on=days(-9))
    client = signed_in(User.objects.get(pk=federation.pk))  # who reads the names of children referred, and of no others
    assert "赵强" not in client.get(reverse("homes:repairs")).content.decode()
    assert "赵强" not in client.get(other.get_absolute_url()).content.decode()
