from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from activities.models.cover import Coverable
from children.models import Child, Consent
from communities.owned import CommunityRecord
from records.attachments import delete_attachments, store_image
from records.lifecycle import Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act


class SessionPhotoQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        """A withheld picture is seen only by those who decide about it."""
        rows = super().visible_to(user, action)
        return rows.filter(withheld_at=None) | super().visible_to(user, "change") if action == "view" else rows

    def looked_through(self):
        """Somebody has named everyone who can be recognised."""
        return self.exclude(looked_at=None)

    def for_publicity(self):
        """What may leave the office today: looked through, and everyone named agreed to photos and to publicity.

        Where there is a covered version, it is that which leaves: somebody looked at it, and whoever is named and
        not covered agreed.
        """
        named = PhotoTag.objects.filter(photo=OuterRef("pk"))
        lacking = named.without(Consent.Purpose.PUBLICITY)
        clear = Q(covered=None, looked_at__isnull=False) & ~Exists(lacking)
        covered = Q(covered__isnull=False, cover_looked_at__isnull=False) & ~Exists(lacking.filter(is_covered=False))
        rows = self.filter(withheld_at=None).exclude(Exists(named.without(Consent.Purpose.PHOTO)))
        return rows.filter(clear | covered)

    def to_be_looked_through(self):
        """Nobody has said yet whether they may leave; what is withheld waits for another decision."""
        clear, covered = Q(covered=None, looked_at=None), Q(covered__isnull=False, cover_looked_at=None)
        return self.filter(withheld_at=None).filter(clear | covered)


