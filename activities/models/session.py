from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models, transaction
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from activities.models.attendance import Attendance
from activities.models.carer import CarerAttendance, CarerRoll
from activities.models.enrolment import Enrolment
from activities.models.helper_roll import HelperAttendance, HelperRoll
from activities.models.material import MaterialLine, Materials
from activities.models.roll import RollCall
from activities.models.told import Told
from activities.models.venue import AtVenue, at_venue_of, one_venue
from communities.models import Division
from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import CARE
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned, stored_for_update


class SessionQuerySet(ScopedQuerySet):
    def not_cancelled(self):
        return self.filter(cancelled_at=None)

    def changed(self):
        """Moved or cancelled since people were first told of them."""
        return self.filter(changed_at__isnull=False)

    def held_in(self, period):
        """Sessions whose day lies in the period and has come; cancelled ones were not held."""
        last = min(period.end, timezone.localdate())
        return self.not_cancelled().filter(day__gte=period.start, day__lte=last)

    def for_children(self):
        return self.filter(activity__audience__in=["children", "families"])

    def with_marks(self):
        return self.filter(_marked())

    def without_marks(self):
        return self.exclude(_marked())

    def with_no_trace(self):
        """Nobody came as far as is known, nothing is written down and there is no picture: it may not have been."""
        bare = self.filter(record="", others_present=0, photos=None).exclude(_marked()).exclude(_with_carers())
        for noted in (HelperAttendance.objects.marked(), MaterialLine.objects.noted()):
            bare = bare.exclude(Exists(noted.filter(session=OuterRef("pk"))))
        return bare

    def led_uncleared(self, first, last):
        """Sessions of these days led by a helper who will have left, or of whom something asked will be missing."""
        helper = "activity__helper__"
        lacks = Q(**{f"{helper}cleared_until": None}) | Q(**{f"{helper}cleared_until__lt": F("day")})
        rows = self.not_cancelled().filter(activity__helper__isnull=False, day__gte=first, day__lte=last)
        return rows.filter(lacks | Q(**{f"{helper}left_on__lte": F("day")}))

    def recorded(self):
        """What was done is written down and somebody's attendance is marked (or counted, where no roll is called)."""
        somebody_came = _marked() | _with_carers() | _with_helpers() | Q(others_present__gt=0)
        return self.exclude(record="").filter(somebody_came)

    def with_roll_figures(self):
        """Each row with `on_roll`, `present` and `carers_came`, in the same query."""
        enrolled = Enrolment.objects.on_day(OuterRef("day")).filter(activity=OuterRef("activity")).order_by()
        present = Attendance.objects.present().filter(session=OuterRef("pk")).order_by()
        carers = CarerAttendance.objects.present().filter(session=OuterRef("pk")).order_by()
        counted = Count("child", distinct=True)
        lines = Count("line", distinct=True)
        return self.annotate(
            on_roll=Coalesce(Subquery(enrolled.values("activity").annotate(n=counted).values("n")), 0),
            present=Coalesce(Subquery(present.values("session").annotate(n=Count("pk")).values("n")), 0),
            carers_came=Coalesce(Subquery(carers.values("session").annotate(n=lines).values("n")), 0),
        )

    def with_attendance_figures(self):
        """The figures of the roll, and `absent`, `excused` and `helpers_came`, in the same query."""
        marks = Attendance.objects.filter(session=OuterRef("pk")).marked().order_by().values("session")
        helpers = HelperAttendance.objects.present().filter(session=OuterRef("pk")).order_by().values("session")

        def counted(rows):
            return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)

        return self.with_roll_figures().annotate(
            absent=counted(marks.filter(mark=Attendance.Mark.ABSENT)),
            excused=counted(marks.filter(mark=Attendance.Mark.EXCUSED)),
            helpers_came=counted(helpers),
        )

    def clashing(self, session):
        """Other sessions that need the same venue at an overlapping time."""
        return (
            self.not_cancelled()
            .filter(at_venue_of(session), day=session.day)
            .filter(starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
            .exclude(pk=session.pk)
        )


def _marked():
    return Exists(Attendance.objects.marked().filter(session=OuterRef("pk")))


def _with_carers():
    return Exists(CarerAttendance.objects.present().filter(session=OuterRef("pk")))


def _with_helpers():
    return Exists(HelperAttendance.objects.present().filter(session=OuterRef("pk")))


class _Place(Func):
    """A Home, or a community's venue, as a range of one number: equality that GiST can test without an extension."""

    template = "int8range(%(number)s, %(number)s, '[]')".replace(
        "%(number)s", "hashtextextended(coalesce(%(expressions)s), 0)"
    )
    output_field = BigIntegerRangeField()

    def __init__(self):
        super().__init__(_Text(F("home")), _Joined(F("community"), Func(F("venue"), function="LOWER")))


class _Text(Func):
    template, output_field = "(%(expressions)s)::text", models.TextField()


class _Joined(Func):
    template, arg_joiner, output_field = "(%(expressions)s)", " || '/' || ", models.TextField()


class _Hours(Func):
    template = "tsrange(%(expressions)s)"
    output_field = DateTimeRangeField()

    def __init__(self):
        day = F("day")
        super().__init__(_At(day, F("starts_at")), _At(day, F("ends_at")), Value("[)"))


class _At(Func):
    template, arg_joiner = "(%(expressions)s)", " + "
    output_field = models.DateTimeField()


class Session(AtVenue, RollCall, CarerRoll, HelperRoll, Materials, Versioned, CommunityRecord):
    """One meeting of an activity: a day, hours and a venue, later its roll and its record."""

    activity = models.ForeignKey(
        "activities.Activity", on_delete=models.PROTECT, related_name="sessions", verbose_name=_("activity")
    )
    day = models.DateField(_("day"))
    starts_at = models.TimeField(_("starts at"))
    ends_at = models.TimeField(_("ends at"))
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    cancel_reason = models.CharField(_("why cancelled"), max_length=200, blank=True, editable=False)
    changed_at = models.DateTimeField(_("moved or cancelled at"), null=True, editable=False)
    changed_from = models.DateField(_("day before it was moved"), null=True, editable=False)
    record = models.TextField(_("what we did"), max_length=4000, blank=True)
    result = models.TextField(_("result of the activity"), max_length=1000, blank=True)
    others_present = models.PositiveSmallIntegerField(
        _("others who came"), default=0, help_text=_("Parents, helpers, guests: a number, no names.")
    )
    recorded_at = models.DateTimeField(_("recorded at"), null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    personal = {"record": CARE, "result": CARE}
    not_personal = [
        *["id", "community", "district", "version", "activity", "day", "starts_at", "ends_at", "home", "venue"],
        *["cancelled_at", "cancelled_by", "cancel_reason", "others_present", "recorded_at", "recorded_by"],
        *["changed_at", "changed_from"],
    ]

    objects = SessionQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["day", "starts_at", "pk"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [
            models.Index(  # of a street or district, a month is told from the index alone
                fields=["district", "day", "starts_at", "id"],
                include=["community"],
                name="session_of_a_district_by_day",
            ),
            models.Index(fields=["community", "day", "id"], name="session_of_a_community_by_day"),
            models.Index(
                fields=["district", "day"], condition=Q(changed_at__isnull=False), name="session_that_was_changed"
            ),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            one_venue("session_has_one_venue"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_it_starts",
                violation_error_message=_("The session must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None, cancel_reason="")
                | Q(cancelled_at__isnull=False, cancel_reason__gt=""),
                name="cancelled_session_says_when_and_why",
                violation_error_message=_("Say why it is cancelled."),
            ),
            models.CheckConstraint(
                condition=Q(changed_at__isnull=False) | Q(changed_from=None, cancelled_at=None),
                name="moved_or_cancelled_session_says_when",
                violation_error_message=_("Say when it was moved or cancelled."),
            ),
            models.CheckConstraint(
                condition=Q(record="", recorded_at=None, recorded_by=None)
                | Q(record__gt="", recorded_at__isnull=False),
                name="record_says_when_it_was_written",
                violation_error_message=_("Write what was done."),
            ),
            models.CheckConstraint(
                condition=Q(result="") | Q(record__gt=""),
                name="what_came_of_a_session_stands_with_its_record",
                violation_error_message=_("Write what was done."),
            ),
            models.CheckConstraint(
                condition=Q(others_present__lte=10000),
                name="others_present_at_most_ten_thousand",
                violation_error_message=_("At most 10000."),
            ),
            ExclusionConstraint(
                name="one_session_at_a_time_in_a_venue",
                expressions=[(_Place(), RangeOperators.OVERLAPS), (_Hours(), RangeOperators.OVERLAPS)],
                condition=Q(cancelled_at=None),
                violation_error_message=_("The venue is taken at that time."),
            ),
        ]

    def __str__(self):
        return f"{self.day} {self.starts_at:%H:%M}"

    def get_absolute_url(self):
        return reverse("activities:session", args=[self.pk])

    @property
    def is_cancelled(self):
        return self.cancelled_at is not None

    @property
    def has_come(self):
        return self.day <= timezone.localdate()

    @property
    def is_ahead(self):
        return self.day >= timezone.localdate()

    @property
    def hours(self):
        return f"{self.starts_at:%H:%M}–{self.ends_at:%H:%M}"

    @property
    def hours_and_venue(self):
        return f"{self.hours} · {self.venue_name}"

    @property
    def when_and_where(self):
        return f"{self.day} {date_format(self.day, 'D')} · {self.hours_and_venue}"

    def locked(self):
        """This session as it stands now, locked, and its activity before it: every act takes them in this order."""
        self.activity = stored_for_update(self.activity)
        return stored_for_update(self)

    @transaction.atomic
    def hold_venue(self, **saving):
        """Save with the venue held. Planning in one community stands in line, so that a clash is said in words;
        the constraint stays the judge."""
        Division.objects.select_for_update(no_key=True).get(pk=self.community_id)
        if self.ends_at <= self.starts_at:
            raise Refused(_now("The session must end after it begins."))
        if self.home_id:
            self._refuse_home_not_open()
        if taken := Session.objects.clashing(self).select_related("activity", "home").first():
            raise Refused(
                _now("%(venue)s is taken on %(day)s from %(start)s to %(end)s: %(activity)s.")
                % {
                    "venue": taken.venue_name,
                    "day": taken.day.isoformat(),
                    "start": taken.starts_at.strftime("%H:%M"),
                    "end": taken.ends_at.strftime("%H:%M"),
                    "activity": taken.activity.title,
                }
            )
        self.save(**saving)

    def _refuse_home_not_open(self):
        """Under a lock that whoever closes the Home takes too."""
        home = stored_for_update(self.home)
        if home.community_id != self.community_id:
            raise Refused(_now("This Home belongs to another community."))
        if self.day < home.opened_on or home.closed_on is not None and home.closed_on <= self.day:
            facts = {"home": home.name, "day": self.day.isoformat()}
            raise Refused(_now("%(home)s is not open on %(day)s: it opens later, or is closed for good.") % facts)

    @transaction.atomic
    def move(self, *, day, starts_at, ends_at, venue="", home=None, by):
        """Put this one session elsewhere or at another time; the others stay."""
        stored = self.locked()
        self._refuse_if_over(stored, _now("A session with a roll, a record or a picture cannot be moved."))
        if not self.activity.is_open and day > timezone.localdate():
            raise Refused(_now("This activity is over or cancelled."))
        self.day, self.starts_at, self.ends_at, self.home, self.venue = day, starts_at, ends_at, home, venue
        facts = ["day", "starts_at", "ends_at", "home", "venue"]
        attributes = [self._meta.get_field(name).attname for name in facts]
        if is_changed := any(getattr(self, name) != getattr(stored, name) for name in attributes):
            self.changed_at, self.changed_from = timezone.now(), stored.day_they_know()
        self.hold_venue(update_fields=[*facts, "changed_at", "changed_from"])
        self.activity.fit_period()
        log_act(by, "moved", self, fields=facts)
        if is_changed:
            self._leader_knows(by)

    @transaction.atomic
    def cancel(self, *, reason, by):
        if not reason:
            raise Refused(_now("Say why it is cancelled."))
        self._refuse_if_over(self.locked(), _now("A session with a roll, a record or a picture cannot be cancelled."))
        self.cancelled_at, self.cancelled_by, self.cancel_reason = timezone.now(), by, reason
        self.changed_at = self.cancelled_at
        self.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason", "changed_at"])
        self.activity.fit_period()
        log_act(by, "cancelled", self, fields=["cancelled_at", "cancel_reason"])
        self._leader_knows(by)

    def day_they_know(self):
        """The day that those concerned have in mind: the one before the first change that nobody was told of."""
        if self.changed_from is None:
            return self.day
        told = Told.objects.filter(activity=self.activity_id, leader=None, told_at__gte=self.changed_at)
        return self.day if told.exists() else self.changed_from

    def _leader_knows(self, by):
        """Everybody concerned is to be told, but for a leader who has changed it."""
        if self.activity.leader_id == by.pk:
            Told.note(self.activity, "leader", by, by=by)

    def _refuse_if_over(self, stored, words):
        if stored.is_cancelled:
            raise Refused(_now("This session is cancelled."))
        if not Session.objects.filter(pk=self.pk).with_no_trace().exists():
            raise Refused(words)

    @transaction.atomic
    def write_record(self, text, *, result="", others_present=0, by):
        """Write down what was done and what came of it; written again, it replaces what stood there."""
        self.must_be_held()
        if not text:
            raise Refused(_now("Write what was done."))
        self.record, self.result, self.others_present = text, result, others_present
        self.recorded_at, self.recorded_by = timezone.now(), by
        self.save(update_fields=["record", "result", "others_present", "recorded_at", "recorded_by"])
        log_act(by, "recorded", self, fields=["record", "result", "others_present"])
        self.begin_activity(by)
