"""Lists that leave the system: by whom, what for and how many is on the trail; large ones need a second person.

An app declares one with `@export` in its `exports.py`. The function gets the request and the list's own parameters (the
filter on screen, as a query string) and gives a `Sheet`: rows in the person's scope, columns the person may see. A
small list comes at once; a large one is built by a worker once it is released (`records.export_files`).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.discovery import import_from_apps
from records.lifecycle import Lifecycle, Refused
from records.privacy import SECRET
from records.scoping import COMMUNITY_DIGITS, DISTRICT_DIGITS, STREET_DIGITS, Record, Scope, ScopedQuerySet
from records.secrets import SecretField

HOURS_TO_FETCH = 24
TIME_TO_FETCH = dt.timedelta(hours=HOURS_TO_FETCH)
LEVELS = (COMMUNITY_DIGITS, STREET_DIGITS, DISTRICT_DIGITS)


@dataclass(frozen=True)
class Export:
    name: str
    title: Any
    needs: str
    sheet: Callable  # (request, params) -> Sheet, or a 404


_exports: dict[str, Export] = {}


def export(name, *, title, needs):
    """Register the decorated function `(request, params) -> Sheet`; `needs` is the permission to see its rows."""

    def register(function):
        _exports[name] = Export(name, title, needs, function)
        return function

    return register


def get(name):
    """The export called `name`; KeyError when there is none."""
    import_from_apps("exports", beside=["records"])
    return _exports[name]


def may_take_out(user, name):
    """Whether `user` sees rows of this list in a place from which they may take lists out.

    Somebody with two posts has the one right by this post and the other by that.
    """
    app, right = get(name).needs.split(".")
    action, model = right.split("_", 1)
    seen, taken = user.codes_for(apps.get_model(app, model), action), user.codes_for(ExportRequest, "add")
    return any(code in Scope.of(*taken) for code in seen) or any(code in Scope.of(*seen) for code in taken)


class ExportRequestQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        """Those of the person's divisions; and always one's own, whose division may reach beyond one posting."""
        inside = super().visible_to(user, action)
        if action == "view" and user.is_authenticated and user.is_active and user.codes_for(self.model, action):
            return inside | self.filter(asked_by=user)
        return inside


class ExportRequest(Lifecycle, Record):
    """One list that somebody took out of the system, or asks to."""

    class Status(models.TextChoices):
        ASKED = "asked", gettext_lazy("waiting for a second person")
        RELEASED = "released", gettext_lazy("released")
        READY = "ready", gettext_lazy("ready to be fetched")
        REFUSED = "refused", gettext_lazy("refused")
        FETCHED = "fetched", gettext_lazy("fetched")

    class Purpose(models.TextChoices):
        REPORT = "report", gettext_lazy("to report to the office above")
        PARTNER = "partner", gettext_lazy("for another authority, by law or agreement")
        VISIT = "visit", gettext_lazy("for home visits")
        CHECK = "check", gettext_lazy("to check the files")
        ARCHIVE = "archive", gettext_lazy("for the archive")
        OTHER = "other", gettext_lazy("something else")

    TRANSITIONS = {
        Status.ASKED: {Status.RELEASED, Status.REFUSED, Status.FETCHED},
        Status.RELEASED: {Status.READY},
        Status.READY: {Status.FETCHED, Status.RELEASED},
        Status.REFUSED: set(),
        Status.FETCHED: set(),
    }

    community_path = "division"

    kind = models.CharField(gettext_lazy("list"), max_length=40, editable=False)
    params = SecretField(gettext_lazy("filter"), blank=True, editable=False)
    division = models.CharField(gettext_lazy("division"), max_length=COMMUNITY_DIGITS, editable=False)
    rows = models.PositiveIntegerField(gettext_lazy("rows"), editable=False)
    reason = models.CharField(gettext_lazy("Purpose"), max_length=10, choices=Purpose)
    purpose = SecretField(gettext_lazy("In your words"), max_length=200)
    status = models.CharField(
        gettext_lazy("status"), max_length=10, choices=Status, default=Status.ASKED, editable=False
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=gettext_lazy("asked by"),
    )
    asked_at = models.DateTimeField(gettext_lazy("asked"), default=timezone.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=gettext_lazy("decided by"),
    )
    decided_at = models.DateTimeField(gettext_lazy("decided"), null=True, editable=False)
    built_at = models.DateTimeField(gettext_lazy("prepared"), null=True, editable=False)
    built_within = models.JSONField(default=dict, editable=False)  # the rights it was built with
    fetched_at = models.DateTimeField(gettext_lazy("fetched"), null=True, editable=False)

    personal = {"params": SECRET}
    not_personal = [
        *["id", "kind", "division", "rows", "reason", "purpose", "status", "asked_by", "asked_at"],
        *["decided_by", "decided_at", "built_at", "built_within", "fetched_at"],
    ]

    objects = ExportRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = gettext_lazy("export")
        verbose_name_plural = gettext_lazy("exports")
        indexes = [models.Index(fields=["division", "-asked_at"], name="exports_of_a_division")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="who_asks_for_an_export_does_not_release_it",
                violation_error_message=gettext_lazy("Another person must release this list."),
            ),
        ]

    def __str__(self):
        return str(self.pk)

    def get_absolute_url(self):
        return reverse("records:export_request", args=[self.pk])

    @property
    def title(self):
        return get(self.kind).title

    @property
    def needs_release(self):
        return self.rows > settings.EXPORT_ROWS_ALONE

    @property
    def may_be_fetched_until(self):
        return self.decided_at and self.decided_at + TIME_TO_FETCH

    @property
    def is_expired(self):
        open_ones = (self.Status.RELEASED, self.Status.READY)
        return self.status in open_ones and timezone.now() > self.may_be_fetched_until

    # Verbs ----------------------------------------------------------------------------------------------------------

    def release(self, *, by):
        self._decide(self.Status.RELEASED, "released an export", by)

    def refuse(self, *, by):
        self._decide(self.Status.REFUSED, "refused an export", by)

    def _decide(self, status, verb, by):
        if by.pk == self.asked_by_id:
            raise Refused(_("Another person must release this list."))
        self._become(status, by=by, verb=verb, decided_by=by, decided_at=timezone.now())

    def refuse_to_hand_out(self, *, by):
        """Raise `Refused` in words where the list may not be fetched."""
        if by.pk != self.asked_by_id:
            raise Refused(_("Only the person who asked can fetch this list."))
        if self.status == self.Status.ASKED and self.needs_release:
            raise Refused(_("Another person must release this list."))
        if self.status == self.Status.FETCHED:
            raise Refused(_("This list was fetched already. Ask again if you need it again."))
        if self.is_expired:
            raise Refused(_("The release has run out after %(hours)s hours. Ask again.") % {"hours": HOURS_TO_FETCH})

    def note_built(self, *, by, rows, within):
        """Part of `records.export_files`."""
        self._become(
            self.Status.READY, by=by, verb="prepared an export",
            rows=rows, built_at=timezone.now(), built_within=within,
        )  # fmt: skip

    def note_dropped(self, *, by):
        """Its file is gone before it was fetched. Part of `records.export_files`."""
        self._become(self.Status.RELEASED, by=by, verb="dropped the file of an export", built_at=None, built_within={})

    def fetch(self, *, by):
        """Use the release up; the file is handed out in the same transaction."""
        self.refuse_to_hand_out(by=by)
        self._become(self.Status.FETCHED, by=by, verb="fetched an export", fetched_at=timezone.now(), built_within={})


def division_of(codes):
    """The smallest division that all these codes lie in; "" where they share none."""
    for digits in LEVELS:
        shared = {code[:digits] for code in codes}
        if len(shared) == 1 and all(len(code) >= digits for code in codes):
            return shared.pop()
    return ""
