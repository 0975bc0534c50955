"""The district federation evaluates every Home once a year: its due dates, and how far it is with each Home."""

import datetime as dt

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.models import Division
from communities.owned import CommunityRecord
from communities.places import may_at
from homes.models.home import Home
from homes.models.inspection import Inspection
from homes.models.standard import DistrictRuleQuerySet
from records.lifecycle import Lifecycle, Refused
from records.scoping import Record, ScopedQuerySet
from records.trail import log_act, log_acts
from records.versions import Versioned

TO_LOOK_AT = ("open", "rectify")  # an inspection comes next
LATEST_VISIT = dt.timedelta(days=365)  # a visit that the window no longer holds lies at most so far ahead


class EvaluationYear(Versioned, Record):
    """A district's evaluation of one year, with the days by which each step is due."""

    district = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"level": "district"},
        verbose_name=_("district"),
        editable=False,
    )
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    self_check_from = models.DateField(_("self-checks count from"), editable=False)
    self_check_by = models.DateField(_("self-checks due by"))
    inspect_from = models.DateField(_("inspections from"))
    inspect_until = models.DateField(_("inspections until"))
    decide_by = models.DateField(_("decisions by"))
    hearing_days = models.PositiveSmallIntegerField(
        _("days to comment"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_("How long a community may comment on the draft verdict."),
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("opened by")
    )
    opened_on = models.DateField(_("opened on"), editable=False)

    community_path = "district_id"
    personal: dict[str, str] = {}
    not_personal = [
        "id", "version", "district", "year", "self_check_from", "self_check_by", "inspect_from", "inspect_until",
        "decide_by", "hearing_days", "opened_by", "opened_on",
    ]  # fmt: skip

    objects = DistrictRuleQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "district_id"]
        verbose_name = _("yearly evaluation")
        verbose_name_plural = _("yearly evaluations")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "year"],
                name="one_evaluation_per_district_and_year",
                violation_error_message=_("The evaluation of this year is open already."),
            ),
            models.CheckConstraint(
                condition=Q(
                    self_check_by__gte=F("self_check_from"),
                    inspect_from__gte=F("self_check_from"),
                    inspect_until__gte=F("inspect_from"),
                    decide_by__gte=F("inspect_until"),
                ),
                name="evaluation_steps_follow_each_other",
                violation_error_message=_("Inspections end after they begin, and decisions come after them."),
            ),
            models.CheckConstraint(
                condition=Q(hearing_days__gte=1, hearing_days__lte=30),
                name="a_hearing_lasts_1_to_30_days",
                violation_error_message=_("A community has from 1 to 30 days to comment."),
            ),
        ]

    def __str__(self):
        return gettext("Yearly evaluation %(year)s") % {"year": self.year}

    def get_absolute_url(self):
        return reverse("evaluations:year", args=[self.pk])

    @classmethod
    @transaction.atomic
    def open(cls, *, district, year, by, **dates):
        """Open the evaluation of `year` in a district for every Home that is open today."""
        Division.objects.select_for_update(no_key=True).get(pk=district.pk)  # two people open one year, not two
        if cls.objects.filter(district=district, year=year).exists():
            raise Refused(gettext("The evaluation of this year is open already."))
        facts = {"self_check_from": dt.date(year, 1, 1), "opened_by": by, "opened_on": timezone.localdate()}
        opened = cls.objects.create(district=district, year=year, **facts, **dates)
        log_act(by, "opened an evaluation", opened, fields=list(dates))
        opened.take_in(by=by)
        return opened

    @transaction.atomic
    def take_in(self, *, by):
        """Take in the Homes that are open and not yet part of this; gives their number."""
        EvaluationYear.objects.select_for_update(no_key=True).get(pk=self.pk)
        today = timezone.localdate()
        homes = Home.objects.filter(district=self.district_id).open_on(today).exclude(evaluations__year=self)
        made = Evaluation.objects.bulk_create(
            Evaluation(year=self, home=home, community_id=home.community_id, district=home.district) for home in homes
        )
        log_acts(by, "took in", Evaluation, {evaluation.pk: evaluation.community_id for evaluation in made})
        return len(made)


