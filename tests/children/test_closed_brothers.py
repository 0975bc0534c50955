"""A family goes on where the file of a brother was merged into another or erased: those files stand for nobody."""

import pytest

from children.merging import merge
from children.models import Child
from tests.children.factories import a_child, an_adult, id_number, kin
from tests.children.pages import filled, soup
from tests.children.test_kin import YOUNGER, of_children, rows


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


def opened(client, child, *adults, **more):
    """A sister's file is opened in the form of the child's household, with these adults as further ones."""
    url = child.household.get_absolute_url()
    page = client.post(url, filled(client.get(url), add="new_children"))
    sister = {"newchild0-name": "陈小雪", "newchild0-id_number": id_number(YOUNGER)}
    answer = client.post(url, {**filled(page), **sister, **rows(*adults), **more})
    assert answer.status_code == 302, [tag.get_text() for tag in soup(answer).select(".errorlist")]


def test_a_sister_belongs_to_whom_the_kept_file_does_and_not_to_whom_a_merged_one_did(client, director, community):
    gone, kept = (a_child(community, name=name) for name in ("陈小羽", "陈小雨"))
    Child.objects.filter(pk=gone.pk).update(household=kept.household)
    gone.refresh_from_db()
    an_adult(kept, "father", name="陈建国")
    mother = an_adult(kept, "mother", name="李红", cares=True)
    kin(gone, mother, "mother", cares=True)
    merge(kept, gone, by=director)
    opened(client, kept)
    assert of_children()["陈小雪"] == {"陈建国": "father", "李红": "mother*"}
