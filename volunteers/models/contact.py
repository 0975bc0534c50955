from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle, Refused
from records.privacy import BASIC, CARE
from records.scoping import ScopedQuerySet
from records.secrets import SecretField, SecretJSONField
from records.trail import log_act
from records.versions import stored_for_update
from records.wording import enumerated, listed
from volunteers import questions
from volunteers.kinds import DutyKind, Met


class ContactQuerySet(ScopedQuerySet):
    def made_in(self, period):
        return self.filter(made_on__gte=period.start, made_on__lte=period.end)

    def of_kind(self, kind):
        return self.filter(kinds__contains=[kind])

    def to_follow_up(self):
        """The helper asks the office to do something, and nobody has settled it."""
        return self.filter(follow_up=True, settled_at=None)

    def asked_back(self):
        return self.filter(status=Contact.Status.ASKED)

    def answered(self):
        return self.filter(status=Contact.Status.ANSWERED)

    def reached(self):
        """Without those that reached nobody: a try is no contact."""
        return self.exclude(met__contains=[Met.NOBODY])

    def only_tried(self):
        return self.filter(met__contains=[Met.NOBODY])


class Contact(Lifecycle, CommunityRecord):
    """What a helper did for one child, or for brothers and sisters at once. Written by `volunteers.contacts.log`;
    `volunteers.correcting` keeps what it said before."""

    class Place(models.TextChoices):
        HOME = "home", _("at the child's home")
        SCHOOL = "school", _("at school")
        CHILDRENS_HOME = "childrens_home", _("at the Children's Home")
        PHONE = "phone", _("by phone or video")
        ELSEWHERE = "elsewhere", _("somewhere else")

    class Status(models.TextChoices):
        WRITTEN = "written", _("not checked yet")
        ASKED = "asked", _("asked back")
        ANSWERED = "answered", _("has an answer")
        VERIFIED = "verified", _("read and in order")

    TRANSITIONS = {
        Status.WRITTEN: {Status.ASKED, Status.VERIFIED},
        Status.ASKED: {Status.ANSWERED},
        Status.ANSWERED: {Status.ASKED, Status.VERIFIED},
        Status.VERIFIED: {Status.ASKED, Status.WRITTEN},
    }

    volunteer = models.ForeignKey(
        "volunteers.Volunteer", on_delete=models.PROTECT, related_name="contacts", verbose_name=_("helper")
    )
    made_on = models.DateField(_("on"))
    kinds = ArrayField(
        models.CharField(max_length=20, choices=DutyKind),
        verbose_name=_("which of the five ones"),
        default=list,
        blank=True,
    )
    met = ArrayField(
        models.CharField(max_length=10, choices=Met), verbose_name=_("met or reached"), default=list, blank=True
    )
    place = models.CharField(_("where"), max_length=20, choices=Place, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    note = SecretField(_("what happened"), blank=True, max_length=2000)
    answers = SecretJSONField(_("answers"), blank=True, default=dict)
    photo = models.OneToOneField(
        "records.Attachment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("photo"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("written by"),
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WRITTEN, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("checked by"),
    )
    verified_at = models.DateTimeField(_("checked"), null=True, editable=False)
    follow_up = models.BooleanField(_("the office should do something"), default=False, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(_("settled"), null=True, editable=False)
    settled_note = SecretField(_("what was done"), blank=True, max_length=500, editable=False)

    shared_by = "lines__pairing__child"
    attachments = ["photo"]
    personal = {"met": BASIC, "place": BASIC, "minutes": BASIC, "photo": BASIC, "note": CARE, "answers": CARE}
    personal |= {"follow_up": CARE, "settled_note": CARE}
    not_personal = [
        *["id", "volunteer", "community", "district", "made_on", "kinds", "created_by", "created_at"],
        *["status", "verified_by", "verified_at", "settled_by", "settled_at"],
    ]
    of_the_office = ["follow_up", "settled_by", "settled_at", "settled_note"]

    objects = ContactQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-made_on", "-pk"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(fields=["district", "-made_on", "-id"], name="contact_of_a_district"),
            models.Index(fields=["community", "made_on"], name="contact_of_a_community"),
            models.Index(fields=["volunteer", "-made_on", "-id"], name="contact_of_a_helper"),
            models.Index(
                fields=["district", "-made_on", "-id"],
                condition=Q(follow_up=True, settled_at=None),
                name="contact_to_follow_up",
            ),
            models.Index(
                fields=["district", "status", "-made_on", "-id"],
                condition=Q(status__in=["asked", "answered"]),
                name="contact_in_question",
            ),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kinds__contained_by=DutyKind.values),
                name="contact_is_of_kinds_we_know",
                violation_error_message=_("Choose from the five ones."),
            ),
            models.CheckConstraint(
                condition=Q(met__contained_by=Met.values)
                & (~Q(met__contains=[Met.NOBODY.value]) | Q(met=[Met.NOBODY.value])),
                name="contact_met_people_or_nobody",
                violation_error_message=_("Either nobody was reached, or say who was."),
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__gte=1, minutes__lte=1440),
                name="contact_takes_a_minute_to_a_day",
                violation_error_message=_("Give the minutes as a number from 1 to 1440."),
            ),
            models.CheckConstraint(
                condition=Q(status="verified", verified_by__isnull=False, verified_at__isnull=False)
                | (~Q(status="verified") & Q(verified_by=None, verified_at=None)),
                name="contact_is_checked_by_somebody",
                violation_error_message=_("Say who checked the entry."),
            ),
            models.CheckConstraint(
                condition=Q(settled_by=None, settled_at=None) | Q(settled_by__isnull=False, settled_at__isnull=False),
                name="contact_is_settled_by_somebody",
                violation_error_message=_("Say who settled it."),
            ),
        ]

    def __str__(self):
        return gettext("Contact %(number)s") % {"number": self.pk}

    def get_absolute_url(self):
        return reverse("contacts:contact", args=[self.pk])

    def get_answers_display(self):
        """For the readable sheet of a child's data."""
        return enumerated(
            f"{label} {listed([*ticks, *filter(None, [words])])}" for label, ticks, words in self.answer_words
        )

    @property
    def kind_words(self):
        return [DutyKind(kind).label for kind in self.kinds]

    @property
    def met_words(self):
        return [Met(one).label for one in self.met]

    @property
    def answer_words(self):
        return questions.in_words(self.answers)

    @property
    def is_only_a_try(self):
        return Met.NOBODY in self.met

    @property
    def is_to_follow_up(self):
        return self.follow_up and self.settled_at is None

    @property
    def seen_mark(self):
        """What a page showed of it: another after every correction, every photo and every answer."""
        answered = self.asked_questions.exclude(answered_at=None).count()
        return f"{self.versions.count()}.{self.photo_id or 0}.{answered}"

    @transaction.atomic
    def verify(self, *, seen, by):
        """Staff have read it, as it was when its mark was `seen`, and find it in order."""
        self._refuse_own(by)
        self._stored_as_seen(seen)
        self._become(self.Status.VERIFIED, by=by, verb="checked a contact", verified_by=by, verified_at=timezone.now())

    @transaction.atomic
    def ask_back(self, *, question, by):
        """Ask the helper about it; it stays on the staff's list until it is answered."""
        from volunteers.models.contact_review import ContactQuestion

        self._refuse_own(by)
        self._become(self.Status.ASKED, by=by, verb="asked a helper back", verified_by=None, verified_at=None)
        return ContactQuestion.objects.create(
            contact=self, community_id=self.community_id, question=question, asked_by=by
        )

    @transaction.atomic
    def take_answer(self, *, answer, by):
        """The helper's answer, or what the helper told the office."""
        self._become(self.Status.ANSWERED, by=by, verb="answered a question")
        self.asked_questions.filter(answered_at=None).update(answer=answer, answered_at=timezone.now(), answered_by=by)

    @transaction.atomic
    def settle_follow_up(self, *, seen, note="", by):
        """What the helper asked for, as it was when the entry's mark was `seen`, is done."""
        self._refuse_own(by)
        stored = self._stored_as_seen(seen)
        if not stored.is_to_follow_up:
            raise Refused(gettext("Nothing is left to settle here."))
        self.settled_by, self.settled_at, self.settled_note = by, timezone.now(), note
        settled = ["settled_by", "settled_at", "settled_note"]
        self.save(update_fields=settled)
        log_act(by, "settled a follow-up", self, fields=settled)

    @transaction.atomic
    def remark(self, *, text, by):
        """A note of staff for staff: the helper never reads it."""
        from volunteers.models.contact_review import ContactRemark

        self._refuse_own(by)
        remark = ContactRemark.objects.create(contact=self, community_id=self.community_id, text=text, noted_by=by)
        log_act(by, "noted on a contact", self, remark=remark)
        return remark

    def _stored_as_seen(self, seen):
        stored = stored_for_update(self)
        if stored.seen_mark != seen:
            raise Refused(gettext("This entry was changed while you had it open. Please read it again."))
        return stored

    def _refuse_own(self, by):
        if self.volunteer.user_id == by.pk:
            raise Refused(gettext("Nobody checks their own entry: ask a colleague."))


