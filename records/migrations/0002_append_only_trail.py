from django.db import migrations

REFUSE = """
CREATE FUNCTION records_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The trail is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""

GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION records_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION records_append_only();
"""

UNGUARD = """
DROP TRIGGER append_only ON {table};
DROP TRIGGER never_emptied ON {table};
"""

TABLES = ["records_trailentry", "records_trailseal"]


class Migration(migrations.Migration):
    """Entries and seals can be added, never changed or removed, by whatever program is connected."""

    dependencies = [("records", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION records_append_only();"),
        *(migrations.RunSQL(GUARD.format(table=t), UNGUARD.format(table=t)) for t in TABLES),
    ]
