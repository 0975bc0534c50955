"""Many new rows of a model at once, through COPY: a roster of 20,000 children is some 170,000 rows.

Rows are dicts by column, without model instances; what is not named gets the field's default, and companions of
secrets and times of creation are filled as `save()` would. Anything else that a model's own `save()` sets is the
caller's to give. Keys are drawn first, so that rows can point to each other before any is written.
"""

from django.db import connection, models
from django.utils import timezone

from records.secrets import Companion, SecretField

AT_A_TIME = 500


class Keys:
    """New primary keys one by one, drawn many at a time."""

    def __init__(self, model):
        self.model, self._left = model, []

    def take(self):
        if not self._left:
            self._left = take_keys(self.model, AT_A_TIME)[::-1]
        return self._left.pop()


def take_keys(model, how_many):
    """Primary keys for `how_many` new rows."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [f'"{table}"', how_many]
        )
        return [key for (key,) in cursor.fetchall()]


def copy_in(model, rows):
    """Write new rows: dicts of column to value. A row without `id` is given one by the database."""
    rows = iter(rows)
    if (first := next(rows, None)) is None:
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key or field.attname in first]
    prepared = [_preparation(field) for field in fields]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    statement = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write_row([prepare(first) for prepare in prepared])
        for row in rows:
            copy.write_row([prepare(row) for prepare in prepared])


def _preparation(field):
    """How a column's value is made from a row."""
    name, default = field.attname, field._get_default
    if isinstance(field, Companion):
        return lambda row: field.derived(row.get(field.of) or "")
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return lambda row: timezone.now()
    if isinstance(field, (SecretField, models.JSONField)):
        return lambda row: field.get_db_prep_save(row[name] if name in row else default(), connection)
    return lambda row: row[name] if name in row else default()
