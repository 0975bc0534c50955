"""How well a child is guarded, rated by one verb: every rating is kept, the newest stands on the child."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from children.models import Child, QualityRating
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update

NOBODY = QualityRating.Reason.NOBODY


def rate(child, quality, *, reasons=(), note="", on=None, by):
    """Keep a rating; the newest by its day becomes what the child's file says today."""
    on = on or timezone.localdate()
    if quality not in Child.Quality.values:
        raise Refused(_("Say whether the guardianship is good, fair or poor."))
    if NOBODY in reasons and quality != Child.Quality.POOR:
        raise Refused(_("Where nobody is in charge the guardianship is always poor."))
    if on > timezone.localdate():
        raise Refused(_("This day lies in the future."))
    with transaction.atomic():
        stored = stored_for_update(child)
        is_newest = not stored.ratings.filter(rated_on__gt=on).exists()
        rating = QualityRating.objects.create(
            child=stored,
            community_id=stored.community_id,
            quality=quality,
            reasons=list(reasons),
            note=note,
            rated_on=on,
            rated_by=by,
        )
        if is_newest:
            child.guardianship_quality = quality
            if stored.guardianship_quality != quality:
                child.save(update_fields=["guardianship_quality"])
        log_act(by, "rated the guardianship", child, rating=rating)
    return rating


def rate_as_saved(child, *, on=None, by):
    """Keep as a rating what a form of the file has just saved; None where it said nothing."""
    return rate(child, child.guardianship_quality, on=on, by=by) if child.guardianship_quality else None
