"""Whether a helper may see children's data today, and why not if not."""

from functools import wraps

from django.conf import settings
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.calling import local_numbers
from volunteers.models import Volunteer
from volunteers.models.requirement import Asked
from volunteers.vetting import lines_of

NOT_LISTED, LEFT, NO_CHECK, CHECK_ENDED, LACKING = "not_listed", "left", "no_check", "check_ended", "lacking"

WHY_NOT = {
    NOT_LISTED: _("Your account is not yet connected to the list of helpers."),
    LEFT: _("You are no longer on the list of helpers. Thank you for all you did."),
    NO_CHECK: _("Your record check is not on file yet. Everyone who is close to children has one before starting."),
    CHECK_ENDED: _("Your record check has ended. It is renewed every year, and then everything is here again."),
    LACKING: _("Something we ask of every helper is missing or has ended. As soon as it is done, everything is here."),
}

# Whom to call at once when a child is in danger; an office puts its own numbers in `CALL_AT_ONCE`.
CALL_AT_ONCE = [
    ("110", _("Police")),
    ("120", _("Ambulance")),
    ("12355", _("Youth service line")),
    ("12338", _("Women's federation line")),
]


def numbers_to_call(volunteer=None):
    """Everybody's numbers, then those of the helper's own street and district."""
    everybodys = getattr(settings, "CALL_AT_ONCE", None) or CALL_AT_ONCE
    return [*everybodys, *(local_numbers(volunteer.community_id) if volunteer else [])]


def listed_as(user):
    """The helper this account belongs to, whatever its standing, for an account with a current posting as volunteer."""
    if not user.is_authenticated or not user.is_active or "volunteer" not in user.roles:
        return None
    return Volunteer.objects.filter(user=user).first()


def problem_of(volunteer):
    """Why this helper may see no child today; None when all is well. The last day of a check counts in full."""
    today = timezone.localdate()
    if volunteer is None:
        return NOT_LISTED
    if not volunteer.is_in_service_on(today):
        return LEFT
    return None if volunteer.is_cleared_on(today) else _what_lacks(volunteer)


def _what_lacks(volunteer):
    check = next(line for line in lines_of(volunteer) if line.what == Asked.RECORD_CHECK)
    if check.is_met:
        return LACKING
    return CHECK_ENDED if check.has_ended else NO_CHECK


def in_good_standing(user):
    """The helper who may see their children today, or None."""
    volunteer = listed_as(user)
    return volunteer if problem_of(volunteer) is None else None


def volunteer_required(view):
    """Let only helpers in good standing in, as `request.volunteer`; others are told why, without any child's data."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        request.volunteer = in_good_standing(request.user)
        if request.volunteer is None:
            return redirect("portal:standing")
        return view(request, *args, **kwargs)

    return asked
