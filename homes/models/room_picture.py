from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.attachments import store_image
from records.lifecycle import Refused
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update

AT_MOST = 12


class RoomPictureQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        """What was taken out is shown to nobody any more."""
        rows = super().visible_to(user, action)
        return rows.kept() if action == "view" else rows

    def kept(self):
        return self.filter(withdrawn_at=None)


class RoomPicture(CommunityRecord):
    """The plan of a Home's room, or a photo of it in which nobody can be recognised."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("plan of the room")
        PHOTO = "photo", _("photo of the room")

    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="pictures", verbose_name=_("Home"))
    kind = models.CharField(_("kind of picture"), max_length=5, choices=Kind)
    caption = models.CharField(_("what is seen"), max_length=100, blank=True)
    photo = models.OneToOneField("records.Attachment", models.PROTECT, related_name="+", verbose_name=_("picture"))
    added_on = models.DateField(_("added on"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    nobody_shown = models.BooleanField(_("nobody can be recognised"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    attachments = ["photo"]
    personal: dict[str, str] = {}
    not_personal = [
        "id", "community", "district", "home", "kind", "caption", "photo", "added_on", "added_by", "nobody_shown",
        "withdrawn_at",
    ]  # fmt: skip

    objects = RoomPictureQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["home_id", "-kind", "pk"]
        verbose_name = _("picture of a Home's room")
        verbose_name_plural = _("pictures of Homes' rooms")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(nobody_shown=True),
                name="nobody_is_recognised_in_a_picture_of_a_room",
                violation_error_message=_("Only pictures in which nobody can be recognised are kept here."),
            ),
        ]

    def __str__(self):
        return f"{self.home_id}/{self.pk}"

    @classmethod
    @transaction.atomic
    def add(cls, home, *, kind, picture, caption="", nobody_shown, by):
        """Raises ValidationError for a picture that cannot be kept."""
        held = stored_for_update(home)
        if not nobody_shown:
            raise Refused(gettext("Only pictures in which nobody can be recognised are kept here."))
        if held.pictures.kept().count() >= AT_MOST:
            raise Refused(gettext("There are %(most)s pictures already. Take one out first.") % {"most": AT_MOST})
        made = cls.objects.create(
            **{"home": held, "community_id": held.community_id, "kind": kind, "caption": caption},
            **{"photo": store_image(picture, by), "added_on": timezone.localdate(), "added_by": by},
            nobody_shown=True,
        )
        log_act(by, "added a picture of the room", made, home=held)
        return made

    @transaction.atomic
    def withdraw(self, *, by):
        stored = stored_for_update(self)
        if stored.withdrawn_at is not None:
            raise Refused(gettext("This picture is taken out already."))
        stored.withdrawn_at = timezone.now()
        stored.save(update_fields=["withdrawn_at"])
        log_act(by, "took a picture of the room out", stored)
