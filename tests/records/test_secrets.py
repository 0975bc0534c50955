import base64
import os
from io import StringIO

import pytest
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.forms import modelform_factory
from hypothesis import given, settings
from hypothesis import strategies as st

from records import secrets
from records.drafts import Draft
from records.export_files import ExportPart
from records.exports import ExportRequest
from records.secrets import KEEP, SecretUnreadable, blind_index, decrypt, encrypt, masked, with_companions

PHONE = "16112345678"


def stored(model, column="phone"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table} ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.text())
def test_whatever_is_encrypted_comes_back(text, elsewhere):
    sealed = encrypt(text, "a.b")
    assert decrypt(sealed, "a.b") == text
    if elsewhere.encode("utf-8", "replace") != b"a.b":
        with pytest.raises(SecretUnreadable):
            decrypt(sealed, "x" + elsewhere.encode("utf-8", "replace").decode())


def test_equal_values_never_look_equal():
    assert encrypt(PHONE, "a.b") != encrypt(PHONE, "a.b")


@pytest.mark.parametrize("broken", ["", "plain", "gone:AAAA", "{key}:", "{key}:!!", "{key}:AAAA", "{key}:é"])
def test_what_cannot_be_read_says_where_and_never_what(settings, broken):
    broken = broken.format(key=settings.FIELD_KEYS[0][0])
    with pytest.raises(SecretUnreadable) as caught:
        decrypt(broken, "person.phone")
    assert "person.phone" in str(caught.value)
    assert broken == "" or broken not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__cause__ is None


def test_the_database_holds_no_plain_value(samples):
    samples.Holder.objects.create(phone=PHONE)
    (text,) = stored(samples.Holder)
    assert PHONE not in text
    assert base64.b64decode(text.partition(":")[2])
    assert samples.Holder.objects.get().phone == PHONE
    assert samples.Holder.objects.values_list("phone", flat=True).get() == PHONE


def test_blank_and_null_stay_what_they_are(samples):
    holder = samples.Holder.objects.create(phone="")
    other = samples.Other.objects.create(phone=None)
    assert (holder.phone_hash, holder.phone_last4, other.phone_hash) == (None, "", None)
    assert stored(samples.Holder) == [""]
    assert list(samples.Holder.objects.filter(phone="")) == [holder]
    assert list(samples.Other.objects.filter(phone=None)) == [other]
    assert list(samples.Other.objects.filter(phone__isnull=True)) == [other]


def test_a_value_moved_to_another_column_or_altered_does_not_open(samples):
    samples.Holder.objects.create(phone=PHONE)
    samples.Other.objects.create(phone="15400000001")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_other SET phone = (SELECT phone FROM records_holder)")
    with pytest.raises(SecretUnreadable):
        samples.Other.objects.get()


@pytest.mark.parametrize(
    "lookup",
    ["phone", "phone__exact", "phone__iexact", "phone__contains", "phone__in", "phone__startswith", "phone__gt",
     "phone__regex", "phone__lower", "phone__length__gt"],
)  # fmt: skip
def test_lookups_on_a_secret_are_refused(samples, lookup):
    with pytest.raises(FieldError):
        list(samples.Holder.objects.filter(**{lookup: PHONE}))


def test_companions_are_filled_by_save_and_bulk_create(samples):
    saved = samples.Holder.objects.create(phone=PHONE)
    samples.Holder.objects.bulk_create([samples.Holder(phone="154 0000 0001")])
    bulk = samples.Holder.objects.exclude(pk=saved.pk).get()
    assert (saved.phone_last4, bulk.phone_last4) == ("5678", "0001")
    assert samples.Holder.objects.get(phone_hash=blind_index("１５４-0000-0001", "phone")) == bulk
    saved.phone = ""
    saved.save(update_fields=with_companions(samples.Holder, ["phone"]))
    saved.refresh_from_db()
    assert (saved.phone, saved.phone_hash, saved.phone_last4) == ("", None, "")


def test_a_hash_finds_across_columns_of_one_purpose_only(samples):
    holder = samples.Holder.objects.create(phone=PHONE)
    other = samples.Other.objects.create(phone=PHONE)
    assert holder.phone_hash == other.phone_hash != blind_index(PHONE, "id_number")
    assert blind_index("15090219960101996x", "id") == blind_index("15090219960101996X", "id")


def test_the_same_value_twice_is_refused_where_it_must_be_unique(samples):
    samples.Holder.objects.create(phone=PHONE)
    with pytest.raises(IntegrityError):
        samples.Holder.objects.create(phone="161 1234 5678")


def test_the_form_says_so_before_the_database_does(samples):
    form_class = modelform_factory(samples.Holder, fields=["phone"])
    first = form_class({"phone": PHONE}).save()
    again = form_class({"phone": "161 1234 5678"})
    assert again.errors == {"phone": ["Somebody here already has this phone."]}
    assert form_class({"phone": PHONE}, instance=first).is_valid()
    assert form_class({"phone": PHONE}, instance=samples.Holder(community="150902001002")).is_valid()
    assert form_class({"phone": ""}).is_valid()


def test_short_values_show_no_last_four(samples):
    assert samples.Holder.objects.create(phone="12345").phone_last4 == ""


def test_masked():
    assert (masked("1234"), masked("")) == ("••••1234", "")


