"""Rows about a child stand where the child stands, whenever they are written."""

from django.db import migrations

from communities.following import begins_again, goes_after


class Migration(migrations.Migration):
    dependencies = [
        ("guardianship", "0002_card_touched_by_a_printed_fact"),
        ("children", "0002_rows_follow_their_child"),
    ]

    operations = [
        goes_after("guardianship_card", "child_id", "children_child"),
        goes_after("guardianship_familycontact", "child_id", "children_child"),
        begins_again("guardianship_letter", "child_id", "children_child"),
        goes_after("guardianship_signature", "letter_id", "guardianship_letter"),
    ]
