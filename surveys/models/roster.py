from collections import Counter

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from children.models import Child
from communities.owned import CommunityRecord
from records.lifecycle import Lifecycle, Refused
from records.scoping import ScopedQuerySet
from records.trail import log_act
from surveys import lines
from surveys.models.edition import RosterEdition, RosterLine

BATCH = 500


class RosterQuerySet(ScopedQuerySet):
    def handed_in(self):
        """With the street office, or accepted by it."""
        return self.filter(status__in=[Roster.Status.SUBMITTED, Roster.Status.ACCEPTED])

    def accepted(self):
        return self.filter(status=Roster.Status.ACCEPTED)


class Roster(Lifecycle, CommunityRecord):
    """A community's roster for one round: live from the register while open, frozen as an edition when handed in."""

    class Status(models.TextChoices):
        DRAFT = "draft", gettext_lazy("draft")
        SUBMITTED = "submitted", gettext_lazy("submitted")
        RETURNED = "returned", gettext_lazy("returned")
        ACCEPTED = "accepted", gettext_lazy("accepted by the street office")

    TRANSITIONS = {
        Status.DRAFT: {Status.SUBMITTED},
        Status.SUBMITTED: {Status.RETURNED, Status.ACCEPTED},
        Status.RETURNED: {Status.SUBMITTED},
        Status.ACCEPTED: set(),
    }
    OPEN = (Status.DRAFT, Status.RETURNED)

    round = models.ForeignKey(
        "surveys.SurveyRound",
        on_delete=models.PROTECT,
        related_name="rosters",
        editable=False,
        verbose_name=gettext_lazy("survey round"),
    )
    status = models.CharField(
        gettext_lazy("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    handed_in_on = models.DateField(gettext_lazy("first handed in on"), null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", "round", "status", "handed_in_on", "submitted_by", "decided_by"]

    objects = RosterQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["-round__due_on", "community_id"]
        verbose_name = gettext_lazy("roster")
        verbose_name_plural = gettext_lazy("rosters")
        indexes = [models.Index(fields=["district", "round", "status"], name="roster_of_a_round")]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["community", "round"],
                name="one_roster_per_community_and_round",
                violation_error_message=gettext_lazy("This community already has a roster for this round."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("submitted_by")),
                name="who_submits_a_roster_does_not_decide_on_it",
                violation_error_message=gettext_lazy("Who submitted a roster cannot decide on it."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(handed_in_on__isnull=False),
                name="a_roster_that_is_no_draft_was_handed_in",
                violation_error_message=gettext_lazy("A roster that is no draft has been handed in."),
            ),
        ]

    def __str__(self):
        return f"{self.community_id}/{self.round_id}"

    def get_absolute_url(self):
        return reverse("surveys:roster", args=[self.pk])

    @property
    def is_open(self):
        return self.status in self.OPEN

    @property
    def days_late(self):
        """How many days after the due day it came, or has not come so far. What is returned is not late again."""
        return max(0, ((self.handed_in_on or timezone.localdate()) - self.round.due_on).days)

    @classmethod
    def open_for(cls, community, survey_round, *, by):
        """The community's roster for the round, begun if there is none yet."""
        if survey_round.opens_on > timezone.localdate():
            raise Refused(_("This round has not begun."))
        if not community.pk.startswith(survey_round.division_id):
            raise Refused(_("This round does not ask this community."))
        with transaction.atomic():
            roster, made = cls.objects.get_or_create(community=community, round=survey_round)
            if made:
                log_act(by, "began", roster)
        return roster

    def last_edition(self):
        return self.editions.order_by("number").last()

    def previous_edition(self):
        """What the community handed in last for an earlier round; None where there is nothing."""
        earlier = Roster.objects.filter(community=self.community_id, round__due_on__lt=self.round.due_on).handed_in()
        before = earlier.order_by("-round__due_on", "-pk").first()
        return before and before.last_edition()

    def lines(self):
        """The lines as the register stands while open; as they were frozen once handed in."""
        if self.is_open:
            day = self.as_of
            return lines.draw(lines.counted_children(self.community_id, day), day)
        return self.last_edition().as_lines()

    @property
    def as_of(self):
        """The day whose children it lists: today while it is open."""
        return timezone.localdate() if self.is_open else self.last_edition().as_of

    def child_keys(self):
        """A query for the keys of the children it lists."""
        if self.is_open:
            return Child.objects.filter(community=self.community_id).counted_on(self.as_of).order_by().values("pk")
        return self.last_edition().lines.order_by().values("child")

    def how_many(self):
        return self.child_keys().count()

    # Verbs ----------------------------------------------------------------------------------------------------------

    @transaction.atomic
    def submit(self, *, by):
        """Freeze every line and hand the roster to the street office."""
        now = timezone.now()
        self._become(
            self.Status.SUBMITTED,
            by=by,
            verb="submitted",
            handed_in_on=self.handed_in_on or timezone.localdate(now),
            submitted_by=by,
            decided_by=None,
        )
        last = self.last_edition()
        edition = RosterEdition.objects.create(
            community_id=self.community_id,
            roster=self,
            number=last.number + 1 if last else 1,
            as_of=timezone.localdate(now),
            submitted_at=now,
            submitted_by=by,
        )
        edition.figures = self._freeze(edition)
        edition.save(update_fields=["figures"])
        return edition

    def _freeze(self, edition):
        """Keep the lines as they are on the edition's day; what they sum up to."""
        drawn = list(lines.draw(lines.counted_children(self.community_id, edition.as_of), edition.as_of))
        kept = (RosterLine.of(edition, position, line) for position, line in enumerate(drawn, 1))
        RosterLine.objects.bulk_create(kept, batch_size=BATCH)
        return self.figures_of(drawn)

    @staticmethod
    def figures_of(drawn):
        """What lines sum up to."""
        sums = Counter(children=0, left_behind=0, migrant=0, boys=0, girls=0)
        for line in drawn:
            kind = "left_behind" if line.get("category") == lines.LEFT_BEHIND else "migrant"
            sums.update(["children", kind, "boys" if line.get("gender") == lines.SEX["M"] else "girls"])
        return dict(sums)

    def give_back(self, *, remark, seen=None, by):
        """Return the roster to the community, with the remarks on its lines and one on the whole.

        `seen`: the number of the edition that was read, where one was; so for all who judge."""
        with transaction.atomic():
            edition = self.last_edition()
            if not remark.strip() and not (edition and edition.lines.exclude(remark="").exists()):
                raise Refused(_("Say what the community should mend, beside a line or for the whole."))
            self._decide(self.Status.RETURNED, "returned", remark, seen, by)

    def accept(self, *, remark="", seen=None, by):
        self._decide(self.Status.ACCEPTED, "accepted", remark, seen, by)

    @transaction.atomic
    def _decide(self, status, verb, remark, seen, by):
        _stored, edition = self._judged(seen, by)
        self._become(status, by=by, verb=verb, decided_by=by)
        edition.remark, edition.outcome = remark, status
        edition.decided_at, edition.decided_by = timezone.now(), by
        edition.save(update_fields=["remark", "outcome", "decided_at", "decided_by"])

    def _judged(self, seen, by):
        """(this roster, its last edition) as they stand now, locked: the one in hand may be older than what was
        handed in since."""
        stored = Roster.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if by.pk == stored.submitted_by_id:
            raise Refused(_("Who submitted a roster cannot decide on it."))
        edition = stored.last_edition()
        if seen is not None and (edition is None or edition.number != seen):
            raise Refused(_("The community has handed in another edition meanwhile. Read it first."))
        return stored, edition

    @transaction.atomic
    def remark_on(self, remarks, *, seen=None, by):
        """Note beside lines what is to be mended. `remarks`: {key of a line of the last edition: text}."""
        stored, edition = self._judged(seen, by)
        if stored.status != self.Status.SUBMITTED:
            raise Refused(_("This roster is not with the street office any more."))
        changed = []
        for line in edition.lines.filter(pk__in=remarks):
            if line.remark != remarks[line.pk]:
                line.remark = remarks[line.pk]
                line.save(update_fields=["remark"])
                changed.append(line.pk)
        if changed:
            log_act(by, "remarked on lines", self, fields=["remark"], lines=changed)
        return len(changed)
