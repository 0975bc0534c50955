from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from children.consenting import drop_picture
from children.models import Child, Consent
from communities.owned import STAYS, CommunityRecord
from records.attachments import store_image
from records.lifecycle import Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned, stored_for_update


class PublicityQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        """A good example that the guardian no longer agrees to is seen only by those who take it down."""
        rows = super().visible_to(user, action)
        return rows.agreed() | super().visible_to(user, "change") if action == "view" else rows

    def agreed(self):
        """About nobody, or about a child with consent to publicity today."""
        return self.exclude(self._lacking())

    def without_consent(self):
        return self.filter(self._lacking())

    def _lacking(self):
        consent = Consent.objects.in_force().filter(purpose=Consent.Purpose.PUBLICITY, child=OuterRef("example_of"))
        erased = Q(example_of__left_reason=Child.LeftReason.ERASED)
        return Q(example_of__isnull=False) & (~Exists(consent) | erased)


class PublicityItem(Versioned, CommunityRecord):
    """Something a community told the public: what, by which channel, where, when, to how many."""

    on_transfer = STAYS  # it was published here

    class Channel(models.TextChoices):
        POSTER = "poster", _("poster or notice board")
        LEAFLET = "leaflet", _("leaflet")
        BANNER = "banner", _("banner")
        WECHAT = "wechat", _("WeChat or website")
        BROADCAST = "broadcast", _("loudspeaker or radio")
        TELEVISION = "television", _("television or video")
        NEWSPAPER = "newspaper", _("newspaper")
        STALL = "stall", _("stall or event")
        OTHER = "other", _("other channel")

    title = models.CharField(_("title"), max_length=100)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    made_on = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=100, blank=True)
    reach = models.PositiveIntegerField(
        _("people reached"), null=True, blank=True, help_text=_("An estimate. Leave empty when nobody knows.")
    )
    text = models.TextField(_("what it says"), max_length=2000, blank=True)
    example_of = models.ForeignKey(
        "children.Child",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="publicity_items",
        verbose_name=_("good example: which child"),
        help_text=_("Only children whose guardian has agreed to publicity."),
    )
    picture = models.OneToOneField(
        "records.Attachment", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    taken_down_on = models.DateField(_("taken down on"), null=True, editable=False)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("noted by")
    )

    attachments = ["picture"]
    personal = dict.fromkeys(["title", "text", "picture"], BASIC)
    not_personal = [
        *["id", "community", "district", "version", "channel", "made_on", "place", "reach", "example_of"],
        *["taken_down_on", "noted_by"],
    ]

    objects = PublicityQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-made_on", "-pk"]
        verbose_name = _("publicity")
        verbose_name_plural = _("publicity")
        indexes = [
            models.Index(fields=["community", "made_on", "id"], name="publicity_of_community_by_day"),
            models.Index(
                fields=["community"],
                condition=Q(example_of__isnull=False, taken_down_on=None),
                name="good_examples_that_hang",
            ),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(reach=None) | Q(reach__lte=10_000_000),
                name="reach_is_at_most_ten_million",
                violation_error_message=_("At most 10000000."),
            ),
        ]

    def __str__(self):
        return f"{self.made_on} {self.get_channel_display()}"

    def get_absolute_url(self):
        return reverse("activities:publicity_item", args=[self.pk])

    @transaction.atomic
    def publish(self, *, uploaded=None, by):
        """Keep the item as it stands, new or changed; about a child only while the guardian agrees."""
        if not self._state.adding and stored_for_update(self).taken_down_on is not None:
            raise Refused(_now("This has already been taken down."))
        if self.made_on > timezone.localdate():
            raise Refused(_now("Note it once it has been published: the day lies ahead."))
        if self.example_of_id:
            self._refuse_without_consent()
        if uploaded:
            if self.picture_id:
                drop_picture(self, "picture")
            self.picture = store_image(uploaded, by)
        if self._state.adding:
            self.noted_by = by
        self.save()
        log_act(by, "noted publicity", self, child=self.example_of_id)

    def _refuse_without_consent(self):
        """The child's row is held, so that a consent withdrawn at this moment is seen."""
        child = stored_for_update(self.example_of)
        consents = child.consents.in_force().filter(purpose=Consent.Purpose.PUBLICITY)
        is_elsewhere = self._state.adding and child.community_id != self.community_id
        if is_elsewhere or not consents.exists():
            raise Refused(_now("There is no consent to publicity for this child."))

    @transaction.atomic
    def take_down(self, *, by):
        """It hangs nowhere any more; a picture of a child goes with it."""
        stored = stored_for_update(self)
        if stored.taken_down_on is not None:
            raise Refused(_now("This has already been taken down."))
        if stored.example_of_id and stored.picture_id:
            drop_picture(stored, "picture")
        stored.taken_down_on = timezone.localdate()
        stored.save(update_fields=["taken_down_on"])
        log_act(by, "took publicity down", stored, fields=["taken_down_on"])
