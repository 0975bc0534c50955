"""What is said about a contact after it was written: corrections, questions to the helper, notes of staff."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.privacy import BASIC, CARE
from records.secrets import SecretField, SecretJSONField
from volunteers import questions
from volunteers.kinds import DutyKind, Met
from volunteers.models.contact import Contact

SERVES = "contact__lines__pairing__child"


class ContactVersion(CommunityRecord):
    """What a contact said before a correction. The first version has number 1; nothing of it is ever changed."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="versions", verbose_name=_("contact"))
    number = models.PositiveSmallIntegerField(_("version"))
    made_on = models.DateField(_("on"))
    kinds = ArrayField(
        models.CharField(max_length=20, choices=DutyKind), verbose_name=_("which of the five ones"), default=list
    )
    met = ArrayField(models.CharField(max_length=10, choices=Met), verbose_name=_("met or reached"), default=list)
    place = models.CharField(_("where"), max_length=20, choices=Contact.Place, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True)
    note = SecretField(_("what happened"), blank=True, max_length=2000)
    answers = SecretJSONField(_("answers"), blank=True, default=dict)
    reason = SecretField(_("reason for the correction"), blank=True, max_length=200)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("corrected by")
    )
    replaced_at = models.DateTimeField(_("corrected"), default=timezone.now)

    shared_by = SERVES
    personal = {"met": BASIC, "place": BASIC, "minutes": BASIC, "note": CARE, "answers": CARE, "reason": CARE}
    not_personal = [
        *["id", "contact", "community", "district", "number", "made_on", "kinds", "replaced_by", "replaced_at"],
    ]

    class Meta(CommunityRecord.Meta):
        ordering = ["contact", "number"]
        verbose_name = _("earlier version of a contact")
        verbose_name_plural = _("earlier versions of contacts")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["contact", "number"],
                name="one_version_of_a_contact_per_number",
                violation_error_message=_("This version is already kept."),
            ),
        ]

    def __str__(self):
        return gettext("Version %(number)s") % {"number": self.number}

    get_answers_display = Contact.get_answers_display
    kind_words, met_words = Contact.kind_words, Contact.met_words

    @property
    def answer_words(self):
        return questions.in_words(self.answers)


class ContactQuestion(CommunityRecord):
    """What staff asked the helper about a contact, and the answer."""

    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="asked_questions", verbose_name=_("contact")
    )
    question = SecretField(_("question"), blank=True, max_length=500)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer = SecretField(_("answer"), blank=True, max_length=1000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answer given"), null=True)

    shared_by = SERVES
    personal = {"question": CARE, "answer": CARE}
    not_personal = [
        *["id", "contact", "community", "district", "asked_by", "asked_at", "answered_by", "answered_at"],
    ]

    class Meta(CommunityRecord.Meta):
        ordering = ["asked_at", "pk"]
        verbose_name = _("question about a contact")
        verbose_name_plural = _("questions about contacts")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(answered_at=None),
                name="one_open_question_per_contact",
                violation_error_message=_("A question about this entry still waits for its answer."),
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None, answered_at=None)
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="answer_has_its_writer_and_time",
                violation_error_message=_("Say who answered."),
            ),
        ]

    def __str__(self):
        return gettext("Question %(number)s") % {"number": self.pk}


class ContactRemark(CommunityRecord):
    """A note of staff on a contact, for staff of the child alone."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="remarks", verbose_name=_("contact"))
    text = SecretField(_("note of staff"), blank=True, max_length=1000)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("noted by")
    )
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)

    confidential = True  # what staff think of an entry is neither the helper's nor the family's to read
    shared_by = SERVES
    personal = {"text": CARE}
    not_personal = ["id", "contact", "community", "district", "noted_by", "noted_at"]

    class Meta(CommunityRecord.Meta):
        ordering = ["noted_at", "pk"]
        verbose_name = _("note of staff on a contact")
        verbose_name_plural = _("notes of staff on contacts")

    def __str__(self):
        return gettext("Note %(number)s") % {"number": self.pk}
