import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from guardianship import letter_in_sql
from records.lifecycle import Lifecycle
from records.privacy import BASIC, CARE, FAMILY
from records.scoping import ScopedQuerySet
from records.secrets import SecretField
from records.versions import Versioned

SOON_DAYS = 30
PASSED = {
    "harmed_minor": False,
    "has_habit": False,
    "neglected_duty": False,
    "is_capable": True,
    "is_never_alone": True,
}


class LetterQuerySet(ScopedQuerySet):
    def signed_on(self, day):
        """Letters that had been signed by `day` and that nobody had ended by then, whatever has changed since."""
        return self.filter(letter_in_sql.signed(day))

    def in_force_on(self, day):
        return self.filter(letter_in_sql.in_force(day))

    def lapsed_on(self, day):
        """Signed and not ended by anybody, but past its term or resting on facts that are no longer so."""
        return self.signed_on(day).exclude(letter_in_sql.in_force(day))

    def not_over_on(self, day):
        """Signed letters, and those that still hold because the one that renews them begins later."""
        return self.filter(Q(status=Letter.Status.SIGNED) | Q(status=Letter.Status.RENEWED, ended_on__gt=day))

    def expiring_on(self, day, within=SOON_DAYS):
        """Those that end soon, and that no letter signed by then renews."""
        renewed = Letter.objects.filter(letter_in_sql.signed(day), child=OuterRef("child"), starts_on__gt=day)
        return self.in_force_on(day).filter(~Exists(renewed), ends_on__lte=day + dt.timedelta(days=within))


