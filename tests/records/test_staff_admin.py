"""The staff base: what a person makes lands in their own community, once, and leaves keys on the trail."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry

from communities.models import Division, LeadingGroupMember, Posting, User
from records import staff_admin
from records.staff_admin import FixedInline, StaffAdmin
from records.staff_checks import StaffAdminChecks
from records.staff_filters import COUNT_LIMIT, CappedPaginator
from records.staff_site import staff_site
from records.trail import TrailEntry

pytestmark = pytest.mark.django_db

MEMBER = {
    "name": "高志强",
    "position": "member",
    "group": "caring",
    "duties": ["law"],
    "phone": "",
    "account": "",
    "since": "2026-02-08",
    "until": "",
}


@pytest.fixture
def add(signed_in):
    """add(user, **data): what posting the member form answers, with a fresh form's token."""

    def post(user, client=None, **data):
        client = client or signed_in(user)
        page = client.get("/admin/communities/leadinggroupmember/add/").content.decode()
        token = page.split('name="once_token" value="')[1][:36]
        return client.post("/admin/communities/leadinggroupmember/add/", {**MEMBER, "once_token": token, **data})

    return post


def test_a_new_row_takes_its_community_from_the_posting(add, director, community):
    assert add(director).status_code == 302
    member = LeadingGroupMember.objects.get()
    assert (member.community, member.district) == (community, "150902")


def test_a_community_cannot_be_posted_into_a_form(add, director, community, far_community):
    add(director, community=far_community.pk, in_community=far_community.pk, district="999999")
    assert LeadingGroupMember.objects.get().community == community


def test_with_two_postings_the_place_is_chosen_among_them(add, director, community, far_community, sister_community):
    Posting.objects.create(
        user=director, division=far_community, role="community_worker", starts_on=dt.date(2020, 1, 1)
    )
    assert add(director).status_code == 200
    assert add(director, in_community=sister_community.pk).status_code == 200
    assert not LeadingGroupMember.objects.exists()
    assert add(director, in_community=far_community.pk).status_code == 302
    assert LeadingGroupMember.objects.get().community == far_community


def test_a_form_sent_twice_makes_one_row(signed_in, director):
    client = signed_in(director)
    page = client.get("/admin/communities/leadinggroupmember/add/").content.decode()
    data = {**MEMBER, "once_token": page.split('name="once_token" value="')[1][:36]}
    first = client.post("/admin/communities/leadinggroupmember/add/", data)
    second = client.post("/admin/communities/leadinggroupmember/add/", data)
    assert (first.status_code, second.status_code) == (302, 302)
    assert second.url == first.url
    assert LeadingGroupMember.objects.count() == 1


def test_a_form_with_errors_keeps_what_was_typed_and_can_be_sent_again(signed_in, director):
    client = signed_in(director)
    page = client.get("/admin/communities/leadinggroupmember/add/").content.decode()
    data = {**MEMBER, "since": "2026-02-31", "once_token": page.split('name="once_token" value="')[1][:36]}
    again = client.post("/admin/communities/leadinggroupmember/add/", data)
    assert "高志强" in again.content.decode()
    assert client.post("/admin/communities/leadinggroupmember/add/", {**data, "since": "2026-02-28"}).status_code == 302


def test_who_may_only_look_changes_nothing(signed_in, supervisor, director, add):
    add(director)
    member = LeadingGroupMember.objects.get()
    client = signed_in(supervisor)
    page = client.get(f"/admin/communities/leadinggroupmember/{member.pk}/change/")
    assert page.status_code == 200
    client.post(f"/admin/communities/leadinggroupmember/{member.pk}/change/", {**MEMBER, "name": "改"})
    member.refresh_from_db()
    assert member.name == "高志强"


