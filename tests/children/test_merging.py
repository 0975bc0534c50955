import datetime as dt
import json

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from children.closing import return_to_register
from children.differences import FACTS, differing_facts, plain
from children.merging import merge
from children.models import Child, Concern, Consent, Household, Kinship, Likeness, Merge, Referral, Transfer
from records import measures
from records.lifecycle import Refused
from records.measures import Period
from records.scoping import Scope
from records.trail import TrailEntry
from tests.children.factories import a_child, an_adult, id_number, kin, offered
from tests.children.pages import filled, words
from tests.conftest import freshly_signed_in
from tests.records.threads import at_once

BORN = dt.date(2016, 5, 1)
TODAY = timezone.localdate


def consent(child, purpose="photo", given_on=None, **details):
    day = given_on or TODAY() - dt.timedelta(days=9)
    return Consent.objects.create(
        child=child, community_id=child.community_id, purpose=purpose, given_by="李红", given_on=day, **details
    )


@pytest.fixture
def pair(community):
    kept = a_child(community, birth_date=BORN, school="一小", remark="")
    gone = a_child(community, birth_date=BORN, school="二小", remark="画笔", id_number=id_number(BORN))
    an_adult(kept, "father", name="陈建国", phone="16100000001")
    an_adult(gone, "father", name="陈建军")
    an_adult(gone, "mother", name="李红", cares=True)
    return kept, gone


def test_everything_goes_to_the_file_that_is_kept(pair, director, client, signed_in):
    kept, gone = pair
    Concern.raise_for(gone, what="x", by=director)
    consent(gone, "sharing")
    older, newer = consent(kept), consent(gone, given_on=TODAY())
    gone.registered_on = TODAY() - dt.timedelta(days=900)
    gone.save()
    merge(kept, gone, taken={"school"}, by=director)
    kept.refresh_from_db(), gone.refresh_from_db(), newer.refresh_from_db(), older.refresh_from_db()
    assert (kept.school, kept.remark, kept.id_number) == ("二小", "画笔", id_number(BORN))
    assert kept.registered_on == TODAY() - dt.timedelta(days=900)
    assert (gone.left_reason, gone.merged_into, gone.id_number) == ("merged", kept, "")
    assert (newer.withdrawn_on, newer.child, older.withdrawn_on) == (TODAY(), kept, None)
    assert kept.concerns.count() == 1 and kept.consents.count() == 3 and not gone.consents.exists()
    family = {(k.adult.name, k.relation, k.is_caregiver) for k in kept.kinships.select_related("adult")}
    assert family == {("陈建国", "father", False), ("陈建军", "", False), ("李红", "mother", True)}
    assert set(kept.household.adults.values_list("name", flat=True)) == {"陈建国", "陈建军", "李红"}
    facts = json.loads(Merge.objects.get().facts)
    assert facts["school"] == [["一小"], ["二小"]] and facts["father"] == ["陈建国", "陈建军"]
    assert TrailEntry.objects.about(kept).filter(verb="merged another file into this one").exists()
    assert TrailEntry.objects.about(gone).filter(verb="merged into another file").exists()


def test_what_aid_the_two_households_received_stays_readable(pair, director, signed_in):
    kept, gone = pair
    kept.household.has_temporary_aid = True
    kept.household.save()
    gone.household.other_aid = "住房救助"
    gone.household.save()
    merge(kept, gone, by=director)
    facts = json.loads(Merge.objects.get().facts)
    said = {name: facts[f"household_{name}"] for name in ("has_temporary_aid", "other_aid")}
    assert said == {"has_temporary_aid": ["True", "False"], "other_aid": ["", "住房救助"]}
    page = words(signed_in(director).get(f"/children/{kept.pk}/?tab=history"))
    assert "Receives temporary aid yes no" in page and "住房救助" in page


def test_the_merged_file_leads_to_the_kept_one_and_its_number_is_found(pair, director, signed_in):
    kept, gone = pair
    merge(kept, gone, by=director)
    web = signed_in(director)
    found = web.get(f"/admin/children/child/?q={gone.number}")
    assert f"/children/{gone.pk}/" in found.content.decode()
    page = web.get(f"/children/{gone.pk}/")
    assert "Open the file that was kept" in words(page) and f"/children/{kept.pk}/" in page.content.decode()
    assert "Open the file again" not in words(page)
    assert web.get(f"/children/{gone.pk}/edit/").status_code == 302
    with pytest.raises(Refused, match="merged into another"):
        return_to_register(gone, by=director)
    assert gone.number in words(web.get(f"/children/{kept.pk}/?tab=history"))
    household = web.get(f"/children/household/{gone.household_id}/")
    assert f"child{gone.pk}-name" not in household.content.decode()


