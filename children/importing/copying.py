"""Many new rows of a model at once, through COPY: a roster of 20,000 children is some 150,000 rows.

Keys are drawn first, so that rows can point to each other before any is written. What `save()` would set beyond
the fields' own work (the district, search columns) is the caller's to set.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from records.secrets import SecretField

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
    """Write new rows whose keys are set."""
    fields = model._meta.concrete_fields
    prepared = [_preparation(field) for field in fields]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    statement = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([prepare(row) for prepare in prepared])


def _preparation(field):
    """How a field's value is taken from an object and made ready for the database."""
    name = field.attname
    if isinstance(field, (SecretField, models.JSONField, ArrayField)):
        return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection)
    if type(field).pre_save is not models.Field.pre_save:
        return lambda row: field.pre_save(row, True)
    return lambda row: getattr(row, name)
