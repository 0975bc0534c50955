from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.scoping import Record, ScopedQuerySet
from volunteers.kinds import DutyKind, HelperKind, Proof


@dataclass(frozen=True)
class Owed:
    """So many contacts of a kind in a term, from `opens_after` days into it to `due_before` days before its end."""

    kind: str
    times: int = 1
    opens_after: int = 0
    due_before: int = 0
    evidence: str = Proof.ALLOWED


# What holds where a district has set nothing: the five ones, once each, for those who stand in for a parent.
FIVE_ONES = tuple(Owed(kind) for kind in DutyKind.values)
DEFAULT = {
    HelperKind.LOVING_MOTHER: FIVE_ONES,
    HelperKind.ACTING_PARENT: FIVE_ONES,
    HelperKind.TUTOR: (Owed(DutyKind.TALK), Owed(DutyKind.GUARDIAN)),
}


class DutyRuleQuerySet(ScopedQuerySet):
    def owed_in(self, term):
        """{kind of pairing: what it owes in `term`}: each by the newest rules that held when the term began."""
        return self.owed_from(term.starts_on, term.district_id)

    def owed_from(self, day, district):
        """The same for a term of this district, by its key, that begins on `day`."""
        newest = {}
        for rule in self.filter(district_id=district, from_day__lte=day).order_by("from_day", "pk"):
            day, rules = newest.get(rule.pairing_kind, (None, []))
            newest[rule.pairing_kind] = (rule.from_day, [*rules, rule] if day == rule.from_day else [rule])
        set_here = {kind: _in_order(rules) for kind, (_day, rules) in newest.items()}
        return {**DEFAULT, **set_here}


def _in_order(rules):
    """What these rules ask for, in the order of the five ones."""
    return tuple(rule.owed for rule in sorted(rules, key=lambda r: DutyKind.values.index(r.duty_kind)) if rule.times)


class DutyRule(Record):
    """One line of what a district asks of a kind of pairing, for terms that begin on `from_day` or later.

    All lines of a kind with the same day belong together and replace the earlier ones.
    """

    district = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        limit_choices_to={"level": "district"},
        related_name="+",
        verbose_name=_("district"),
    )
    pairing_kind = models.CharField(_("kind of pairing"), max_length=20, choices=HelperKind)
    duty_kind = models.CharField(_("duty"), max_length=20, choices=DutyKind)
    times = models.PositiveSmallIntegerField(_("times a term"), default=1)
    opens_after = models.PositiveSmallIntegerField(_("opens so many days after the term begins"), default=0)
    due_before = models.PositiveSmallIntegerField(_("due so many days before the term ends"), default=0)
    evidence = models.CharField(_("evidence"), max_length=10, choices=Proof, default=Proof.ALLOWED)
    from_day = models.DateField(
        _("for terms beginning on or after"),
        help_text=_("A day to come: what was asked in past terms stays as it was."),
    )

    community_path = "district_id"
    personal: dict[str, str] = {}
    not_personal = [
        *["id", "district", "pairing_kind", "duty_kind", "times", "opens_after", "due_before"],
        *["evidence", "from_day"],
    ]

    objects = DutyRuleQuerySet.as_manager()

    class Meta:
        ordering = ["-from_day", "pairing_kind", "pk"]
        verbose_name = _("rule of the five ones")
        verbose_name_plural = _("rules of the five ones")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "pairing_kind", "duty_kind", "from_day"],
                name="one_rule_per_district_pairing_duty_and_day",
                violation_error_message=_("There is already a rule for this duty from this day."),
            ),
            models.CheckConstraint(
                condition=Q(times__lte=20, opens_after__lte=150, due_before__lte=150),
                name="duty_rule_stays_within_a_term",
                violation_error_message=_("At most 20 times a term, and windows of at most 150 days."),
            ),
        ]

    def __str__(self):
        return f"{self.pairing_kind}/{self.duty_kind} {self.from_day}"

    @property
    def owed(self):
        return Owed(self.duty_kind, self.times, self.opens_after, self.due_before, self.evidence)
