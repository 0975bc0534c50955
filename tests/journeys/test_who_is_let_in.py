"""Whom the counsellor sees, and how a new person comes in: in a browser, in both languages."""

import re

import pytest
from django.utils import timezone

from children.models import Child, Referral
from communities.models import Posting, User

PASSWORD = "风筝 over the river 27"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.parametrize(("language", "width"), [("zh-hans", 390), ("en", 1280)], ids=["chinese", "english"]),
]


def test_the_counsellor_sees_the_children_referred_and_no_other(somebody, language, width):
    counsellor = somebody("counsellor", language, width)
    referred = set(Referral.objects.current().filter(counsellor__username="counsellor").values_list("child", flat=True))
    counsellor.by_menu("Register")
    links = counsellor.page.locator("#result_list tbody a[href^='/children/']")
    keys = {
        int(re.search(r"\d+", link)[0]) for link in links.evaluate_all("all => all.map(a => a.getAttribute('href'))")
    }
    assert keys == referred and len(referred) == 3
    counsellor.open(f"/children/{min(referred)}/")
    assert counsellor.heading() == Child.objects.get(pk=min(referred)).name
    assert counsellor.faults == []
    others = Child.objects.filter(community=Child.objects.get(pk=min(referred)).community).exclude(pk__in=referred)
    assert counsellor.page.goto(f"{counsellor.site}/children/{others.first().pk}/").status == 404


def test_the_administrator_gives_an_account_and_its_person_sets_the_password(somebody, language, width):
    administrator, username = somebody("administrator", language, width), f"newcomer.{language[:2]}"
    page = administrator.page
    administrator.by_menu("Accounts")
    administrator.open("/admin/communities/user/add/")
    page.fill("#id_username", username)
    page.fill("#id_name", "新来(示例)")
    page.select_option("#id_language", language)
    administrator.press("Save", within=".submit-row")
    administrator.reads("Next: give this account a posting, then make a one-time link.")
    newcomer = User.objects.get(username=username)

    administrator.open("/admin/communities/posting/add/")
    choose(page, "user", newcomer.pk, username)
    page.select_option("#id_role", "community_worker")
    choose(page, "division", "150902001002", "体育场", shown="体育场|Stadium")
    page.fill("#id_starts_on", str(timezone.localdate()))
    administrator.press("Save", within=".submit-row")
    assert Posting.objects.get(user=newcomer).granted_by.username == "administrator"

    administrator.open(f"/admin/communities/user/{newcomer.pk}/change/")
    administrator.follow("Make a one-time link")
    if page.locator("input[type=password]").count():
        page.fill("input[type=password]", "small-hands-demo")
        with page.expect_navigation():
            page.locator("main form button[type=submit], main form .button").first.click()
    administrator.press("Make the link")
    link = page.locator("main code").inner_text()

    person_new = somebody(None, language, width)
    person_new.page.goto(link)
    assert person_new.heading() == person_new.say("Set your password")
    person_new.page.fill("#id_new_password1", PASSWORD)
    person_new.page.fill("#id_new_password2", PASSWORD)
    person_new.press("Set the password")
    person_new.sign_in(username, PASSWORD)
    person_new.by_menu("Register")
    text = person_new.main()
    children = Child.objects.on_register(timezone.localdate())
    own = children.filter(community="150902001002")
    assert all(child.name in text for child in own) and own.count() < 50
    assert not [child for child in children.exclude(pk__in=own) if child.name in text]
    page.goto(link)
    administrator.reads("This link has been used, or is too old")
    assert person_new.faults == administrator.faults == []


def choose(page, name, value, typed, shown=None):
    """In a plain select, or in one that is searched in."""
    field = page.locator(f"#id_{name}")
    if page.locator(f".field-{name} .select2").count():
        page.locator(f".field-{name} .select2-selection").click()
        page.locator(".select2-search__field").fill(typed)
        page.locator(".select2-results__option", has_text=re.compile(shown or typed)).first.click()
    else:
        field.select_option(str(value))
