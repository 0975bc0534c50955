"""Rows about a child stand where the child stands, whenever they are written."""

from django.db import migrations

from communities.following import goes_after


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0001_initial"),
        ("children", "0002_rows_follow_their_child"),
    ]

    operations = [
        goes_after("surveys_rosterline", "child_id", "children_child"),
        goes_after("surveys_householdvisit", "household_id", "children_household"),
    ]
