from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.identity_fields import PhoneField
from communities.models.division import Division
from communities.owned import BodyQuerySet, CommunityRecord
from records.lifecycle import Refused
from records.privacy import BASIC, CONTACT
from records.trail import log_act


class GroupQuerySet(BodyQuerySet):
    def on_day(self, day):
        """Members on `day`, heads and deputies first."""
        rank = models.Case(models.When(position="head", then=0), models.When(position="deputy", then=1), default=2)
        rows = self.filter(Q(since__lte=day), Q(until=None) | Q(until__gte=day))
        return rows.annotate(rank=rank).order_by("rank", "since", "pk")

    def told_apart(self):
        """Each with `shares_name`: whether another of these rows carries the same name, so that the label says more."""
        others = self.order_by().filter(community=OuterRef("community"), name=OuterRef("name"))
        return self.annotate(shares_name=Exists(others.exclude(pk=OuterRef("pk"))))


class LeadingGroupMember(CommunityRecord):
    """Who answers for what in the leading group of a community, or of a street office."""

    class Group(models.TextChoices):
        CARING = "caring", _("for caring")
        HOME = "home", _("for building the Home")

    class Position(models.TextChoices):
        HEAD = "head", _("head (party branch secretary)")
        DEPUTY = "deputy", _("deputy head")
        MEMBER = "member", _("member")

    class Duty(models.TextChoices):
        SCHOOLING = "schooling", _("schooling rights")
        HEALTH = "health", _("immunisation and health")
        SUPPORT = "support", _("financial support")
        LAW = "law", _("law publicity and delinquency prevention")
        DISABILITY = "disability", _("care for disabled children")
        VOLUNTEERS = "volunteers", _("mobilising volunteers")
        HOME = "home", _("building the Home")

    name = models.CharField(_("name"), max_length=60)
    position = models.CharField(_("position"), max_length=10, choices=Position)
    group = models.CharField(_("leading group"), max_length=10, choices=Group, default=Group.CARING)
    duties = ArrayField(
        models.CharField(max_length=12, choices=Duty), verbose_name=_("responsible for"), default=list, blank=True
    )
    phone = PhoneField(_("phone"), blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
        help_text=_("Whoever signs in here finds on the first page what they promised in meetings."),
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    personal = {"name": BASIC, "phone": CONTACT, "account": BASIC}
    not_personal = ["id", "community", "district", "group", "position", "duties", "since", "until"]

    objects = GroupQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["position", "pk"]
        verbose_name = _("leading group member")
        verbose_name_plural = _("leading group")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="membership_ends_after_it_starts",
                violation_error_message=_("A membership cannot end before it starts."),
            ),
            models.UniqueConstraint(
                fields=["community", "group"],
                condition=Q(position="head", until=None),
                name="one_head_of_a_leading_group",
                violation_error_message=_("This group has a head already. End that membership first."),
            ),
        ]

    def __str__(self):
        return f"{self.community_id}/{self.position}/{self.pk}"

    @property
    def duty_words(self):
        return [self.Duty(duty).label for duty in self.duties]

    @property
    def label(self):
        """The name where one is chosen from rows that are `told_apart`."""
        return f"{self.name} · {self.get_group_display()}" if self.shares_name else self.name

    def is_same_person(self, other):
        """Whether `other` is this person's membership in the other leading group of the place."""
        accounts = {self.account_id, other.account_id} - {None}
        return self.name == other.name and self.group != other.group and len(accounts) <= 1

    @property
    def is_member(self):
        """Whether the membership has not ended."""
        return self.until is None or self.until >= timezone.localdate()


class OfficeDuty(CommunityRecord):
    """Which member is in the leading group's office on a day of the week."""

    WEEKDAYS = [(number + 1, name) for number, name in WEEKDAYS.items()]

    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    member = models.ForeignKey(
        LeadingGroupMember, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who is on duty")
    )

    personal = {"member": BASIC}
    not_personal = ["id", "community", "district", "weekday"]

    objects = BodyQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["weekday"]
        verbose_name = _("duty in the office")
        verbose_name_plural = _("duty rota of the office")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["community", "weekday"],
                name="one_member_on_duty_a_weekday",
                violation_error_message=_("Somebody is on duty on this weekday already."),
            ),
            models.CheckConstraint(
                condition=Q(weekday__range=(1, 7)),
                name="a_week_has_seven_days",
                violation_error_message=_("Choose a weekday."),
            ),
        ]

    def __str__(self):
        return f"{self.community_id}/{self.weekday}"

    @classmethod
    @transaction.atomic
    def keep(cls, community, whose, *, seen=None, by):
        """Write the rota: {weekday: member, or None for nobody}; `seen` is {weekday: key} as it stood on the page."""
        Division.objects.select_for_update(no_key=True).get(pk=community.pk)
        now = dict(cls.objects.filter(community=community).values_list("weekday", "member"))
        if seen is not None and any(now.get(weekday) != seen.get(weekday) for weekday in whose):
            raise Refused(gettext("Somebody else changed the rota meanwhile. Look at it again."))
        for weekday, member in sorted(whose.items()):
            row, is_new = cls.objects.get_or_create(community=community, weekday=weekday, defaults={"member": member})
            if is_new or row.member_id != (member and member.pk):
                row.member = member
                row.save(update_fields=["member"])
                log_act(by, "set the office duty", row, fields=["member"], member=member)
