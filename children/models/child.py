from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from children.names import grams, initials, pinyin
from children.register import ChildQuerySet
from communities.identity_fields import PhoneField, ResidentIdField
from communities.owned import CommunityRecord
from records.privacy import BASIC, CARE, CONTACT, FAMILY, HEALTH, SECRET
from records.secrets import BlindIndexField, LastFourField, SecretField
from records.versions import Versioned

IDENTITY_UNCERTAIN = Q(id_number_hash=None) | Q(birth_precision="month")


class Child(Versioned, CommunityRecord):
    """One child, one file. What the child counts as is never stored: `children.status` derives it from dated facts."""

    class Sex(models.TextChoices):
        MALE = "M", _("boy")
        FEMALE = "F", _("girl")

    class BirthPrecision(models.TextChoices):
        DAY = "day", _("exact day")
        MONTH = "month", _("month only")

    class Quality(models.TextChoices):
        GOOD = "good", _("good")
        FAIR = "fair", _("fair")
        POOR = "poor", _("poor")

    class Topic(models.TextChoices):
        STUDY = "study", _("study")
        PSYCHOLOGY = "psychology", _("psychology")
        LAW = "law", _("law")
        SAFETY = "safety", _("safety")
        SELF_PROTECTION = "self_protection", _("self-protection")

    class Hobby(models.TextChoices):
        MUSIC = "music", _("music")
        DANCE = "dance", _("dance")
        PAINTING = "painting", _("painting and calligraphy")
        TABLE_TENNIS = "table_tennis", _("table tennis")
        LIFE_SKILLS = "life_skills", _("life skills")
        READING = "reading", _("reading")
        SPORT = "sport", _("sport")
        COMPUTER = "computer", _("computer")

    class DisabilityType(models.TextChoices):
        SIGHT = "sight", _("sight")
        HEARING = "hearing", _("hearing")
        SPEECH = "speech", _("speech")
        PHYSICAL = "physical", _("physical")
        INTELLECTUAL = "intellectual", _("intellectual")
        MENTAL = "mental", _("mental")
        MULTIPLE = "multiple", _("multiple")

    class DisabilityLevel(models.IntegerChoices):
        ONE = 1, _("level 1 (most severe)")
        TWO = 2, _("level 2")
        THREE = 3, _("level 3")
        FOUR = 4, _("level 4")

    class LeftReason(models.TextChoices):
        MOVED_OUT = "moved_out", _("moved away")
        PARENT_RETURNED = "parent_returned", _("parents returned")
        ADULT = "adult", _("turned 18")
        MISTAKE = "mistake", _("registered by mistake")
        ERASED = "erased", _("erased")
        MERGED = "merged", _("merged into another file")

    ACTS_OF_THEIR_OWN = (LeftReason.ERASED, LeftReason.MERGED)  # no reason that somebody chooses

    number = models.CharField(_("file number"), max_length=20, unique=True, editable=False)
    household = models.ForeignKey(
        "children.Household", on_delete=models.PROTECT, related_name="children", verbose_name=_("household")
    )
    name = models.CharField(_("name"), max_length=60)
    name_pinyin = models.CharField(max_length=240, editable=False, default="")
    name_initials = models.CharField(max_length=60, editable=False, default="")
    name_grams = ArrayField(models.CharField(max_length=60), editable=False, default=list)
    former_name = models.CharField(_("pet or former name"), max_length=60, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex)
    birth_date = models.DateField(_("birth date"))
    birth_precision = models.CharField(
        _("birth date known to"), max_length=5, choices=BirthPrecision, default=BirthPrecision.DAY
    )
    ethnicity = models.CharField(_("ethnic group"), max_length=2, blank=True)
    id_number = ResidentIdField(_("ID number"), blank=True)
    id_number_hash = BlindIndexField(of="id_number", purpose="id_number")
    id_number_last4 = LastFourField(of="id_number")
    photo = models.OneToOneField(
        "records.Attachment", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    registered_county = models.CharField(_("county of registration"), max_length=6, blank=True)
    registered_address = SecretField(_("registered address"), blank=True)
    is_household_registered = models.BooleanField(_("household registration done"), default=True)
    came_on = models.DateField(_("living here since"), null=True, blank=True)
    reported_as = models.CharField(
        _("category on the roster"),
        max_length=12,
        blank=True,
        choices=[("left_behind", _("left behind")), ("migrant", _("migrant"))],
        help_text=_("What the roster said. What counts is derived from the facts."),
    )

    school = models.CharField(_("school"), max_length=100, blank=True)
    grade = models.CharField(_("school grade"), max_length=3, blank=True)
    school_class = models.CharField(_("class"), max_length=20, blank=True)
    school_since = models.DateField(_("in this class since"), null=True, blank=True)
    is_boarding = models.BooleanField(_("boards at school"), default=False)
    class_teacher = models.CharField(_("class teacher"), max_length=60, blank=True)
    class_teacher_phone = PhoneField(_("class teacher's phone"), blank=True)

    health = models.CharField(_("health"), max_length=200, blank=True)
    disability_type = models.CharField(_("type of disability"), max_length=12, choices=DisabilityType, blank=True)
    disability_level = models.PositiveSmallIntegerField(
        _("level of disability"), choices=DisabilityLevel, null=True, blank=True
    )
    illness = models.CharField(_("long illness"), max_length=100, blank=True)
    is_immunised = models.BooleanField(_("immunisation up to date"), null=True, blank=True)
    immunisation_checked_on = models.DateField(_("immunisation book seen on"), null=True, blank=True)

    guardianship_quality = models.CharField(_("guardianship quality"), max_length=4, choices=Quality, blank=True)
    needs_asked_on = models.DateField(_("asked about needs on"), null=True, blank=True, editable=False)
    hobbies = ArrayField(
        models.CharField(max_length=20, choices=Hobby), verbose_name=_("hobbies"), default=list, blank=True
    )
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    registered_on = models.DateField(_("on the register since"))
    left_on = models.DateField(_("left the register on"), null=True, blank=True, editable=False)
    left_reason = models.CharField(_("why"), max_length=20, choices=LeftReason, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("merged into")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    attachments = ["photo"]
    erased = {"sex": Sex.MALE}
    personal = {
        **dict.fromkeys(["name", "name_pinyin", "name_initials", "name_grams", "former_name"], BASIC),
        **dict.fromkeys(["sex", "birth_date", "birth_precision", "ethnicity", "photo", "school", "grade"], BASIC),
        **dict.fromkeys(["school_class", "school_since", "is_boarding", "class_teacher", "hobbies", "remark"], BASIC),
        **dict.fromkeys(["id_number", "id_number_hash", "id_number_last4"], SECRET),
        **dict.fromkeys(["registered_address", "registered_county", "class_teacher_phone"], CONTACT),
        **dict.fromkeys(["is_household_registered", "came_on", "reported_as"], FAMILY),
        "guardianship_quality": CARE,
        **dict.fromkeys(["health", "disability_type", "disability_level", "illness"], HEALTH),
        **dict.fromkeys(["is_immunised", "immunisation_checked_on"], HEALTH),
    }
    not_personal = [
        *["id", "number", "household", "community", "district", "version"],
        *["registered_on", "left_on", "left_reason", "merged_into", "created_at", "needs_asked_on"],
    ]
    bookkeeping = ["merged_into"]

    objects = ChildQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["name_pinyin", "pk"]
        verbose_name = _("child")
        verbose_name_plural = _("children")
        indexes = [
            models.Index(fields=["district", "name_pinyin", "id"], name="child_by_name"),
            models.Index(fields=["community", "name_pinyin", "id"], name="child_of_a_community_by_name"),
            models.Index(fields=["district", "id_number_last4"], name="child_by_last_four"),
            models.Index(fields=["household"], name="child_by_household"),
            models.Index(fields=["district", "birth_date"], name="child_by_birth_date"),
            GinIndex(fields=["name_grams"], name="child_by_name_grams"),
            models.Index(fields=["community"], condition=IDENTITY_UNCERTAIN, name="child_of_uncertain_identity"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["community", "id_number_hash"],
                name="one_file_per_id_number_in_a_community",
                violation_error_message=_("This community already has a file with this ID number."),
            ),
            models.CheckConstraint(
                condition=Q(sex__in=["M", "F"]),
                name="child_is_a_boy_or_a_girl",
                violation_error_message=_("Choose boy or girl."),
            ),
            models.CheckConstraint(
                condition=Q(left_on=None, left_reason="") | Q(left_on__gte=F("registered_on"), left_reason__gt=""),
                name="who_left_left_after_registering_and_for_a_reason",
                violation_error_message=_("Give the day and the reason for leaving; not before the registration."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) ^ Q(left_reason="merged"),
                name="merged_file_leads_to_the_one_kept",
                violation_error_message=_("A merged file leads to the file that was kept."),
            ),
            models.CheckConstraint(
                condition=Q(birth_date__lte=F("registered_on")),
                name="child_is_born_before_being_registered",
                violation_error_message=_("The birth date lies after the registration."),
            ),
            models.CheckConstraint(
                condition=Q(disability_level=None) | (Q(disability_level__range=(1, 4)) & ~Q(disability_type="")),
                name="a_disability_has_a_type_before_a_level",
                violation_error_message=_("Choose the type of disability as well."),
            ),
            models.CheckConstraint(
                condition=Q(immunisation_checked_on=None) | Q(is_immunised__isnull=False),
                name="a_checked_immunisation_is_known",
                violation_error_message=_("Say what the immunisation book showed."),
            ),
        ]

    def __str__(self):
        return self.number

    def save(self, *args, **kwargs):
        self.set_search_columns()
        super().save(*args, **kwargs)

    def set_search_columns(self):
        """Fill what the register searches and sorts by; bulk writers call it themselves."""
        self.name_pinyin, self.name_initials = pinyin(self.name), initials(self.name)
        self.name_grams = grams(self.name, self.name_pinyin, self.name_initials)

    @classmethod
    def own_to(cls, user):
        """A counsellor's children are those referred to them."""
        from children.models.consent import Referral

        return Q(pk__in=Referral.objects.filter(Referral.own_to(user)).values("child"))