def test_the_page_shows_both_and_merges_after_the_password(pair, director, signed_in):
    kept, gone = pair
    web, address = signed_in(director), f"/children/{gone.pk}/compare/{kept.pk}/"
    page = web.get(address)
    said = words(page)
    assert all(word in said for word in ("一小", "二小", "画笔", "陈建国", "陈建军", "same name and same birth date"))
    assert id_number(BORN) not in page.content.decode()
    sent = filled(page, take_school=str(gone.pk), take_father=str(gone.pk))
    assert web.post(address, sent).url.startswith("/reauthenticate/")
    assert not Merge.objects.exists()
    freshly_signed_in(web)
    assert web.post(address, sent).url == f"/children/{kept.pk}/"
    kept.refresh_from_db()
    assert kept.school == "二小"
    assert kept.kinships.get(relation="father").adult.name == "陈建军"
    assert "merged already" in words(web.get(address))


def test_who_looked_before_somebody_changed_a_file_looks_again(pair, director, signed_in):
    kept, gone = pair
    web, address = freshly_signed_in(signed_in(director)), f"/children/{kept.pk}/compare/{gone.pk}/"
    sent = filled(web.get(address), take_school=str(gone.pk))
    kept.remark = "新的"
    kept.save()
    again = web.post(address, sent)
    assert "changed one of the two files" in again.content.decode()
    chosen = {name: key for name, key in filled(again).items() if name.startswith("take_")}
    assert chosen == {"take_school": str(gone.pk), **dict.fromkeys(["take_father", "take_remark"], str(kept.pk))}
    assert not Merge.objects.exists()
    without_version = {k: v for k, v in sent.items() if not k.startswith("version")}
    assert "changed one of the two files" in web.post(address, without_version).content.decode()
    assert "Choose which file is kept" in web.post(address, {**sent, "keep": "x"}).content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"left_on": TODAY(), "left_reason": "moved_out"}, "Keep the file that is open"),
        ({"birth_date": BORN + dt.timedelta(days=1)}, "do not fit the ID number"),
    ],
)
def test_what_cannot_be_merged_is_refused_in_words(pair, director, change, said):
    kept, gone = pair
    Child.objects.filter(pk=kept.pk).update(**change)
    with pytest.raises(Refused, match=said):
        merge(kept, gone, by=director)
    gone.refresh_from_db()
    assert gone.merged_into is None and gone.kinships.count() == 2


def test_an_adult_of_both_files_stays_one(community, director):
    kept = a_child(community, birth_date=BORN)
    gone = a_child(community, kept.household, birth_date=BORN)
    father = an_adult(kept, "father")
    kin(gone, father, "father", cares=True)
    merge(kept, gone, by=director)
    assert [(k.relation, k.is_caregiver) for k in kept.kinships.all()] == [("father", True)]
    assert Kinship.objects.count() == 2


def test_brothers_and_sisters_stay_with_their_household(pair, director):
    kept, gone = pair
    brother = a_child(gone.community, gone.household, name="陈小宝")
    mother = gone.kinships.get(relation="mother").adult
    kin(brother, mother, "mother")
    merge(kept, gone, by=director)
    mother.refresh_from_db(), brother.refresh_from_db()
    assert brother.household_id == mother.household_id == gone.household_id
    assert kept.kinships.filter(adult=mother, relation="mother").exists()


def test_two_communities_of_one_street(supervisor, community, sister_community, stranger):
    kept = a_child(sister_community, birth_date=BORN)
    gone = a_child(community, birth_date=BORN)
    mother = an_adult(gone, "mother", away_since=BORN)
    consent(gone)
    merge(kept, gone, by=supervisor)
    mother.refresh_from_db()
    assert {mother.community_id, mother.aways.get().community_id, kept.consents.get().community_id} == {
        sister_community.pk
    }
    assert Likeness.objects.get().status == "same"


def test_two_communities_and_a_brother_who_stays(supervisor, community, sister_community):
    kept, gone = a_child(sister_community, birth_date=BORN), a_child(community, birth_date=BORN)
    a_child(community, gone.household, name="陈小宝")
    with pytest.raises(Refused, match="Brothers or sisters"):
        merge(kept, gone, by=supervisor)


def test_what_was_merged_before_comes_along(community, director):
    a, b, c, d = (a_child(community, birth_date=BORN) for _ in range(4))
    merge(b, a, by=director)
    Likeness.note_different(b, d, by=director)
    merge(c, b, by=director)
    a.refresh_from_db()
    assert a.merged_into == c and c.merges.count() == 2
    assert Likeness.objects.get(status="different").first == c
    with pytest.raises(Refused, match="merged already"):
        merge(c, a, by=director)


@pytest.mark.django_db(transaction=True)
def test_two_merges_at_once_make_one(pair, director):
    kept, gone = pair

    def one(a, b):
        try:
            return merge(a, b, by=director).pk
        except Refused as refusal:
            return refusal.message

    said = at_once(lambda: one(kept, gone), lambda: one(gone, kept))
    assert said.count("One of the two files is merged already.") == 1
    assert Merge.objects.count() == 1


# Nothing is lost ------------------------------------------------------------------------------------------------------

