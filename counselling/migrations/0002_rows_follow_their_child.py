"""Rows about a child stand where the child stands, whenever they are written."""

from django.db import migrations

from communities.following import begins_again, goes_after


class Migration(migrations.Migration):
    dependencies = [
        ("counselling", "0001_initial"),
        ("children", "0002_rows_follow_their_child"),
    ]

    operations = [
        begins_again("counselling_case", "child_id", "children_child"),
        goes_after("counselling_casewords", "case_id", "counselling_case"),
        goes_after("counselling_admission", "case_id", "counselling_case"),
        goes_after("counselling_counsellingsession", "case_id", "counselling_case"),
        goes_after("counselling_sessionwords", "session_id", "counselling_counsellingsession"),
    ]
