"""What becomes of a row on a transfer is declared on its model; nothing about a child stands where the child is not."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from children import moving
from children.guardian_copy import copied_models
from children.models import Child, Household
from communities.owned import MOVES, STAYS
from tests.children.factories import left_behind_child

REACHED = sorted(moving.reached(), key=lambda model: model._meta.label)


def has_own_place(model):
    return any(field.name == "community" and field.is_relation for field in model._meta.concrete_fields)


@pytest.mark.parametrize("model", REACHED, ids=lambda model: model._meta.label)
def test_every_model_about_a_child_says_what_becomes_of_it(model):
    declared = getattr(model, "on_transfer", None)
    assert declared in (MOVES, STAYS), f"{model._meta.label}: say on_transfer = MOVES or STAYS."
    assert declared == STAYS or has_own_place(model), f"{model._meta.label}: what moves has a community of its own."


def test_what_the_guardian_gets_a_copy_of_is_what_moves():
    assert set(copied_models()) <= set(REACHED)


@pytest.mark.parametrize("model", moving.shared_models(), ids=lambda model: model._meta.label)
def test_a_shared_row_reaches_its_children(model):
    assert model not in REACHED
    assert not model.objects.filter(**{f"{model.shared_by}__in": Child.objects.none()}).exists()


def test_a_row_that_names_children_is_either_reached_or_shared():
    """A model of ours with a key to a model about a child is itself about a child, or says whom it serves."""
    known = {*REACHED, *moving.shared_models()}
    pointing = {
        model
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in REACHED
    }
    assert sorted(model._meta.label for model in pointing - known) == []


def test_a_row_out_of_place_is_found_and_brought_home(community, far_community, capsys):
    child = left_behind_child(community)
    call_command("check_communities")
    child.kinships.update(community=far_community)
    Household.objects.update(community=far_community)
    assert {model._meta.model_name: len(keys) for model, keys in moving.misplaced().items()} == {
        "household": 1,
        "kinship": 3,
    }
    with pytest.raises(CommandError, match="another community"):
        call_command("check_communities")
    call_command("check_communities", "--mend")
    assert "4 rows brought home" in capsys.readouterr().out
    assert moving.misplaced() == {}
    assert set(child.kinships.values_list("community", "district")) == {(community.pk, "150902")}
