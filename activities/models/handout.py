from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.attachments import delete_attachments, store_picture_or_pdf
from records.lifecycle import Refused
from records.privacy import BASIC
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned, stored_for_update


class HandoutSheet(Versioned, CommunityRecord):
    """A sheet that goes with an activity: words, a file, or both, to print and to hand out. The file is a
    picture of a page or a PDF."""

    activity = models.ForeignKey(
        "activities.Activity", on_delete=models.PROTECT, related_name="handouts", verbose_name=_("activity")
    )
    title = models.CharField(_("title"), max_length=100)
    text = models.TextField(_("what it says"), max_length=6000, blank=True)
    file = models.OneToOneField(
        "records.Attachment", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("added by")
    )

    attachments = ["file"]
    personal = dict.fromkeys(["title", "text", "file"], BASIC)
    not_personal = ["id", "community", "district", "version", "activity", "added_at", "added_by"]

    objects = ScopedQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("handout")
        verbose_name_plural = _("handouts")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(text="") | Q(file__isnull=False),
                name="a_handout_says_or_shows_something",
                violation_error_message=_("Write what it says, or add a picture of the page or a PDF."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("activities:handout", args=[self.pk])

    @property
    def is_printed(self):
        """Whether there is a sheet to print here: a PDF without words is saved and printed as it is."""
        return bool(self.text) or not self.file.is_pdf

    @transaction.atomic
    def keep(self, *, uploaded=None, by):
        """Keep it as it stands, new or changed; a file sent takes the place of the one before."""
        if not (self.text or uploaded or self.file_id):
            raise Refused(_now("Write what it says, or add a picture of the page or a PDF."))
        before = self.file_id if uploaded else None
        if uploaded:
            self.file = store_picture_or_pdf(uploaded, by)
        is_new = self._state.adding
        if is_new:
            self.added_by = by
        self.save()
        delete_attachments([before] if before else [])
        log_act(by, "added a handout" if is_new else "changed a handout", self, activity=self.activity_id)
        return self

    @transaction.atomic
    def remove(self, *, by):
        stored = stored_for_update(self)
        log_act(by, "removed a handout", stored, activity=stored.activity_id)
        file = stored.file_id
        stored.delete()
        delete_attachments([file] if file else [])
