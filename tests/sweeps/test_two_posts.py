"""Every route about one row: a second post elsewhere opens nothing here, and draws no button more."""

import datetime as dt

import pytest

from communities.models import Division, Posting
from tests.children.pages import soup
from tests.sweeps.conftest import FAR
from tests.sweeps.test_routes import KEYED, path_of, rows_of

STAFF = [name for name in KEYED if not name.startswith("portal")]


def buttons(page):
    """The addresses to which the page's forms are sent and its buttons lead."""
    main = soup(page).find("main") if page["Content-Type"].startswith("text/html") else None
    if main is None:
        return set()
    forms = {tag.get("action") or "" for tag in main.select("form[method=post]")}
    others = {tag["formaction"] for tag in main.select("[formaction]")} | {a["href"] for a in main.select("a.button")}
    return forms | others


@pytest.mark.parametrize("name", STAFF)
def test_a_second_post_elsewhere_opens_nothing_here(name, client_of, person):
    """The child supervisor, and the counsellor, are made child director of a community far away that has no rows."""
    elsewhere = Division.objects.create(code=f"{FAR}999", name="新社区", level="community", parent_id=FAR)
    for who in ("supervisor", "counsellor"):
        user = person(who)
        rows = rows_of(name).objects.visible_to(user)
        addresses = [path_of(name, key) for key in rows.order_by("-pk").values_list("pk", flat=True)[:1]]
        client = client_of(who)
        alone = [client.get(address) for address in addresses]
        second = {"user": user, "division": elsewhere, "role": "community_worker", "starts_on": dt.date(2020, 1, 1)}
        Posting.objects.create(**second)
        for address, before in zip(addresses, alone, strict=True):
            now = client.get(address)
            if before.status_code == 404:
                assert now.status_code in (404, 405), (who, address)
            elif before.status_code == now.status_code == 200:
                assert buttons(now) <= buttons(before), (who, address)
        Posting.objects.filter(**second).delete()
        refused = [address for address in addresses if client.post(address).status_code == 404]
        Posting.objects.create(**second)
        for address in refused:
            assert client.post(address).status_code in (404, 405), (who, address)
