"""Days on which a Home stays closed though its hours say otherwise."""

import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update

A_DAY = dt.timedelta(days=1)


class ClosureQuerySet(ScopedQuerySet):
    def standing(self):
        return self.filter(lifted_on=None)

    def touching(self, first, last):
        return self.standing().filter(first_day__lte=last, last_day__gte=first)


class Closure(CommunityRecord):
    """From a first to a last day; planned, or sudden. Everybody reads it at the door, so it names nobody."""

    class Reason(models.TextChoices):
        HOLIDAY = "holiday", pgettext_lazy("closure", "holiday")
        REPAIR = "repair", _("the room is being repaired")
        STAFF = "staff", _("nobody can be on duty")
        WEATHER = "weather", _("bad weather")
        ILLNESS = "illness", _("an infectious illness goes round")
        EVENT = "event", _("the room is needed for something else")
        OTHER = "other", pgettext_lazy("closure", "other reasons")

    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="closures", verbose_name=_("Home"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=8, choices=Reason)
    is_sudden = models.BooleanField(_("sudden"), default=False, editable=False)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("noted by")
    )
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, editable=False)
    lifted_on = models.DateField(_("closure taken back on"), null=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = [
        "id", "community", "district", "home", "first_day", "last_day", "reason", "is_sudden", "noted_by", "noted_at",
        "lifted_on",
    ]  # fmt: skip

    objects = ClosureQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["first_day", "pk"]
        verbose_name = _("closure of a Home")
        verbose_name_plural = _("closures of Homes")
        indexes = [models.Index(fields=["home", "last_day"], name="closures_of_a_home")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="a_closure_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self):
        return f"{self.home_id}/{self.first_day}"

    @property
    def in_words(self):
        """ "From … to …: the room is being repaired", as everybody reads it."""
        words = {"first": date_format(self.first_day), "last": date_format(self.last_day)}
        words["reason"] = self.get_reason_display()
        if self.first_day == self.last_day:
            return gettext("Closed on %(first)s: %(reason)s") % words
        return gettext("Closed from %(first)s to %(last)s: %(reason)s") % words

    @transaction.atomic
    def lift(self, *, by):
        """It was noted by mistake, or the room is open again sooner: the days from today on are open as usual."""
        stored, today = stored_for_update(self), timezone.localdate()
        if stored.lifted_on is not None or stored.last_day < today:
            raise Refused(gettext("This closure is over."))
        if stored.first_day < today:
            stored.last_day = today - A_DAY
            stored.save(update_fields=["last_day"])
        else:
            stored.lifted_on = today
            stored.save(update_fields=["lifted_on"])
        log_act(by, "took a closure back", stored, fields=["last_day", "lifted_on"])
