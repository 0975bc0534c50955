"""The page everybody opens first."""

import pytest

from tests.children.factories import left_behind_child

pytestmark = pytest.mark.django_db


def counts(client):
    page = client.get("/admin/").content.decode()
    return [part.partition("</span>")[0] for part in page.split('class="desk-count">')[1:]]


def test_a_count_goes_to_its_limit_and_no_further(community, director, signed_in, monkeypatch):
    for name in ("周明", "赵敏", "钱多"):
        left_behind_child(community, name=name)
    client = signed_in(director)
    monkeypatch.setattr("config.workdesk.COUNT_LIMIT", 3)
    assert "3" in counts(client)
    monkeypatch.setattr("config.workdesk.COUNT_LIMIT", 2)
    shown = counts(client)
    assert "2+" in shown
    assert "3" not in shown