class EvaluationQuerySet(ScopedQuerySet):
    def of_open_homes(self):
        """In a Home that closed nothing is owed."""
        return self.filter(home__closed_on=None)

    def with_facts(self):
        """Adds `self_check_on` and `inspected_on`: the days of the newest checks that count for the next step."""
        checks = Inspection.objects.submitted().order_by("-submitted_on").values("submitted_on")
        return self.annotate(
            self_check_on=Subquery(checks.filter(self._is_its_self_check)[:1]),
            inspected_on=Subquery(checks.filter(self._is_its_next_inspection)[:1]),
        )

    _is_its_self_check = Q(
        kind="self_check", home=OuterRef("home"), submitted_on__gte=OuterRef("year__self_check_from")
    )
    _is_its_next_inspection = Q(  # of this year's window, or later than what was decided; and newer than what was used
        kind="inspection",
        home=OuterRef("home"),
        submitted_on__gte=Coalesce(OuterRef("decided_on"), OuterRef("year__inspect_from")),
        pk__gt=Coalesce(OuterRef("inspection"), 0),
    ) & (Q(ruling=None) | Q(ruling__evaluation=OuterRef("pk")))  # what another year's verdict rests upon is used

    def _has(self, is_its):
        return Exists(Inspection.objects.submitted().filter(is_its))

    def without_self_check(self, day):
        """Self-check past its day, in Homes whose verdict is not yet drafted."""
        waiting = self.of_open_homes().filter(status=Evaluation.Status.OPEN, year__self_check_by__lt=day)
        return waiting.exclude(self._has(self._is_its_self_check))

    def to_look_at(self):
        return self.of_open_homes().filter(status__in=TO_LOOK_AT)

    def not_inspected(self, day):
        """The visit was planned for a day before, or the window is over."""
        late = Q(visit_on__lt=day) | Q(status=Evaluation.Status.OPEN, year__inspect_until__lt=day)
        return self.to_look_at().filter(late).exclude(self._has(self._is_its_next_inspection))

    def without_visit(self, day):
        """The window is open and no visit is planned; or the day of rectification has come."""
        now = Q(status=Evaluation.Status.OPEN, year__inspect_from__lte=day) | Q(
            status=Evaluation.Status.RECTIFY, due_on__lte=day
        )
        return self.to_look_at().filter(now, visit_on=None).exclude(self._has(self._is_its_next_inspection))

    def to_draft(self):
        """Inspected, and the verdict is not yet with the community."""
        inspected = Q(self._has(self._is_its_next_inspection), status__in=TO_LOOK_AT)
        return self.of_open_homes().filter(inspected | Q(status=Evaluation.Status.DRAFT))

    def to_state(self, day):
        """Draft verdicts on which the community may still comment, and has not."""
        return self.of_open_homes().filter(status=Evaluation.Status.HEARING, due_on__gte=day, stated_on=None)

    def to_decide(self, day):
        """The community has commented, or its days are over."""
        over = Q(due_on__lt=day) | Q(stated_on__isnull=False)
        return self.of_open_homes().filter(over, status=Evaluation.Status.HEARING)

    def undecided(self, day):
        """Past the day by which the decision was due."""
        waiting = [Evaluation.Status.OPEN, Evaluation.Status.DRAFT, Evaluation.Status.HEARING]
        return self.of_open_homes().filter(status__in=waiting, decided_on=None, year__decide_by__lt=day)

    def rectification_overdue(self, day):
        return self.of_open_homes().filter(status=Evaluation.Status.RECTIFY, due_on__lt=day)


