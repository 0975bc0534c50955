"""Who runs a Home and is on duty there, and the training that they had."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.identity_fields import PhoneField
from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import BASIC, CONTACT
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update
from volunteers.models import Evidence


class DutyHolderQuerySet(ScopedQuerySet):
    def current_on(self, day):
        """Who runs the Home on that day; a helper who left the service does so no more."""
        held = self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)
        return held.exclude(helper__left_on__lte=day)

    def managing_on(self, day):
        """Managers in office on that day, the latest of a Home last."""
        return self.current_on(day).filter(position="manager").order_by("home_id", "since", "pk")

    def untrained_on(self, day):
        """Whose training has run out, or who had none: neither noted here nor, of helpers, in their vetting."""
        holds = Q(valid_until=None) | Q(valid_until__gte=day)
        own = HolderTraining.objects.filter(holds, holder=OuterRef("pk"), done_on__lte=day)
        vetted = Evidence.objects.filter(holds, volunteer=OuterRef("helper"), what="training", done_on__lte=day)
        return self.exclude(Exists(own)).exclude(Exists(vetted.exclude(result="not_met")))


class DutyHolder(CommunityRecord):
    """A manager or duty holder of a Home: a helper on file, or somebody of the staff by name."""

    class Position(models.TextChoices):
        MANAGER = "manager", pgettext_lazy("of a Home", "manager")
        DUTY = "duty", pgettext_lazy("of a Home", "duty holder")

    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="holders", verbose_name=_("Home"))
    position = models.CharField(_("position"), max_length=7, choices=Position)
    name = models.CharField(_("name"), max_length=60, blank=True)
    helper = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, null=True, related_name="home_posts", verbose_name=_("helper")
    )
    phone = PhoneField(_("phone"), blank=True)  # of a helper it stands on file
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, editable=False)

    personal = {"name": BASIC, "phone": CONTACT}
    not_personal = ["id", "community", "district", "home", "position", "helper", "since", "until"]

    objects = DutyHolderQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["home_id", "-position", "since", "pk"]
        verbose_name = _("person who runs a Home")
        verbose_name_plural = _("people who run the Homes")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(helper=None) & ~Q(name="") | Q(helper__isnull=False, name=""),
                name="who_runs_a_home_is_a_helper_or_has_a_name",
                violation_error_message=_("Choose a helper, or give a name."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="who_runs_a_home_goes_after_coming",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.UniqueConstraint(
                fields=["home"],
                condition=Q(position="manager", until=None),
                name="a_home_has_one_manager",
                violation_error_message=_("This Home has a manager: end that entry first."),
            ),
            models.UniqueConstraint(
                fields=["home", "helper"],
                condition=Q(until=None, helper__isnull=False),
                name="a_helper_stands_once_with_a_home",
                violation_error_message=_("This helper stands here already."),
            ),
        ]

    def __str__(self):
        return f"{self.home_id}/{self.pk}"

    @property
    def who(self):
        return self.helper.name if self.helper_id else self.name

    @property
    def reached_at(self):
        return self.helper.phone if self.helper_id else self.phone

    @classmethod
    @transaction.atomic
    def name_for(cls, home, *, position, name="", phone="", helper=None, since, by):
        """Enter a person from `since` on."""
        held = stored_for_update(home)
        if not held.is_open:
            raise Refused(gettext("This Home is closed."))
        if helper is not None and helper.community_id != held.community_id:
            raise Refused(gettext("Helper and Home belong to different communities."))
        if since > timezone.localdate():
            raise Refused(gettext("The day lies in the future."))
        current = cls.objects.filter(home=held, until=None)
        if position == cls.Position.MANAGER and current.filter(position=position).exists():
            raise Refused(gettext("This Home has a manager: end that entry first."))
        if helper is not None and current.filter(helper=helper).exists():
            raise Refused(gettext("This helper stands here already."))
        made = cls.objects.create(
            **{"home": held, "community_id": held.community_id, "position": position, "since": since},
            **{"helper": helper, "name": "" if helper else name, "phone": "" if helper else phone},
        )
        log_act(by, "entered who runs the Home", made, home=held)
        return made

    @transaction.atomic
    def change_phone(self, phone, *, by):
        """How somebody of the staff is reached now; "" where nothing is to be kept."""
        stored = stored_for_update(self)
        if stored.helper_id:
            raise Refused(gettext("A helper's phone is changed on the helper's page."))
        if stored.until is not None:
            raise Refused(gettext("This entry is ended already."))
        stored.phone = phone
        stored.save(update_fields=["phone"])
        log_act(by, "changed the phone of who runs the Home", stored, fields=["phone"])

    @transaction.atomic
    def end(self, *, by):
        stored = stored_for_update(self)
        if stored.until is not None:
            raise Refused(gettext("This entry is ended already."))
        stored.until = max(timezone.localdate(), stored.since)
        stored.save(update_fields=["until"])
        log_act(by, "ended who runs the Home", stored, fields=["until"])

    @transaction.atomic
    def note_training(self, *, what, words="", done_on, valid_until=None, by):
        stored = stored_for_update(self)
        if done_on > timezone.localdate():
            raise Refused(gettext("The day lies in the future."))
        if valid_until is not None and valid_until < done_on:
            raise Refused(gettext("A training holds from its day on."))
        made = HolderTraining.objects.create(
            **{"holder": stored, "community_id": stored.community_id, "what": what, "words": words},
            **{"done_on": done_on, "valid_until": valid_until, "noted_by": by},
        )
        log_act(by, "noted a training", made, holder=stored)
        return made


class HolderTraining(CommunityRecord):
    """One training of somebody who runs a Home."""

    class What(models.TextChoices):
        PROTECTION = "protection", _("protection of children")
        FIRST_AID = "first_aid", _("first aid")
        FIRE = "fire", _("fire safety")
        MIND = "mind", _("children's minds and how to talk with them")
        OTHER = "other", pgettext_lazy("training", "other")

    holder = models.ForeignKey(DutyHolder, models.PROTECT, related_name="trainings", verbose_name=_("who was trained"))
    what = models.CharField(_("which training"), max_length=10, choices=What)
    words = models.CharField(_("in words"), max_length=100, blank=True)
    done_on = models.DateField(_("on"))
    valid_until = models.DateField(_("valid until"), null=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("noted by"))

    personal = {"what": BASIC, "words": BASIC, "done_on": BASIC, "valid_until": BASIC}
    not_personal = ["id", "community", "district", "holder", "noted_by"]

    class Meta(CommunityRecord.Meta):
        ordering = ["-done_on", "-pk"]
        verbose_name = _("training of who runs a Home")
        verbose_name_plural = _("trainings of who runs the Homes")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("done_on")),
                name="a_training_holds_from_its_day_on",
                violation_error_message=_("A training holds from its day on."),
            ),
        ]

    def __str__(self):
        return f"{self.holder_id}/{self.pk}"

    @property
    def is_over(self):
        return self.valid_until is not None and self.valid_until < timezone.localdate()
