"""Every model is scoped or listed as reference data; every field is declared personal or not."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

from records.privacy import undeclared_fields
from tests.sweeps.test_layers import MAY_IMPORT

TOP = Path(__file__).resolve().parents[2]
OURS = tuple(MAY_IMPORT)
MODELS = [m for m in apps.get_models() if m._meta.app_label in OURS]

# No person's page lists these rows; each is reached only through its owner, its token or its own person.
UNSCOPED = {
    "records.Attachment": "reached through its owner's scope",
    "records.Draft": "found by its own person and key",
    "records.UsedToken": "found by its token",
    "records.JobProgress": "reached through its job",
    "records.ExportPart": "reached through its export",
    "activities.CalendarFeed": "found by its own person or its secret",
    "volunteers.DigestReading": "found by its own person and week",
    "children.FileNumber": "a counter",
    "children.ImportPart": "reached through its roster",
}


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_model_is_scoped_or_listed(model):
    if model._meta.label in UNSCOPED:
        assert not hasattr(model._default_manager, "visible_to")
        return
    assert hasattr(model._default_manager, "visible_to"), (
        f"{model._meta.label}: inherit records.scoping.Record (or communities.owned.CommunityRecord), "
        "or list it in UNSCOPED with the reason."
    )


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_field_is_declared_personal_or_not(model):
    missing = undeclared_fields(model) if model._meta.label != "children.FileNumber" else []
    assert missing == [], (
        f"{model._meta.label}: put {', '.join(missing)} into `personal` (with a class of records.privacy) "
        "or into `not_personal`."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("model", [m for m in MODELS if m._meta.label not in UNSCOPED], ids=lambda m: m._meta.label)
def test_who_has_no_posting_sees_no_row(model, district, community, make_child, django_user_model):
    make_child(community)
    nobody = django_user_model.objects.create_user("nobody", "nobody")
    assert not model._default_manager.visible_to(nobody).exists()


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_nothing_is_deleted_along_with_something_else(model):
    cascading = [
        f.name for f in model._meta.concrete_fields if f.is_relation and f.remote_field.on_delete.__name__ == "CASCADE"
    ]
    assert cascading == [], f"{model._meta.label}.{cascading}: use on_delete=PROTECT; close or archive instead."


def test_a_status_is_assigned_only_by_its_models_own_verbs():
    faults = []
    for app in (*OURS, "config"):
        for path in (TOP / app).rglob("*.py"):
            if "migrations" in path.parts or path == TOP / "records" / "lifecycle.py":
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                targets = node.targets if isinstance(node, ast.Assign) else []
                if any(isinstance(t, ast.Attribute) and t.attr == "status" for t in targets):
                    faults.append(f"{path.relative_to(TOP)}:{node.lineno}")
    assert faults == [], f"{faults}: call a verb of the model, which goes through Lifecycle._become."
