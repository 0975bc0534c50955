"""The printed copy says of a child what the file says: every fact that is not bookkeeping, in words."""

import json
import re
from decimal import Decimal

from django.db import models
from django.utils import timezone, translation

from children import caring, referring
from children.guardian_copy import (
    copied_models,
    fields_to_read,
    is_confidential,
    of_the_office,
    readable,
    shared_models,
)
from children.models import Away, Child, Need
from guardianship import issuing
from guardianship.models import Card, Letter
from support import paying
from support.models import Payment
from tests.children.factories import left_behind_child
from tests.children.pages import copied
from tests.conftest import freshly_signed_in
from tests.guardianship.factories import a_letter, days_ago
from tests.support.factories import a_girl, a_kind, approved, today
from tests.volunteers.factories import a_helper, a_pairing, consents
from volunteers import contacts
from volunteers.models import Pairing


def parts(child, user):
    return {str(title): lines for title, lines in readable(child, user)}


def words_of(model, child, user):
    """[{label: value}] as it is printed."""
    return [
        {str(label): str(value) for label, value in line}
        for line in parts(child, user)[str(model._meta.verbose_name_plural)]
    ]


def test_a_need_that_was_met_reads_otherwise_than_an_open_one(community, director):
    child = left_behind_child(community)
    met = caring.note_need(child, "study", note="数学", by=director)
    caring.meet_need(met, by=director)
    caring.note_need(child, "law", by=director)
    day = str(timezone.localdate())
    assert words_of(Need, child, director) == [
        {"child": "陈小雨", "topic": str(met.get_topic_display()), "note": "数学", "noted on": day, "met on": day},
        {"child": "陈小雨", "topic": str(Need(topic="law").get_topic_display()), "noted on": day},
    ]


def test_a_letter_names_who_entrusts_and_the_day_it_was_signed(community, director):
    child = left_behind_child(community)
    letter = a_letter(child, director, days_ago(3), ends_on=days_ago(-300), opinion_on=days_ago(4))
    (said,) = words_of(Letter, child, director)
    assert {label: said[label] for label in said if label in {"father", "mother", "entrusted caregiver", "status"}} == {
        "father": "陈建国",
        "mother": "李红",
        "entrusted caregiver": "王秀英",
        "status": "signed",
    }
    assert said["signed on"] == str(days_ago(3)) == str(letter.signed_on)
    assert said["father away when signed"] == "yes"
    signatures = parts(child, director)["signatures"]
    assert [str(dict(line)["signed on"]) for line in signatures] == [str(days_ago(3))] * 3


def test_a_payment_says_when_how_and_to_whom(community, district, director, supervisor, federation):
    child = a_girl(community, director)
    application = approved(child, a_kind(district), director, supervisor, federation)
    payment = paying.plan(application, planned_on=today(), amount=Decimal(700), by=federation)
    paying.pay(payment, on=today(), method="bank", by=federation)
    paying.confirm(Payment.objects.get(), received_by="王秀英", on=today(), receipt_number="收-7", by=federation)
    (said,) = words_of(Payment, child, director)
    assert said.pop("noted")
    assert said == {
        "status": "received",
        "planned for": str(today()),
        "amount in yuan": "700.00",
        "paid on": str(today()),
        "how it was paid": "bank transfer",
        "received by (guardian)": "王秀英",
        "signed on": str(today()),
        "receipt number": "收-7",
    }
    (asked,) = words_of(type(application), child, director)
    assert asked["kind of support"] == "Spring Bud"
    assert asked["amount granted"] == str(application.granted)


def test_a_card_says_which_and_a_stay_when_it_was_verified(community, director):
    child = left_behind_child(community)
    issuing.issue([child], [Card.Kind.CONTACT], by=director)
    (card,) = words_of(Card, child, director)
    assert card["card"] == "Parent contact card"
    assert {line["last verified on"] for line in words_of(Away, child, director)} == {str(days_ago(1))}


