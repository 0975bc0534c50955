"""What people do with a proposal: make it, work it out anew, keep or exclude a pairing, ask, accept, discard."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from children.models import Child
from records.lifecycle import Refused
from records.scoping import Scope
from records.trail import log_act
from volunteers.matching.bars import BARS, first_bar
from volunteers.matching.engine import possible, propose, why_left
from volunteers.matching.reading import problem_of
from volunteers.matching.scores import reasons_of
from volunteers.models import Deputy, MatchLine, MatchRun, MatchVeto, Pairing, Volunteer
from volunteers.models.pairing import refuse_unless_child_is_heard


@transaction.atomic
def make(division, kind, *, keep_together=True, by):
    """The open proposal of this kind there, made if there is none, worked out from what is on file today."""
    try:
        with transaction.atomic():
            run = MatchRun.objects.create(division=division, kind=kind, keep_together=keep_together, made_by=by)
    except IntegrityError:
        raise Refused(_("There is already an open proposal of this kind here.")) from None
    log_act(by, "made a matching proposal", run)
    _work_out(run)
    return run


@transaction.atomic
def work_out_anew(run, *, by):
    """From what is on file now; what was kept and excluded stays."""
    run = _open(run)
    _work_out(run)
    log_act(by, "worked out a matching proposal anew", run)
    return run


@transaction.atomic
def keep(line, volunteer, *, by):
    """This child stays with this helper, whatever else is best."""
    run = _open(line.run)
    line = MatchLine.objects.get(pk=line.pk)
    problem = problem_of(run)
    if volunteer.pk not in possible(problem).get(line.child_id, {}):
        raise Refused(
            _("These two may not be paired. %(why)s") % {"why": _why_not(problem, line.child_id, volunteer.pk)}
        )
    _set_line(line, volunteer=volunteer, is_locked=True)
    log_act(by, "kept a pairing of a proposal", run, child=line.child, volunteer=volunteer)
    _work_out(run)
    if not run.lines.filter(pk=line.pk, volunteer=volunteer).exists():
        raise Refused(_("This helper has no place left beside the other pairings that you kept."))


@transaction.atomic
def let_go(line, *, by):
    """The child may get another helper again."""
    run = _open(line.run)
    MatchLine.objects.filter(pk=line.pk).update(is_locked=False)
    log_act(by, "let go of a pairing of a proposal", run, child=line.child)
    _work_out(run)


@transaction.atomic
def exclude(line, volunteer, *, asked_by=MatchVeto.Asked.OFFICE, by):
    """These two are not to be paired, in this proposal and in later ones. The pairings of the two that are in force
    all the same: a person ends them."""
    run = _open(line.run)
    in_force = _veto(line.child, volunteer, asked_by, by)
    MatchLine.objects.filter(run=run, child=line.child, volunteer=volunteer).update(is_locked=False)
    _work_out(run)
    return in_force


@transaction.atomic
def allow_again(veto, *, run, by):
    run = _open(run)
    changed = MatchVeto.objects.filter(pk=veto.pk, lifted_at=None).update(lifted_at=timezone.now(), lifted_by=by)
    if changed:
        log_act(by, "allowed a pairing again", veto, child=veto.child, volunteer=veto.volunteer)
    _work_out(run)


@transaction.atomic
def let_part(line, *, by):
    """The children of this family may have different helpers."""
    run = _open(line.run)
    MatchLine.objects.filter(run=run, child__household=line.child.household_id).update(may_part=True)
    log_act(by, "let brothers and sisters have different helpers", run, child=line.child)
    _work_out(run)


@transaction.atomic
def hear(line, *, helper, guardian_said, guardian_name, child_said, child_words, by):
    """What guardian and child say to the helper suggested, whose key is `helper`; a no excludes the pairing, and then
    those of the two that are in force all the same are given back."""
    run = _open(line.run)
    line = MatchLine.objects.select_related("child", "volunteer").get(pk=line.pk)
    if line.volunteer is None or line.is_over:
        raise Refused(_("There is no helper to ask about."))
    if line.volunteer_id != helper:
        raise Refused(_("Another helper is suggested by now. Ask guardian and child about this one."))
    if child_said:
        refuse_unless_child_is_heard(line.child, child_said, child_words)
    _set_line(
        line, guardian_said=guardian_said, guardian_name=guardian_name, child_said=child_said,
        child_words=child_words, heard_on=timezone.localdate(), heard_by=by,
    )  # fmt: skip
    log_act(by, "asked guardian and child about a helper", line, child=line.child, volunteer=line.volunteer)
    if guardian_said == MatchLine.Said.NO or child_said == Pairing.Opinion.AGAINST:
        whose = MatchVeto.Asked.CHILD if child_said == Pairing.Opinion.AGAINST else MatchVeto.Asked.FAMILY
        in_force = _veto(line.child, line.volunteer, whose, by)
        MatchLine.objects.filter(pk=line.pk).update(is_locked=False)
        _work_out(run)
        return in_force
    return []


@transaction.atomic
def accept(run, *, seen, by):
    """(pairings made, lines where something had changed meanwhile): all suggested pairings are proposed.

    `seen`: the version of the proposal that was looked at."""
    run = _open(run)
    if run.version != seen:
        raise Refused(_("The proposal was worked out anew meanwhile. Look at it again before you accept."))
    made, refused = 0, 0
    rows = run.lines.filter(is_over=False).exclude(volunteer=None).select_related("volunteer").order_by("child_id")
    lines = list(rows.defer("volunteer__phone", "volunteer__id_number", "volunteer__address"))
    children, helpers = _locked_in_order(lines)
    for line in lines:
        try:
            with transaction.atomic():
                child, helper = children[line.child_id], helpers[line.volunteer_id]
                _refuse_if_changed(run, child, helper)
                pairing = Pairing.propose(child=child, volunteer=helper, kind=run.kind, by=by)
                if line.is_heard:
                    pairing.hear(
                        guardian=line.guardian_name, opinion=line.child_said, words=line.child_words,
                        guardian_agreed_on=line.heard_on, by=by,
                    )  # fmt: skip
                _set_line(line, pairing=pairing, refusal="")
                made += 1
        except Refused as refusal:
            _set_line(line, refusal=refusal.message[:200])
            refused += 1
    run._become(
        MatchRun.Status.ACCEPTED, by=by, verb="accepted a matching proposal", settled_at=timezone.now(), settled_by=by
    )
    return made, refused


def _locked_in_order(lines):
    """Children, then helpers, each in the order of their keys: two people who accept never wait for each other."""
    children = Child.objects.select_for_update(of=("self",), no_key=True).filter(pk__in={x.child_id for x in lines})
    helpers = Volunteer.objects.select_for_update(of=("self",), no_key=True)
    helpers = helpers.filter(pk__in={line.volunteer_id for line in lines})
    return tuple({row.pk: row for row in rows.order_by("pk")} for rows in (children, helpers))


def _refuse_if_changed(run, child, helper):
    """Reality may have moved since the proposal: `Pairing.propose` says the rest."""
    if child.community_id not in Scope.of(run.division_id):
        raise Refused(_("This child's file has moved to another community."))
    open_ones = Pairing.objects.exclude(status=Pairing.Status.ENDED)
    if open_ones.filter(child=child, kind=run.kind).exists():
        raise Refused(_("Such a helper has been proposed for this child meanwhile."))
    others = open_ones.filter(volunteer=helper).exclude(child=child).values("child").distinct().count()
    if others >= helper.capacity:
        raise Refused(str(BARS["places"].against))


@transaction.atomic
def discard(run, *, by):
    _open(run)._become(
        MatchRun.Status.DISCARDED, by=by, verb="discarded a matching proposal", settled_at=timezone.now(), settled_by=by
    )


def _why_not(problem, child, helper):
    """The first rule that stands between two who cannot be paired in this proposal."""
    if child not in problem.child or helper not in problem.helper:
        return _("One of them is not in this proposal.")
    return first_bar(problem.child[child], problem.helper[helper], problem.rule, problem.day).against


def _open(run):
    """The stored proposal, locked; refused when it was settled meanwhile."""
    stored = MatchRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not stored.is_open:
        raise Refused(_("This proposal was %(status)s meanwhile.") % {"status": stored.get_status_display()})
    return stored


def _set_line(line, **facts):
    for name, value in facts.items():
        setattr(line, name, value)
    line.save(update_fields=list(facts))


def _veto(child, volunteer, asked_by, by):
    """The pairings in force in which the two meet, as helper or as deputy.

    Under the locks that a pairing takes which begins: whoever comes second sees what the other has written.
    """
    Child.objects.select_for_update(of=("self",), no_key=True).get(pk=child.pk)
    volunteer.locked()
    veto, is_new = MatchVeto.objects.get_or_create(
        child=child,
        volunteer=volunteer,
        lifted_at=None,
        defaults={"asked_by": asked_by, "set_by": by, "community_id": child.community_id},
    )
    if is_new:
        log_act(by, "excluded a pairing", veto, child=child, volunteer=volunteer)
    holding = Pairing.objects.filter(child=child, status__in=Pairing.HOLDING).select_related("volunteer")
    stands_in = Deputy.objects.filter(volunteer=volunteer, ended_on=None, until_day__gte=timezone.localdate())
    theirs = Q(volunteer=volunteer) | Q(pk__in=stands_in.values("pairing"))
    return list(holding.defer("volunteer__phone", "volunteer__id_number").filter(theirs).order_by("pk"))


def _work_out(run):
    """Write what the engine proposes into the lines; the caller holds the proposal's lock."""
    problem = problem_of(run)
    points = possible(problem)
    best = propose(problem, points)
    lines = {line.child_id: line for line in run.lines.filter(is_over=False)}
    changed, new = [], []
    for card in problem.children:
        line = lines.pop(card.key, None)
        helper = best.pairs.get(card.key)
        if line is None:
            line = MatchLine(run=run, child_id=card.key, community_id=card.community, district=card.community[:6])
            new.append(line)
        else:
            changed.append(line)
        if helper != line.volunteer_id:
            line.guardian_said, line.child_said, line.child_words, line.heard_on = "", "", "", None
        line.volunteer_id, line.is_priority = helper, card.is_priority
        line.is_locked = line.is_locked and problem.locks.get(card.key) == helper
        line.points = best.points.get(card.key, 0)
        line.reasons = _reasons(problem, points, card, helper)
    for line in lines.values():  # has such a helper by now, or is here no more
        line.is_over, line.is_locked = True, False
        changed.append(line)
    MatchLine.objects.bulk_update(changed, WORKED_OUT)
    MatchLine.objects.bulk_create(new)
    run.points, run.is_proven = sum(best.points.values()), best.is_proven
    run.save(update_fields=["points", "is_proven"])


WORKED_OUT = [
    *["volunteer", "is_priority", "is_locked", "points", "reasons", "is_over"],
    *["guardian_said", "child_said", "child_words", "heard_on"],
]


def _reasons(problem, points, card, helper):
    if helper is not None:
        found = reasons_of(card, problem.helper[helper])
        return [f"{weight.key}:{worth}:{','.join(what)}"[:200] for weight, worth, what in found]
    why, what = why_left(problem, points, card.key)
    return [f"{bar}:{count}" for bar, count in what] if why == "bars" else [f"{why}:{what}"]
