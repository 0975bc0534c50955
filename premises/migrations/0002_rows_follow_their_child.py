"""Rows about a child stand where the child stands, whenever they are written."""

from django.db import migrations

from communities.following import begins_again, goes_after


class Migration(migrations.Migration):
    dependencies = [
        ("premises", "0001_initial"),
        ("children", "0002_rows_follow_their_child"),
    ]

    operations = [
        goes_after("premises_childvisit", "child_id", "children_child"),
        begins_again("premises_booking", "child_id", "children_child"),
        begins_again("premises_loan", "child_id", "children_child"),
    ]
