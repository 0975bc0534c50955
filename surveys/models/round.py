import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.models import Division
from records.days import countdown
from records.lifecycle import Refused
from records.scoping import DISTRICT_DIGITS, Record, ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned, stored_for_update

LEVELS = (6, 9, 12)  # digits of a district's, a street's and a community's code
DUE_MONTH, DUE_DAY = 4, 22  # when street offices want the rosters


def above(codes):
    """The codes of the divisions that the given ones lie in, themselves included."""
    return {code[:digits] for code in codes for digits in LEVELS if digits <= len(code)}


def usual_due_day(today):
    """The coming 22 April."""
    due = dt.date(today.year, DUE_MONTH, DUE_DAY)
    return due if due >= today else due.replace(year=today.year + 1)


class SurveyRoundQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        """A round is seen by those it asks as well, every division below; only the one that opened it changes it."""
        inside = super().visible_to(user, action)
        if not (user is not None and user.is_authenticated and user.is_active):
            return inside
        if action != "view":
            return inside.filter(division__in=user.codes_for(self.model, action))
        asked = self.filter(division__in=above(user.codes_for(self.model, action)))
        return inside | asked

    def covering(self, code):
        """Rounds that ask the division with this code."""
        return self.filter(division__in=above([code]))

    def touching(self, code):
        """Rounds that ask this division, a part of it, or all of what it lies in."""
        return self.filter(Q(division__in=above([code])) | Q(division__pk__startswith=code))

    def open_on(self, day):
        return self.filter(Q(opens_on__lte=day), Q(closed_at=None) | Q(closed_at__date__gt=day))


class SurveyRound(Versioned, Record):
    """Every family is visited and every community hands in its roster by a day; a street office or district asks.

    A round runs from its first day until it is closed, and no community is ever in two at once.
    """

    community_path = "division_id"

    division = models.ForeignKey(
        "communities.Division", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("division")
    )
    title = models.CharField(_("title"), max_length=100)
    opens_on = models.DateField(_("from"), default=timezone.localdate)
    due_on = models.DateField(_("rosters due on"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("opened by"),
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = ["id", "division", "title", "opens_on", "due_on", "opened_by", "opened_at", "closed_at", "version"]

    objects = SurveyRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-due_on", "-pk"]
        verbose_name = _("survey round")
        verbose_name_plural = _("survey rounds")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opens_on")),
                name="survey_round_is_due_after_it_opens",
                violation_error_message=_("The due day lies before the first day."),
            ),
            models.UniqueConstraint(
                fields=["division", "due_on"],
                name="one_survey_round_per_division_and_due_day",
                violation_error_message=_("There is already a round with this due day."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("surveys:round", args=[self.pk])

    # Verbs ------------------------------------------------------------------------------------------------------------

    @classmethod
    def open(cls, division, *, title, opens_on, due_on, by):
        """Begin a round for all communities of `division`."""
        opened = cls(division=division, title=title, opens_on=opens_on, due_on=due_on, opened_by=by)
        with transaction.atomic():
            opened._refuse_overlap()
            opened.save()
            log_act(by, "opened the round", opened, due_on=due_on)
        return opened

    def change(self, *, title, due_on, by):
        """Another title or due day, while the round is open."""
        with transaction.atomic():
            if stored_for_update(self).closed_at:
                raise Refused(gettext("This round is closed. Reopen it to change it."))
            self.title, self.due_on = title, due_on
            self._refuse_bad_days()
            self.save(update_fields=["title", "due_on"])
            log_act(by, "changed the round", self, fields=["title", "due_on"], due_on=due_on)

    def close(self, *, by):
        with transaction.atomic():
            if stored_for_update(self).closed_at:
                raise Refused(gettext("This round is closed already."))
            self.closed_at = timezone.now()
            self.save(update_fields=["closed_at"])
            log_act(by, "closed the round", self, fields=["closed_at"])

    def reopen(self, *, by):
        with transaction.atomic():
            if not stored_for_update(self).closed_at:
                raise Refused(gettext("This round is open."))
            self._refuse_successor()
            self.closed_at = None
            self.save(update_fields=["closed_at"])
            log_act(by, "reopened the round", self, fields=["closed_at"])

    def _others(self):
        """Other rounds that ask some of the same communities; locked so that two offices cannot open at once."""
        Division.objects.select_for_update(no_key=True).get(pk=self.division_id[:DISTRICT_DIGITS])
        return SurveyRound.objects.touching(self.division_id).exclude(pk=self.pk).select_related("division")

    def _refuse_overlap(self):
        self._refuse_bad_days()
        others = self._others()
        if open_one := others.filter(closed_at=None).first():
            words = gettext("%(division)s is in a round that is still open: “%(title)s”. Close that one first.")
            raise Refused(words % {"division": open_one.division, "title": open_one.title})
        if later := others.filter(closed_at__date__gt=self.opens_on, opens_on__lte=self.due_on).first():
            words = gettext("“%(title)s” of %(division)s ran until %(day)s. Begin this round on that day or later.")
            day = date_format(timezone.localdate(later.closed_at))
            raise Refused(words % {"title": later.title, "division": later.division, "day": day})

    def _refuse_successor(self):
        if since := self._others().filter(Q(closed_at=None) | Q(opens_on__gte=self.opens_on)).first():
            words = gettext("%(division)s has been asked by another round since: “%(title)s”.")
            raise Refused(words % {"division": since.division, "title": since.title})

    def _refuse_bad_days(self):
        if self.due_on < self.opens_on:
            raise Refused(gettext("The due day lies before the first day."))
        same = SurveyRound.objects.filter(division=self.division_id, due_on=self.due_on).exclude(pk=self.pk)
        if same.exists():
            raise Refused(gettext("There is already a round with this due day."))

    # What people read -------------------------------------------------------------------------------------------------

    @property
    def is_closed(self):
        return self.closed_at is not None

    @property
    def last_day(self):
        """The last day this round asks about: today, or the day it was closed."""
        today = timezone.localdate()
        return min(today, timezone.localdate(self.closed_at)) if self.closed_at else today

    def has_begun(self):
        return self.opens_on <= timezone.localdate()

    def days_left(self):
        return (self.due_on - timezone.localdate()).days

    def countdown(self):
        """In days, as one says it."""
        if self.is_closed:
            return gettext("closed on %(day)s") % {"day": date_format(timezone.localdate(self.closed_at))}
        if not self.has_begun():
            return gettext("begins on %(day)s") % {"day": date_format(self.opens_on)}
        return countdown(self.days_left())

    def tone(self):
        if self.is_closed or not self.has_begun():
            return "neutral"
        left = self.days_left()
        return "stop" if left < 0 else "todo" if left <= 7 else "info"
