import pytest
from django.db import connection

from tests.records import samples as tables


@pytest.fixture
def samples(db):
    with connection.schema_editor() as editor:
        for model in tables.MODELS:
            editor.create_model(model)
    yield tables
    if not connection.in_atomic_block:  # else the test's transaction takes them away
        with connection.schema_editor() as editor:
            for model in reversed(tables.MODELS):
                editor.delete_model(model)


@pytest.fixture
def private_root(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path / "private"
    return settings.PRIVATE_ROOT


@pytest.fixture
def worker(director):
    return director


@pytest.fixture
def colleague(make_user, community):
    return make_user("community_worker", community)
