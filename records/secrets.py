"""ID numbers, phones and addresses: unreadable in the database and its backups, yet found by exact search.

A `SecretField` is encrypted with the first key of `settings.FIELD_KEYS` and read with any of them, so keys
can be changed without a pause (`manage.py rotate_secrets`). Table and column are bound into each value: a
phone copied into another column does not decrypt. Because equal values never look equal, two companion
columns are filled beside it: a keyed hash for exact search and uniqueness, and the last four characters for
recognition. `queryset.update()`, `bulk_update()` and `save(update_fields=…)` write only the columns they
name: name the companions too (`with_companions`).
"""

import base64
import hashlib
import hmac
import json
import os
import unicodedata
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django import forms
from django.conf import settings
from django.core.exceptions import FieldError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.lookups import Exact, IsNull

NONCE_BYTES = 12
KEEP = object()  # a form field left blank: what is stored stays
SHORTEST_WITH_LAST_FOUR = 8  # four characters of a shorter value would give most of it away


class SecretUnreadable(Exception):
    """A stored secret that no key of ours opens. Says where it stands, never what it is."""


def encrypt(plain, place):
    key_id, key = settings.FIELD_KEYS[0]
    nonce = os.urandom(NONCE_BYTES)
    sealed = _cipher(key).encrypt(nonce, plain.encode(), place.encode())
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored, place):
    key_id, colon, body = stored.partition(":")
    keys = dict(settings.FIELD_KEYS)
    if not colon or key_id not in keys:
        raise SecretUnreadable(f"{place}: the key of this value is not in FIELD_KEYS.")
    try:
        sealed = base64.b64decode(body, validate=True)
        return _cipher(keys[key_id]).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode()).decode()
    except (InvalidTag, ValueError):
        raise SecretUnreadable(f"{place}: this value was altered or belongs to another key.") from None


def blind_index(value, purpose):
    """The hash to search by. Columns that share a purpose ("phone", "id_number") can be compared."""
    if not (normal := _normalised(value)):
        return None
    return hmac.new(settings.INDEX_KEY, f"{purpose}\0{normal}".encode(), hashlib.sha256).hexdigest()


def fingerprint(text, purpose):
    """A keyed digest of exactly this text, to see later whether something changed; it tells nothing without the key."""
    return hmac.new(settings.INDEX_KEY, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def masked(last_four):
    return f"••••{last_four}" if last_four else ""


def with_companions(model, names):
    """These column names and those of their companions, for `save(update_fields=…)`."""
    return [
        *names,
        *(f.name for f in model._meta.concrete_fields if isinstance(f, Companion) and f.of in names),
    ]


@lru_cache(maxsize=16)
def _cipher(key):
    return AESGCM(key)


def _normalised(value):
    kept = "".join(unicodedata.normalize("NFKC", value or "").split())
    return kept.replace("-", "").upper()


class _ExactEmpty(Exact):
    def __init__(self, lhs, rhs):
        if rhs is not None and rhs != "":
            raise FieldError("A secret cannot be compared: filter on its BlindIndexField with blind_index().")
        super().__init__(lhs, rhs)

    def get_prep_lookup(self):
        return self.rhs


class SecretField(models.TextField):
    """Text for everyone who holds the object, ciphertext for everyone who holds the table."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.max_length:
            self.validators = [*self.validators, MaxLengthValidator(self.max_length)]

    @property
    def place(self):
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return encrypt(value, self.place) if value else value

    def from_db_value(self, value, expression, connection):
        return decrypt(value, self.place) if value else value

    def get_lookup(self, lookup_name):
        return {"exact": _ExactEmpty, "isnull": IsNull}.get(lookup_name)

    def get_transform(self, lookup_name):
        return None

    def formfield(self, **kwargs):
        return super().formfield(**{"widget": forms.TextInput, "max_length": self.max_length, **kwargs})

    def clean(self, value, model_instance):
        value = super().clean(value, model_instance)
        self._refuse_if_taken(model_instance)
        return value

    def _refuse_if_taken(self, instance):
        """Ask the unique constraints over our companions: forms skip those of columns that they do not show."""
        companions = {
            f.name: f for f in instance._meta.concrete_fields if isinstance(f, Companion) and f.of == self.name
        }
        for companion in companions.values():
            companion.pre_save(instance, add=False)
        for constraint in instance._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and companions.keys() & set(constraint.fields):
                constraint.validate(type(instance), instance)

    def save_form_data(self, instance, data):
        if data is not KEEP:
            super().save_form_data(instance, data)

    def value_to_string(self, obj):
        raise SecretUnreadable(f"{self.place}: not written to a fixture in the clear. Use the database's own dump.")


class SecretJSONField(SecretField):
    """A dict for everyone who holds the object, ciphertext for everyone who holds the table."""

    def get_prep_value(self, value):
        if isinstance(value, dict):
            value = json.dumps(value, ensure_ascii=False) if value else ""
        return super().get_prep_value(value)

    def from_db_value(self, value, expression, connection):
        text = super().from_db_value(value, expression, connection)
        return json.loads(text) if text else {}


class SecretBytesField(models.BinaryField):
    """A whole file, or a piece of one, encrypted."""

    @property
    def place(self):
        return f"{self.model._meta.db_table}.{self.column}"

    def get_db_prep_value(self, value, connection, prepared=False):
        if not prepared:
            key_id, key = settings.FIELD_KEYS[0]
            nonce = os.urandom(NONCE_BYTES)
            value = key_id.encode() + b":" + nonce + _cipher(key).encrypt(nonce, bytes(value), self.place.encode())
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value, expression, connection):
        key_id, _colon, body = bytes(value).partition(b":")
        try:
            key = dict(settings.FIELD_KEYS).get(key_id.decode())
            if key is None:
                raise InvalidTag
            return _cipher(key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], self.place.encode())
        except (InvalidTag, ValueError):
            raise SecretUnreadable(f"{self.place}: this file was altered or belongs to another key.") from None


class Companion(models.CharField):
    """A column derived from the secret named in `of` whenever the row is saved."""

    def __init__(self, *args, of, **kwargs):
        self.of = of
        super().__init__(*args, **{"blank": True, **kwargs, "editable": False})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance, add):
        value = self.derived(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value

    def derived(self, secret):
        raise NotImplementedError


class BlindIndexField(Companion):
    def __init__(self, *args, of, purpose=None, **kwargs):
        self.purpose = purpose or of
        super().__init__(*args, of=of, **{"db_index": True, "null": True, **kwargs, "max_length": 64})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {"db_index": self.db_index, **kwargs, "purpose": self.purpose}

    def derived(self, secret):
        return blind_index(secret, self.purpose)


class LastFourField(Companion):
    def __init__(self, *args, of, **kwargs):
        super().__init__(*args, of=of, **{"default": "", **kwargs, "max_length": 4})

    def derived(self, secret):
        normal = _normalised(secret)
        return normal[-4:] if len(normal) >= SHORTEST_WITH_LAST_FOUR else ""


def secret_fields(model, kind=SecretField):
    return [field for field in model._meta.local_concrete_fields if isinstance(field, kind)]
