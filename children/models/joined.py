from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.models.adult import _of_visible_children
from communities.owned import CommunityRecord
from records.privacy import SECRET
from records.scoping import DISTRICT_DIGITS
from records.secrets import SecretJSONField


class Joined(models.Model):
    """Two entries made one. The other entry is gone: what it said otherwise, and its key, stand here.

    `facts`: {name: [what the entry kept said, what the other said]}.
    """

    gone_key = models.BigIntegerField(_("key of the entry joined"), editable=False, db_index=True)
    facts = SecretJSONField(_("facts of both entries"), blank=True, editable=False)
    moved = models.JSONField(_("rows that moved"), default=dict, editable=False)
    joined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("joined by"),
        editable=False,
    )  # fmt: skip
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    personal = {"facts": SECRET}
    not_personal = ["id", "kept", "gone_key", "community", "district", "moved", "joined_by", "joined_at"]
    bookkeeping = ["kept", "gone_key", "facts"]

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.gone_key}→{self.kept_id}"

    @classmethod
    def today(cls, keys):
        """{key: key of the entry it was joined into} of those of these keys that were joined."""
        rows = cls.objects.filter(gone_key__in=keys).order_by("-pk")
        return dict(rows.values_list("gone_key", "kept"))

    @classmethod
    def key_today(cls, key):
        """The key of the entry that one with this key was joined into; the same key where it was not."""
        return cls.today([key]).get(key, key) if key else key


class JoinedAdult(Joined, CommunityRecord):
    """One adult who was on file twice in a household."""

    kept = models.ForeignKey(
        "children.Adult", on_delete=models.PROTECT, related_name="joined", editable=False, verbose_name=_("adult")
    )

    class Meta(CommunityRecord.Meta):
        ordering = ["-joined_at", "-pk"]
        verbose_name = _("joining of two entries of an adult")
        verbose_name_plural = _("joinings of entries of adults")

    @classmethod
    def own_to(cls, user):
        return _of_visible_children(user, "kept__kinships__child")


class JoinedHousehold(Joined, CommunityRecord):
    """One family that was on file as two households."""

    kept = models.ForeignKey(
        "children.Household", on_delete=models.PROTECT, related_name="joined", editable=False,
        verbose_name=_("household"),
    )  # fmt: skip

    class Meta(CommunityRecord.Meta):
        ordering = ["-joined_at", "-pk"]
        verbose_name = _("joining of two households")
        verbose_name_plural = _("joinings of households")


class ToldApart(CommunityRecord):
    """Two adults who look like one person: somebody who knows said that they, or their families, are two.

    Their keys and not their rows: a family that parts takes copies of its adults along, and a copy was never compared.
    """

    first = models.BigIntegerField(_("first adult"), editable=False)
    second = models.BigIntegerField(_("second adult"), editable=False)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("told by"), editable=False
    )
    told_at = models.DateTimeField(_("told"), default=timezone.now, editable=False)

    personal: dict[str, str] = {}
    not_personal = ["id", "first", "second", "told_by", "told_at", "community", "district"]

    class Meta(CommunityRecord.Meta):
        verbose_name = _("adults told apart")
        verbose_name_plural = _("adults told apart")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["first", "second"],
                name="two_adults_are_told_apart_once",
                violation_error_message=_("These two have been told apart already."),
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="of_two_adults_the_older_entry_comes_first",
                violation_error_message=_("The older entry comes first."),
            ),
        ]

    def __str__(self):
        return f"{self.first}/{self.second}"

    @classmethod
    def among(cls, keys):
        """{(first, second)} of those of these adults who were told apart."""
        return set(cls.objects.filter(first__in=keys, second__in=keys).values_list("first", "second"))

    @classmethod
    def note(cls, pairs, *, community_id, by):
        """Remember of pairs of adults, by their keys in whichever order, that they are two; what was told stays."""
        place = {"community_id": community_id, "district": community_id[:DISTRICT_DIGITS]}
        rows = [cls(first=min(pair), second=max(pair), told_by=by, **place) for pair in pairs]
        cls.objects.bulk_create(rows, ignore_conflicts=True)
