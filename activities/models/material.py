"""What became of each thing that was to be there: used up, left over, or not there."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.scoping import ScopedQuerySet
from records.trail import log_act


class MaterialLineQuerySet(ScopedQuerySet):
    def noted(self):
        return self.exclude(state=MaterialLine.State.UNMARKED)


class MaterialLine(CommunityRecord):
    """One line of the activity's list of materials, at one session."""

    class State(models.TextChoices):
        UNMARKED = "unmarked", _("not ticked")
        USED = "used", _("there, used up")
        LEFT = "left", _("there, some is left")
        MISSING = "missing", _("was not there")

    session = models.ForeignKey(
        "activities.Session", on_delete=models.PROTECT, related_name="material_lines", verbose_name=_("session")
    )
    what = models.CharField(_("what it is"), max_length=1000)
    state = models.CharField(_("what became of it"), max_length=8, choices=State)
    left = models.CharField(_("what is left"), max_length=60, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("noted by")
    )
    noted_at = models.DateTimeField(_("noted"))

    personal: dict[str, str] = {}
    not_personal = [
        *["id", "community", "district", "session", "what", "state", "left", "noted_by", "noted_at"],
    ]

    objects = MaterialLineQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["session", "pk"]
        verbose_name = _("material of a session")
        verbose_name_plural = _("materials of sessions")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["session", "what"],
                name="a_material_stands_once_at_a_session",
                violation_error_message=_("This is noted already."),
            ),
            models.CheckConstraint(
                condition=Q(state="left", left__gt="") | Q(state__in=["unmarked", "used", "missing"], left=""),
                name="what_is_left_of_a_material_is_said",
                violation_error_message=_("Say how much is left."),
            ),
        ]

    def __str__(self):
        return f"{self.session_id}/{self.pk}"


class Materials:
    """The part of a session that keeps its materials."""

    def materials_listed(self):
        """The things of the activity's list, each once, and any noted here that were taken off the list since."""
        listed = [line.strip() for line in self.activity.materials.splitlines()]
        noted = self.material_lines.noted().values_list("what", flat=True)
        return [what for what in dict.fromkeys([*listed, *noted]) if what]

    @transaction.atomic
    def note_materials(self, lines, seen=None, *, by):
        """Write what became of things, {what: (state, what is left in words)}; what is not named stays as it is.

        `seen`: {what: "state left"} as these were read.
        """
        self.must_be_held()
        known = {line.what: line for line in self.material_lines.all()}
        if not lines.keys() <= {*self.materials_listed(), *known}:
            raise Refused(_now("The list of materials was changed meanwhile. Look at it again."))
        State = MaterialLine.State
        for what, (state, left) in lines.items():
            if state not in State.values:
                raise Refused(_now("Say of each thing what became of it."))
            if state == State.LEFT and not left:
                raise Refused(_now("Say how much is left: %(what)s.") % {"what": what})
            line = known.get(what) or MaterialLine(session_id=self.pk, community_id=self.community_id, what=what)
            if seen is not None and seen.get(what) != f"{line.state or State.UNMARKED} {line.left}":
                raise Refused(_now("Somebody else noted this meanwhile: %(what)s. Look at it again.") % {"what": what})
            line.state, line.left = state, left if state == State.LEFT else ""
            line.noted_by, line.noted_at = by, timezone.now()
            line.save()
        if lines:
            log_act(by, "noted the materials", self, lines=len(lines))
            self.begin_activity(by)


def left_over(activity):
    """What was left of each thing at the last session where anything was noted of it, as rows with their session."""
    rows = MaterialLine.objects.noted().filter(session__activity=activity).select_related("session")
    last = rows.order_by("what", "-session__day", "-session__starts_at", "-pk").distinct("what")
    return [line for line in last if line.state == MaterialLine.State.LEFT]
