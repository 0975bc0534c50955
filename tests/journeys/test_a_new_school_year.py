"""Moving up a grade, and filling what a file lacks: in a browser, in both languages."""

import pytest
from django.utils import timezone

from children.completeness import Gaps
from children.models import Child
from children.schooling import due_to_move_up

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.parametrize(("language", "width"), [("zh-hans", 390), ("en", 1280)], ids=["chinese", "english"]),
]


def test_the_director_moves_up_the_pupils_who_wait_and_finds_what_is_missing(somebody, language, width):
    director = somebody("director", language, width)
    here = Child.objects.filter(community="150902001001", left_on=None)
    waiting = here.filter(due_to_move_up(timezone.localdate()))
    before = dict(waiting.values_list("pk", "grade"))
    director.by_menu("Move up a grade")
    if before:
        with director.page.expect_navigation():
            director.page.locator("main form button[data-kind=primary]").click()
    director.reads("All pupils are in the grade of this school year")
    assert not waiting.exists()
    assert all(Child.objects.get(pk=pk).grade != grade for pk, grade in before.items())

    child = next(c for c in here.filter(needs_asked_on=None).order_by("pk"))
    _words, address = next((w, a) for w, a in Gaps(child).links() if a.endswith("#id_need-topic"))
    director.open(f"/children/{child.pk}/")
    director.page.locator(f"a[href='{address}']").click()
    director.page.wait_for_function("document.activeElement?.id === 'id_need-topic'")
    with director.page.expect_navigation():
        director.page.locator("form[action$='/need/'] button").click()
    director.reads("The need is on file.")
    assert director.faults == []
    child.refresh_from_db()
    assert "needs" not in {item.key for item in Gaps(child).missing}
