"""What was done about something that was asked, and what those who asked say of it: met, or what is still missing.

One such word at a time waits to be looked at; whoever wrote it does not judge it.
"""

from django import forms
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records.lifecycle import Refused
from records.scoping import ScopedQuerySet
from records.text import CleanTextField


class FollowUpQuerySet(ScopedQuerySet):
    def judge(self, seen, *, accepted, remark="", by):
        """Accept the one that waits, or say what is missing; `seen` is the key of the one that was read."""
        waits = self.select_for_update(of=("self",)).filter(judged_at=None, pk=seen).first()
        if waits is None:
            raise Refused(gettext("Something changed meanwhile: look at it again."))
        if waits.written_by_id == by.pk:
            raise Refused(gettext("Somebody else must look at what you wrote yourself."))
        waits.accepted, waits.remark, waits.judged_at, waits.judged_by = accepted, remark, timezone.now(), by
        waits.save(update_fields=["accepted", "remark", "judged_at", "judged_by"])


class FollowUp(models.Model):
    """Base of the rows. The model adds what it is about, and that one at a time waits."""

    text = models.TextField(_("what was done"), max_length=1000)
    photo = models.OneToOneField(
        "records.Attachment", models.PROTECT, related_name="+", null=True, verbose_name=_("photo")
    )
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    accepted = models.BooleanField(_("accepted"), null=True)
    remark = models.CharField(_("what is still missing"), max_length=300, blank=True)
    judged_at = models.DateTimeField(_("looked at"), null=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("looked at by")
    )

    FIELDS = ["text", "photo", "written_at", "written_by", "accepted", "remark", "judged_at", "judged_by"]
    attachments = ["photo"]
    personal: dict[str, str] = {}

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(judged_at=None, judged_by=None, accepted=None, remark="")
                | Q(judged_at__isnull=False, judged_by__isnull=False, accepted=True, remark="")
                | Q(judged_at__isnull=False, judged_by__isnull=False, accepted=False, remark__gt=""),
                name="%(class)s_that_is_not_accepted_says_what_is_missing",
                violation_error_message=_("Say what is still missing."),
            ),
        ]


class FollowUpForm(forms.Form):
    text = CleanTextField(label=_("What was done?"), max_length=1000, widget=forms.Textarea({"rows": 4}))
    photo = forms.FileField(
        label=_("Picture of it"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )
    nobody_shown = forms.BooleanField(label=_("Nobody can be recognised in it"), required=False)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("photo") and not cleaned.get("nobody_shown"):
            self.add_error("nobody_shown", gettext("Only pictures in which nobody can be recognised are kept here."))
        return cleaned
