"""What is left of a thing is what its entries add up to; entries can be added, never changed or removed."""

from django.db import migrations

from communities.following import begins_again

COUNT = """
CREATE FUNCTION gifts_entry_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE gifts_giftline SET remaining = remaining + NEW.quantity WHERE id = NEW.line_id;
    RETURN NULL;
END $$;
CREATE TRIGGER counts AFTER INSERT ON gifts_entry FOR EACH ROW EXECUTE FUNCTION gifts_entry_counts();
"""

UNCOUNT = """
DROP TRIGGER counts ON gifts_entry;
DROP FUNCTION gifts_entry_counts();
"""

STAY = """
CREATE FUNCTION gifts_ledger_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger of gifts is append-only: % is refused.', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON gifts_entry
    FOR EACH STATEMENT EXECUTE FUNCTION gifts_ledger_stays();
"""

LET_GO = """
DROP TRIGGER append_only ON gifts_entry;
DROP FUNCTION gifts_ledger_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("gifts", "0001_initial"),
        ("children", "0002_rows_follow_their_child"),
    ]

    operations = [
        migrations.RunSQL(COUNT, UNCOUNT),
        migrations.RunSQL(STAY, LET_GO),
        begins_again("gifts_handout", "child_id", "children_child"),
        begins_again("gifts_wishcard", "wish_id", "children_wish"),
    ]
