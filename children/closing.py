"""How a child leaves the register and comes back: the file closes and opens again, and every spell keeps its days."""

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from children.leaving import end_what_is_local
from children.models import Child, EarlierLeaving, StatusReview
from children.status import MINOR_UNDER, left_behind, months_after
from children.status_words import facts_of
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update


def leave_register(child, *, on, reason, by):
    """Close the file: the child keeps its history and leaves every count from `on`."""
    with transaction.atomic():
        stored = stored_for_update(child)
        if stored.left_on:
            raise Refused(_("This child already left the register."))
        if on < stored.registered_on:
            raise Refused(_("Nobody leaves the register before being on it. Check the day."))
        if on > timezone.localdate():
            raise Refused(_("The day of leaving lies in the future."))
        if reason not in Child.LeftReason.values or reason in Child.ACTS_OF_THEIR_OWN:
            raise Refused(_("Say why the child leaves the register."))
        if stored.earlier_leavings.filter(returned_on__gt=on).exists():
            raise Refused(_("On that day the child was already off the register. Check the day."))
        _check_reason(stored, on, reason)
        child.left_on, child.left_reason = on, reason
        child.save(update_fields=["left_on", "left_reason"])
        end_what_is_local(child, by=by)
        log_act(by, "left the register", child, fields=["left_on", "left_reason"])


def _check_reason(child, on, reason):
    """What the file itself says must not contradict the reason."""
    grown_up = months_after(child.birth_date, 12 * MINOR_UNDER)
    if reason == Child.LeftReason.ADULT and on < grown_up:
        words = _("This child turns 18 on %(day)s. Until then the file stays open.")
        raise Refused(words % {"day": formats.date_format(grown_up, "DATE_FORMAT")})
    if reason == Child.LeftReason.PARENT_RETURNED and left_behind(facts_of(child), on):
        raise Refused(
            _(
                "By the file the child still counts as left behind that day. "
                "First note on the family page who came back."
            )
        )


def return_to_register(child, *, on=None, was_mistake=False, by):
    """Open a closed file again on a day. A file closed by mistake opens as if it had never been closed."""
    on = on or timezone.localdate()
    with transaction.atomic():
        stored = stored_for_update(child)
        if not stored.left_on:
            raise Refused(_("This child is on the register."))
        if stored.left_reason == Child.LeftReason.ERASED:
            raise Refused(_("This file has been erased."))
        if stored.merged_into_id:
            raise Refused(_("This file was merged into another one. Go on in that file."))
        if not was_mistake:
            _keep_spell(stored, on)
        child.left_on, child.left_reason = None, ""
        child.save(update_fields=["left_on", "left_reason"])
        log_act(by, "returned to the register", child, fields=["left_on", "left_reason"])


def _keep_spell(stored, on):
    if on < stored.left_on:
        raise Refused(_("The child left the register later than that. Check the day."))
    if on > timezone.localdate():
        raise Refused(_("This day lies in the future."))
    grown_up = months_after(stored.birth_date, 12 * MINOR_UNDER)
    if on >= grown_up:
        words = _("This child turned 18 on %(day)s, so the file stays closed.")
        raise Refused(words % {"day": formats.date_format(grown_up, "DATE_FORMAT")})
    EarlierLeaving.objects.create(
        child=stored,
        community_id=stored.community_id,
        left_on=stored.left_on,
        left_reason=stored.left_reason,
        returned_on=on,
    )


def keep_on_register(child, *, note, by):
    """Somebody looked at the changed facts, and the file stays open."""
    with transaction.atomic():
        if stored_for_update(child).left_on:
            raise Refused(_("This child already left the register."))
        review = StatusReview.objects.create(child=child, community_id=child.community_id, note=note, reviewed_by=by)
        log_act(by, "reviewed the status", child, review=review)
    return review