COUNTED = ["children_on_register", "newly_registered", "left_register", "incomplete_files", "uncertain_identity"]
COUNTED += ["without_caregiver", "priority_children", "open_concerns", "turning_16"]
some_file = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["陈小雨", "陈晓雨"]),
        "school": st.sampled_from(["", "一小", "二小"]),
        "grade": st.sampled_from(["", "G3"]),
        "remark": st.sampled_from(["", "画笔"]),
        "guardianship_quality": st.sampled_from(["", "good", "poor"]),
        "hobbies": st.lists(st.sampled_from(["music", "dance"]), unique=True),
        "is_boarding": st.booleans(),
        "is_immunised": st.sampled_from([None, True, False]),
        "birth_precision": st.sampled_from(["day", "month"]),
        "class_teacher_phone": st.sampled_from(["", "16100000003"]),
        "age": st.integers(1, 900),
    }
)
some_rows = st.fixed_dictionaries(
    {
        "consents": st.lists(st.tuples(st.sampled_from(["photo", "sharing"]), st.booleans(), st.integers(0, 90))),
        "concerns": st.integers(0, 2),
        "family": st.lists(
            st.tuples(st.sampled_from(["father", "mother", "uncle_aunt", ""]), st.booleans()), max_size=4
        ),
        "referrals": st.integers(0, 2),
    }
)


class NothingIsLost(TestCase):
    @settings(
        max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(st.tuples(some_file, some_file), st.tuples(some_rows, some_rows), st.sets(st.sampled_from(sorted(FACTS))),
           st.booleans())  # fmt: skip
    def test_every_row_and_every_fact_is_still_there(self, files, rows, taken, same_household):
        community, by, counsellor = _cast()
        home = Household.objects.create(community=community) if same_household else None
        made = [_file(community, home, facts, some, by, counsellor) for facts, some in zip(files, rows, strict=True)]
        kept, gone = made
        before = {model: set(model.objects.values_list("pk", flat=True)) for model in POINTING}
        facts = {name: (plain(kept, name), plain(gone, name)) for name in differing_facts(kept, gone)}
        counts = _counts()
        merge(kept, gone, taken=taken, by=by)
        for model, keys in before.items():
            assert set(model.objects.filter(child=kept).values_list("pk", flat=True)) == keys, model
        kept.refresh_from_db()
        noted = json.loads(Merge.objects.get(gone=gone).facts)
        for name, values in facts.items():
            assert noted[name] == json.loads(json.dumps(list(values)))
            assert plain(kept, name) in values
            assert not FACTS[name].is_blank(kept)
        assert [key for key, number in _counts().items() if number > counts[key]] == []


POINTING = [Consent, Concern, Referral, Kinship]


def _cast():
    from communities.models import Division, User

    for code, level in (("150902", "district"), ("150902001", "street"), ("150902001001", "community")):
        parent = {6: None, 9: code[:6], 12: code[:9]}[len(code)]
        community = Division.objects.get_or_create(
            code=code, defaults={"name": code, "level": level, "parent_id": parent}
        )[0]
    return community, User.objects.create_user("by", "by"), User.objects.create_user("counsellor", "counsellor")


def _file(community, home, facts, rows, by, counsellor):
    days = dt.timedelta(days=facts["age"])
    child = a_child(community, home, birth_date=BORN, registered_on=TODAY() - days,
                    **{k: v for k, v in facts.items() if k != "age"})  # fmt: skip
    met, cared = set(), False
    for relation, cares in rows["family"]:
        if relation in ("father", "mother") and relation in met:
            continue
        an_adult(child, relation, name=f"{relation}{len(met)}", cares=cares and not cared)
        met.add(relation)
        cared |= cares
    in_force = set()
    for purpose, ended, ago in rows["consents"]:
        day = TODAY() - dt.timedelta(days=ago)
        ends = ended or purpose in in_force
        consent(child, purpose, day, withdrawn_on=TODAY() if ends else None)
        in_force |= set() if ends else {purpose}
    for _ in range(rows["concerns"]):
        Concern.raise_for(child, by=by)
    for _ in range(rows["referrals"]):
        Referral.objects.create(child=child, community_id=child.community_id, counsellor=counsellor, starts_on=TODAY())
    return child


def _counts():
    """Facts are those of today, so only the register itself is counted on an earlier day as well."""
    scope, today = Scope.of("150902"), TODAY()
    earlier = Period(today - dt.timedelta(days=300), today - dt.timedelta(days=200))
    found = {(key, "today"): measures.get(key).count(scope, Period.day(today)) for key in COUNTED}
    return found | {(key, "earlier"): measures.get(key).count(scope, earlier) for key in COUNTED[:3]}


def test_offers_whose_last_day_is_over_do_not_stand_in_the_way(community, sister_community, director):
    kept, gone = a_child(community), a_child(community)
    for child in (kept, gone):
        offered([child], sister_community, by=director)
    Transfer.objects.update(expires_on=TODAY() - dt.timedelta(days=1))
    merge(kept, gone, by=director)
    assert set(Transfer.objects.values_list("status", "lines__child", "lines__is_open")) == {("lapsed", kept.pk, False)}