def test_forms_take_text_keep_what_is_not_typed_and_never_offer_companions(samples):
    form_class = modelform_factory(samples.Holder, fields="__all__")
    assert "phone_hash" not in form_class.base_fields
    assert "phone_last4" not in form_class.base_fields
    form = form_class({"phone": PHONE, "community": "150902001001"})
    assert form.is_valid(), form.errors
    assert form.save(commit=False).phone == PHONE
    holder = samples.Holder(phone=PHONE)
    holder._meta.get_field("phone").save_form_data(holder, KEEP)
    assert holder.phone == PHONE
    with pytest.raises(ValidationError):
        samples.Holder(phone="1" * 21).full_clean()


def test_a_fixture_never_holds_a_secret(samples):
    with pytest.raises(SecretUnreadable):
        serializers.serialize("json", [samples.Holder(phone=PHONE)])


# The key ring -------------------------------------------------------------------------------------------------


@pytest.fixture
def second_key(settings, monkeypatch):
    monkeypatch.setattr("records.management.commands.rotate_secrets.apps.get_models", lambda: [Draft])

    def change():
        settings.FIELD_KEYS = [("next", os.urandom(32)), *settings.FIELD_KEYS]

    return change


def kept(user, count):
    for n in range(count):
        Draft.keep(user, f"form-{n}", {"n": n})


def test_rotation_brings_every_value_under_the_first_key(worker, second_key, settings):
    kept(worker, 5)
    second_key()
    out = StringIO()
    call_command("rotate_secrets", batch=2, stdout=out)
    assert "records_draft.data: 4" in out.getvalue()
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert [Draft.find(worker, f"form-{n}") for n in range(5)] == [{"n": n} for n in range(5)]


def test_rotation_goes_on_where_it_stopped(worker, second_key, monkeypatch):
    kept(worker, 5)
    second_key()
    decrypted = []
    original = secrets.decrypt

    def dies_at_the_fourth(text, place):
        if len(decrypted) == 3:
            raise KeyboardInterrupt
        decrypted.append(text)
        return original(text, place)

    command = "records.management.commands.rotate_secrets.decrypt"
    monkeypatch.setattr(command, dies_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        call_command("rotate_secrets", batch=2, stdout=StringIO())
    assert sum(text.startswith("next:") for text in stored(Draft, "data")) == 2
    decrypted.clear()
    monkeypatch.setattr(command, lambda text, place: decrypted.append(text) or original(text, place))
    call_command("rotate_secrets", batch=2, stdout=StringIO())
    assert len(decrypted) == 3
    assert all(text.startswith("next:") for text in stored(Draft, "data"))


def test_rotation_names_what_it_cannot_read_and_does_the_rest(worker, second_key):
    kept(worker, 3)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_draft SET data = 'lost:AAAA' WHERE key = 'form-1'")
    second_key()
    errors = StringIO()
    with pytest.raises(CommandError, match="1 values"):
        call_command("rotate_secrets", batch=1, stdout=StringIO(), stderr=errors)
    assert "records_draft.data" in errors.getvalue()
    assert sum(text.startswith("next:") for text in stored(Draft, "data")) == 2


@pytest.fixture
def pieces(worker, monkeypatch):
    """The pieces of a list that waits to be fetched, each with what it holds."""
    monkeypatch.setattr("records.management.commands.rotate_secrets.apps.get_models", lambda: [ExportPart])
    asked = ExportRequest.objects.create(
        asked_by=worker, kind="children", rows=3, purpose="会议", division="150902001001"
    )
    held = [os.urandom(50_000), b"", b"next:not a key"]
    for position, content in enumerate(held):
        ExportPart.objects.create(request=asked, position=position, content=content)
    return held


def begins(content):
    return bytes(content).partition(b":")[0]


def test_whole_files_come_under_the_first_key_as_well(pieces, settings):
    old = settings.FIELD_KEYS[0][0].encode()
    assert {begins(kept) for kept in stored(ExportPart, "content")} == {old}
    settings.FIELD_KEYS = [("next", os.urandom(32)), *settings.FIELD_KEYS]
    out = StringIO()
    call_command("rotate_secrets", stdout=out)
    assert "records_exportpart.content: 3" in out.getvalue()
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert {begins(kept) for kept in stored(ExportPart, "content")} == {b"next"}
    assert [bytes(part.content) for part in ExportPart.objects.order_by("position")] == pieces
    kept = stored(ExportPart, "content")
    call_command("rotate_secrets", stdout=StringIO())
    assert stored(ExportPart, "content") == kept


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_done(pieces, settings):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_exportpart SET content = 'lost:AAAA'::bytea WHERE position = 1")
    settings.FIELD_KEYS = [("next", os.urandom(32)), *settings.FIELD_KEYS]
    errors = StringIO()
    with pytest.raises(CommandError, match="1 values"):
        call_command("rotate_secrets", stdout=StringIO(), stderr=errors)
    assert "records_exportpart.content" in errors.getvalue()
    assert [begins(kept) for kept in stored(ExportPart, "content")] == [b"next", b"lost", b"next"]


def test_a_new_index_key_is_followed_on_request(samples, settings, monkeypatch):
    holder = samples.Holder.objects.create(phone=PHONE)
    settings.INDEX_KEY = os.urandom(32)
    rotate = "records.management.commands.rotate_secrets.apps.get_models"
    monkeypatch.setattr(rotate, lambda: [samples.Holder])
    assert not samples.Holder.objects.filter(phone_hash=blind_index(PHONE, "phone")).exists()
    call_command("rotate_secrets", index=True, stdout=StringIO())
    assert samples.Holder.objects.get(phone_hash=blind_index(PHONE, "phone")) == holder
