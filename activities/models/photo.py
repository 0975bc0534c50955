from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.attachments import store_image
from records.lifecycle import Refused
from records.privacy import BASIC
from records.trail import log_act


class SessionPhoto(CommunityRecord):
    """A picture of a session. Whoever adds it vouches that all children in it have consent for photos."""

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

    attachments = ["photo"]
    personal = {"photo": BASIC, "caption": BASIC}
    not_personal = ["id", "community", "district", "session", "vouched_by", "added_at"]

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
