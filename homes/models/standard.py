import hashlib

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Max, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from records.lifecycle import Lifecycle, Refused
from records.scoping import DISTRICT_DIGITS, Record, ScopedQuerySet
from records.trail import log_act
from records.versions import Versioned

WEIGHTS_IN_ALL = 100
OWN = "X"  # codes of requirements that a district added begin with it


def in_language(english, chinese):
    """Of two texts kept side by side, the one for whoever reads."""
    return chinese if (get_language() or "").startswith("zh") else english


class DistrictRuleQuerySet(ScopedQuerySet):
    """A district's rules bind every community in it, so whoever is posted there may read them."""

    def visible_to(self, user, action="view"):
        if action != "view" or not (user.is_authenticated and user.is_active):
            return super().visible_to(user, action)
        districts = {code[:DISTRICT_DIGITS] for code in user.codes_for(self.model)}
        return self.filter(**{f"{self.model.community_path}__in": sorted(districts)})


class StandardQuerySet(DistrictRuleQuerySet):
    def in_force(self, district_code, day):
        """The district's standard that binds on `day`, or None."""
        bound = self.exclude(status="draft").filter(district_id=district_code, in_force_from__lte=day)
        return bound.filter(Q(replaced_from=None) | Q(replaced_from__gt=day)).order_by("-in_force_from").first()


