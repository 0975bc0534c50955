"""Rows about a child stand where the child stands, whenever they are written."""

from django.db import migrations

from communities.following import begins_again, goes_after


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0001_initial"),
        ("children", "0002_rows_follow_their_child"),
    ]

    operations = [
        goes_after("activities_attendance", "child_id", "children_child"),
        goes_after("activities_meetingattendance", "child_id", "children_child"),
        goes_after("activities_phototag", "child_id", "children_child"),
        goes_after("activities_told", "child_id", "children_child"),
        goes_after("activities_carerattendance", "adult_id", "children_adult"),
        begins_again("activities_enrolment", "child_id", "children_child"),
        begins_again("activities_groupplace", "child_id", "children_child"),
        begins_again("activities_waiting", "child_id", "children_child"),
    ]
