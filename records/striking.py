"""A row that turns out wrong is struck out with the reason: it stays to be read and counts nowhere.

Whoever asks `objects`, or the rows that hang on another, gets those that stand. A page that shows what was struck out
asks `with_struck`, an act on everything on file the base manager.
"""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.lifecycle import Refused
from records.scoping import ScopedQuerySet
from records.versions import stored_for_update


class StandingManager(models.Manager.from_queryset(ScopedQuerySet)):
    def get_queryset(self):
        return super().get_queryset().filter(struck_at=None)


class Strikable(models.Model):
    struck_at = models.DateTimeField(gettext_lazy("struck out"), null=True, blank=True, editable=False)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=gettext_lazy("struck out by"),
    )
    struck_because = models.CharField(gettext_lazy("struck out because"), max_length=200, blank=True, editable=False)

    STRUCK = ["struck_at", "struck_by"]  # beside the reason, which is personal

    objects = StandingManager()
    with_struck = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    @transaction.atomic
    def strike(self, *, because, by):
        if not because.strip():
            raise Refused(_("Say why the entry is wrong."))
        stored = stored_for_update(self)
        if stored.struck_at:
            raise Refused(_("This entry is struck out already."))
        stored.struck_at, stored.struck_by, stored.struck_because = timezone.now(), by, because.strip()
        stored.save(update_fields=["struck_at", "struck_by", "struck_because"])


def who_strikes_is_named(of):
    return models.CheckConstraint(
        condition=Q(struck_at=None, struck_by=None, struck_because="")
        | Q(struck_at__isnull=False, struck_by__isnull=False),
        name=f"who_strikes_a_{of}_is_named",
        violation_error_message=gettext_lazy("Say why the entry is wrong."),
    )