def test_what_staff_write_among_themselves_is_in_no_copy_for_the_family(community, director, supervisor, signed_in):
    child = left_behind_child(community)
    consents(child)
    helper = a_helper(community, director)
    pairing = a_pairing(child, helper, director)
    asked = {"follow_up": {"ticks": ["school"], "words": "孩子胳膊上有伤"}}
    entry = contacts.log(helper, pairings=[pairing], kinds=["talk"], note="想妈妈", answers=asked, by=supervisor)
    entry.settle_follow_up(seen=entry.seen_mark, note="已问过班主任伤的事", by=director)
    Pairing.objects.filter(pk=pairing.pk).update(end_note="帮扶人查询有问题")
    whole = copied(freshly_signed_in(signed_in(director)).get(f"/children/{child.pk}/copy.zip"))[0]
    texts = [str(readable(child, director)), json.dumps(whole, ensure_ascii=False)]
    assert not [text for text in texts if "已问过班主任" in text or "帮扶人查询有问题" in text]
    assert "想妈妈" in texts[0]


def test_who_sees_less_prints_less(community, director, counsellor):
    child = left_behind_child(community)
    referring.refer(child, counsellor, by=director)
    a_letter(child, director)
    seen = parts(child, counsellor)
    assert "guardianship responsibility letters" not in seen
    assert "signatures" not in seen
    assert child.number in str(seen)


def test_every_label_is_for_people_to_read_in_both_languages():
    read = [f for m in (*copied_models(), *shared_models()) if not is_confidential(m) for f in fields_to_read(m)]
    with translation.override("zh-hans"):
        assert [str(f) for f in read if not re.search("[一-鿿]", str(f.verbose_name))] == []
    for model in (*copied_models(), *shared_models()):
        named = {*getattr(model, "bookkeeping", ()), *of_the_office(model)}
        left_over = named - {f.name for f in model._meta.concrete_fields}
        assert not left_over, f"{model.__name__} names {left_over}, which are no columns"


ALWAYS_TOLD = {
    *["number", "left_reason", "purpose", "status", "ground", "child", "adult", "stay", "kinds", "session", "meeting"],
}
# What is written beside a file by others than its form, and may be read by the family. Whoever adds a column that staff
# write among themselves, or about a helper, names it in the model's `of_the_office` instead.
FOR_THE_FAMILY = {
    "appraisal.Nomination": {"call", "reason", "why_ended"},
    "activities.PhotoTag": {"is_covered"},
    "activities.Waiting": {"got_place"},
    "volunteers.Pairing": {"guardian_agreed", "child_opinion", "child_words"},
    "volunteers.ChildLetter": {"is_farewell", "delivered_by"},
    "volunteers.Promise": {"why"},
    "volunteers.Renewal": {"decision"},
    "guardianship.Card": {"kind", "edition"},
    "guardianship.FamilyContact": {"struck_because"},
    "guardianship.Letter": {"father", "mother", "father_was_away", "mother_was_away"},
    "counselling.Case": {"counsellor"},
    "support.Application": {"kind", "school_teacher", "school_opinion", "decision_reason", "granted", "withdrawn_why"},
    "support.Payment": {"method", "received_by", "receipt_number", "why"},
    "support.Sheet": {"masked_name", "age", "sex", "hardships", "reason", "school_opinion", "amount"},
    "gifts.HandOut": {"to", "home"},
    "gifts.WishCard": {"why"},
    **dict.fromkeys(["children.Need", "children.Wish", "children.Hardship"], {"struck_because"}),
    "children.ParentContact": {"struck_because"},
    "children.TransferLine": {"number_before", "number_after"},
}


def test_what_the_family_reads_of_acts_is_signed_off():
    found = {}
    for model in (*copied_models(), *shared_models()):
        for field in fields_to_read(model) if not is_confidential(model) else ():
            if not field.editable and not isinstance(field, models.DateField) and field.name not in ALWAYS_TOLD:
                found.setdefault(model._meta.label, set()).add(field.name)
    assert found == FOR_THE_FAMILY


def test_no_code_word_is_printed_where_there_are_words(community, director):
    child = left_behind_child(community, hobbies=["reading"], grade="G4", ethnicity="01")
    said = words_of(Child, child, director)[0]
    assert {label: said[label] for label in ("school grade", "ethnic group", "hobbies", "sex")} == {
        "school grade": "grade 4",
        "ethnic group": "Han",
        "hobbies": "reading",
        "sex": "girl",
    }
