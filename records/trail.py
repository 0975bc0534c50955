"""Who did, and who read, what: written in the transaction of the act, so neither exists without the other.

Entries hold keys and names of fields, never values; the database refuses to change or remove them
(`0002_append_only_trail`); `records.sealing` makes a change by someone above the database visible. If an
entry cannot be written, the act or the look fails with it.
"""

import datetime
import re
import uuid

from django.conf import settings
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records import request_facts
from records.copying import copy_in
from records.privacy import BASIC
from records.scoping import COMMUNITY_DIGITS, DISTRICT_DIGITS, Record, ScopedQuerySet

READ = "read"
SAFE_WORD = re.compile(r"[\w .:/-]{0,80}\Z", re.ASCII)
LOOKS_PERSONAL = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|1\d{10})(?![0-9A-Za-z])")  # an ID number, a mobile phone
SAFE_KEY = re.compile(r"[0-9A-Za-z_-]{1,40}\Z")
BATCH = 1000


class TrailQuerySet(ScopedQuerySet):
    def about(self, obj):
        """Everything done to and seen of one row, newest first."""
        return self.filter(model_label=obj._meta.label_lower, object_key=str(obj.pk)).order_by("-id")

    def reads(self):
        return self.filter(verb=READ)

    def acts(self):
        return self.exclude(verb=READ)


class TrailEntry(Record):
    community_path = "community"
    district_path = "district"

    at = models.DateTimeField(_("time"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    actor_role = models.CharField(_("in the role"), max_length=200, blank=True)
    verb = models.CharField(_("act"), max_length=80)
    model_label = models.CharField(_("kind of record"), max_length=100)
    object_key = models.CharField(_("record"), max_length=40, blank=True)
    community = models.CharField(_("community code"), max_length=COMMUNITY_DIGITS, blank=True)
    district = models.CharField(_("district code"), max_length=DISTRICT_DIGITS, blank=True)
    fields = models.JSONField(_("fields"), default=list)
    keys = models.JSONField(_("keys"), default=dict)
    page = models.CharField(_("page"), max_length=100, blank=True)
    address = models.GenericIPAddressField(_("network address"), null=True)
    refused = models.BooleanField(_("refused"), default=False)

    personal = {"actor": BASIC, "actor_role": BASIC, "address": BASIC}
    not_personal = [
        "id", "at", "verb", "model_label", "object_key", "community", "district", "fields", "keys", "page",
        "refused",
    ]  # fmt: skip

    objects = TrailQuerySet.as_manager()

    class Meta:
        verbose_name = _("trail entry")
        verbose_name_plural = _("trail")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["model_label", "object_key", "-id"], name="trail_of_one_record"),
            models.Index(
                fields=["model_label", "object_key", "-id"], condition=~models.Q(verb=READ), name="acts_on_one_record"
            ),
            models.Index(fields=["district", "-id"], name="trail_of_a_district"),
            models.Index(fields=["community", "-id"], name="trail_of_a_community"),
        ]

    def __str__(self):
        return str(self.pk)


class SealQuerySet(models.QuerySet):
    def visible_to(self, user, action="view"):
        """Seals tell nothing of anybody: all of them for a role with the right, wherever it is posted."""
        known = user.is_authenticated and user.is_active
        return self if known and user.codes_for(self.model, action) else self.none()


class TrailSeal(models.Model):
    """One link of the chain: entries up to `last_id`, hashed together with the link before."""

    first_id = models.BigIntegerField(_("first entry"), unique=True)
    last_id = models.BigIntegerField(_("last entry"), unique=True)
    count = models.PositiveIntegerField(_("entries"))
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    previous = models.CharField(_("digest before"), max_length=64, blank=True, unique=True)
    at = models.DateTimeField(_("time"), default=timezone.now)

    personal: dict[str, str] = {}
    not_personal = ["id", "first_id", "last_id", "count", "digest", "previous", "at"]

    objects = SealQuerySet.as_manager()

    class Meta:
        verbose_name = _("trail seal")
        verbose_name_plural = _("trail seals")
        ordering = ["id"]

    def __str__(self):
        return f"{self.first_id}–{self.last_id}"