class Letter(Lifecycle, Versioned, CommunityRecord):
    """The letter by which parents away for work entrust one child to an adult (Minors Protection Law, art. 21 to 23).

    Only what people do is stored. Whether a signed letter holds on a day is derived: `guardianship.lapsing` compares
    who cares for the child and who is away today with what the letter was signed on.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("not signed")
        SIGNED = "signed", _("signed")
        RENEWED = "renewed", _("renewed")
        ENDED = "ended", _("ended with the file")
        CANCELLED = "cancelled", _("cancelled")

    TRANSITIONS = {
        Status.DRAFT: {Status.SIGNED, Status.CANCELLED},
        Status.SIGNED: {Status.RENEWED, Status.ENDED, Status.CANCELLED},
        # While it still holds: ended earlier than was said, or the one that renews it is cancelled before it begins.
        Status.RENEWED: {Status.RENEWED, Status.SIGNED, Status.ENDED},
        Status.ENDED: set(),
        Status.CANCELLED: set(),
    }

    child = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="letters", editable=False, verbose_name=_("child")
    )
    father = models.ForeignKey(
        "children.Adult",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("father"),
    )
    mother = models.ForeignKey(
        "children.Adult",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("mother"),
    )
    caregiver = models.ForeignKey(
        "children.Adult", on_delete=models.PROTECT, related_name="+", verbose_name=_("entrusted caregiver")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("last day"))

    harmed_minor = models.BooleanField(_("Has this person ever harmed a minor?"), null=True)
    has_habit = models.BooleanField(_("Does this person take drugs, drink heavily or gamble?"), null=True)
    neglected_duty = models.BooleanField(_("Has this person neglected such a duty before?"), null=True)
    is_capable = models.BooleanField(_("Is this a healthy adult, able to look after the child?"), null=True)
    is_never_alone = models.BooleanField(
        _("Will the child never be left alone under 8, and never live alone under 16?"), null=True
    )

    opinion = SecretField(_("what the child says"), blank=True)
    opinion_how = models.CharField(_("how the child was asked or observed"), max_length=200, blank=True)
    opinion_on = models.DateField(_("child heard on"), null=True, blank=True)

    school_told_on = models.DateField(_("school told in writing on"), null=True, blank=True)
    school_told = models.CharField(_("school: to whom and how"), max_length=100, blank=True)
    committee_told_on = models.DateField(_("committee told in writing on"), null=True, blank=True)
    committee_told = models.CharField(_("committee: to whom and how"), max_length=100, blank=True)
    promises_contact = models.BooleanField(
        _("the parents promise to be in contact at least once a week"), default=False
    )

    witness = models.CharField(_("witnessed by"), max_length=60, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, editable=False)
    father_was_away = models.BooleanField(_("father away when signed"), null=True, editable=False)
    mother_was_away = models.BooleanField(_("mother away when signed"), null=True, editable=False)
    ended_on = models.DateField(_("ended on"), null=True, editable=False)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("prepared by"),
    )
    prepared_at = models.DateTimeField(_("prepared"), default=timezone.now, editable=False)

    personal = {
        **dict.fromkeys(["father", "mother", "caregiver", "father_was_away", "mother_was_away"], FAMILY),
        **dict.fromkeys([*PASSED, "opinion", "opinion_how"], CARE),
        **dict.fromkeys(["school_told", "committee_told", "witness"], BASIC),
    }
    # The adults' own rows hold no name once nobody on file needs them; a letter without a parent could not be kept.
    erased = {"father": F("father"), "mother": F("mother")}
    not_personal = [
        *["id", "child", "community", "district", "version", "status", "starts_on", "ends_on", "opinion_on"],
        *["school_told_on", "committee_told_on", "promises_contact", "signed_on", "ended_on"],
        *["prepared_by", "prepared_at"],
    ]

    objects = LetterQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("guardianship responsibility letter")
        verbose_name_plural = _("guardianship responsibility letters")
        indexes = [
            models.Index(fields=["district", "status", "ends_on", "id"], name="letters_by_end"),
            models.Index(fields=["child", "-starts_on"], name="letters_of_a_child"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["child"],
                condition=Q(status="signed"),
                name="one_signed_letter_in_force_per_child",
                violation_error_message=_("This child already has a signed letter."),
            ),
            models.UniqueConstraint(
                fields=["child"],
                condition=Q(status="draft"),
                name="one_unsigned_letter_per_child",
                violation_error_message=_("A letter for this child is already being prepared."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="letter_ends_after_it_starts",
                violation_error_message=_("The last day must come after the first."),
            ),
            models.CheckConstraint(
                condition=Q(father__isnull=False) | Q(mother__isnull=False),
                name="letter_is_from_a_parent",
                violation_error_message=_("A letter needs a father or a mother who entrusts the child."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "cancelled"])
                | Q(signed_on__isnull=False, promises_contact=True, **PASSED),
                name="signed_letter_passed_the_exclusion_check",
                violation_error_message=_("Only a letter whose caregiver passed every question can be signed."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "signed"], ended_on=None)
                | (~Q(status__in=["draft", "signed"]) & Q(ended_on__isnull=False)),
                name="ended_letter_has_its_day",
                violation_error_message=_("A letter that has ended carries the day."),
            ),
        ]

    def __str__(self):
        return _("Letter %(number)s") % {"number": self.pk}

    def get_absolute_url(self):
        return reverse("guardianship:letter", args=[self.pk])

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    @property
    def is_signed(self):
        return self.status == self.Status.SIGNED

    @property
    def is_renewed(self):
        return self.status == self.Status.RENEWED

    @property
    def parents(self):
        return {key: adult for key in ("father", "mother") if (adult := getattr(self, key))}

    def note_signed(self, *, on, father_was_away, mother_was_away, witness, by):
        """Part of `guardianship.signing.sign`."""
        self._become(
            self.Status.SIGNED,
            by=by,
            verb="signed the letter",
            signed_on=on,
            father_was_away=father_was_away,
            mother_was_away=mother_was_away,
            witness=witness,
        )

    def note_renewed(self, *, on, by):
        """Part of `guardianship.signing.sign`. `on`: the first day on which it no longer holds."""
        self._become(self.Status.RENEWED, by=by, verb="renewed the letter", ended_on=on)

    def note_going_on(self, *, by):
        """Part of `guardianship.signing.cancel`."""
        self._become(self.Status.SIGNED, by=by, verb="let the letter go on", ended_on=None)

    def end_with_the_file(self, *, by):
        self._become(self.Status.ENDED, by=by, verb="ended the letter", ended_on=timezone.localdate())

    def cancel(self, *, by):
        self._become(self.Status.CANCELLED, by=by, verb="cancelled the letter", ended_on=timezone.localdate())


class Signature(CommunityRecord):
    """Who signed a letter, on which day, and a picture of it."""

    class Party(models.TextChoices):
        FATHER = "father", _("father")
        MOTHER = "mother", _("mother")
        CAREGIVER = "caregiver", _("entrusted caregiver")

    letter = models.ForeignKey(
        Letter, on_delete=models.PROTECT, related_name="signatures", editable=False, verbose_name=_("letter")
    )
    party = models.CharField(_("party"), max_length=10, choices=Party)
    signed_on = models.DateField(_("signed on"))
    picture = models.OneToOneField(
        "records.Attachment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("scan or photo"),
    )

    attachments = ["picture"]
    personal = {"party": FAMILY, "picture": FAMILY}
    erased = {"party": F("party")}  # each party signs once
    not_personal = ["id", "letter", "community", "district", "signed_on"]

    class Meta(CommunityRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["letter", "party"],
                name="each_party_signs_a_letter_once",
                violation_error_message=_("This party has already signed."),
            ),
        ]

    def __str__(self):
        return f"{self.letter_id}/{self.party}"
