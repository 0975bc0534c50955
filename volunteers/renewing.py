"""At the start of a term all pairings of a community are looked at in one act: who goes on, pauses, is to end."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Term
from records.lifecycle import Refused
from volunteers.matching.refusing import words_against
from volunteers.models import Duty, Pairing, Renewal
from volunteers.models.renewal import words_of_last_day

AT_MOST = 200  # pairings on one page; the next ones follow once these are decided

COLUMNS = ["kind", "status", "ends_on", "community", "child__name", "volunteer__name", "volunteer__cleared_until"]


@dataclass
class Line:
    """A pairing with what the last term shows of it, and what was decided or wished for this one."""

    pairing: Any
    renewal: Any
    barred: str = ""  # what stands against it, in words
    owed: int = 0
    done: int = 0
    missed: int = 0

    @property
    def is_decided(self):
        return self.renewal is not None and self.renewal.is_final

    @property
    def decisions(self):
        """What can be decided, the usual first; of a pairing that may not go on somebody has to choose."""
        decision, later = Renewal.Decision, ("", _("decide later"))
        kept = [choice for choice in decision.choices if not (self.barred and choice[0] == decision.GO_ON)]
        if self.pairing.status == Pairing.Status.PAUSED:
            kept.sort(key=lambda choice: choice[0] != decision.PAUSE)
        return [later, *kept] if self.barred else [*kept, later]

    @property
    def is_to_end(self):
        return self.renewal is not None and self.renewal.decision == Renewal.Decision.END


def term_under_review(code):
    """The running term of this community's district, in the holidays the next one; None without a calendar."""
    today = timezone.localdate()
    coming = Term.objects.of(code).filter(starts_on__gt=today).order_by("starts_on")
    return Term.objects.on(today, code) or coming.first()


def to_review(pairings, term):
    """Of these: in force or paused, and begun before the term."""
    return pairings.filter(status__in=Pairing.HOLDING, starts_on__lt=term.starts_on)


def lines_of(pairings, term):
    """A line for each of these pairings, those to decide on first."""
    rows = to_review(pairings, term).select_related("child", "volunteer").only(*COLUMNS)
    final = [Renewal.Decision.GO_ON, Renewal.Decision.PAUSE]
    decided = Exists(Renewal.objects.filter(pairing=OuterRef("pk"), term=term, decision__in=final))
    rows = list(rows.annotate(decided=decided).order_by("decided", "child__name_pinyin", "pk")[:AT_MOST])
    keys = [pairing.pk for pairing in rows]
    found = Renewal.objects.filter(pairing__in=keys, term=term).select_related("decided_by")
    renewals = {renewal.pairing_id: renewal for renewal in found}
    shown, barred = _last_term(keys, term), words_against(rows)
    return [
        Line(
            pairing,
            renewals.get(pairing.pk),
            barred.get(pairing.pk) or words_of_last_day(pairing),
            **shown.get(pairing.pk, {}),
        )
        for pairing in rows
    ]


def _last_term(keys, term):
    """{pairing: {owed, done, missed}} of the term before."""
    before = Term.objects.of(term.district_id).filter(ends_on__lt=term.starts_on).order_by("-starts_on")[:1]
    duties = Duty.objects.filter(pairing__in=keys, term__in=before.values("pk")).order_by().values("pairing")
    counted = duties.annotate(
        owed=Count("pk", filter=Q(excused_on=None)),
        done=Count("pk", filter=Q(done_on__isnull=False)),
        missed=Count("pk", filter=Q(done_on=None, excused_on=None)),
    )
    return {line.pop("pairing"): line for line in counted}


@transaction.atomic
def review(pairings, term, answers, *, by):
    """Decide on those of `pairings` that `answers` names, {key: facts of `Renewal.decide`}; helpers are locked in turn.

    Returns (how many were decided now, the words of what was refused)."""
    decided, refused = 0, []
    for pairing in to_review(pairings, term).filter(pk__in=answers).order_by("volunteer_id", "pk"):
        try:
            with transaction.atomic():
                decided += Renewal.decide(pairing, term, by=by, **answers[pairing.pk])
        except Refused as refusal:
            refused.append(refusal.message)
    return decided, refused
