"""Every registered staff page and its lists, filters, searches, lookups, prefilled forms, actions and histories."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.admin import ModelAdmin
from django.urls import reverse

from records.staff_admin import StaffAdmin
from records.staff_site import staff_site
from tests.sweeps.conftest import PEOPLE, leaked

STAFF = tuple(name for name in PEOPLE if name != "volunteer")
PAGES = sorted(staff_site._registry.values(), key=lambda page: page.opts.label)
by_label = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.opts.label)


def url(page, name, *args):
    return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_{name}", args=args)


def rows(page, user):
    return page.model._default_manager.visible_to(user)


def may_look(page, user):
    label, name = page.opts.app_label, page.opts.model_name
    return user.has_perm(f"{label}.view_{name}") or user.has_perm(f"{label}.change_{name}")


def test_every_staff_page_inherits_the_one_base():
    bare = [m.__name__ for m, page in staff_site._registry.items() if not isinstance(page, StaffAdmin)]
    assert bare == [], f"{bare}: inherit records.staff_admin.StaffAdmin so that scope applies."
    assert all(isinstance(page, ModelAdmin) for page in PAGES)


@by_label
def test_a_list_shows_what_is_ones_own_and_nothing_foreign(page, client_of, person, foreign):
    for who in STAFF:
        answer = client_of(who).get(url(page, "changelist"))
        if not may_look(page, person(who)):
            assert answer.status_code in (403, 404), who
            continue
        assert answer.status_code == 200, who
        assert leaked(answer, foreign(person(who))) == [], who


@by_label
def test_every_filter_link_works_and_leaks_nothing(page, client_of, person, foreign):
    user = person("director")
    if not may_look(page, user):
        return
    client = client_of("director")
    soup = BeautifulSoup(client.get(url(page, "changelist")).content, "html.parser")
    tried = 0
    for select in soup.select("form select[name]:not([name=action])"):
        for option in select.select("option")[:6]:
            answer = client.get(url(page, "changelist"), {select["name"]: option.get("value", "")})
            assert answer.status_code in (200, 302), (select["name"], option)
            assert leaked(answer, foreign(user)) == []
            tried += 1
    assert tried or not page.list_filter or not soup.select("form select[name]:not([name=action])")


@by_label
def test_lookups_by_any_local_field_are_refused(page, client_of, person):
    client = client_of("director")
    if not may_look(page, person("director")):
        return
    for field in page.model._meta.concrete_fields:
        for lookup in (f"{field.name}__startswith", f"{field.name}__isnull", f"{field.name}__gte"):
            if page.lookup_allowed(lookup, "1", client.get(url(page, "changelist")).wsgi_request):
                continue
            answer = client.get(url(page, "changelist"), {lookup: "1"})
            assert answer.status_code in (302, 400), lookup


@by_label
def test_a_search_for_a_foreign_name_finds_nothing(page, client_of, person, foreign):
    user = person("director")
    if not page.search_fields or not may_look(page, user):
        return
    client = client_of("director")
    for word in sorted(foreign(user))[:3]:
        soup = BeautifulSoup(client.get(url(page, "changelist"), {"q": word}).content, "html.parser")
        assert not soup.select("#result_list tbody tr"), word
    for junk in ("\x00", "%", "x" * 5000, "'\"", "(", "\\"):
        assert client.get(url(page, "changelist"), {"q": junk}).status_code in (200, 302, 400)


@by_label
def test_foreign_rows_answer_like_rows_that_never_existed(page, client_of, person):
    for who in STAFF:
        user = person(who)
        theirs = page.model._default_manager.exclude(pk__in=rows(page, user).values("pk")).first()
        if theirs is None or not may_look(page, user):
            continue
        client = client_of(who)
        absent_key = "999999999" if str(theirs.pk).isdigit() else "zz"
        for name in ("change", "history", "delete"):
            for method in (client.get, client.post):
                hidden, absent = method(url(page, name, theirs.pk)), method(url(page, name, absent_key))
                assert hidden.status_code == absent.status_code, (who, name)
                assert hidden.status_code in (302, 403, 404), (who, name, hidden.status_code)
                assert hidden.get("Location") == absent.get("Location"), (who, name)


@by_label
def test_ones_own_rows_and_their_histories_open(page, client_of, person, foreign):
    for who in STAFF:
        user = person(who)
        ours = rows(page, user).order_by("pk").first()
        if ours is None or not may_look(page, user):
            continue
        for name in ("change", "history"):
            answer = client_of(who).get(url(page, name, ours.pk))
            assert answer.status_code in (200, 302), (who, name)
            assert leaked(answer, foreign(user)) == [], (who, name)
            if answer.status_code == 200:
                fixed = BeautifulSoup(answer.content, "html.parser").select(".readonly")
                shown = {field.text.strip() for field in fixed}
                assert "None" not in shown, f"{who}: a column that is empty returns `self.empty_value_display`"


@by_label
def test_nothing_is_deleted_through_the_staff_pages(page, client_of, person):
    user = person("director")
    ours = rows(page, user).first()
    if ours is None:
        return
    client = client_of("director")
    client.post(url(page, "delete", ours.pk), {"post": "yes"})
    client.post(url(page, "changelist"), {"action": "delete_selected", "_selected_action": [ours.pk], "post": "yes"})
    assert page.model._default_manager.filter(pk=ours.pk).exists()


@by_label
def test_a_form_prefilled_with_a_foreign_row_does_not_show_it(page, client_of, person, foreign):
    user = person("director")
    client = client_of("director")
    for field in page.opts.concrete_fields:
        related = field.related_model
        if related is None or not hasattr(related._default_manager, "visible_to"):
            continue
        theirs = related._default_manager.exclude(pk__in=related._default_manager.visible_to(user).values("pk")).last()
        if theirs is not None:
            answer = client.get(url(page, "add"), {field.name: theirs.pk})
            assert answer.status_code in (200, 302, 403, 404)
            assert leaked(answer, foreign(user)) == [], field.name


@by_label
def test_autocomplete_offers_nothing_foreign(page, client_of, person, foreign):
    user = person("director")
    client = client_of("director")
    for field in page.opts.concrete_fields:
        if field.related_model is None:
            continue
        for term in ("", *sorted(foreign(user))[:2], "\x00", "x" * 3000):
            answer = client.get(
                reverse("admin:autocomplete"),
                {
                    "app_label": page.opts.app_label,
                    "model_name": page.opts.model_name,
                    "field_name": field.name,
                    "term": term,
                },
            )
            assert answer.status_code in (200, 400, 403, 404), (field.name, term)
            if answer.status_code == 200:
                assert leaked(answer, foreign(user)) == [], (field.name, term)


@by_label
def test_actions_touch_no_foreign_row(page, client_of, person):
    user = person("director")
    theirs = page.model._default_manager.exclude(pk__in=rows(page, user).values("pk")).first()
    if theirs is None or not may_look(page, user):
        return
    before = {f.attname: getattr(theirs, f.attname) for f in page.opts.concrete_fields}
    client = client_of("director")
    for action in page.get_actions(client.get(url(page, "changelist")).wsgi_request):
        client.post(url(page, "changelist"), {"action": action, "_selected_action": [theirs.pk], "index": "0"})
    theirs.refresh_from_db()
    assert {f.attname: getattr(theirs, f.attname) for f in page.opts.concrete_fields} == before
