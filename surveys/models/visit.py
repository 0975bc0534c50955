from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from children import stays
from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import BASIC, FAMILY
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned

TELLING = {"result", "has_changes", "visited_on"}  # whether a visit verifies the stays, and on which day


class HouseholdVisitQuerySet(ScopedQuerySet):
    def done(self):
        """Visits after which nobody has to go again."""
        return self.exclude(result=HouseholdVisit.Result.NOBODY_HOME)


class HouseholdVisit(Versioned, CommunityRecord):
    """What a survey round found at one household's door. A second attempt corrects the row of the first."""

    class Result(models.TextChoices):
        MET = "met", _("family met")
        NOBODY_HOME = "nobody_home", _("nobody at home")
        MOVED_AWAY = "moved_away", _("family moved away")
        REFUSED = "refused", _("did not want to talk")
        NEW_FAMILY = "new_family", _("new family found")

    round = models.ForeignKey(
        "surveys.SurveyRound", on_delete=models.PROTECT, related_name="visits", verbose_name=_("survey round")
    )
    household = models.ForeignKey(
        "children.Household", on_delete=models.PROTECT, related_name="survey_visits", verbose_name=_("household")
    )
    visited_on = models.DateField(_("visited on"))
    visitor = models.CharField(_("visited by"), max_length=60)
    result = models.CharField(_("result"), max_length=12, choices=Result)
    has_changes = models.BooleanField(_("something changed in the family"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("noted by")
    )
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, editable=False)
    verified = models.JSONField(default=dict, editable=False)  # what it verified, as `stays.verify_household` tells it

    personal = {
        **dict.fromkeys(["visited_on", "result", "has_changes", "note", "verified"], FAMILY),
        "visitor": BASIC,
    }
    bookkeeping = ["verified"]
    erased = {"result": F("result")}  # a household that was visited stays counted
    not_personal = ["id", "round", "household", "noted_by", "noted_at", "community", "district", "version"]

    objects = HouseholdVisitQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-visited_on", "-pk"]
        verbose_name = _("visit in a survey round")
        verbose_name_plural = _("visits in survey rounds")
        indexes = [models.Index(fields=["round", "community"], name="survey_visit_by_round")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["round", "household"],
                name="one_visit_per_round_and_household",
                violation_error_message=_("This household's visit is already noted in this round."),
            ),
            models.CheckConstraint(
                condition=Q(result__in=["met", "nobody_home", "moved_away", "refused", "new_family"]),
                name="survey_visit_has_a_known_result",
                violation_error_message=_("Say what came of the visit."),
            ),
        ]

    def __str__(self):
        return f"{self.round_id}/{self.household_id}"

    @property
    def in_words(self):
        """The day, who went, what they noted."""
        return " · ".join(filter(None, [date_format(self.visited_on), self.visitor, self.note]))

    def keep(self, *, by, fields=()):
        """Note the visit, or what was corrected in it; the caller holds the household's lock.

        Where the family was met and nothing had changed, its stays away are verified as of that day: how many. What
        it verified with another result or on another day is taken back first.
        """
        with transaction.atomic():
            self._refuse_what_cannot_be()
            is_new = self._state.adding
            if is_new:
                self.community_id = self.household.community_id
            self.noted_by, self.noted_at = by, timezone.now()
            told: dict = {}
            if is_new or TELLING & set(fields):
                stays.take_back_verifying(self.verified, by=by)
                if self.result == self.Result.MET and not self.has_changes:
                    told = stays.verify_household(self.household_id, on=self.visited_on, by=by)
                self.verified = told
            self.save()
            verb = "noted a visit" if is_new else "changed the visit"
            log_act(by, verb, self, fields=fields, round=self.round_id, household=self.household_id)
            return len(told)

    def _refuse_what_cannot_be(self):
        if self.round.is_closed:
            raise Refused(gettext("This round is closed: no visit can be noted in it. Ask the office that opened it."))
        if not self.household.community_id.startswith(self.round.division_id):
            raise Refused(gettext("This round does not ask this household's community."))
        if fault := fault_of_day(self.visited_on, self.round):
            raise Refused(fault)


def fault_of_day(day, survey_round):
    """Why nobody can have been visited on `day` in this round; empty when somebody can."""
    if day > timezone.localdate():
        return gettext("The day of the visit lies in the future.")
    if day < survey_round.opens_on:
        return gettext("The day of the visit lies before the round begins.")
    return ""
