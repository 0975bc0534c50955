"""The standard: shipped whole, drafted by one, approved by another, never changed once in force."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from homes.models import Standard, StandardItem
from homes.standard_2026 import load_standard, shipped_items
from records.lifecycle import Refused
from tests.homes.factories import approver, make_home, standard_in_force, submitted_check

pytestmark = pytest.mark.django_db


def test_the_shipped_standard_is_whole():
    items = list(shipped_items())
    assert len(items) == 49
    assert sum(item.weight for item in items) == 100
    assert {item.code for item in items if item.is_bar} == {"H02", "S16", "O15"}
    assert all(item.label_en and item.label_zh and item.source_en and item.source_zh for item in items)
    assert [sum(i.section == s for i in items) for s in ("hardware", "software", "operation")] == [17, 16, 16]


def test_every_shipped_item_passes_its_own_checks(district):
    standard = load_standard(district)
    faults = {}
    for item in standard.items.all():
        try:
            item.full_clean()
        except ValidationError as error:
            faults[item.code] = error.message_dict
    assert faults == {}


@pytest.mark.parametrize(
    ("code", "english", "chinese"),
    [
        ("H01", "at least 30 m²", "30 平方米"),
        ("H04", "1 photo", None),
        ("H03", "good", "好"),
        ("S16", "exactly 100 %", "100 %"),
        ("O05", "at least 2 a month", "2 次/月"),
    ],
)
def test_what_is_required_reads_in_both_languages(code, english, chinese):
    item = next(item for item in shipped_items() if item.code == code)
    with translation.override("en"):
        assert item.required.replace("\u00a0", " ") == english
    if chinese:
        with translation.override("zh-hans"):
            assert chinese in item.required.replace("\u00a0", " ")


def test_the_command_loads_a_draft_once(district):
    call_command("load_standard", district.pk, verbosity=0)
    standard = Standard.objects.get()
    assert (standard.status, standard.edition, standard.drafted_by, standard.items.count()) == ("draft", 1, None, 49)
    with pytest.raises(CommandError, match="draft"):
        call_command("load_standard", district.pk)
    with pytest.raises(CommandError, match="no district"):
        call_command("load_standard", "999999")


def test_whoever_drafted_cannot_approve(district, administrator):
    standard = load_standard(district, by=administrator)
    with pytest.raises(Refused, match="drafted"):
        standard.approve(by=administrator)
    standard.approve(by=approver())
    assert (standard.status, standard.in_force_from) == ("in_force", timezone.localdate())
    with pytest.raises(IntegrityError, match="nobody_approves_their_own_standard"), transaction.atomic():
        Standard.objects.update(approved_by=administrator)


def test_weights_must_make_a_hundred(district, administrator):
    standard = load_standard(district)
    item = standard.items.get(code="H01")
    item.weight = 5
    item.save()
    with pytest.raises(Refused, match="101"):
        standard.approve(by=administrator)


def test_a_requirement_in_force_is_fixed(district):
    standard = standard_in_force(district)
    item = standard.items.get(code="H01")
    item.threshold = Decimal(10)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        item.save()
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        StandardItem.objects.create(
            standard=standard,
            position=50,
            code="X1",
            section="hardware",
            label_en="x",
            label_zh="x",
            kind="bool",
            weight=0,
        )


def test_a_new_edition_replaces_the_old_from_its_day_and_the_past_keeps_its_own(
    district, community, supervisor, administrator
):
    first = standard_in_force(district)
    home = make_home(community)
    past = submitted_check(home, supervisor)
    draft = first.new_draft(by=administrator)
    assert (draft.edition, draft.items.count(), first.items.count()) == (2, 49, 49)
    item = draft.items.get(code="H01")
    item.threshold = Decimal(60)
    item.save()
    today = timezone.localdate()
    draft.in_force_from = today + dt.timedelta(days=10)
    draft.save()
    draft.approve(by=approver())
    first.refresh_from_db()
    assert (first.status, first.replaced_from) == ("retired", draft.in_force_from)
    in_force = Standard.objects.in_force
    assert in_force(district.pk, today) == first
    assert in_force(district.pk, draft.in_force_from - dt.timedelta(days=1)) == first
    assert in_force(district.pk, draft.in_force_from) == draft
    past.refresh_from_db()
    assert past.standard == first
    assert past.answers.get(item__code="H01").item.threshold == 30


def test_no_edition_begins_in_the_past_of_another(district, administrator):
    first = standard_in_force(district)
    draft = first.new_draft(by=administrator)
    draft.in_force_from = timezone.localdate() - dt.timedelta(days=1)
    draft.save()
    with pytest.raises(Refused, match="past"):
        draft.approve(by=approver())
    with pytest.raises(Refused, match="already has a draft"):
        first.new_draft(by=administrator)


def test_nothing_is_in_force_before_approval(district):
    load_standard(district)
    assert Standard.objects.in_force(district.pk, timezone.localdate()) is None


def test_whoever_is_posted_in_the_district_reads_the_standard(district, director, supervisor, federation, counsellor):
    standard = standard_in_force(district)
    for user in (director, supervisor, federation):
        assert list(Standard.objects.visible_to(user)) == [standard]
        assert StandardItem.objects.visible_to(user).count() == 49
        assert not Standard.objects.visible_to(user, "change").exists()
    assert not Standard.objects.visible_to(counsellor).exists()


def test_the_administrator_drafts_on_the_staff_page(district, administrator, signed_in):
    first = standard_in_force(district)
    page = reverse("admin:homes_standard_changelist")
    signed_in(administrator).post(page, {"action": "make_draft", "_selected_action": [first.pk]})
    draft = Standard.objects.get(edition=2)
    assert (draft.drafted_by, draft.status) == (administrator, "draft")
    assert draft.get_absolute_url() in signed_in(administrator).get(page).content.decode()


def test_thresholds_change_in_a_draft_only(district, administrator, signed_in):
    first = standard_in_force(district)
    draft = first.new_draft(by=administrator)
    client = signed_in(administrator)
    for standard, expected in ((first, Decimal(30)), (draft, Decimal(45))):
        item = standard.items.get(code="H01")
        url = reverse("admin:homes_standarditem_change", args=[item.pk])
        assert client.get(url).status_code == 200
        client.post(
            url,
            {
                "label_en": item.label_en,
                "label_zh": item.label_zh,
                "comparison": "ge",
                "threshold": "45",
                "weight": "4",
                "source_en": "",
                "source_zh": "",
                "seen_version": "1",
            },
        )
        item.refresh_from_db()
        assert item.threshold == expected
    assert client.get(reverse("admin:homes_standard_change", args=[draft.pk])).status_code == 200
