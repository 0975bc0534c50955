from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

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


class SessionPhoto(CommunityRecord):
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

    attachments = ["photo"]
    personal = {"photo": BASIC, "caption": BASIC}
    not_personal = ["id", "community", "district", "session", "vouched_by", "added_at", "withheld_at"]

    objects = SessionPhotoQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("picture of a session")
        verbose_name_plural = _("pictures of sessions")

    def __str__(self):
        return str(self.pk)

    @classmethod
    @transaction.atomic
    def add(cls, session, uploaded, *, caption="", consents_checked, by):
        if not consents_checked:
            raise Refused(_now("A picture can be kept only when every child in it has consent for photos."))
        if session.is_cancelled or not session.has_come:
            raise Refused(_now("Only a session that was held has pictures."))
        picture = cls.objects.create(
            session=session,
            community_id=session.community_id,
            photo=store_image(uploaded, by),
            caption=caption,
            vouched_by=by,
        )
        log_act(by, "added a picture", picture, session=session.pk)
        return picture

    @classmethod
    def withhold(cls, photos, *, by):
        """Show these pictures to nobody until somebody has looked again."""
        for photo in photos.filter(withheld_at=None).select_for_update(of=("self",)).order_by("pk"):
            photo.withheld_at = timezone.now()
            photo.save(update_fields=["withheld_at"])
            log_act(by, "withheld", photo, session=photo.session_id)

    @transaction.atomic
    def show_again(self, *, by):
        """Vouch that nobody is in it whose consent was withdrawn."""
        self.withheld_at, self.vouched_by = None, by
        self.save(update_fields=["withheld_at", "vouched_by"])
        log_act(by, "showed again", self, session=self.session_id)

    @transaction.atomic
    def remove(self, *, by):
        log_act(by, "removed a picture", self, session=self.session_id)
        picture = self.photo_id
        self.delete()
        delete_attachments([picture])