def log_act(by, verb, obj, *, fields=(), **keys):
    """Put an act on the trail; call it inside the transaction of the act. Keys only, never values."""
    if not connection.in_atomic_block:
        raise RuntimeError("An act and its trail entry belong in one transaction.")
    entry = _entry(by, verb, obj._meta.label_lower, _key(obj.pk), _communities([obj])[obj.pk])
    entry.fields = sorted(fields)
    entry.keys = {name: _as_key(name, value) for name, value in keys.items()}
    entry.save(force_insert=True)


def log_acts(by, verb, model, communities, *, fields=(), **keys):
    """Put one act on many records of `model` on the trail, an entry for each. `communities`: key -> community code."""
    if not connection.in_atomic_block:
        raise RuntimeError("An act and its trail entry belong in one transaction.")
    pattern = _entry(by, verb, model._meta.label_lower, "", "")
    pattern.fields = sorted(fields)
    pattern.keys = {name: _as_key(name, value) for name, value in keys.items()}
    same = {f.attname: getattr(pattern, f.attname) for f in TrailEntry._meta.concrete_fields if not f.primary_key}
    copy_in(
        TrailEntry,
        (
            {**same, "object_key": _key(key), "community": code, "district": code[:DISTRICT_DIGITS]}
            for key, code in communities.items()
        ),
    )


def log_read(by, objs, *, page=""):
    """Put a look on the trail, one entry for each record that was shown."""
    shown = [objs] if isinstance(objs, models.Model) else list(objs)
    if len({type(obj) for obj in shown}) > 1:
        raise ValueError("One kind of record at a time.")
    codes = _communities(shown)
    TrailEntry.objects.bulk_create(
        [_entry(by, READ, obj._meta.label_lower, _key(obj.pk), codes[obj.pk], page) for obj in shown], BATCH
    )


def log_refused(by, model, key, *, page=""):
    """Put a refused look on the trail, whether or not such a record exists."""
    entry = _entry(by, READ, model._meta.label_lower, _key(key), "", page)
    entry.refused = True
    if facts := request_facts.current():
        facts.refusals.append(entry)  # written when the view's transaction is over
    else:
        entry.save(force_insert=True)


def _entry(by, verb, label, key, community, page=""):
    facts = request_facts.current() or request_facts.RequestFacts()
    known = by is not None and by.pk is not None
    return TrailEntry(
        actor_id=by.pk if known else None,
        actor_role=request_facts.roles_of(by) if known else "",
        verb=verb,
        model_label=label,
        object_key=key,
        community=community,
        district=community[:DISTRICT_DIGITS],
        page=(page or facts.page)[:100],
        address=facts.address,
    )


def _key(value):
    """The key as text. What somebody typed into the address bar is kept only where it looks like a key."""
    text = str(value)
    return text if SAFE_KEY.match(text) and not LOOKS_PERSONAL.search(text) else "?"


def _as_key(name, value):
    match value:
        case models.Model():
            return value.pk
        case None | bool():
            return value
        case datetime.date() | uuid.UUID():
            return str(value)
        case list() | tuple() | set() | frozenset():
            return [_as_key(name, item) for item in value]
        case int() | str() if SAFE_WORD.match(str(value)) and not LOOKS_PERSONAL.search(str(value)):
            return value
    raise ValueError(f"The trail keeps keys, never values: pass the record or its key as {name!r}.")


def _communities(objs):
    """{pk: community code} of records of one model; from loaded columns, else with one query."""
    path = getattr(objs[0], "community_path", "") if objs else ""
    if not path:
        return {obj.pk: "" for obj in objs}
    codes = {obj.pk: _loaded(obj, path) for obj in objs}
    missing = [pk for pk, code in codes.items() if code is None]
    if missing:
        codes.update(type(objs[0])._base_manager.filter(pk__in=missing).values_list("pk", path))
    return {pk: code or "" for pk, code in codes.items()}


def _loaded(obj, path):
    *relations, column = path.split("__")
    for name in relations:
        if not (name in obj._state.fields_cache and (obj := obj._state.fields_cache[name])):
            return None
    return None if column in obj.get_deferred_fields() else getattr(obj, column)
