"""A row about a child never stays where the child is not, even if it is written while the file is handed over.

Who writes a row reads the child's community first; a transfer may be accepted in between. So the database looks again
when the row is written, under a lock that waits for a transfer under way and for nothing else: a transfer alone locks
its rows in full. Then the row either goes after what it
hangs on, or, where a transfer would have ended it or where it ties a family together, the act is tried again from its
beginning (`config.middleware`), which sees the file gone.
"""

from django.db import migrations

LOOKS_AGAIN = """
CREATE FUNCTION communities_row_looks_again() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key text := TG_ARGV[0];
    base text := TG_ARGV[1];
    is_elsewhere boolean;
BEGIN
    EXECUTE format('SELECT bool_or(b.community_id <> b.here) FROM (SELECT b.community_id, n.community_id AS here'
                   ' FROM %I b JOIN new_rows n ON n.%I = b.id ORDER BY b.id FOR KEY SHARE OF b) b', base, key)
        INTO is_elsewhere;
    IF NOT coalesce(is_elsewhere, false) THEN
        RETURN NULL;
    END IF;
    IF TG_ARGV[2] = 'begin again' THEN
        RAISE EXCEPTION 'the file has gone to another community' USING ERRCODE = 'serialization_failure';
    END IF;
    EXECUTE format('UPDATE %I r SET community_id = b.community_id, district = b.district FROM new_rows n'
                   ' JOIN %I b ON b.id = n.%I WHERE r.id = n.id AND r.community_id <> b.community_id',
                   TG_TABLE_NAME, base, key);
    RETURN NULL;
END $$;
"""

LOOKED = "DROP FUNCTION communities_row_looks_again();"

WATCH = """
CREATE TRIGGER {name} AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION communities_row_looks_again('{key}', '{base}', '{then}');
"""
NAME = "stands_where_its_child_stands"


def _watched(table, key, base, then):
    watch = WATCH.format(name=NAME, table=table, key=key, base=base, then=then)
    return migrations.RunSQL(watch, f"DROP TRIGGER {NAME} ON {table};")


def goes_after(table, key, base):
    """New rows of `table` stand where the row of `base` stands that `key` names."""
    return _watched(table, key, base, "go after")


def begins_again(table, key, base):
    """A new row of `table` that names a row of `base` gone elsewhere undoes the act, which is tried again."""
    return _watched(table, key, base, "begin again")
