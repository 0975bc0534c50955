"""Write each app's `0001_initial` anew from its models, until the first release. Run by the Python of .venv.

Constraints and indexes stand inside `CreateModel`: Django renders every related model again for each one that
is added on its own, which is most of the time that a new database takes.
"""

import os
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))
os.environ.update(
    DJANGO_SETTINGS_MODULE="config.settings", DEMO="1", DATABASE_URL="postgresql://nobody@/nothing?host=/nonexistent"
)

import django  # noqa: E402
from django.apps import apps  # noqa: E402
from django.db.migrations import operations as kinds  # noqa: E402
from django.db.migrations.autodetector import MigrationAutodetector  # noqa: E402
from django.db.migrations.graph import MigrationGraph  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402
from django.db.migrations.questioner import MigrationQuestioner  # noqa: E402
from django.db.migrations.state import ProjectState  # noqa: E402
from django.db.migrations.writer import MigrationWriter  # noqa: E402


def ours():
    return {config.label for config in apps.get_app_configs() if Path(config.path).parent == TOP}


def from_nothing(labels):
    before = MigrationLoader(None, ignore_no_migrations=True).project_state()
    before.models = {key: model for key, model in before.models.items() if key[0] not in labels}
    wanted = ProjectState.from_apps(apps)
    anew = MigrationQuestioner(specified_apps=labels)
    return MigrationAutodetector(before, wanted, anew).changes(MigrationGraph(), trim_to_apps=labels)


def folded(operations):
    """The same operations, with what is added to a model that stands whole inside its `CreateModel`."""
    whole = {op.name_lower: op for op in operations if isinstance(op, kinds.CreateModel)}
    for op in operations:
        if isinstance(op, kinds.AddField):
            whole.pop(op.model_name_lower, None)
    kept = []
    for op in operations:
        created = whole.get(getattr(op, "model_name_lower", None))
        if created and isinstance(op, kinds.AddConstraint):
            created.options.setdefault("constraints", []).append(op.constraint)
        elif created and isinstance(op, kinds.AddIndex):
            created.options.setdefault("indexes", []).append(op.index)
        else:
            kept.append(op)
    return kept


def main():
    django.setup()
    for label, migrations in from_nothing(ours()).items():
        if len(migrations) > 1:
            return f"{label} and another app refer to each other: mend that first."
        migration = migrations[0]
        migration.operations = folded(migration.operations)
        (TOP / label / "migrations" / "0001_initial.py").write_text(
            MigrationWriter(migration, include_header=False).as_string()
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