class SessionPhoto(Coverable, CommunityRecord):
    """A picture of a session. Whoever adds it vouches that all children in it have consent for photos.

    Where a consent is withdrawn afterwards, it is withheld until somebody says that the child is not in it.
    """

    session = models.ForeignKey(
        "activities.Session", on_delete=models.PROTECT, related_name="photos", verbose_name=_("session")
    )
    photo = models.OneToOneField(
        "records.Attachment", on_delete=models.PROTECT, related_name="+", verbose_name=_("picture")
    )
    caption = models.CharField(_("what it shows"), max_length=100, blank=True)
    vouched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("who checked the consents"),
    )
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)
    withheld_at = models.DateTimeField(_("withheld since"), null=True, editable=False)
    looked_at = models.DateTimeField(_("looked through"), null=True, editable=False)
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")

    covered = models.OneToOneField(
        "records.Attachment", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    cover_looked_at = models.DateTimeField(_("cover looked at"), null=True, editable=False)
    cover_looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    attachments = ["photo", "covered"]
    personal = {"photo": BASIC, "covered": BASIC, "caption": BASIC}
    not_personal = ["id", "community", "district", "session", "vouched_by", "added_at", "withheld_at"]
    not_personal += ["looked_at", "looked_by", "cover_looked_at", "cover_looked_by"]

    objects = SessionPhotoQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("picture of a session")
        verbose_name_plural = _("pictures of sessions")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(looked_at=None, looked_by=None) | Q(looked_at__isnull=False, looked_by__isnull=False),
                name="who_looked_through_a_picture_is_known",
                violation_error_message=_("Say who looked through the picture."),
            ),
            models.CheckConstraint(
                condition=Q(cover_looked_at=None, cover_looked_by=None)
                | Q(covered__isnull=False, cover_looked_at__isnull=False, cover_looked_by__isnull=False),
                name="who_looked_at_a_covered_picture_is_known",
                violation_error_message=_("Say who looked at the covered picture."),
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @classmethod
    @transaction.atomic
    def add(cls, session, uploaded, *, caption="", consents_checked, by):
        if not consents_checked:
            raise Refused(_now("A picture can be kept only when every child in it has consent for photos."))
        if session.is_cancelled or not session.has_come:
            raise Refused(_now("Only a session that was held has pictures."))
        session.locked()
        picture = cls.objects.create(
            session=session,
            community_id=session.community_id,
            photo=store_image(uploaded, by),
            caption=caption,
            vouched_by=by,
        )
        log_act(by, "added a picture", picture, session=session.pk)
        session.begin_activity(by)
        return picture

    @classmethod
    def withhold(cls, photos, *, by):
        """Show these pictures to nobody until somebody has looked again, also at those that wait for it already."""
        for photo in photos.select_for_update(of=("self",)).order_by("pk"):
            photo.withheld_at = timezone.now()
            photo.save(update_fields=["withheld_at"])
            log_act(by, "withheld", photo, session=photo.session_id)

    @transaction.atomic
    def show_again(self, *, seen=None, by):
        """Vouch that nobody is in it whose consent was withdrawn; who else is in it is looked at anew.

        `seen` says since when it was withheld as the page was drawn: who vouches has looked for these children only.
        """
        stored = type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
        if seen is not None and (stored.withheld_at is None or stored.withheld_at.isoformat() != seen):
            raise Refused(_now("Another consent was withdrawn meanwhile. Look at the picture again."))
        self.withheld_at, self.vouched_by = None, by
        written = ["withheld_at", "vouched_by"]
        if self.tags.without(Consent.Purpose.PHOTO).delete()[0]:
            self.looked_at = self.looked_by = self.cover_looked_at = self.cover_looked_by = None
            written += ["looked_at", "looked_by", "cover_looked_at", "cover_looked_by"]
        self.save(update_fields=written)
        log_act(by, "showed again", self, session=self.session_id)

    @transaction.atomic
    def remove(self, *, by):
        log_act(by, "removed a picture", self, session=self.session_id)
        pictures = [key for key in (self.photo_id, self.covered_id) if key]
        self.tags.all().delete()
        self.delete()
        delete_attachments(pictures)

    def what_is_named(self):
        """What a page shows of who is in it, in one word, so that what was said meanwhile is noticed."""
        looked = self.looked_at.isoformat() if self.looked_at else ""
        keys = self.tags.standing().order_by("child").values_list("child", flat=True)
        return " ".join([looked, *map(str, keys)])

    @transaction.atomic
    def name_children(self, children, *, nobody_else, seen=None, by):
        """Say which children of the roll are in it, and whether nobody else can be recognised.

        Children whose file has gone elsewhere stay named. With a child without consent for photos in it, the picture
        is withheld. `seen` is `what_is_named` as the page was drawn.
        """
        stored = type(self).objects.select_for_update(of=("self",)).select_related("session").get(pk=self.pk)
        if seen is not None and seen != stored.what_is_named():
            raise Refused(_now("Somebody else said meanwhile who is in it. Look again."))
        here = self.tags.standing().filter(child__community=stored.community_id)
        named = set(here.values_list("child", flat=True))
        chosen = {child.pk for child in children}
        roll = set(stored.session.roll().values_list("pk", flat=True))
        if not chosen <= roll | named:
            raise Refused(_now("Only children on the roll of this session can be named."))
        here.exclude(child__in=chosen).delete()
        for key in sorted(chosen - named):
            self.tags.create(child_id=key, community_id=stored.community_id, tagged_by=by)
        self.looked_at, self.looked_by = (timezone.now(), by) if nobody_else else (None, None)
        self.save(update_fields=["looked_at", "looked_by"])
        log_act(by, "named who is in a picture", self, session=self.session_id, children=sorted(chosen))
        if self.tags.without(Consent.Purpose.PHOTO).exists():
            self.withhold(type(self).objects.filter(pk=self.pk), by=by)


class PhotoTagQuerySet(ScopedQuerySet):
    def standing(self):
        """Without those left with a file merged into another that is named in the same picture."""
        return self.filter(child__merged_into=None)

    def without(self, purpose):
        """Tags of children who agreed to no such use today; whose file is erased agrees to nothing."""
        agreed = Consent.objects.in_force().filter(purpose=purpose, child=OuterRef("child"))
        return self.standing().filter(~Exists(agreed) | Q(child__left_reason=Child.LeftReason.ERASED))


class PhotoTag(CommunityRecord):
    """A child who is in a picture."""

    photo = models.ForeignKey(SessionPhoto, on_delete=models.PROTECT, related_name="tags", verbose_name=_("picture"))
    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="photo_tags", verbose_name=_("child")
    )
    tagged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("named by")
    )
    tagged_at = models.DateTimeField(_("named at"), auto_now_add=True)
    is_covered = models.BooleanField(_("covered in the version to be shown"), default=False, editable=False)

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", "photo", "child", "tagged_by", "tagged_at", "is_covered"]

    objects = PhotoTagQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("child in a picture")
        verbose_name_plural = _("children in pictures")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["photo", "child"],
                name="a_child_is_named_once_in_a_picture",
                violation_error_message=_("This child is already named."),
            ),
        ]

    def __str__(self):
        return f"{self.photo_id}/{self.child_id}"
