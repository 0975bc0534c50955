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

    class LeftReason(models.TextChoices):
        MOVED_OUT = "moved_out", _("moved away")
        PARENT_RETURNED = "parent_returned", _("parents returned")
        ADULT = "adult", _("turned 18")
        MISTAKE = "mistake", _("registered by mistake")
        MERGED = "merged", _("merged into another file")

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
    is_boarding = models.BooleanField(_("boards at school"), default=False)
    class_teacher = models.CharField(_("class teacher"), max_length=60, blank=True)
    class_teacher_phone = PhoneField(_("class teacher's phone"), blank=True)

    health = models.CharField(_("health"), max_length=200, blank=True)
    disability = models.CharField(_("disability"), max_length=100, blank=True)
    illness = models.CharField(_("long illness"), max_length=100, blank=True)
    is_immunised = models.BooleanField(_("immunisation up to date"), null=True, blank=True)

    guardianship_quality = models.CharField(_("guardianship quality"), max_length=4, choices=Quality, blank=True)
    needs = ArrayField(
        models.CharField(max_length=20, choices=Topic), verbose_name=_("needs"), default=list, blank=True
    )
    hobbies = ArrayField(
        models.CharField(max_length=20, choices=Hobby), verbose_name=_("hobbies"), default=list, blank=True
    )
    wish = models.CharField(_("small wish"), max_length=200, blank=True)
    hardship = models.CharField(_("hardship"), max_length=100, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    registered_on = models.DateField(_("on the register since"))
    left_on = models.DateField(_("left the register on"), null=True, blank=True, editable=False)
    left_reason = models.CharField(_("why"), max_length=20, choices=LeftReason, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("merged into")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    attachments = ["photo"]
    personal = {
        **dict.fromkeys(["name", "name_pinyin", "name_initials", "name_grams", "former_name"], BASIC),
        **dict.fromkeys(["sex", "birth_date", "birth_precision", "ethnicity", "photo", "school", "grade"], BASIC),
        **dict.fromkeys(["is_boarding", "class_teacher", "hobbies", "needs", "wish", "remark"], BASIC),
        **dict.fromkeys(["id_number", "id_number_hash", "id_number_last4"], SECRET),
        **dict.fromkeys(["registered_address", "registered_county", "class_teacher_phone"], CONTACT),
        **dict.fromkeys(["is_household_registered", "came_on", "reported_as"], FAMILY),
        **dict.fromkeys(["guardianship_quality", "hardship"], CARE),
        **dict.fromkeys(["health", "disability", "illness", "is_immunised"], HEALTH),
    }
    not_personal = [
        *["id", "number", "household", "community", "district", "version"],
        *["registered_on", "left_on", "left_reason", "merged_into", "created_at"],
    ]

    objects = ChildQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["name_pinyin", "pk"]
        verbose_name = _("child")
        verbose_name_plural = _("children")
        indexes = [
            models.Index(fields=["district", "name_pinyin", "id"], name="child_by_name"),
            models.Index(fields=["community", "left_on", "name_pinyin", "id"], name="child_on_register"),
            models.Index(fields=["district", "id_number_last4"], name="child_by_last_four"),
            models.Index(fields=["household"], name="child_by_household"),
            models.Index(fields=["district", "birth_date"], name="child_by_birth_date"),
            GinIndex(fields=["name_grams"], name="child_by_name_grams"),
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

        return Q(pk__in=Referral.objects.current().filter(counsellor=user).values("child"))
