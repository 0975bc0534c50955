import datetime
import re

import pytest
from django import forms
from django.db import transaction

from records.secrets import KEEP
from records.versions import VersionedFormMixin
from tests.records.threads import at_once


@pytest.fixture
def form_class(samples):
    return forms.modelform_factory(samples.Sheet, form=VersionedFormMixin, fields="__all__")


@pytest.fixture
def sheet(samples):
    return samples.Sheet.objects.create(title="first", day=datetime.date(2026, 9, 1))


def typed(form_class, sheet, seen, **changes):
    stored = type(sheet).objects.get(pk=sheet.pk)
    values = {"title": "first", "size": "s", "day": "2026-09-01", "shelf": "", "phone": "", **changes}
    return form_class({**values, "seen_version": seen}, instance=stored)


def test_every_save_counts(sheet):
    assert sheet.version == 1
    sheet.save()
    sheet.title = "x"
    sheet.save(update_fields=["title"])
    sheet.refresh_from_db()
    assert sheet.version == 3


def test_a_new_row_has_nothing_to_compare(form_class):
    assert "seen_version" not in form_class().fields
    form = form_class({"title": "new", "size": "s"})
    assert form.is_valid()
    assert form.save().version == 1


def test_the_form_carries_the_version_it_was_drawn_from(form_class, sheet):
    assert 'type="hidden" name="seen_version" value="1"' in str(form_class(instance=sheet))


def test_nobody_in_between_saves(form_class, sheet):
    form = typed(form_class, sheet, 1, title="second")
    assert form.is_valid(), form.errors
    assert form.save().version == 2


def test_the_second_writer_sees_both_values_and_decides(form_class, sheet, samples):
    shelf = samples.Shelf.objects.create(title="<i>top</i>")
    typed(form_class, sheet, 1, title="<b>theirs %(x)s", size="l", day="2026-10-05", shelf=shelf.pk).save()
    mine = typed(form_class, sheet, 1, title="mine")
    assert not mine.is_valid()
    assert mine.errors["title"] == ["Stored now: <b>theirs %(x)s"]
    assert mine.errors["size"] == ["Stored now: large"]
    assert mine.errors["day"] == ["Stored now: Oct. 5, 2026"]
    assert mine.errors["shelf"] == ["Stored now: <i>top</i>"]
    assert "Somebody else saved this" in mine.non_field_errors()[0]
    page = str(mine)
    assert 'value="mine"' in page
    assert "&lt;b&gt;theirs" in page
    assert "<b>theirs" not in page
    assert "<i>top" not in page
    assert sheet.__class__.objects.get().title == "<b>theirs %(x)s"

    seen = re.search(r'name="seen_version" value="(\d+)"', page)[1]
    decided = typed(form_class, sheet, seen, title="mine")
    assert decided.is_valid(), decided.errors
    decided.save()
    assert sheet.__class__.objects.get().title == "mine"


@pytest.mark.parametrize("seen", ["", "0", "99", "junk"])
def test_a_version_that_was_never_shown_is_a_conflict(form_class, sheet, seen):
    form = typed(form_class, sheet, seen, title="mine")
    assert not form.is_valid()
    assert sheet.__class__.objects.get().title == "first"


def test_equal_entries_are_no_conflict(form_class, sheet):
    typed(form_class, sheet, 1, title="same").save()
    assert typed(form_class, sheet, 1, title="same").is_valid()


def test_a_secret_is_not_told_in_a_conflict(form_class, sheet):
    typed(form_class, sheet, 1, phone="16112345678").save()
    mine = typed(form_class, sheet, 1, phone="15400000001")
    assert not mine.is_valid()
    assert mine.errors["phone"] == ["Something else is stored here now."]
    assert "16112345678" not in str(mine)


def test_a_secret_left_alone_is_no_conflict(form_class, sheet):
    form = typed(form_class, sheet, 0)
    form.fields["phone"].clean = lambda value: KEEP
    assert form.is_valid(), form.errors


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_one_is_asked(form_class, sheet, samples):
    def save(title):
        def act():
            with transaction.atomic():
                form = typed(form_class, sheet, 1, title=title)
                if form.is_valid():
                    form.save()
                    return title
                return None

        return act

    results = at_once(save("a"), save("b"))
    assert results.count(None) == 1
    stored = samples.Sheet.objects.get()
    assert stored.title in results
    assert stored.version == 2


@pytest.mark.django_db(transaction=True)
def test_no_save_is_counted_twice(sheet, samples):
    def save():
        samples.Sheet.objects.get().save()

    at_once(*[save] * 5)
    assert samples.Sheet.objects.get().version == 6