class Evaluation(Lifecycle, Versioned, CommunityRecord):
    """One Home in one year's evaluation. What was found and decided stands in its verdicts (`Ruling`)."""

    class Status(models.TextChoices):
        OPEN = "open", _("to be inspected")
        DRAFT = "draft", _("verdict drafted")
        HEARING = "hearing", _("community is heard")
        SETTLED = "settled", _("verdict decided")
        RECTIFY = "rectify", _("to be rectified")
        MET = "met", _("rectified")

    TRANSITIONS = {
        Status.OPEN: {Status.DRAFT},
        Status.DRAFT: {Status.HEARING},
        Status.HEARING: {Status.SETTLED, Status.RECTIFY, Status.MET},
        Status.RECTIFY: {Status.DRAFT},
        Status.SETTLED: set(),
        Status.MET: set(),
    }

    year = models.ForeignKey(EvaluationYear, models.PROTECT, related_name="evaluations", verbose_name=_("evaluation"))
    home = models.ForeignKey(Home, models.PROTECT, related_name="evaluations", verbose_name=_("Home"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN, editable=False)
    visit_on = models.DateField(_("visit on"), null=True, editable=False)
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=_("who inspects"),
    )
    inspection = models.ForeignKey(
        Inspection, models.PROTECT, related_name="+", null=True, editable=False, verbose_name=_("inspection")
    )
    due_on = models.DateField(_("due on"), null=True, editable=False)  # the hearing's last day, or by when to rectify
    stated_on = models.DateField(_("community commented on"), null=True, editable=False)
    result = models.CharField(_("result"), max_length=10, choices=Inspection.Grade, blank=True, editable=False)
    decided_on = models.DateField(_("decided on"), null=True, editable=False)
    reward = models.CharField(_("reward"), max_length=200, blank=True, editable=False)
    rewarded_on = models.DateField(_("rewarded on"), null=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = [
        "id", "community", "district", "version", "year", "home", "status", "visit_on", "inspector", "inspection",
        "due_on", "stated_on", "result", "decided_on", "reward", "rewarded_on",
    ]  # fmt: skip

    objects = EvaluationQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["year_id", "community_id", "pk"]
        verbose_name = _("evaluation of a Home")
        verbose_name_plural = _("evaluations of Homes")
        indexes = [
            models.Index(
                fields=["district", "status"],
                condition=~Q(status__in=["settled", "met"]),
                name="evaluations_under_way",
            ),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["year", "home"],
                name="a_home_is_evaluated_once_a_year",
                violation_error_message=_("This Home is part of that evaluation already."),
            ),
            models.CheckConstraint(
                condition=Q(visit_on=None, inspector=None) | Q(visit_on__isnull=False, inspector__isnull=False),
                name="a_planned_visit_has_a_day_and_a_person",
                violation_error_message=_("A visit is planned with its day and who inspects."),
            ),
            models.CheckConstraint(
                condition=Q(status="open", result="", decided_on=None, due_on=None)
                | Q(status="draft", result__in=["", "rectify"], due_on=None, inspection__isnull=False)
                | Q(status="hearing", result__in=["", "rectify"], due_on__isnull=False)
                | Q(status="settled", result__in=["excellent", "qualified"], decided_on__isnull=False, due_on=None)
                | Q(status="rectify", result="rectify", decided_on__isnull=False, due_on__isnull=False)
                | Q(status="met", result="rectify", decided_on__isnull=False, due_on=None),
                name="evaluation_says_how_far_it_is",
                violation_error_message=_("Say by when it is to be rectified."),
            ),
            models.CheckConstraint(
                condition=Q(reward="", rewarded_on=None)
                | Q(reward__gt="", rewarded_on__isnull=False, status="settled", result="excellent"),
                name="only_an_excellent_home_is_rewarded",
                violation_error_message=_("Only a Home that was found excellent is rewarded."),
            ),
        ]

    def __str__(self):
        return f"{self.home_id}/{self.year_id}"

    def get_absolute_url(self):
        return reverse("evaluations:evaluation", args=[self.pk])

    def lets(self, user, act):
        """Whether `user` may `act` on this evaluation, by the post held where the Home is."""
        return may_at(user, act, Evaluation, self.community_id)

    @property
    def is_again(self):
        """Whether the next verdict is on a second look, after rectification was asked for."""
        return self.result == Inspection.Grade.RECTIFY

    @property
    def may_be_rewarded(self):
        return self.status == self.Status.SETTLED and self.result == Inspection.Grade.EXCELLENT and not self.reward

    def inspection_due(self):
        """The newest inspection that the next verdict may rest upon, or None; one already drafted upon counts."""
        since = self.decided_on or self.year.inspect_from
        rows = Inspection.objects.submitted().filter(home=self.home_id, kind="inspection", submitted_on__gte=since)
        used = self.rulings.exclude(decided_at=None).aggregate(last=Max("inspection"))["last"] or 0
        rows = rows.filter(Q(ruling=None) | Q(ruling__evaluation=self), pk__gt=used)
        return rows.order_by("-pk").first()

    def held(self, seen):
        """This as it stands now, locked; refused where it is no longer what the person saw (its version)."""
        now = Evaluation.objects.select_for_update(of=("self",)).select_related("home", "year").get(pk=self.pk)
        if now.version != seen:
            raise Refused(gettext("Something changed meanwhile: look at how it stands now."))
        if not now.home.is_open:
            raise Refused(gettext("This Home is closed."))
        return now

    def days_to_visit(self):
        """(first, last) day for which a visit may be planned now."""
        today = timezone.localdate()
        if self.status == self.Status.RECTIFY or self.year.inspect_until < today:
            return today, today + LATEST_VISIT
        return max(today, self.year.inspect_from), self.year.inspect_until

    @transaction.atomic
    def plan_visit(self, *, visit_on, inspector, seen, by):
        """Plan who inspects the Home, and on which day. `inspector`: one who may inspect there."""
        now = self.held(seen)
        if now.status not in (self.Status.OPEN, self.Status.RECTIFY):
            raise Refused(gettext("The verdict is drafted: no visit is to be planned."))
        first, last = now.days_to_visit()
        if not first <= visit_on <= last:
            days = {"first": date_format(first), "last": date_format(last)}
            raise Refused(gettext("Choose a day from %(first)s to %(last)s.") % days)
        if not may_at(inspector, "inspect", Home, now.community_id):
            raise Refused(gettext("This person does not inspect Homes there."))
        now.visit_on, now.inspector = visit_on, inspector
        now.save(update_fields=["visit_on", "inspector"])
        log_act(by, "planned a visit", now, fields=["visit_on", "inspector"])

    def rest_upon(self, inspection, *, by):
        """The verdict is drafted upon this inspection. Part of `Ruling.draft`."""
        if self.status == self.Status.DRAFT:
            self.inspection = inspection
            self.save(update_fields=["inspection"])
            log_act(by, "drafted a verdict", self)
        else:
            facts = {"inspection": inspection, "visit_on": None, "inspector": None, "due_on": None}
            self._become(self.Status.DRAFT, by=by, verb="drafted a verdict", **facts)

    def hear(self, until, *, by):
        """Part of `Ruling.open_hearing`."""
        self._become(self.Status.HEARING, by=by, verb="opened the hearing", due_on=until, stated_on=None)

    def note_statement(self, *, by):
        """Part of `Ruling.state`."""
        self.stated_on = timezone.localdate()
        self.save(update_fields=["stated_on"])
        log_act(by, "commented on a verdict", self, fields=["stated_on"])

    def conclude(self, verdict, *, rectify_by, by):
        """Part of `Ruling.decide`: what the decision makes of the Home's year."""
        facts = {"decided_on": timezone.localdate(), "due_on": rectify_by, "stated_on": None}
        if verdict == Inspection.Grade.RECTIFY:
            self._become(self.Status.RECTIFY, by=by, verb="decided a verdict", result=verdict, **facts)
        elif self.is_again:
            self._become(self.Status.MET, by=by, verb="decided a verdict", **facts)
        else:
            self._become(self.Status.SETTLED, by=by, verb="decided a verdict", result=verdict, **facts)

    @transaction.atomic
    def note_reward(self, *, reward, rewarded_on, seen, by):
        """Put down with what an excellent Home was rewarded, and when."""
        now = self.held(seen)
        if now.status != self.Status.SETTLED or now.result != Inspection.Grade.EXCELLENT:
            raise Refused(gettext("Only a Home that was found excellent is rewarded."))
        if now.reward:
            raise Refused(gettext("The reward is noted already."))
        if not now.decided_on <= rewarded_on <= timezone.localdate():
            raise Refused(gettext("A reward is noted from the day of the decision until today."))
        now.reward, now.rewarded_on = reward, rewarded_on
        now.save(update_fields=["reward", "rewarded_on"])
        log_act(by, "noted a reward", now, fields=["reward", "rewarded_on"])
