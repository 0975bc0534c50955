from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.owned import STAYS
from records.lifecycle import Lifecycle
from records.scoping import Record, Scope, ScopedQuerySet
from records.trail import log_act


class LikenessQuerySet(ScopedQuerySet):
    """A likeness stands where either of its two files stands."""

    def visible_to(self, user, action="view"):
        known = user is not None and user.is_authenticated and user.is_active
        return self.within(Scope.of(*user.codes_for(self.model, action))) if known else self.none()

    def within(self, scope):
        first, second = (scope.q(_at(side)) for side in ("first", "second"))
        return self.filter(first | second)

    def asked(self):
        """What there is to look at: of an erased file nothing is left that could be like another."""
        told = self.filter(status=Likeness.Status.ASKED)
        return told.exclude(first__left_reason="erased").exclude(second__left_reason="erased")


class _at:
    """One side of a likeness as `Scope.q` asks for it."""

    def __init__(self, side):
        self.community_path, self.district_path = f"{side}__community_id", f"{side}__district"


class Likeness(Lifecycle, Record):
    """Two files that could be about one child: asked of the street office, or answered once and remembered."""

    class Status(models.TextChoices):
        ASKED = "asked", _("to be settled")
        DIFFERENT = "different", _("not the same child")
        SAME = "same", _("the same child")

    class Why(models.TextChoices):
        ID_NUMBER = "id_number", _("same ID number")
        FAMILY = "family", _("same name and birth date, and the same phone or father")
        SOUND = "sound", _("a name that sounds alike and the same birth date")
        SEEN = "seen", _("seen by somebody who knows both files")

    TRANSITIONS = {
        Status.ASKED: {Status.DIFFERENT, Status.SAME},
        Status.DIFFERENT: {Status.SAME},
        Status.SAME: set(),
    }

    on_transfer = STAYS  # it has no place of its own: it stands where its files stand
    confidential = True  # the other file may lie where its reader sees nothing

    first = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="+", verbose_name=_("older file")
    )
    second = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="+", verbose_name=_("newer file")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ASKED, editable=False)
    why = models.CharField(_("why"), max_length=10, choices=Why, editable=False)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("settled by"),
    )  # fmt: skip
    settled_at = models.DateTimeField(_("settled"), null=True, editable=False)

    community_path = "first__community_id"
    district_path = "first__district"
    personal: dict[str, str] = {}
    not_personal = ["id", "first", "second", "status", "why", "asked_at", "settled_by", "settled_at"]

    objects = LikenessQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("likeness of two files")
        verbose_name_plural = _("likenesses of files")
        indexes = [models.Index(fields=["-asked_at"], condition=Q(status="asked"), name="likeness_to_be_settled")]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                name="two_files_are_compared_once",
                violation_error_message=_("These two files have been compared already."),
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="the_older_file_comes_first",
                violation_error_message=_("The older file comes first."),
            ),
        ]

    def __str__(self):
        return f"{self.first_id}/{self.second_id}"

    @classmethod
    def of(cls, one, other):
        """The row of these two files, in whichever order they are given."""
        first, second = sorted((one.pk, other.pk))
        made, _is_new = cls.objects.get_or_create(first_id=first, second_id=second, defaults={"why": cls.Why.SEEN})
        return made

    @classmethod
    @transaction.atomic
    def note_different(cls, one, other, *, by):
        """Remember that these are two children, so that nobody is asked again."""
        likeness = cls.of(one, other)
        if likeness.status != cls.Status.DIFFERENT:
            likeness.settle(cls.Status.DIFFERENT, by=by)
        return likeness

    def settle(self, answer, *, by):
        verb = "found to be the same child" if answer == self.Status.SAME else "found to be two children"
        self._become(answer, by=by, verb=verb, settled_by=by, settled_at=timezone.now())

    @classmethod
    def ask(cls, pairs, *, by):
        """Ask the street office about {(first, second): why}; what was asked or answered before stays as it is."""
        known = cls.objects.filter(first__in=[a for a, _b in pairs], second__in=[b for _a, b in pairs])
        fresh = pairs.keys() - set(known.values_list("first", "second"))
        rows = cls.objects.bulk_create(cls(first_id=a, second_id=b, why=pairs[a, b]) for a, b in sorted(fresh))
        for likeness in rows:
            log_act(by, "asked whether it is the same child", likeness)
        return rows
