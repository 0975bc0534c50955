"""Rows about a child stand where the child stands, whenever they are written."""

from django.db import migrations

from communities.following import begins_again, goes_after


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0001_initial"),
        ("children", "0002_rows_follow_their_child"),
    ]

    operations = [
        begins_again("support_application", "child_id", "children_child"),
        goes_after("support_objection", "application_id", "support_application"),
        goes_after("support_payment", "application_id", "support_application"),
        goes_after("support_sheet", "application_id", "support_application"),
    ]
