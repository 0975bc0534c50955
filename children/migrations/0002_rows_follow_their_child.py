"""Rows about a child stand where the child stands, whenever they are written."""

from django.db import migrations

from communities.following import begins_again, goes_after


class Migration(migrations.Migration):
    dependencies = [
        ("children", "0001_initial"),
        ("communities", "0003_row_looks_again"),
    ]

    operations = [
        begins_again("children_child", "household_id", "children_household"),
        begins_again("children_adult", "household_id", "children_household"),
        begins_again("children_kinship", "child_id", "children_child"),
        goes_after("children_away", "adult_id", "children_adult"),
        goes_after("children_concern", "child_id", "children_child"),
        goes_after("children_consent", "child_id", "children_child"),
        begins_again("children_referral", "child_id", "children_child"),
        goes_after("children_schoolperiod", "child_id", "children_child"),
        goes_after("children_need", "child_id", "children_child"),
        goes_after("children_wish", "child_id", "children_child"),
        goes_after("children_hardship", "child_id", "children_child"),
        goes_after("children_growthnote", "child_id", "children_child"),
        goes_after("children_merge", "kept_id", "children_child"),
        goes_after("children_joinedadult", "kept_id", "children_adult"),
        goes_after("children_joinedhousehold", "kept_id", "children_household"),
        goes_after("children_correction", "child_id", "children_child"),
        goes_after("children_erasure", "child_id", "children_child"),
        goes_after("children_earlierleaving", "child_id", "children_child"),
        goes_after("children_statusreview", "child_id", "children_child"),
        goes_after("children_qualityrating", "child_id", "children_child"),
        goes_after("children_parentcontact", "adult_id", "children_adult"),
        goes_after("children_awayrevision", "stay_id", "children_away"),
        goes_after("children_concernentry", "concern_id", "children_concern"),
        begins_again("children_concernnaming", "concern_id", "children_concern"),
    ]