class Standard(Versioned, Lifecycle, Record):
    """What a district asks of a Children's Home. Once in force it never changes: a new edition replaces it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_FORCE = "in_force", _("in force")
        RETIRED = "retired", _("replaced")

    TRANSITIONS = {
        Status.DRAFT: {Status.IN_FORCE},
        Status.IN_FORCE: {Status.RETIRED},
        Status.RETIRED: set(),
    }

    district = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"level": "district"},
        verbose_name=_("district"),
    )
    edition = models.PositiveSmallIntegerField(_("edition"))
    title_en = models.CharField(_("title in English"), max_length=120)
    title_zh = models.CharField(_("title in Chinese"), max_length=120)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    in_force_from = models.DateField(
        _("in force from"), null=True, blank=True, help_text=_("Empty: from the day it is approved.")
    )
    replaced_from = models.DateField(_("replaced from"), null=True, editable=False)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("drafted by"),
    )
    drafted_at = models.DateTimeField(_("drafted"), auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)

    community_path = "district_id"
    personal: dict[str, str] = {}
    not_personal = [
        "id", "version", "district", "edition", "title_en", "title_zh", "status", "in_force_from", "replaced_from",
        "drafted_by", "drafted_at", "approved_by", "approved_at",
    ]  # fmt: skip

    objects = StandardQuerySet.as_manager()

    class Meta:
        ordering = ["district_id", "-edition"]
        verbose_name = _("standard")
        verbose_name_plural = _("standards")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "edition"],
                name="one_standard_of_an_edition_per_district",
                violation_error_message=_("This district already has that edition."),
            ),
            models.UniqueConstraint(
                fields=["district"],
                condition=Q(status="in_force"),
                name="one_standard_in_force_per_district",
                violation_error_message=_("This district already has a standard in force."),
            ),
            models.UniqueConstraint(
                fields=["district"],
                condition=Q(status="draft"),
                name="one_draft_standard_per_district",
                violation_error_message=_("This district already has a draft: work on that one."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(drafted_by=None) | ~Q(approved_by=F("drafted_by")),
                name="nobody_approves_their_own_standard",
                violation_error_message=_("Whoever drafted a standard cannot approve it."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft", approved_at=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False, in_force_from__isnull=False),
                name="standard_in_force_is_approved_from_a_day",
                violation_error_message=_("A standard in force has been approved, and from a day."),
            ),
        ]

    def __str__(self):
        return f"{self.title} · {self.edition}"

    def get_absolute_url(self):
        return reverse("homes:standard", args=[self.pk])

    @property
    def title(self):
        return in_language(self.title_en, self.title_zh)

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    def mark(self):
        """What the draft holds, as one short text: who approves it has read exactly that."""
        read = [self.version, *self.items.order_by("pk").values_list("pk", "version")]
        return hashlib.sha256(repr(read).encode()).hexdigest()[:20]

    @transaction.atomic
    def approve(self, *, seen=None, by):
        """Put the draft in force from its day (else today), replacing the edition before it. Not by who drafted it.

        `seen`: the `mark` of what was read; what has changed since is read again first."""
        today = timezone.localdate()
        day = self.in_force_from or today
        others = list(Standard.objects.select_for_update().filter(district=self.district_id).order_by("pk"))
        if seen is not None and seen != next(s for s in others if s.pk == self.pk).mark():
            raise Refused(_("The draft has changed since you read it. Look at it again."))
        before = next((s for s in others if s.status == self.Status.IN_FORCE), None)
        if self.drafted_by_id is not None and by is not None and self.drafted_by_id == by.pk:
            raise Refused(_("Whoever drafted a standard cannot approve it."))
        weights = self.items.aggregate(total=Sum("weight"))["total"] or 0
        if weights != WEIGHTS_IN_ALL:
            raise Refused(_("The weights add up to %(sum)s; they must make 100.") % {"sum": weights})
        if before is not None and day < today:
            raise Refused(_("A standard cannot come into force in the past: checks of those days keep theirs."))
        if before is not None:
            if day <= before.in_force_from:
                raise Refused(_("It must come into force after the edition it replaces."))
            before._become(self.Status.RETIRED, by=by, verb="replaced", replaced_from=day)
        self._become(
            self.Status.IN_FORCE,
            by=by,
            verb="approved",
            approved_by=by,
            approved_at=timezone.now(),
            in_force_from=day,
        )

    @transaction.atomic
    def new_draft(self, *, by):
        """A copy of this edition to change, as the district's next draft."""
        rows = Standard.objects.select_for_update().filter(district=self.district_id).order_by("pk")
        editions = {standard.edition: standard.status for standard in rows}
        if self.Status.DRAFT in editions.values():
            raise Refused(_("This district already has a draft: work on that one."))
        draft = Standard.objects.create(
            district_id=self.district_id,
            edition=max(editions) + 1,
            title_en=self.title_en,
            title_zh=self.title_zh,
            drafted_by=by,
        )
        items = list(self.items.order_by("position"))
        for item in items:
            item.pk, item._state.adding, item.version, item.standard = None, True, 1, draft
        self.items.model.objects.bulk_create(items)
        log_act(by, "drafted", draft, of=self.pk)
        return draft

    # Requirements of the district's own ----------------------------------------------------------------------------

    def _held_draft(self):
        stored = Standard.objects.select_for_update().get(pk=self.pk)
        if not stored.is_draft:
            raise Refused(_("A standard that was approved does not change: draft a new edition."))
        return stored

    @transaction.atomic
    def add_own_item(self, item, *, by):
        """A requirement of the district's own, behind the others; it takes a code that no edition has used."""
        held = self._held_draft()
        used = item.__class__.objects.filter(standard__district=held.district_id, code__startswith=OWN)
        used = [int(code[1:]) for code in used.values_list("code", flat=True)]
        item.standard, item.code = held, f"{OWN}{max(used, default=0) + 1:02}"
        item.position = (held.items.aggregate(last=Max("position"))["last"] or 0) + 1
        item.save()
        held.save(update_fields=[])  # one more version, for whoever is reading the draft
        log_act(by, "added a requirement", held, item=item.code)
        return item

    @transaction.atomic
    def drop_own_item(self, item, *, by):
        """A requirement of the district's own leaves the draft; editions in force keep theirs."""
        held = self._held_draft()
        found = held.items.filter(pk=item.pk).first()
        if found is None or not found.is_own:
            raise Refused(_("Only a requirement of the district's own can be taken out. Give others the weight 0."))
        log_act(by, "took a requirement out", held, item=found.code)
        found.delete()  # it was never in force
        held.save(update_fields=[])
