"""Joining loses no row and no fact: every rule of one row per adult or household, and random families."""

import datetime as dt
import json

from django.db.models import UniqueConstraint
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from activities.models import CarerAttendance
from children.facts_of_two import FACTS, differing, is_blank, plain, same_time
from children.guardian_copy import pointing_at
from children.joining import join_adults, join_households
from children.models import Adult, Away, AwayRevision, Household, JoinedAdult, JoinedHousehold, Kinship, ParentContact
from children.stays import overlap
from records.lifecycle import Refused
from tests.activities.factories import make_activity
from tests.children.factories import a_child, an_adult, away, kin
from tests.children.test_merging import _cast
from tests.guardianship.factories import days_ago

# Where each of them is tried.
TRIED = {
    "one_kinship_between_a_child_and_an_adult": "test_joining_adults.py: an adult is kin to a child once",
    "one_open_stay_away_per_adult": "test_joining_adults.py: two stays of the same time are one",
    "one_line_per_adult_and_session": "test_joining_adults.py: of two lines of one session",
    "one_visit_per_round_and_household": "test_joining_households.py: of two of a round",
}


def test_every_rule_of_one_row_per_adult_or_household_is_tried():
    found = set()
    for base in (Adult, Household):
        for model, name in pointing_at(base):
            rules = [rule for rule in model._meta.constraints if isinstance(rule, UniqueConstraint)]
            found |= {rule.name for rule in rules if name in rule.fields}
    assert found == set(TRIED)


a_stay = st.fixed_dictionaries(
    {
        "began": st.sampled_from([20, 120, 200, 300]),
        "lasted": st.sampled_from([None, 0, 30, 90]),
        "knows_since": st.booleans(),
        "place": st.sampled_from(["", "广东省", "上海市"]),
        "is_other_county": st.booleans(),
        "phone": st.sampled_from(["", "16100000007"]),
    }
)
an_entry = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["王秀英", "王秀应", "不详"]),
        "phone": st.sampled_from(["", "16100000001", "16100000002"]),
        "phone_alt": st.sampled_from(["", "16100000003"]),
        "note": st.sampled_from(["", "耳背", "夜班"]),
        "is_unable": st.booleans(),
        "stays": st.lists(a_stay, max_size=2),
        "contacts": st.integers(0, 3),
        "sessions": st.sets(st.integers(0, 1)),
        "kin": st.lists(st.sampled_from(["", "grandparent", "grandmother_p"]), min_size=2, max_size=2),
        "cares": st.booleans(),
    }
)
a_home = st.fixed_dictionaries(
    {
        "address": st.sampled_from(["", "恩和路9号", "恩和路11号"]),
        "other_aid": st.sampled_from(["", "住房救助"]),
        "is_low_income": st.booleans(),
    }
)


class NothingIsLost(TestCase):
    @settings(
        max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(st.tuples(an_entry, an_entry), st.tuples(a_home, a_home), st.sets(st.sampled_from(sorted(FACTS[Adult]))),
           st.booleans())  # fmt: skip
    def test_every_row_and_every_fact_is_still_there(self, entries, homes, taken, two_households):
        community, by, _counsellor = _cast()
        children = [a_child(community)]
        children.append(a_child(community, None if two_households else children[0].household))
        school = {"kind": "parent_school", "audience": "carers", "theme": "habits"}
        sessions = [make_activity(community, by, **school).sessions.get() for _ in range(2)]
        for child, facts in zip(children, homes, strict=True) if two_households else ():
            for name, value in facts.items():
                setattr(child.household, name, value)
            child.household.save()
        kept, gone = (
            _entry(own, [] if two_households else [c for c in children if c != own], facts, sessions, by)
            for own, facts in zip(children, entries, strict=True)
        )
        stays = list(Away.objects.order_by("pk"))
        said = {adult: {name: plain(adult, name) for name in FACTS[Adult]} for adult in (kept, gone)}
        differ = differing(kept, gone)
        homes_differ = differing(children[0].household, children[1].household)
        before = _counted()
        try:
            if two_households:
                join_households(children[0].household, children[1].household, pairs=[(kept, gone, taken)], by=by)
            else:
                join_adults(kept, gone, taken=taken, by=by)
        except Refused:
            assert any(
                (overlap(one, other) or one.until == other.until) and one.adult_id != other.adult_id
                for one in stays
                for other in stays
            )
            assert _counted() == before and Adult.objects.count() == 2
            return
        kept.refresh_from_db()
        record = JoinedAdult.objects.get()
        after = _counted()
        assert Adult.objects.get() == kept
        assert after["said of stays"] == before["said of stays"]
        assert all(overlap(a, b) is False for a in kept.aways.all() for b in kept.aways.all() if a != b)
        assert {name: after[name] for name in ("contacts", "sessions", "children", "cared for")} == {
            name: before[name] for name in ("contacts", "sessions", "children", "cared for")
        }
        recorded = {(c.pk, says) for c in children for says in record.facts.get(f"kin_{c.pk}", ())}
        assert before["kin"] <= after["kin"] | recorded
        for name in differ:
            assert record.facts[name] == json.loads(json.dumps([said[kept][name], said[gone][name]]))
            assert plain(kept, name) in (said[kept][name], said[gone][name])
            assert not (is_blank(kept, name) and said[gone][name][0] not in ("", "不详"))
        if two_households:
            assert set(JoinedHousehold.objects.get().facts) == set(homes_differ)
        assert Household.objects.count() == 1


def _counted():
    """All that is on file of adults, whichever entry it hangs on."""
    said = [*Away.objects.all(), *AwayRevision.objects.all()]
    return {
        "said of stays": len(said),
        "contacts": set(ParentContact.objects.values_list("pk", flat=True)),
        "sessions": set(CarerAttendance.objects.values_list("session", flat=True)),
        "children": set(Kinship.objects.values_list("child", flat=True)),
        "cared for": set(Kinship.objects.filter(is_caregiver=True).values_list("child", flat=True)),
        "kin": set(Kinship.objects.values_list("child", "relation")),
    }


def _entry(own, others, facts, sessions, by):
    unable = {"unable_since": days_ago(30), "unable_reason": "住院"} if facts["is_unable"] else {}
    columns = {name: facts[name] for name in ("name", "phone", "phone_alt", "note")}
    cares = facts["cares"] and not own.kinships.filter(is_caregiver=True).exists()
    adult = an_adult(own, facts["kin"][0], cares=cares, **columns, **unable)
    for child in others:
        kin(child, adult, facts["kin"][1])
    made: list[Away] = []
    for stay in facts["stays"]:
        began = days_ago(stay["began"])
        until = None if stay["lasted"] is None else min(began + dt.timedelta(days=stay["lasted"]), days_ago(0))
        since = began if stay["knows_since"] else None
        planned = Away(since=since, until=until, reported_on=began)
        if not any(overlap(planned, one) or same_time(planned, one) for one in made):
            details = {name: stay[name] for name in ("place", "is_other_county", "phone")}
            made.append(away(adult, since, reported_on=began, until=until, **details))
    for number in range(facts["contacts"]):
        ParentContact.objects.create(
            adult=adult, community_id=adult.community_id, tried_on=days_ago(number), reached=False, tried_by=by
        )
    for number in sorted(facts["sessions"]):
        sessions[number].note_carer(adult, "room", by=by)
    return adult
