"""How a status moves: verbs over a table of legal moves, under a lock, on the trail."""

from contextlib import contextmanager

from django.contrib import messages
from django.db import models, transaction
from django.utils.translation import gettext as _

from records.trail import log_act


class Refused(Exception):
    """An act that a rule forbids. `message` says so in words for the person who tried."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message


class Lifecycle(models.Model):
    """Base of everything with a status. Only `_become`, called by the model's own verbs, ever assigns it."""

    TRANSITIONS: dict[str, set[str]] = {}

    class Meta:
        abstract = True

    def _become(self, new, *, by, verb=None, **stamps):
        """Move to `new`, setting `stamps` with it; raise `Refused` when the table has no such move."""
        with transaction.atomic():
            stored = type(self)._base_manager.select_for_update(of=("self",)).values("status").get(pk=self.pk)
            if new not in self.TRANSITIONS[stored["status"]]:
                raise Refused(
                    _("This is %(now)s and cannot become %(new)s.")
                    % {"now": self._words(stored["status"]), "new": self._words(new)}
                )
            self.status = new
            for name, value in stamps.items():
                setattr(self, name, value)
            self.save(update_fields=["status", *stamps])
            log_act(by, verb or f"became {new}", self, fields=["status", *stamps])

    def _words(self, status):
        return dict(self._meta.get_field("status").flatchoices)[status]


@contextmanager
def refusals_shown(request):
    """A refused act inside the block becomes a message, and what it had begun is undone."""
    try:
        with transaction.atomic():
            yield
    except Refused as refusal:
        messages.error(request, refusal.message)
