"""A roster from the director to the street office and back, in a browser."""

import pytest

from children.models import Child
from surveys.models import Roster

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
ENHE = "150902001001"
REMARK = "请补充学校"


def test_handed_in_returned_with_a_remark_corrected_and_accepted(somebody):
    director = somebody("director", "zh-hans", 390)
    director.open("/surveys/rosters/")
    director.press("Begin the roster")
    director.reads("Difference to the roster before")
    director.press("Hand in to the street office")
    director.reads("Handed in to the street office. Every line is frozen as it stands now.")

    supervisor = somebody("supervisor", "en", 1280)
    supervisor.open("/surveys/rosters/")
    supervisor.page.get_by_role("link", name="Open Enhe Road Community").click()
    supervisor.page.wait_for_load_state()
    supervisor.page.locator("main input[name^='line-']").first.fill(REMARK)
    supervisor.press("Return with remarks")
    supervisor.reads("Returned to the community, with your remarks.")

    roster = Roster.objects.get(community=ENHE, status="returned")
    line = roster.last_edition().lines.exclude(remark="").get()
    assert line.remark == REMARK
    director.page.reload()
    assert REMARK in director.main()
    director.reads("Not changed since")
    child = Child.objects.get(pk=line.child_id)
    director.open(f"/children/{child.pk}/school/")
    director.page.fill("input[name=child-school]", "集宁区示例新学校")
    director.press("Save")
    director.open(roster.get_absolute_url())
    director.reads("Changed since")
    director.press("Hand in to the street office")

    supervisor.page.reload()
    assert REMARK in supervisor.main() and "集宁区示例新学校" in supervisor.main()
    supervisor.press("Accept")
    supervisor.reads("Accepted. The roster counts in the sum of the street.")
    assert [e.outcome for e in roster.editions.order_by("number")] == ["returned", "accepted"]
    assert (director.faults, supervisor.faults) == ([], [])
