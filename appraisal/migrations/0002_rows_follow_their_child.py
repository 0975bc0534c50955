"""A nomination of a child is made where the child stands, whenever it is written."""

from django.db import migrations

from communities.following import begins_again


class Migration(migrations.Migration):
    dependencies = [
        ("appraisal", "0001_initial"),
        ("children", "0002_rows_follow_their_child"),
    ]

    operations = [
        begins_again("appraisal_nomination", "child_id", "children_child"),
    ]
