from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from children.models.adult import Adult, _of_visible_children
from children.places import code_of, place_words
from children.status import Spell
from communities.identity_fields import PhoneField
from communities.owned import CommunityRecord
from records.erasing import EARLIEST
from records.privacy import CONTACT, FAMILY
from records.secrets import LastFourField
from records.striking import Strikable, who_strikes_is_named
from records.versions import Versioned


class StayFacts(models.Model):
    """What is said of a stay away for work, by whom and when."""

    class Work(models.TextChoices):
        FACTORY = "factory", _("factory")
        BUILDING = "building", _("building site")
        SERVICE = "service", _("shop, restaurant or hotel")
        TRANSPORT = "transport", _("driving or delivery")
        DOMESTIC = "domestic", _("housekeeping or care")
        TRADE = "trade", _("own business")
        FARM = "farm", _("farming elsewhere")
        OFFICE = "office", pgettext_lazy("work", "office")
        OTHER = "other", _("other work")

    class Source(models.TextChoices):
        PARENT = "parent", _("they said so themselves")
        FAMILY = "family", _("family at home")
        SCHOOL = "school", pgettext_lazy("source", "school")
        NEIGHBOUR = "neighbour", _("neighbours")
        ROSTER = "roster", _("a roster")
        OTHER = "other", _("somebody else")

    since = models.DateField(_("away since"), null=True, blank=True)
    until = models.DateField(_("came back on"), null=True, blank=True)
    expected_back_on = models.DateField(_("expected back on"), null=True, blank=True)
    place = models.CharField(_("place of work"), max_length=100, blank=True)
    place_code = models.CharField(_("province or city"), max_length=4, blank=True, editable=False)
    is_other_county = models.BooleanField(_("in another county"), default=True)
    work = models.CharField(_("kind of work"), max_length=10, choices=Work, blank=True)
    employer = models.CharField(_("employer"), max_length=100, blank=True)
    phone = PhoneField(_("phone there"), blank=True)
    phone_last4 = LastFourField(of="phone")
    source = models.CharField(_("who said so"), max_length=10, choices=Source, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("noted by"),
        editable=False,
    )
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, editable=False)

    facts_personal = {
        **dict.fromkeys(["since", "until", "expected_back_on", "place", "place_code", "is_other_county"], FAMILY),
        **dict.fromkeys(["work", "employer", "source"], FAMILY),
        **dict.fromkeys(["phone", "phone_last4"], CONTACT),
    }
    FACTS = [
        *["since", "until", "expected_back_on", "place", "is_other_county", "work", "employer", "phone", "source"],
        *["noted_by", "noted_at"],
    ]

    class Meta:
        abstract = True

    @property
    def where(self):
        """The place as written, with its province where the words leave it out."""
        known = place_words(self.place_code)
        return self.place if not known or self.place.startswith(known[:2]) else f"{known}（{self.place}）"

    def save(self, **kwargs):
        self.place_code = code_of(self.place)
        super().save(**kwargs)


class Away(StayFacts, Versioned, CommunityRecord):
    """A stay away for work: where, since when, until when. A stay without `until` goes on.

    `since` is empty where a roster only says that somebody is away; it then counts as long from `reported_on`.
    Who goes from one place of work to the next is away in a row: `gone_since` and, across county borders,
    `gone_far_since` are the first day of the row, kept by `children.stays`; empty where it is not known.
    """

    adult = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="aways", verbose_name=_("adult"))
    reported_on = models.DateField(_("reported on"))
    gone_since = models.DateField(null=True, editable=False)
    gone_far_since = models.DateField(null=True, editable=False)
    verified_on = models.DateField(_("last verified on"), null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("verified by"),
        editable=False,
    )

    personal = {
        **StayFacts.facts_personal,
        **dict.fromkeys(["reported_on", "gone_since", "gone_far_since", "verified_on"], FAMILY),
    }
    erased = {"until": EARLIEST}  # over, and no day long: stays of one adult do not overlap
    not_personal = ["id", "adult", "community", "district", "version", "noted_by", "noted_at", "verified_by"]
    bookkeeping = ["place_code"]

    class Meta(CommunityRecord.Meta):
        ordering = ["-reported_on", "-pk"]
        verbose_name = _("stay away for work")
        verbose_name_plural = _("away for work")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="who_comes_back_went_before",
                violation_error_message=_("The day of return lies before the day of leaving."),
            ),
            models.UniqueConstraint(
                fields=["adult"],
                condition=Q(until=None),
                name="one_open_stay_away_per_adult",
                violation_error_message=_("This adult is already on file as away."),
            ),
            ExclusionConstraint(
                name="stays_away_of_an_adult_do_not_overlap",
                expressions=[
                    (Func("adult_id", "adult_id", Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func(Least(Coalesce("since", "reported_on"), "until"), "until", function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Two stays away of one adult overlap. Correct the days of one of them."),
            ),
        ]

    def __str__(self):
        return f"{self.adult_id}/{self.since or '?'}–{self.until or ''}"

    begins, covers = Spell.begins, Spell.covers  # as a base it would stand in the migrations

    @classmethod
    def own_to(cls, user):
        return _of_visible_children(user, "adult__kinships__child")

    def save(self, **kwargs):
        if self._state.adding:
            self.gone_since = self.gone_far_since = self.since
        super().save(**kwargs)


class AwayRevision(StayFacts, CommunityRecord):
    """What was on file about a stay before it was corrected or ended, and who had said it when."""

    stay = models.ForeignKey(Away, on_delete=models.PROTECT, related_name="revisions", verbose_name=_("stay away"))

    personal = StayFacts.facts_personal
    not_personal = ["id", "stay", "community", "district", "noted_by", "noted_at"]
    bookkeeping = ["place_code"]

    class Meta(CommunityRecord.Meta):
        ordering = ["-pk"]
        verbose_name = _("earlier entry about a stay away")
        verbose_name_plural = _("earlier entries about stays away")

    def __str__(self):
        return f"{self.stay_id}/{self.pk}"

    @classmethod
    def own_to(cls, user):
        return _of_visible_children(user, "stay__adult__kinships__child")


class ParentContact(Strikable, CommunityRecord):
    """A try to reach a parent or another adult of the family, and whether somebody answered."""

    class Means(models.TextChoices):
        PHONE = "phone", _("phone")
        VIDEO = "video", _("WeChat or video")
        IN_PERSON = "in_person", _("in person")
        LETTER = "letter", pgettext_lazy("means", "letter")

    adult = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("adult"))
    tried_on = models.DateField(_("day"))
    reached = models.BooleanField(_("reached"))
    means = models.CharField(_("how"), max_length=10, choices=Means, default=Means.PHONE)
    note = models.CharField(_("note"), max_length=200, blank=True)
    tried_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"), editable=False
    )

    personal = dict.fromkeys(["tried_on", "reached", "means", "note", "struck_because"], FAMILY)
    not_personal = ["id", "adult", "community", "district", "tried_by", *Strikable.STRUCK]

    class Meta(CommunityRecord.Meta):
        ordering = ["-tried_on", "-pk"]
        verbose_name = _("contact with a parent")
        verbose_name_plural = _("contacts with parents")
        indexes = [models.Index(fields=["adult", "reached", "tried_on"], name="parent_contact_last_reached")]
        constraints = [*CommunityRecord.Meta.constraints, who_strikes_is_named("parent_contact")]

    def __str__(self):
        return f"{self.adult_id}/{self.tried_on}"

    @classmethod
    def own_to(cls, user):
        return _of_visible_children(user, "adult__kinships__child")
