from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from children.models import Child
from communities.models import Term
from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.privacy import BASIC
from records.trail import log_act
from records.versions import stored_for_update
from volunteers.models.pairing import Pairing
from volunteers.models.pause import Pause
from volunteers.models.volunteer import Volunteer


class Renewal(CommunityRecord):
    """What was decided about a pairing at the start of a term. One that nobody looked at goes on all the same."""

    class Decision(models.TextChoices):
        GO_ON = "go_on", _("goes on")
        PAUSE = "pause", pgettext_lazy("decision", "pauses")
        END = "end", _("is to end")

    class Wish(models.TextChoices):
        GO_ON = "go_on", _("would like to go on")
        PAUSE = "pause", _("would like a pause")
        END = "end", _("would like to stop")

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="renewals", verbose_name=_("pairing"))
    term = models.ForeignKey("communities.Term", on_delete=models.PROTECT, related_name="+", verbose_name=_("term"))
    helper_wish = models.CharField(_("wish of the helper"), max_length=10, choices=Wish, blank=True)
    family_wish = models.CharField(_("wish of the family"), max_length=10, choices=Wish, blank=True)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True, editable=False)
    decided_on = models.DateField(_("decided on"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )

    personal = dict.fromkeys(["helper_wish", "family_wish"], BASIC)
    not_personal = ["id", "pairing", "community", "district", "term", "decision", "decided_on", "decided_by"]

    class Meta(CommunityRecord.Meta):
        ordering = ["-pk"]
        verbose_name = _("renewal of a pairing")
        verbose_name_plural = _("renewals of pairings")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["pairing", "term"],
                name="one_renewal_per_pairing_and_term",
                violation_error_message=_("This pairing was reviewed for the term already."),
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_on=None, decided_by=None)
                | Q(decision__gt="", decided_on__isnull=False, decided_by__isnull=False),
                name="renewal_is_decided_by_somebody_on_a_day",
                violation_error_message=_("Somebody decides on a day."),
            ),
        ]

    def __str__(self):
        return gettext("Renewal %(number)s") % {"number": self.pk}

    @property
    def is_final(self):
        """Decided, and not waiting for the act that ends the pairing."""
        return self.decision not in ("", self.Decision.END)

    @classmethod
    @transaction.atomic
    def wish(cls, pairing, term, *, wish, by):
        """What the helper would like this term, until the office has decided."""
        stored = stored_for_update(pairing)
        renewal = cls._of(stored, term)
        if renewal.decision:
            raise Refused(gettext("The office has decided for this term already. Please talk to it."))
        renewal.helper_wish = wish
        renewal.save(update_fields=["helper_wish"])
        log_act(by, "said a wish for the term", renewal, fields=["helper_wish"])
        return renewal

    @classmethod
    @transaction.atomic
    def decide(cls, pairing, term, *, decision, seen=None, family_wish="", pause_reason=Pause.Reason.HELPER_AWAY, by):
        """Decide once; whoever comes second changes nothing. Whether this act was the one that decided.

        `seen`: the helper's wish, or "", as it stood on the page where a person decides.
        A pause begins at once, or lasts. What goes on does so out of a pause, and to the term's last day at least. The
        end is only put down: the pairing is ended by the act that asks what it must."""
        if decision == cls.Decision.GO_ON and pairing.status == Pairing.Status.PAUSED:
            Child.objects.select_for_update(of=("self",), no_key=True).get(pk=pairing.child_id)  # before the helper
        Volunteer.objects.select_for_update(of=("self",), no_key=True).get(pk=pairing.volunteer_id)
        stored = stored_for_update(pairing)
        renewal = cls._of(stored, term)
        if renewal.is_final or renewal.decision == decision or stored.status not in Pairing.HOLDING:
            return False
        if seen is not None and seen != renewal.helper_wish:
            raise Refused(
                gettext("%(helper)s has said meanwhile: %(wish)s. Look at this pairing again before you decide.")
                % {"helper": stored.volunteer.name, "wish": renewal.get_helper_wish_display()}
            )
        if decision == cls.Decision.GO_ON:
            _let_go_on(stored, term, by)
        if decision == cls.Decision.PAUSE and stored.status != Pairing.Status.PAUSED:
            stored.pause(reason=pause_reason, by=by)
        renewal.decision, renewal.decided_on, renewal.decided_by = decision, timezone.localdate(), by
        renewal.family_wish = family_wish or renewal.family_wish
        fields = ["decision", "decided_on", "decided_by", "family_wish"]
        renewal.save(update_fields=fields)
        log_act(by, "reviewed for a term", renewal, fields=fields, pairing=stored, term=term)
        return True

    @classmethod
    def _of(cls, pairing, term):
        """The one of this pairing and term; the caller holds the pairing's lock."""
        if pairing.starts_on is None or pairing.starts_on >= term.starts_on:
            raise Refused(gettext("This pairing began in this term: there is nothing to renew yet."))
        return cls.objects.get_or_create(pairing=pairing, term=term, defaults={"community_id": pairing.community_id})[0]


def _let_go_on(pairing, term, by):
    from volunteers.matching.refusing import words_against

    words = words_against([pairing]).get(pairing.pk) or words_of_last_day(pairing)
    try:
        if words:
            raise Refused(words)
        if pairing.ends_on is not None and pairing.ends_on < term.ends_on:
            pairing.ends_on = term.ends_on
            pairing.save(update_fields=["ends_on"])
            log_act(by, "put off the last day", pairing, fields=["ends_on"])
        if pairing.status == Pairing.Status.PAUSED:
            pairing.resume(by=by)
    except Refused as refusal:
        raise Refused(
            gettext("%(child)s and %(helper)s cannot go on: %(why)s")
            % {"child": pairing.child.name, "helper": pairing.volunteer.name, "why": refusal.message}
        ) from None


def words_of_last_day(pairing):
    """What stands against going on where the last day is over and the end waits for a person; empty where it is not."""
    is_over = pairing.ends_on is not None and pairing.ends_on < timezone.localdate()
    return gettext("The last day of this pairing is over.") if is_over else ""


def not_reviewed(pairings, day, days_after):
    """Of these, the ones that nobody has decided on in the term of `day`, though it began so many days ago."""
    decided = Renewal.objects.filter(pairing=OuterRef(OuterRef("pk")), term=OuterRef("pk")).exclude(decision="")
    begun = Term.objects.filter(
        district_id=OuterRef("district"),
        starts_on__gt=OuterRef("starts_on"),
        starts_on__lte=day - days_after,
        ends_on__gte=day,
    )
    return pairings.filter(Exists(begun.exclude(Exists(decided))), status__in=Pairing.HOLDING)
