"""Rows about a child stand where the child stands, whenever they are written."""

from django.db import migrations

from communities.following import begins_again, goes_after


class Migration(migrations.Migration):
    dependencies = [
        ("volunteers", "0001_initial"),
        ("children", "0002_rows_follow_their_child"),
    ]

    operations = [
        begins_again("volunteers_pairing", "child_id", "children_child"),
        goes_after("volunteers_matchline", "child_id", "children_child"),
        goes_after("volunteers_matchveto", "child_id", "children_child"),
        goes_after("volunteers_contactduty", "pairing_id", "volunteers_pairing"),
        goes_after("volunteers_duty", "pairing_id", "volunteers_pairing"),
        goes_after("volunteers_dutyreminder", "pairing_id", "volunteers_pairing"),
        goes_after("volunteers_childletter", "pairing_id", "volunteers_pairing"),
        goes_after("volunteers_pause", "pairing_id", "volunteers_pairing"),
        goes_after("volunteers_thanks", "pairing_id", "volunteers_pairing"),
        begins_again("volunteers_groupchild", "child_id", "children_child"),
        goes_after("volunteers_closeout", "pairing_id", "volunteers_pairing"),
        goes_after("volunteers_leftout", "close_out_id", "volunteers_closeout"),
        goes_after("volunteers_feedback", "pairing_id", "volunteers_pairing"),
        goes_after("volunteers_deputy", "pairing_id", "volunteers_pairing"),
        goes_after("volunteers_promise", "pairing_id", "volunteers_pairing"),
        goes_after("volunteers_renewal", "pairing_id", "volunteers_pairing"),
    ]
