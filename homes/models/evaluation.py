"""How far the district federation is with the yearly evaluation of one Home."""

import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from communities.places import may_at
from homes.models.evaluation_year import EvaluationYear
from homes.models.home import Home
from homes.models.inspection import Inspection
from records.lifecycle import Lifecycle, Refused
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned

TO_LOOK_AT = ("open", "rectify")  # an inspection comes next
LATEST_VISIT = dt.timedelta(days=365)  # a visit that the window no longer holds lies at most so far ahead


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

    def to_visit(self):
        """An inspection comes next, and none was made."""
        return self.to_look_at().exclude(self._has(self._is_its_next_inspection))

    def planned(self):
        """Visits that were planned and are still to be made, in the order of their days."""
        return self.to_visit().exclude(visit_on=None).order_by("visit_on", "inspector__name", "community_id", "pk")

    def not_inspected(self, day):
        """The visit was planned for a day before, or the window is over."""
        late = Q(visit_on__lt=day) | Q(status=Evaluation.Status.OPEN, year__inspect_until__lt=day)
        return self.to_visit().filter(late)

    def without_visit(self, day):
        """The window is open and no visit is planned; or the day of rectification has come."""
        now = Q(status=Evaluation.Status.OPEN, year__inspect_from__lte=day) | Q(
            status=Evaluation.Status.RECTIFY, due_on__lte=day
        )
        return self.to_visit().filter(now, visit_on=None)

    def to_draft(self):
        """Inspected, and the verdict is not yet with the community."""
        inspected = Q(self._has(self._is_its_next_inspection), status__in=TO_LOOK_AT)
        return self.of_open_homes().filter(inspected | Q(status=Evaluation.Status.DRAFT))

    def to_state(self, day):
        """Draft verdicts on which the community may still comment, and has not."""
        heard = self.of_open_homes().filter(status=Evaluation.Status.HEARING, due_on__gte=day)
        return heard.exclude(self._community_has_commented())

    def to_decide(self, day):
        """The community has commented, or its days are over."""
        over = Q(due_on__lt=day) | Q(self._community_has_commented())
        return self.of_open_homes().filter(over, status=Evaluation.Status.HEARING)

    def _community_has_commented(self):
        rulings = self.model._meta.get_field("rulings").related_model.objects
        return Exists(rulings.filter(evaluation=OuterRef("pk"), decided_at=None, stated_at__isnull=False))

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
        LEFT_OUT = "left_out", pgettext_lazy("a Home of a year", "left out")

    class LeftOutFor(models.TextChoices):
        REBUILDING = "rebuilding", _("closed for rebuilding")
        LATE = "late", _("opened too late in the year")
        MOVING = "moving", _("moves to another room")
        OTHER = "other", pgettext_lazy("why a Home is left out", "another reason")

    TRANSITIONS = {
        Status.OPEN: {Status.DRAFT, Status.LEFT_OUT},
        Status.DRAFT: {Status.HEARING, Status.LEFT_OUT},
        Status.HEARING: {Status.SETTLED, Status.RECTIFY, Status.MET, Status.LEFT_OUT},
        Status.RECTIFY: {Status.DRAFT},
        Status.LEFT_OUT: {Status.OPEN, Status.DRAFT, Status.HEARING},
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
    result = models.CharField(_("result"), max_length=10, choices=Inspection.Grade, blank=True, editable=False)
    decided_on = models.DateField(_("decided on"), null=True, editable=False)
    reward = models.CharField(_("reward"), max_length=200, blank=True, editable=False)
    rewarded_on = models.DateField(_("rewarded on"), null=True, editable=False)
    left_out_for = models.CharField(
        _("left out because"), max_length=10, choices=LeftOutFor, blank=True, editable=False
    )
    left_out_words = models.CharField(_("left out because, in words"), max_length=200, blank=True, editable=False)
    left_out_on = models.DateField(_("left out on"), null=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = [
        "id", "community", "district", "version", "year", "home", "status", "visit_on", "inspector", "inspection",
        "due_on", "result", "decided_on", "reward", "rewarded_on", "left_out_for", "left_out_words", "left_out_on",
    ]  # fmt: skip

    objects = EvaluationQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["year_id", "community_id", "pk"]
        verbose_name = _("evaluation of a Home")
        verbose_name_plural = _("evaluations of Homes")
        indexes = [
            models.Index(
                fields=["district", "status"],
                condition=~Q(status__in=["settled", "met", "left_out"]),
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
                | Q(status="met", result="rectify", decided_on__isnull=False, due_on=None)
                | Q(status="left_out", result="", decided_on=None, due_on=None, visit_on=None),
                name="evaluation_says_how_far_it_is",
                violation_error_message=_("Say by when it is to be rectified."),
            ),
            models.CheckConstraint(
                condition=Q(reward="", rewarded_on=None)
                | Q(reward__gt="", rewarded_on__isnull=False, status="settled", result="excellent"),
                name="only_an_excellent_home_is_rewarded",
                violation_error_message=_("Only a Home that was found excellent is rewarded."),
            ),
            models.CheckConstraint(
                condition=Q(status="left_out", left_out_on__isnull=False)
                & (
                    Q(left_out_for__in=["rebuilding", "late", "moving"])
                    | Q(left_out_for="other", left_out_words__gt="")
                )
                | ~Q(status="left_out") & Q(left_out_on=None, left_out_for="", left_out_words=""),
                name="a_home_is_left_out_for_a_reason",
                violation_error_message=_("Say why the Home is left out."),
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

    @property
    def is_left_out(self):
        return self.status == self.Status.LEFT_OUT

    @property
    def left_out_why(self):
        """The reason in words, as everybody reads it."""
        if not self.left_out_words:
            return self.get_left_out_for_display()
        words = {"reason": self.get_left_out_for_display(), "words": self.left_out_words}
        return gettext("%(reason)s (%(words)s)") % words

    @property
    def may_be_left_out(self):
        return self.decided_on is None and self.Status.LEFT_OUT in self.TRANSITIONS[self.status]

    def inspection_due(self):
        """The newest inspection that the next verdict may rest upon, or None; one already drafted upon counts."""
        since = self.decided_on or self.year.inspect_from
        rows = Inspection.objects.submitted().filter(home=self.home_id, kind="inspection", submitted_on__gte=since)
        used = self.rulings.exclude(decided_at=None).aggregate(last=Max("inspection"))["last"] or 0
        rows = rows.filter(Q(ruling=None) | Q(ruling__evaluation=self), pk__gt=used)
        return rows.order_by("-pk").first()

    def held(self, seen, *, left_out=False):
        """This as it stands now, locked; refused where it is no longer what the person saw (its version), or where the
        Home is left out of the year: `left_out` is for the act that takes it back."""
        now = Evaluation.objects.select_for_update(of=("self",)).select_related("home", "year").get(pk=self.pk)
        now.refuse_unless_seen(seen, left_out=left_out)
        return now

    def refuse_unless_seen(self, seen, *, left_out=False):
        if self.version != seen:
            raise Refused(gettext("Something changed meanwhile: look at how it stands now."))
        if not self.home.is_open:
            raise Refused(gettext("This Home is closed."))
        if self.is_left_out and not left_out:
            raise Refused(gettext("This Home is left out of this year."))

    def days_to_visit(self):
        """(first, last) day for which a visit may be planned now."""
        today = timezone.localdate()
        if self.status == self.Status.RECTIFY or self.year.inspect_until < today:
            return today, today + LATEST_VISIT
        return max(today, self.year.inspect_from), self.year.inspect_until

    def refuse_visit(self, *, visit_on, inspector):
        """Raise `Refused` where this person cannot be sent here on that day."""
        if self.status not in TO_LOOK_AT:
            raise Refused(gettext("The verdict is drafted: no visit is to be planned."))
        first, last = self.days_to_visit()
        if not first <= visit_on <= last:
            days = {"first": date_format(first), "last": date_format(last)}
            raise Refused(gettext("Choose a day from %(first)s to %(last)s.") % days)
        if not may_at(inspector, "inspect", Home, self.community_id):
            raise Refused(gettext("This person does not inspect Homes there."))

    @transaction.atomic
    def plan_visit(self, *, visit_on, inspector, seen, by):
        """Plan who inspects the Home, and on which day. `inspector`: one who may inspect there."""
        now = self.held(seen)
        now.refuse_visit(visit_on=visit_on, inspector=inspector)
        now.visit_on, now.inspector = visit_on, inspector
        now.save(update_fields=["visit_on", "inspector"])
        log_act(by, "planned a visit", now, fields=["visit_on", "inspector"])

    @transaction.atomic
    def leave_out(self, *, reason, words="", seen, by):
        """Leave the Home out of this year, before a verdict on it is decided; a visit that was planned falls away."""
        now = self.held(seen)
        if not now.may_be_left_out:
            raise Refused(gettext("A verdict on this Home is decided, and stands."))
        if reason == self.LeftOutFor.OTHER and not words:
            raise Refused(gettext("Say why the Home is left out."))
        facts = {"left_out_for": reason, "left_out_words": words, "left_out_on": timezone.localdate()}
        nothing = {"visit_on": None, "inspector": None, "due_on": None}
        now._become(self.Status.LEFT_OUT, by=by, verb="left a Home out", **facts, **nothing)

    @transaction.atomic
    def take_back(self, *, seen, by):
        """The Home is part of the year again, as far as it was; who has not commented has all days to do so."""
        now = self.held(seen, left_out=True)
        if not now.is_left_out:
            raise Refused(gettext("This Home is not left out."))
        ruling = now.rulings.filter(decided_at=None).first()
        facts = {"left_out_for": "", "left_out_words": "", "left_out_on": None}
        if ruling is None:
            status = self.Status.OPEN
        elif ruling.heard_until is None:
            status = self.Status.DRAFT
        else:
            status, facts["due_on"] = self.Status.HEARING, ruling.hear_again(now.year.hearing_days)
        now._become(status, by=by, verb="took a Home back into the year", **facts)

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
        self._become(self.Status.HEARING, by=by, verb="opened the hearing", due_on=until)

    def note_statement(self, *, by):
        """Part of `Ruling.state`."""
        self.save(update_fields=[])  # one more version, for whoever is about to decide
        log_act(by, "commented on a verdict", self)

    def conclude(self, verdict, *, rectify_by, by):
        """Part of `Ruling.decide`: what the decision makes of the Home's year."""
        facts = {"decided_on": timezone.localdate(), "due_on": rectify_by}
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