class ContactDuty(CommunityRecord):
    """For which pairing a contact was, and which duty it fulfilled there, if one was open."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="lines", verbose_name=_("contact"))
    pairing = models.ForeignKey(
        "volunteers.Pairing", on_delete=models.PROTECT, related_name="contact_lines", verbose_name=_("pairing")
    )
    kind = models.CharField(_("duty"), max_length=20, choices=DutyKind, blank=True)
    duty = models.OneToOneField(
        "volunteers.Duty",
        on_delete=models.PROTECT,
        null=True,
        related_name="fulfilled_by",
        verbose_name=_("duty fulfilled"),
    )
    made_on = models.DateField(_("on"))

    personal: dict[str, str] = {}
    not_personal = ["id", "contact", "pairing", "community", "district", "kind", "duty", "made_on"]

    class Meta(CommunityRecord.Meta):
        ordering = ["-made_on", "-pk"]
        verbose_name = _("contact with a child")
        verbose_name_plural = _("contacts with children")
        indexes = [models.Index(fields=["pairing", "-made_on", "-id"], name="contacts_of_a_pairing")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["contact", "pairing", "kind"],
                name="one_line_per_contact_pairing_and_kind",
                violation_error_message=_("This contact already counts for that."),
            ),
            models.CheckConstraint(
                condition=Q(duty=None) | Q(kind__gt=""),
                name="fulfilled_duty_has_a_kind",
                violation_error_message=_("A duty is fulfilled by a contact of its kind."),
            ),
        ]

    def __str__(self):
        return self.get_kind_display() if self.kind else gettext("another contact")