def test_acts_are_kept_as_keys_and_names_of_fields(add, director, signed_in):
    add(director)
    member = LeadingGroupMember.objects.get()
    signed_in(director).post(
        f"/admin/communities/leadinggroupmember/{member.pk}/change/", {**MEMBER, "position": "deputy"}
    )
    entries = TrailEntry.objects.about(member)
    assert [(e.verb, e.fields) for e in entries] == [("changed", ["position"]), ("added", [])]
    assert not LogEntry.objects.exists()
    history = signed_in(director).get(f"/admin/communities/leadinggroupmember/{member.pk}/history/").content.decode()
    assert "director" in history


def test_a_refused_look_is_on_the_trail(add, director, stranger, signed_in):
    add(director)
    member = LeadingGroupMember.objects.get()
    signed_in(stranger).get(f"/admin/communities/leadinggroupmember/{member.pk}/change/")
    entry = TrailEntry.objects.get(refused=True)
    assert (entry.actor, entry.object_key, entry.model_label) == (
        stranger,
        str(member.pk),
        "communities.leadinggroupmember",
    )


def test_typed_text_is_cleaned_and_deceiving_marks_are_refused(add, director):
    assert add(director, name="  高志\u3000强 ").status_code == 302
    assert LeadingGroupMember.objects.get().name == "高志 强"
    assert add(director, name="abc\u202edcb").status_code == 200
    assert LeadingGroupMember.objects.count() == 1


def test_the_page_counts_to_a_thousand_and_no_further(community, django_assert_num_queries):
    LeadingGroupMember.objects.bulk_create(
        LeadingGroupMember(
            community=community, district="150902", position="member", since=dt.date(2026, 1, 1), name="x"
        )
        for _n in range(COUNT_LIMIT + 5)
    )
    paginator = CappedPaginator(LeadingGroupMember.objects.order_by("pk"), 50)
    with django_assert_num_queries(1):
        assert paginator.count == COUNT_LIMIT + 1
        assert paginator.is_capped


@pytest.mark.parametrize(
    "options",
    [{"raw_id_fields": ["community"]}, {"list_editable": ["name"], "list_display": ["pk", "name"]}, {"fields": None}],
)
def test_a_page_that_would_leak_does_not_start(options):
    page = type("Leaky", (StaffAdmin,), {"fields": ["name"], **options})(LeadingGroupMember, staff_site)
    assert [e for e in StaffAdminChecks().check(page) if e.id == "records.E001"]


def test_a_prefilled_form_takes_only_fields_that_are_on_it(signed_in, director):
    page = signed_in(director).get(
        "/admin/communities/leadinggroupmember/add/?name=vorbelegt&status=x&community=150902002001"
    )
    form = page.content.decode().partition('id="leadinggroupmember_form"')[2]
    assert 'value="vorbelegt"' in form
    assert "150902002001" not in form


@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_list_costs_the_same_for_one_and_thirty(count, community, director, signed_in, django_assert_max_num_queries):
    for n in range(count):
        LeadingGroupMember.objects.create(
            community=community, position="member", since=dt.date(2026, 1, 1), name=str(n)
        )
    client = signed_in(director)
    with django_assert_max_num_queries(10):
        client.get("/admin/communities/leadinggroupmember/")


def test_a_division_key_with_a_nul_is_not_found(signed_in, administrator):
    assert Division.objects.exists()
    assert signed_in(administrator).get("/admin/communities/division/15%00/change/").status_code in (302, 400, 404)


def test_a_higher_apps_inline_is_shown_on_a_lower_apps_page_and_stays_scoped(monkeypatch, rf, administrator, director):
    monkeypatch.setattr(staff_admin, "_shown", {})

    @staff_admin.shown_on(User)
    class Granted(FixedInline):
        model = Posting
        fk_name = "granted_by"
        fields = ["role", "starts_on"]

    page = staff_site._registry[User]
    request = rf.get("/")
    request.user = administrator
    assert page.get_inlines(request, administrator)[-1] is Granted
    assert Granted not in page.get_inlines(request, None)
    inline = Granted(User, staff_site)
    assert set(inline.get_queryset(request)) == {administrator.postings.get(), director.postings.get()}
    request.user = director
    assert not inline.get_queryset(request).exists()
    assert not inline.has_view_permission(request)
