from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from appraisal.kinds import Kind
from appraisal.usual import USUAL
from communities.models import Division, Posting
from records.lifecycle import Lifecycle, Refused
from records.scoping import Record, Scope, ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned, stored_for_update

MAY_SIT = ("community_worker", "street_officer", "federation_officer")  # whoever votes may read ballots
WEIGHTS = 100
SEATS_AT_LEAST = 3


def above(codes):
    """The codes of the divisions that the given ones lie in, themselves included."""
    return {code[:digits] for code in codes for digits in Division.DIGITS.values() if digits <= len(code)}


class CallQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        """An open call is seen by those it asks as well, every division below; only the office that makes it acts."""
        inside = super().visible_to(user, action)
        if not (user is not None and user.is_authenticated and user.is_active):
            return inside
        if action != "view":
            return inside.filter(division__in=user.codes_for(self.model, action))
        asked = self.filter(division__in=above(user.codes_for(self.model, action)))
        return inside | asked.exclude(status=Call.Status.DRAFT)

    def open(self):
        return self.filter(status=Call.Status.OPEN)


class Call(Versioned, Lifecycle, Record):
    """A street office or district asks for nominations of one kind for a year, with criteria and a committee."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", pgettext_lazy("call for nominations", "open")
        CLOSED = "closed", pgettext_lazy("call for nominations", "closed")

    TRANSITIONS = {Status.DRAFT: {Status.OPEN}, Status.OPEN: {Status.CLOSED}, Status.CLOSED: set()}
    community_path = "division_id"

    division = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=pgettext_lazy("of a call", "office"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    year = models.PositiveSmallIntegerField(_("year"))
    title = models.CharField(_("title"), max_length=100)
    who = models.TextField(_("who may be nominated"), max_length=500)
    nominate_until = models.DateField(_("nominations until"))
    places = models.PositiveSmallIntegerField(_("awards at most"), default=5)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("drafted by")
    )
    opened_on = models.DateField(_("opened on"), null=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, editable=False)

    personal: dict[str, str] = {}
    not_personal = [
        *["id", "division", "version", "kind", "year", "title", "who", "nominate_until", "places", "status"],
        *["drafted_by", "opened_on", "closed_on"],
    ]

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-pk"]
        verbose_name = _("call for nominations")
        verbose_name_plural = _("calls for nominations")
        indexes = [models.Index(fields=["division", "-year", "-id"], name="calls_of_a_division")]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "year", "title"],
                name="one_call_of_a_title_per_division_and_year",
                violation_error_message=_("There is already a call with this title in this year."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2200) & Q(places__gte=1, places__lte=200),
                name="call_has_a_year_and_places",
                violation_error_message=_("At least one award and at most 200."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft", opened_on=None, closed_on=None)
                | Q(status="open", opened_on__isnull=False, closed_on=None)
                | Q(status="closed", opened_on__isnull=False, closed_on__isnull=False),
                name="call_says_when_it_was_opened_and_closed",
                violation_error_message=_("Say when the call was opened and closed."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("appraisal:call", args=[self.pk])

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    @property
    def takes_nominations(self):
        return self.status == self.Status.OPEN and timezone.localdate() <= self.nominate_until

    @property
    def is_voting(self):
        return self.status == self.Status.OPEN and timezone.localdate() > self.nominate_until

    def is_run_by(self, user, act="change"):
        """Whether `user` acts for the office that made this call."""
        return self.division_id in user.codes_for(Call, act)

    def asks(self, code):
        return code.startswith(self.division_id)

    @classmethod
    @transaction.atomic
    def draft(cls, division, *, by, **facts):
        """A draft with the usual criteria of its kind."""
        made = cls.objects.create(division=division, drafted_by=by, **facts)
        for position, (label, weight, measured, target) in enumerate(USUAL[made.kind]):
            words = gettext(label)
            made.criteria.create(label=words, weight=weight, measured=measured, target=target, position=position)
        log_act(by, "drafted", made)
        return made

    @transaction.atomic
    def open(self, *, by):
        """Ask for nominations; criteria stay as they are from now on."""
        stored = stored_for_update(self)
        total = sum(stored.criteria.values_list("weight", flat=True))
        if total != WEIGHTS:
            raise Refused(gettext("The weights add up to %(total)s. They must add up to 100.") % {"total": total})
        if stored.seats.count() < SEATS_AT_LEAST:
            raise Refused(gettext("A committee has three members or more."))
        if stored.nominate_until < timezone.localdate():
            raise Refused(gettext("The last day for nominations is over: choose another."))
        self._become(self.Status.OPEN, by=by, verb="opened", opened_on=timezone.localdate())

    @transaction.atomic
    def close(self, *, by):
        """Everything is decided."""
        stored = stored_for_update(self)
        if stored.nominations.waiting().exists():
            raise Refused(gettext("There are nominations that are not decided."))
        if stored.takes_nominations:
            raise Refused(gettext("Nominations may still come in."))
        self._become(self.Status.CLOSED, by=by, verb="closed a call", closed_on=timezone.localdate())

    @transaction.atomic
    def add_criterion(self, *, label, weight, measured="", target=None, by):
        stored = self._draft_for_update()
        last = stored.criteria.order_by("-position").values_list("position", flat=True).first()
        position = 0 if last is None else last + 1
        made = stored.criteria.create(label=label, weight=weight, measured=measured, target=target, position=position)
        log_act(by, "added a criterion", stored, criterion=made)
        return made

    @transaction.atomic
    def remove_criterion(self, key, *, by):
        stored = self._draft_for_update()
        removed, _rows = stored.criteria.filter(pk=key).delete()
        if not removed:
            raise Refused(gettext("Something changed meanwhile: look at it again."))
        log_act(by, "removed a criterion", stored)

    def _draft_for_update(self):
        stored = stored_for_update(self)
        if not stored.is_draft:
            raise Refused(gettext("The call is open: its criteria stay as they are."))
        return stored

    @transaction.atomic
    def seat(self, user, *, by):
        """Take somebody with a post in this division onto the committee, who then votes on every nomination."""
        from appraisal.models.ballot import Ballot

        stored = stored_for_update(self)
        if stored.is_voting or stored.status == self.Status.CLOSED:
            raise Refused(gettext("The committee is voting: its members stay as they are."))
        posts = [p for p in user.current_postings if p.role in MAY_SIT and p.division_id.startswith(stored.division_id)]
        if not posts:
            raise Refused(gettext("Choose somebody with a post in this division."))
        if stored.seats.filter(member=user).exists():
            raise Refused(gettext("This person is on the committee already."))
        made = stored.seats.create(member=user, division_id=posts[0].division_id)
        Ballot.hand_out(stored.nominations.waiting(), [made])
        log_act(by, "took onto the committee", stored, member=user)
        return made

    @transaction.atomic
    def unseat(self, key, *, by):
        """Take a member off; while the committee votes only one without a post here any more, whose votes stay."""
        stored = stored_for_update(self)
        seats = stored.seats_left() if stored.is_voting else stored.seats.all()
        seat = seats.filter(pk=key).first()
        if stored.status == self.Status.CLOSED or (stored.is_voting and seat is None):
            raise Refused(gettext("The committee is voting: its members stay as they are."))
        if stored.takes_nominations and stored.seats.count() <= SEATS_AT_LEAST:
            raise Refused(gettext("A committee has three members or more."))
        if seat:
            seat.ballots.filter(choice="", nomination__in=stored.nominations.waiting()).delete()
            log_act(by, "took off the committee", stored, member=seat.member_id)
            if not seat.ballots.exists():
                seat.delete()

    def posts_that_may_sit(self):
        """The posts in this division today from which somebody is taken onto the committee."""
        posts = Posting.objects.in_force_on(timezone.localdate()).filter(role__in=MAY_SIT)
        return posts.within(Scope.of(self.division_id))

    def seats_left(self):
        """Seats of members without a post in this division today who still have something to vote on."""
        here = self.posts_that_may_sit().filter(user__is_active=True)
        to_cast = Q(ballots__choice="", ballots__nomination__in=self.nominations.waiting())
        return self.seats.filter(to_cast).exclude(member__in=here.values("user")).distinct()


class CriterionQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        return self.filter(call__in=Call.objects.visible_to(user, action))


class Criterion(Record):
    """What counts, and how much; where it is measured, the value that gives all of its weight."""

    community_path = "call__division_id"

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="criteria", verbose_name=_("call"))
    position = models.PositiveSmallIntegerField(_("position"))
    label = models.CharField(_("criterion"), max_length=120)
    weight = models.PositiveSmallIntegerField(_("weight"))
    measured = models.CharField(_("measured by"), max_length=20, blank=True)
    target = models.DecimalField(_("full points from"), max_digits=7, decimal_places=1, null=True, blank=True)

    personal: dict[str, str] = {}
    not_personal = ["id", "call", "position", "label", "weight", "measured", "target"]

    objects = CriterionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=WEIGHTS),
                name="criterion_weighs_one_to_hundred",
                violation_error_message=_("A weight is from 1 to 100."),
            ),
            models.CheckConstraint(
                condition=Q(measured="", target=None) | Q(measured__gt="", target__isnull=False, target__gt=0),
                name="measured_criterion_has_a_target",
                violation_error_message=_("Say which value gives all points, more than nought."),
            ),
        ]

    def __str__(self):
        return f"{self.call_id}/{self.pk}"


class SeatQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        return self.filter(call__in=Call.objects.visible_to(user, action))


class Seat(Record):
    """A member of the committee of a call; `division` is where the member is posted."""

    community_path = "division_id"

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="seats", verbose_name=_("call"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("member of the committee")
    )
    division = models.ForeignKey(
        "communities.Division", on_delete=models.PROTECT, related_name="+", verbose_name=_("division")
    )

    personal: dict[str, str] = {}
    not_personal = ["id", "call", "member", "division"]

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("seat on a committee")
        verbose_name_plural = _("seats on committees")
        constraints = [
            models.UniqueConstraint(
                fields=["call", "member"],
                name="one_seat_per_member",
                violation_error_message=_("This person is on the committee already."),
            ),
        ]

    def __str__(self):
        return f"{self.call_id}/{self.member_id}"


def seated(user, codes):
    """Whether `user` sits on the committee of the call that a row names, with a post in its division: `codes` are
    those of the posts that let them look."""
    return Exists(Seat.objects.filter(call=OuterRef("call"), member=user, call__division__in=above(codes)))
