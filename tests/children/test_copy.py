import json

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from children import consenting, referring
from children.guardian_copy import copied_models, copy_of
from children.models import Child, Concern, Household
from records.scoping import Record
from records.trail import TrailEntry
from tests.children.factories import a_child, id_number, left_behind_child
from tests.conftest import freshly_signed_in


@pytest.fixture
def child(community, director, counsellor):
    one = left_behind_child(community, id_number=id_number(timezone.localdate() - timezone.timedelta(days=3650)))
    consenting.give_consent(one, "photo", given_by="陈建国", on=timezone.localdate(), by=director)
    referring.refer(one, counsellor, by=director)
    Concern.raise_for(one, what="淤青", by=director)
    a_child(community, one.household, name="陈小雪")
    left_behind_child(community, name="外人")
    return one


def leads_to_a_child(model, seen=()):
    """A plain second way: follow foreign keys from any model up to the child or its household."""
    if model in (Child, Household):
        return True
    ups = {f.related_model for f in model._meta.concrete_fields if f.is_relation and f.related_model not in seen}
    ours = {m for m in ups if isinstance(m, type) and issubclass(m, Record)}
    return any(leads_to_a_child(m, (*seen, model)) for m in ours)


def test_the_copy_leaves_out_no_model_that_leads_to_a_child():
    models = {m for m in apps.get_models() if issubclass(m, Record) and leads_to_a_child(m)}
    assert models == set(copied_models())


def test_the_copy_holds_every_column_of_every_row(child):
    copied = copy_of(child)
    for label, rows in copied.items():
        columns = {f.name for f in apps.get_model(label)._meta.concrete_fields}
        assert all(set(row) == columns for row in rows), label
    assert copied["children.child"][0]["id_number"] == child.id_number
    assert [len(copied[f"children.{m}"]) for m in ("child", "adult", "kinship", "away", "consent", "concern")] == [
        1, 3, 3, 2, 1, 1,
    ]  # fmt: skip
    assert "外人" not in json.dumps(copied, ensure_ascii=False)
    assert "陈小雪" not in json.dumps(copied, ensure_ascii=False)
    assert copied["records.trailentry"]


def test_the_command_writes_it_and_says_so_on_the_trail(child, capsys):
    call_command("child_copy", child.number)
    assert json.loads(capsys.readouterr().out)["children.child"][0]["name"] == child.name
    assert TrailEntry.objects.about(child).filter(verb="copied for the guardian").count() == 1
    with pytest.raises(CommandError):
        call_command("child_copy", "150902001001-9999")


def test_the_paper_shows_only_what_the_one_who_prints_sees(child, director, counsellor, stranger, signed_in):
    url = f"/papers/file_summary/{child.pk}/"
    assert signed_in(director).get(url).url.startswith("/reauthenticate/")
    mine = freshly_signed_in(signed_in(director)).get(url)
    assert mine.status_code == 200
    assert child.id_number in mine.content.decode()
    assert "淤青" not in mine.content.decode()
    assert "陈小雪" not in mine.content.decode()
    theirs = freshly_signed_in(signed_in(counsellor)).get(url).content.decode()
    assert child.name in theirs
    assert child.id_number not in theirs
    assert "淤青" not in theirs
    assert signed_in(stranger).get(url).status_code == 404
    assert TrailEntry.objects.filter(verb="printed file_summary").count() == 2
