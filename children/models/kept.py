"""What a file keeps beside the child's own columns: each fact a row with its days, so that the past stays."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.models.child import Child
from communities.identity_fields import PhoneField
from communities.owned import CommunityRecord
from records.erasing import EARLIEST
from records.lifecycle import Lifecycle
from records.privacy import BASIC, CARE, CONTACT
from records.striking import Strikable, who_strikes_is_named
from records.versions import Versioned


def child_key(related_name):
    return models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name=related_name, verbose_name=_("child")
    )


class OfChild(CommunityRecord):
    """A row about one child, seen by whoever sees the child."""

    class Meta(CommunityRecord.Meta):
        abstract = True

    def __str__(self):
        return f"{self.child_id}/{self.pk}"

    @classmethod
    def own_to(cls, user):
        return Q(child__in=Child.objects.filter(Child.own_to(user)).values("pk"))

    def save(self, *args, **kwargs):
        self.community_id = self.community_id or self.child.community_id
        super().save(*args, **kwargs)


class SchoolPeriod(OfChild):
    """Where the child went to school before; where it goes now stands on the child."""

    child = child_key("school_periods")
    school = models.CharField(_("school"), max_length=100, blank=True)
    grade = models.CharField(_("school grade"), max_length=3, blank=True)
    school_class = models.CharField(_("class"), max_length=20, blank=True)
    is_boarding = models.BooleanField(_("boards at school"), default=False)
    class_teacher = models.CharField(_("class teacher"), max_length=60, blank=True)
    class_teacher_phone = PhoneField(_("class teacher's phone"), blank=True)
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("last day"))
    struck_on = models.DateField(_("taken back on"), null=True, blank=True, editable=False)

    personal = {
        **dict.fromkeys(["school", "grade", "school_class", "is_boarding", "class_teacher"], BASIC),
        **dict.fromkeys(["since", "until"], BASIC),
        "class_teacher_phone": CONTACT,
    }
    erased = {"until": F("until")}  # of one child no two periods end on one day
    not_personal = ["id", "child", "community", "district", "struck_on"]

    class Meta(OfChild.Meta):
        ordering = ["-until", "-pk"]
        verbose_name = _("earlier school")
        verbose_name_plural = _("earlier schools")
        indexes = [models.Index(fields=["child", "-until"], name="school_by_child")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["child", "until"],
                condition=Q(struck_on=None),
                name="nobody_leaves_two_classes_on_one_day",
                violation_error_message=_("Another class on file ended that day."),
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(since__lte=F("until")),
                name="school_period_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]


class Need(Strikable, OfChild):
    """What the child can use help with, until it is met."""

    child = child_key("needs")
    topic = models.CharField(_("topic"), max_length=20, choices=Child.Topic)
    note = models.CharField(_("note"), max_length=200, blank=True)
    noted_on = models.DateField(_("noted on"))
    met_on = models.DateField(_("met on"), null=True, blank=True, editable=False)

    personal = dict.fromkeys(["topic", "note", "noted_on", "met_on", "struck_because"], BASIC)
    erased = {"met_on": EARLIEST}  # closed: of one topic, and so of none, a child has one open need
    not_personal = ["id", "child", "community", "district", *Strikable.STRUCK]

    class Meta(OfChild.Meta):
        ordering = ["topic", "pk"]
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        constraints = [
            *CommunityRecord.Meta.constraints,
            who_strikes_is_named("need"),
            models.UniqueConstraint(
                fields=["child", "topic"],
                condition=Q(met_on=None, struck_at=None),
                name="one_open_need_per_child_and_topic",
                violation_error_message=_("This need is already on file."),
            ),
            models.CheckConstraint(
                condition=Q(met_on=None) | Q(met_on__gte=F("noted_on")),
                name="need_is_met_after_it_is_noted",
                violation_error_message=_("A need cannot be met before it was noted."),
            ),
        ]


class Wish(Strikable, Lifecycle, OfChild):
    """A small wish that somebody may fulfil."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        FULFILLED = "fulfilled", _("fulfilled")
        DROPPED = "dropped", _("no longer wished")

    TRANSITIONS = {
        Status.OPEN: {Status.FULFILLED, Status.DROPPED},
        Status.FULFILLED: set(),
        Status.DROPPED: set(),
    }

    child = child_key("wishes")
    text = models.CharField(_("small wish"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN, editable=False)
    noted_on = models.DateField(_("noted on"))
    ended_on = models.DateField(_("fulfilled or dropped on"), null=True, blank=True, editable=False)
    fulfilled_by = models.CharField(_("fulfilled by"), max_length=100, blank=True)

    personal = dict.fromkeys(["text", "status", "noted_on", "ended_on", "fulfilled_by", "struck_because"], BASIC)
    erased = {"status": F("status"), "ended_on": F("ended_on")}  # whether it came true stays counted; it says no word
    not_personal = ["id", "child", "community", "district", *Strikable.STRUCK]

    class Meta(OfChild.Meta):
        ordering = ["-noted_on", "-pk"]
        verbose_name = _("small wish")
        verbose_name_plural = _("small wishes")
        indexes = [
            models.Index(fields=["child"], name="wish_by_child"),
            models.Index(
                fields=["community"], condition=Q(status="open", struck_at=None), name="open_wishes_of_a_community"
            ),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            who_strikes_is_named("wish"),
            models.CheckConstraint(
                condition=Q(status="open", ended_on=None) | (~Q(status="open") & Q(ended_on__isnull=False)),
                name="a_wish_that_is_not_open_has_its_day",
                violation_error_message=_("Give the day."),
            ),
        ]

    def fulfil(self, *, whom="", by):
        """Note that the wish came true; `whom` is who made it so."""
        self._become(
            self.Status.FULFILLED, by=by, verb="fulfilled a wish", ended_on=timezone.localdate(), fulfilled_by=whom
        )

    def drop(self, *, by):
        self._become(self.Status.DROPPED, by=by, verb="dropped a wish", ended_on=timezone.localdate())


class Hardship(Strikable, OfChild):
    """Why a child is in difficulty, since when and until when."""

    class Kind(models.TextChoices):
        LOW_INCOME = "low_income", _("low income")
        ILLNESS = "illness", _("severe illness")
        DISABILITY = "disability", _("disability")
        ORPHAN = "orphan", _("orphan")
        UNATTENDED = "unattended", _("de facto unattended")
        ONE_PARENT = "one_parent", _("one parent only")
        PRISON = "prison", _("a parent in prison")
        DISASTER = "disaster", _("disaster or accident")
        OTHER = "other", _("another hardship")

    child = child_key("hardships")
    kind = models.CharField(_("kind of hardship"), max_length=12, choices=Kind)
    note = models.CharField(_("note"), max_length=200, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    personal = dict.fromkeys(["kind", "note", "since", "until", "struck_because"], CARE)
    erased = {"until": EARLIEST}  # over, as a need is met
    not_personal = ["id", "child", "community", "district", *Strikable.STRUCK]

    class Meta(OfChild.Meta):
        ordering = ["kind", "pk"]
        verbose_name = _("hardship")
        verbose_name_plural = _("hardships")
        constraints = [
            *CommunityRecord.Meta.constraints,
            who_strikes_is_named("hardship"),
            models.UniqueConstraint(
                fields=["child", "kind"],
                condition=Q(until=None, struck_at=None),
                name="one_open_hardship_of_a_kind_per_child",
                violation_error_message=_("This hardship is already on file."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="hardship_ends_after_it_begins",
                violation_error_message=_("A hardship cannot end before it began."),
            ),
        ]


class GrowthNote(Versioned, OfChild):
    """Something worth keeping of a child's growing up; its picture only as long as the guardian agrees."""

    class Kind(models.TextChoices):
        EXPERIENCE = "experience", _("experience")
        AWARD = "award", _("award")
        GROWTH = "growth", _("growth note")

    child = child_key("growth_notes")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.GROWTH)
    day = models.DateField(_("day"))
    title = models.CharField(_("in a few words"), max_length=100)
    text = models.CharField(_("what happened"), max_length=2000, blank=True)
    picture = models.OneToOneField(
        "records.Attachment", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by"),
        editable=False,
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    struck_on = models.DateField(_("taken back on"), null=True, blank=True, editable=False)

    attachments = ["picture"]
    personal = dict.fromkeys(["kind", "day", "title", "text", "picture"], BASIC)
    not_personal = ["id", "child", "community", "district", "version", "written_by", "created_at", "struck_on"]

    class Meta(OfChild.Meta):
        ordering = ["-day", "-pk"]
        verbose_name = _("growth note")
        verbose_name_plural = _("experiences, awards, growth notes")
        indexes = [models.Index(fields=["child", "-day"], name="growth_by_child")]
