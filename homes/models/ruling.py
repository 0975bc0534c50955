import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from homes import verdicts
from homes.models.evaluation import LATEST_VISIT, Evaluation
from homes.models.inspection import Inspection
from records.lifecycle import Refused
from records.scoping import ScopedQuerySet

Verdict = Inspection.Grade


def _person(words):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=words
    )


class RulingQuerySet(ScopedQuerySet):
    def decided(self):
        return self.exclude(decided_at=None)

    def told(self):
        """Those that the community has been told: a draft is for those who inspect and evaluate alone."""
        return self.exclude(heard_until=None)


class Ruling(CommunityRecord):
    """One verdict on a Home: by the rules, as drafted, what the community said, as decided. Decided, it never changes.

    Who decides took no part in the inspection and did not draft: the database refuses it as well.
    """

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="rulings", verbose_name=_("evaluation"))
    number = models.PositiveSmallIntegerField(_("number"))
    inspection = models.OneToOneField(Inspection, models.PROTECT, related_name="ruling", verbose_name=_("inspection"))
    inspectors = ArrayField(models.BigIntegerField(), verbose_name=_("who took part in the inspection"))
    is_barred = models.BooleanField(_("“excellent” is barred"))
    computed = models.CharField(_("verdict by the rules"), max_length=10, choices=Verdict)
    proposed = models.CharField(_("draft verdict"), max_length=10, choices=Verdict)
    proposed_reason = models.CharField(_("why otherwise than by the rules"), max_length=300, blank=True)
    rectify_by = models.DateField(_("to be rectified by"), null=True)
    drafted_by = _person(_("drafted by"))
    drafted_at = models.DateTimeField(_("drafted"))
    heard_until = models.DateField(_("comment until"), null=True)
    statement = models.TextField(_("what the community says"), max_length=1000, blank=True)
    stated_by = _person(pgettext_lazy("a comment", "said by"))
    stated_at = models.DateTimeField(pgettext_lazy("a comment", "said"), null=True)
    decided = models.CharField(_("decision"), max_length=10, choices=Verdict, blank=True)
    decided_reason = models.CharField(_("why otherwise than drafted"), max_length=300, blank=True)
    decided_rectify_by = models.DateField(_("decided: to be rectified by"), null=True)
    decided_by = _person(_("decided by"))
    decided_at = models.DateTimeField(_("decided"), null=True)

    personal: dict[str, str] = {}
    not_personal = [
        "id", "community", "district", "evaluation", "number", "inspection", "inspectors", "is_barred", "computed",
        "proposed", "proposed_reason", "rectify_by", "drafted_by", "drafted_at", "heard_until", "statement",
        "stated_by", "stated_at", "decided", "decided_reason", "decided_rectify_by", "decided_by", "decided_at",
    ]  # fmt: skip

    objects = RulingQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["evaluation_id", "number"]
        verbose_name = _("verdict on a Home")
        verbose_name_plural = _("verdicts on Homes")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["evaluation", "number"],
                name="verdicts_of_an_evaluation_are_numbered",
                violation_error_message=_("Somebody else drafted this verdict meanwhile."),
            ),
            models.UniqueConstraint(
                fields=["evaluation"],
                condition=Q(decided_at=None),
                name="one_verdict_at_a_time_is_undecided",
                violation_error_message=_("Somebody else drafted this verdict meanwhile."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | ~Q(decided_by=F("drafted_by")) & ~Q(inspectors__contains=[F("decided_by")]),
                name="who_decides_did_not_inspect",
                violation_error_message=_("Somebody who did not inspect decides."),
            ),
            models.CheckConstraint(
                condition=~Q(is_barred=True, proposed="excellent") & ~Q(is_barred=True, decided="excellent"),
                name="barred_home_is_not_excellent",
                violation_error_message=_("“Excellent” is barred: a requirement that must be met is not."),
            ),
            models.CheckConstraint(
                condition=Q(proposed=F("computed")) | Q(proposed_reason__gt=""),
                name="a_verdict_set_otherwise_has_a_reason",
                violation_error_message=_("Say why the verdict is set otherwise than by the rules."),
            ),
            models.CheckConstraint(
                condition=Q(decided="") | Q(decided=F("proposed")) | Q(decided_reason__gt=""),
                name="a_decision_set_otherwise_has_a_reason",
                violation_error_message=_("Say why it is decided otherwise than drafted."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(proposed="rectify", rectify_by__isnull=False) | ~Q(proposed="rectify") & Q(rectify_by=None)
                )
                & (
                    Q(decided="rectify", decided_rectify_by__isnull=False)
                    | ~Q(decided="rectify") & Q(decided_rectify_by=None)
                ),
                name="what_is_to_be_rectified_has_a_day",
                violation_error_message=_("Say by when it is to be rectified."),
            ),
            models.CheckConstraint(
                condition=Q(stated_at=None, stated_by=None, statement="")
                | Q(stated_at__isnull=False, stated_by__isnull=False, statement__gt="", heard_until__isnull=False),
                name="what_a_community_says_is_signed",
                violation_error_message=_("Write what the community says."),
            ),
            models.CheckConstraint(
                condition=Q(decided="", decided_by=None, decided_at=None)
                | Q(decided__gt="", decided_by__isnull=False, decided_at__isnull=False, heard_until__isnull=False),
                name="a_decision_is_signed_and_was_heard",
                violation_error_message=_("A verdict is decided by somebody, after the community was heard."),
            ),
        ]

    def __str__(self):
        return f"{self.evaluation_id}/{self.number}"

    @property
    def is_again(self):
        return self.number > 1

    @property
    def choices(self):
        """[(verdict, words)] that may be set here, the best first."""
        return [(str(v), Verdict(v).label) for v in verdicts.open_to(is_barred=self.is_barred, again=self.is_again)]

    @property
    def is_ready(self):
        """Whether it may be decided: the community has commented, or its days are over."""
        return self.heard_until is not None and (self.stated_at is not None or self.heard_until < timezone.localdate())

    def may_be_decided_by(self, user):
        """Whether `user` neither took part in the inspection nor drafted; the right to decide is asked elsewhere."""
        return user.pk != self.drafted_by_id and user.pk not in self.inspectors

    @classmethod
    def upon(cls, evaluation, inspection):
        """The verdict by the rules on this inspection, not yet kept."""
        is_barred, again = bool(inspection.explanation["bars"]), evaluation.is_again
        computed = verdicts.verdict_of(inspection.grade, is_barred=is_barred, again=again)
        return cls(
            community_id=evaluation.community_id,
            evaluation=evaluation,
            inspection=inspection,
            number=evaluation.rulings.decided().count() + 1,
            is_barred=is_barred,
            computed=str(computed),
            proposed=str(computed),
        )

    @classmethod
    @transaction.atomic
    def draft(cls, evaluation, *, inspection, proposed, reason="", rectify_by=None, seen, by):
        """Draft the verdict upon the inspection (its key) that the person saw, or draft it anew before the hearing."""
        now = evaluation.held(seen)
        newest = now.inspection_due()
        if newest is None:
            raise Refused(gettext("No inspection of this evaluation is submitted yet."))
        if newest.pk != inspection:
            raise Refused(gettext("Something changed meanwhile: look at how it stands now."))
        ruling = cls.upon(now, newest)
        kept = now.rulings.filter(decided_at=None).first()
        if kept:
            ruling.pk, ruling._state.adding = kept.pk, False
        ruling._set_to(proposed, other=ruling.computed, reason=reason, rectify_by=rectify_by)
        ruling.proposed, ruling.proposed_reason = proposed, reason if proposed != ruling.computed else ""
        ruling.rectify_by = rectify_by if proposed == Verdict.RECTIFY else None
        ruling.inspectors = sorted({*took_part(newest), *_judged_before(now, newest, kept)})
        ruling.drafted_by, ruling.drafted_at = by, timezone.now()
        now.rest_upon(newest, by=by)
        ruling.save()
        return ruling

    @transaction.atomic
    def open_hearing(self, *, seen, by):
        """The community reads the draft and may comment on it for so many days."""
        now, ruling = self._held(seen)
        until = timezone.localdate() + dt.timedelta(days=now.year.hearing_days)
        now.hear(until, by=by)
        ruling.heard_until = until
        ruling.save(update_fields=["heard_until"])

    def hear_again(self, days):
        """Part of `Evaluation.take_back`: the last day to comment, counted anew where nobody has commented."""
        if self.stated_at is None:
            self.heard_until = timezone.localdate() + dt.timedelta(days=days)
            self.save(update_fields=["heard_until"])
        return self.heard_until

    @transaction.atomic
    def state(self, *, statement, seen, by):
        """What the community says of the draft; it says so once, and stands beside the verdict for ever."""
        now, ruling = self._held(seen)
        if now.status != Evaluation.Status.HEARING or ruling.heard_until < timezone.localdate():
            raise Refused(gettext("The days to comment are over."))
        if ruling.stated_at is not None:
            raise Refused(gettext("The community has commented already."))
        ruling.statement, ruling.stated_by, ruling.stated_at = statement, by, timezone.now()
        ruling.save(update_fields=["statement", "stated_by", "stated_at"])
        now.note_statement(by=by)

    @transaction.atomic
    def decide(self, *, decided, reason="", rectify_by=None, seen, by):
        """Decide on the verdict, once the community was heard. Never by who inspected or drafted."""
        now, ruling = self._held(seen)
        if not ruling.may_be_decided_by(by):
            raise Refused(gettext("Somebody who did not inspect decides."))
        if now.status != Evaluation.Status.HEARING or not ruling.is_ready:
            raise Refused(gettext("The community may still comment: decide after that."))
        ruling._set_to(decided, other=ruling.proposed, reason=reason, rectify_by=rectify_by)
        ruling.decided, ruling.decided_reason = decided, reason if decided != ruling.proposed else ""
        ruling.decided_rectify_by = rectify_by if decided == Verdict.RECTIFY else None
        ruling.decided_by, ruling.decided_at = by, timezone.now()
        ruling.save()
        now.conclude(decided, rectify_by=ruling.decided_rectify_by, by=by)

    def _held(self, seen):
        """(the evaluation, this) as they stand, the evaluation locked; nothing is done to what was decided."""
        now = self.evaluation.held(seen)
        ruling = now.rulings.get(pk=self.pk)
        ruling.evaluation = now
        if ruling.decided_at is not None:
            raise Refused(gettext("This verdict is decided and changes no more."))
        return now, ruling

    def _set_to(self, verdict, *, other, reason, rectify_by):
        """Refuse a verdict that is not open to this Home, that lacks its reason or its day."""
        if verdict not in dict(self.choices):
            raise Refused(
                gettext("“Excellent” is barred: a requirement that must be met is not.")
                if self.is_barred
                else gettext("After rectification a Home is found qualified, or to be rectified again.")
            )
        if verdict != other and not reason:
            raise Refused(gettext("Say why the verdict is set otherwise."))
        today = timezone.localdate()
        if verdict == Verdict.RECTIFY and not (rectify_by and today < rectify_by <= today + LATEST_VISIT):
            raise Refused(gettext("Say by when it is to be rectified: a day within the coming year."))


def _judged_before(evaluation, inspection, kept):
    """Who was sent to inspect, and who drafted upon this inspection before: they decide as little as who drafts now."""
    sent = [evaluation.inspector_id] if evaluation.inspector_id else []
    if kept and kept.inspection_id == inspection.pk:
        sent += [kept.drafted_by_id, *kept.inspectors]
    return sent


def took_part(inspection):
    """The keys of all who began, filled in or submitted an inspection, in order."""
    answered = inspection.answers.exclude(answered_by=None).order_by().values_list("answered_by", flat=True).distinct()
    return sorted({inspection.begun_by_id, inspection.submitted_by_id, *answered})
