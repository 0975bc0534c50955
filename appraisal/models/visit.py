from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Left, Length
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from appraisal.points import CHOICES, in_order
from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle, Refused
from records.scoping import Scope, ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned, stored_for_update


class VisitQuerySet(ScopedQuerySet):
    def held(self):
        return self.filter(status=Visit.Status.HELD)

    def of_year(self, year):
        return self.filter(day__year=year)


class Visit(Versioned, Lifecycle, CommunityRecord):
    """A street office or the district looks at the work of a community: planned, held with its findings, or called off.

    It is closed once nothing is required any more: that is read from its requirements, not stored.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", pgettext_lazy("visit", "held")
        CALLED_OFF = "called_off", _("called off")

    TRANSITIONS = {
        Status.PLANNED: {Status.HELD, Status.CALLED_OFF},
        Status.HELD: set(),
        Status.CALLED_OFF: set(),
    }

    office = models.ForeignKey(
        "communities.Division", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("office")
    )
    day = models.DateField(_("day"))
    visitors = models.CharField(_("who comes"), max_length=200)
    points = ArrayField(models.CharField(max_length=20, choices=CHOICES), verbose_name=_("what is looked at"))
    focus = models.TextField(_("what else is looked at"), blank=True, max_length=1000)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED, editable=False)
    summary = models.TextField(_("summary"), blank=True, max_length=3000, editable=False)
    opinions = models.TextField(_("opinions"), blank=True, max_length=3000, editable=False)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("planned by")
    )
    held_at = models.DateTimeField(pgettext_lazy("visit", "written up"), null=True, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("by")
    )
    why_called_off = models.CharField(_("why called off"), max_length=200, blank=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = [
        *["id", "community", "district", "version", "office", "day", "visitors", "points", "focus", "status"],
        *["summary", "opinions", "planned_by", "held_at", "written_by", "why_called_off"],
    ]

    objects = VisitQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-day", "-pk"]
        verbose_name = _("supervision visit")
        verbose_name_plural = _("supervision visits")
        indexes = [
            models.Index(fields=["district", "-day", "-id"], name="visits_of_a_district_by_day"),
            models.Index(fields=["community", "-day", "-id"], name="visits_of_a_community_by_day"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(office_id=Left(F("community_id"), Length("office_id"))) & ~Q(office_id=F("community_id")),
                name="visit_comes_from_above",
                violation_error_message=_("A visit comes from the street office or district above the community."),
            ),
            models.CheckConstraint(
                condition=Q(points__len__gt=0) | Q(focus__gt=""),
                name="visit_looks_at_something",
                violation_error_message=_("Say what is looked at."),
            ),
            models.CheckConstraint(
                condition=Q(status="planned", held_at=None, written_by=None, why_called_off="")
                | Q(status="held", held_at__isnull=False, written_by__isnull=False, summary__gt="", why_called_off="")
                | Q(status="called_off", held_at=None, written_by=None, why_called_off__gt=""),
                name="visit_is_planned_held_or_called_off",
                violation_error_message=_("Say what was found, or why the visit is called off."),
            ),
        ]

    def __str__(self):
        return f"{self.community_id}/{self.day}"

    def get_absolute_url(self):
        return reverse("supervision:visit", args=[self.pk])

    @property
    def is_planned(self):
        return self.status == self.Status.PLANNED

    @property
    def is_held(self):
        return self.status == self.Status.HELD

    @property
    def has_come(self):
        return self.day <= timezone.localdate()

    @property
    def listed_points(self):
        return in_order(self.points)

    def is_of(self, user):
        """Whether `user` inspects for the office that made this visit, or for one above it."""
        return self.office_id in Scope.of(*user.codes_for(Visit, "change"))

    @classmethod
    @transaction.atomic
    def plan(cls, office, communities, *, day, visitors, points, focus="", by):
        """A visit to each of these communities on that day."""
        made = []
        for community in communities:
            if not (community.pk.startswith(office.pk) and len(office.pk) < len(community.pk)):
                raise Refused(gettext("A visit comes from the street office or district above the community."))
            facts = {"day": day, "visitors": visitors, "points": points, "focus": focus}
            made.append(cls.objects.create(community=community, office=office, planned_by=by, **facts))
            log_act(by, "planned a visit", made[-1])
        return made

    @transaction.atomic
    def hold(self, *, findings, summary, opinions="", by):
        """Write the visit up. `findings`: {point's key: (verdict, words)} for every point that was planned."""
        if not self.has_come:
            raise Refused(gettext("A visit is written up once its day has come."))
        stored = stored_for_update(self)
        if set(findings) != {point.key for point in stored.listed_points}:
            raise Refused(gettext("What is looked at was changed meanwhile. Open the visit again."))
        stamps = {"held_at": timezone.now(), "written_by": by, "summary": summary, "opinions": opinions}
        self._become(self.Status.HELD, by=by, verb="wrote a visit up", **stamps)
        Finding.objects.bulk_create(
            Finding(
                visit=self,
                community_id=self.community_id,
                district=self.district,
                point=key,
                verdict=verdict,
                words=words,
            )
            for key, (verdict, words) in findings.items()
        )

    def call_off(self, *, reason, by):
        self._become(self.Status.CALLED_OFF, by=by, verb="called off", why_called_off=reason)


class Finding(CommunityRecord):
    """What a visit found on one point."""

    class Verdict(models.TextChoices):
        MET = "met", _("met")
        PARTLY = "partly", _("partly met")
        NOT_MET = "not_met", _("not met")
        NOT_SEEN = "not_seen", _("not looked at")

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="findings", verbose_name=_("visit"))
    point = models.CharField(_("what is looked at"), max_length=20, choices=CHOICES)
    verdict = models.CharField(_("finding"), max_length=10, choices=Verdict)
    words = models.CharField(_("in words"), max_length=500, blank=True)

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", "visit", "point", "verdict", "words"]

    class Meta(CommunityRecord.Meta):
        ordering = ["visit_id", "pk"]
        verbose_name = _("finding of a visit")
        verbose_name_plural = _("findings of visits")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["visit", "point"],
                name="one_finding_per_visit_and_point",
                violation_error_message=_("This point has its finding already."),
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["met", "not_seen"]) | Q(words__gt=""),
                name="what_is_not_met_is_said_in_words",
                violation_error_message=_("Say in words what is not met."),
            ),
        ]

    def __str__(self):
        return f"{self.visit_id}/{self.point}"
