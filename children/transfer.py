"""A child's file goes to another community: one side offers, the other accepts or refuses.

Locks are taken household first, then children in the order of their keys, then the offer.
"""

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from children import moving
from children.leaving import end_what_is_local
from children.models import Child, Household, Transfer, TransferLine
from records.lifecycle import Refused
from records.trail import log_act

SAME_ID_NUMBER = gettext_lazy(
    "Your community already has a file with this ID number. Settle which one stays, then accept."
)
EARLIEST, LATEST = dt.timedelta(days=366), dt.timedelta(days=92)


@transaction.atomic
def offer(children, to, *, reason, moves_on, contact, message="", by):
    """Offer children of one household to the community `to`; nothing moves before that side accepts."""
    locked = _locked([child.pk for child in children])
    if not locked:
        raise Refused(_("Choose at least one child."))
    here = locked[0].community_id
    if to.level != to.Level.COMMUNITY:
        raise Refused(_("Choose a community."))
    if to.pk == here:
        raise Refused(_("The file is already in this community."))
    if any(child.left_on for child in locked):
        raise Refused(_("A closed file is not transferred. Open it again first."))
    if len({(child.household_id, child.community_id) for child in locked}) > 1:
        raise Refused(_("Only children of one household are offered together."))
    lapse_unanswered(of=locked)
    today = timezone.localdate()
    if not today - EARLIEST <= moves_on <= today + LATEST:
        raise Refused(_("The day of moving lies at most a year back and three months ahead. Check the day."))
    made = Transfer.objects.create(
        from_community_id=here,
        to_community=to,
        reason=reason,
        moves_on=moves_on,
        contact=contact,
        message=message,
        offered_by=by,
        expires_on=today + dt.timedelta(days=settings.TRANSFER_DAYS),
    )
    try:
        with transaction.atomic():
            lines = [TransferLine(transfer=made, child=child, number_before=child.number) for child in locked]
            TransferLine.objects.bulk_create(lines)
    except IntegrityError:
        raise Refused(_("This child is already offered to a community.")) from None
    log_act(by, "offered", made, to=to.pk)
    for child in locked:
        log_act(by, "offered", child, transfer=made, to=to.pk)
    return made


@transaction.atomic
def accept(made, *, by):
    """Take the files over: what is local ends, everything else of the children moves, and each gets a new number."""
    lines = list(made.lines.order_by("child_id"))
    children = _locked([line.child_id for line in lines])
    if made.offered_by_id == by.pk:
        raise Refused(_("Who offered the file cannot accept it: a colleague there does."))
    made.note_ended(Transfer.Status.ACCEPTED, verb="took over", by=by)
    if len({child.household_id for child in children}) > 1:  # one was merged into a file of another household
        raise Refused(_("Meanwhile these children are of several households. Ask the other side for new offers."))
    for child in children:
        _refuse_what_changed(child, made)
    for child in children:
        end_what_is_local(child, by=by, moving_to=made.to_community)
        log_act(by, "transferred away", child, transfer=made, to=made.to_community_id)
    try:
        with transaction.atomic():
            numbers = moving.move(children, made.to_community)
    except IntegrityError:  # the same ID number came onto the register there at this moment
        raise Refused(str(SAME_ID_NUMBER)) from None
    for line in lines:
        TransferLine.objects.filter(pk=line.pk).update(number_after=numbers[line.child_id])
    for child in Child.objects.filter(pk__in=numbers).order_by("pk"):
        log_act(by, "transferred here", child, transfer=made, **{"from": made.from_community_id})


def refuse(made, *, answer, by):
    if not answer:
        raise Refused(_("Say why, so that the other side knows what to do."))
    with transaction.atomic():
        made.note_ended(Transfer.Status.REFUSED, verb="refused", answer=answer, by=by)


def withdraw(made, *, by):
    with transaction.atomic():
        made.note_ended(Transfer.Status.WITHDRAWN, verb="took back", by=by)


def lapse_unanswered(of=None):
    """Note of offers that nobody answered in time that they lapsed; doing it again changes nothing. Returns how many.

    `of`: only the offers of these children.
    """
    lapsed, run_out = 0, Transfer.objects.run_out()
    if of is not None:
        run_out = run_out.filter(pk__in=TransferLine.objects.filter(is_open=True, child__in=of).values("transfer"))
    for made in run_out.order_by("pk"):
        try:
            with transaction.atomic():
                made.note_ended(Transfer.Status.LAPSED, verb="lapsed", by=None)
            lapsed += 1
        except Refused:  # answered at the last moment
            continue
    return lapsed


def _locked(keys):
    """The children, locked after their household, which its own form locks first as well.

    In full, not `no_key`: who writes a row that hangs on them waits (`communities.following`)."""
    of_children = Child.objects.filter(pk__in=keys).values("household")
    list(Household.objects.select_for_update().filter(pk__in=of_children).order_by("pk"))
    rows = Child.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    return list(rows.order_by("pk"))


def _refuse_what_changed(child, made):
    if child.community_id != made.from_community_id:
        raise Refused(_("Meanwhile the file has gone to another community. Ask the other side for a new offer."))
    if child.left_on:
        raise Refused(_("Meanwhile the file was closed. Ask the other side for a new offer."))
    same = Child.objects.filter(community=made.to_community_id, id_number_hash=child.id_number_hash)
    if child.id_number_hash and same.exists():
        raise Refused(str(SAME_ID_NUMBER))
