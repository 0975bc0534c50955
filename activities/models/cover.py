"""A picture may leave the office with people in it covered, once somebody has looked at what is left to see."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from activities.covering import covered, read
from children.models import Consent
from records.attachments import delete_attachments, store_drawn
from records.lifecycle import Refused
from records.trail import log_act


class Coverable:
    """The part of a picture of a session that has a covered version beside the clear one.

    While there is one, it alone may leave the office; and not before `vouch_for_cover`.
    """

    @property
    def public_field(self):
        return "covered" if self.covered_id else "photo"

    @property
    def public(self):
        """The version that may leave the office, where the picture may at all."""
        return self.covered if self.covered_id else self.photo

    def what_is_covered(self):
        """What a page shows of the cover, of who is in the picture and of who has not agreed, in one word."""
        lacking = self.tags.without(Consent.Purpose.PUBLICITY).order_by("child").values_list("child", flat=True)
        return f"{self.covered_id or ''} {self.what_is_named()} / {' '.join(map(str, lacking))}"

    def _as_seen(self, seen):
        stored = type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
        if seen is not None and seen != stored.what_is_covered():
            raise Refused(_now("Somebody else has changed this picture meanwhile. Look again."))
        if stored.withheld_at is not None:
            raise Refused(_now("This picture is withheld: decide about that first."))
        return stored

    @transaction.atomic
    def cover(self, fields, *, seen=None, by):
        """Make the covered version anew from the clear picture. `fields`: {(row, column)} of `covering.grid_of`."""
        stored = self._as_seen(seen)
        if not fields:
            raise Refused(_now("Tick at least one field of the picture."))
        try:
            image = covered(read(stored.photo), fields)
        except ValueError:
            raise Refused(_now("Tick fields of this picture only.")) from None
        before = stored.covered_id
        stored.covered = store_drawn(image, by)
        stored._cover_is_new(before)
        log_act(by, "covered people in a picture", stored, session=stored.session_id)

    @transaction.atomic
    def uncover(self, *, seen=None, by):
        """Take the covered version away; the clear picture may leave only if everyone in it has agreed."""
        stored = self._as_seen(seen)
        if stored.covered_id is None:
            raise Refused(_now("Nobody is covered in this picture."))
        before, stored.covered = stored.covered_id, None
        stored._cover_is_new(before)
        log_act(by, "took the cover off a picture", stored, session=stored.session_id)

    def _cover_is_new(self, before):
        """Nobody has looked at it yet, and nobody counts as covered."""
        self.cover_looked_at = self.cover_looked_by = None
        self.save(update_fields=["covered", "cover_looked_at", "cover_looked_by"])
        self.tags.update(is_covered=False)
        delete_attachments([before] if before else [])

    @transaction.atomic
    def vouch_for_cover(self, *, seen=None, by):
        """Say that no child named without consent can be recognised, and that everybody else to be seen has agreed.

        A consent withdrawn later is of a child that is to be seen, and keeps the picture in until somebody looks again.
        """
        stored = self._as_seen(seen)
        if stored.covered_id is None:
            raise Refused(_now("Nobody is covered in this picture."))
        lacking = stored.tags.without(Consent.Purpose.PUBLICITY).values("pk")
        stored.tags.update(is_covered=False)
        stored.tags.filter(pk__in=list(lacking.values_list("pk", flat=True))).update(is_covered=True)
        stored.cover_looked_at, stored.cover_looked_by = timezone.now(), by
        stored.save(update_fields=["cover_looked_at", "cover_looked_by"])
        log_act(by, "vouched for a covered picture", stored, session=stored.session_id)
