"""A card is touched when a fact that is printed on it is written, by whatever program and however many rows at once."""

from django.db import migrations

TOUCH = """
CREATE FUNCTION guardianship_touched_by_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE guardianship_card SET is_touched = true
    WHERE is_latest AND NOT is_touched AND child_id IN ({children});
    RETURN NULL;
END $$;
CREATE TRIGGER touches_cards_on_{act} AFTER {act} ON {table} REFERENCING {rows}
    FOR EACH STATEMENT EXECUTE FUNCTION guardianship_touched_by_{name}();
"""

UNTOUCH = """
DROP TRIGGER touches_cards_on_{act} ON {table};
DROP FUNCTION guardianship_touched_by_{name}();
"""

GIVEN_TO_ANOTHER = """
CREATE FUNCTION guardianship_card_of_another_child() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.is_touched := true;
    RETURN NEW;
END $$;
CREATE TRIGGER touched_with_its_child BEFORE UPDATE OF child_id ON guardianship_card
    FOR EACH ROW WHEN (OLD.child_id <> NEW.child_id) EXECUTE FUNCTION guardianship_card_of_another_child();
"""

GIVEN_BACK = """
DROP TRIGGER touched_with_its_child ON guardianship_card;
DROP FUNCTION guardianship_card_of_another_child();
"""

BOTH = "old_rows o JOIN new_rows n ON n.{key} = o.{key}"
PRINTED = {
    "children_child": ["name", "class_teacher", "class_teacher_phone", "community_id"],
    "children_adult": ["name", "phone", "phone_alt"],
    "children_away": ["adult_id", "place", "until", "phone"],
    "children_kinship": ["child_id", "adult_id", "relation", "is_caregiver"],
    "communities_division": ["name"],
}
# (table, act): the children whose cards are touched
CHILDREN = {
    ("children_child", "UPDATE"): "SELECT n.id FROM {both} WHERE {changed}",
    ("children_adult", "UPDATE"): (
        "SELECT k.child_id FROM {both} JOIN children_kinship k ON k.adult_id = n.id WHERE {changed}"
    ),
    ("children_away", "UPDATE"): (
        "SELECT k.child_id FROM {both} JOIN children_kinship k ON k.adult_id IN (o.adult_id, n.adult_id)"
        " WHERE {changed}"
    ),
    ("children_away", "INSERT"): (
        "SELECT k.child_id FROM new_rows n JOIN children_kinship k ON k.adult_id = n.adult_id"
    ),
    ("children_away", "DELETE"): (
        "SELECT k.child_id FROM old_rows o JOIN children_kinship k ON k.adult_id = o.adult_id"
    ),
    ("children_kinship", "UPDATE"): (
        "SELECT unnest(ARRAY[o.child_id, n.child_id]) FROM {both} WHERE {changed}"
    ),
    ("children_kinship", "INSERT"): "SELECT n.child_id FROM new_rows n",
    ("children_kinship", "DELETE"): "SELECT o.child_id FROM old_rows o",
    ("communities_division", "UPDATE"): (
        "SELECT c.id FROM {both} JOIN children_child c ON c.community_id = n.code WHERE {changed}"
    ),
}  # fmt: skip
ROWS = {
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "INSERT": "NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


def triggers():
    for (table, act), children in CHILDREN.items():
        columns = PRINTED[table]
        words = {
            "table": table,
            "act": act.lower(),
            "name": f"{table}_{act.lower()}",
            "rows": ROWS[act],
            "children": children.format(
                both=BOTH.format(key="code" if table == "communities_division" else "id"),
                changed=" OR ".join(f"o.{c} IS DISTINCT FROM n.{c}" for c in columns),
            ),
        }
        yield migrations.RunSQL(TOUCH.format(**words), UNTOUCH.format(**words))


class Migration(migrations.Migration):
    dependencies = [
        ("guardianship", "0001_initial"),
        ("children", "0001_initial"),
        ("communities", "0001_initial"),
    ]

    operations = [*triggers(), migrations.RunSQL(GIVEN_TO_ANOTHER, GIVEN_BACK)]
