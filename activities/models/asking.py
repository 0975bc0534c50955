from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import pgettext_lazy

from records.lifecycle import Refused
from records.scoping import ScopedQuerySet


class AskedForQuerySet(ScopedQuerySet):
    def with_asker(self):
        """Each row with the adult who asked for it, in the same query and without what is secret of the adult."""
        secrets = [f"asked_by__{name}" for name in ("phone", "phone_alt", "id_number")]
        return self.select_related("asked_by").defer(*secrets)


class AskedFor(models.Model):
    """A child's place, or its wait for one, and which adult of the family asked for it; nobody where the child came by
    itself or it was not noted."""

    asked_by = models.ForeignKey(
        "children.Adult",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("a place", "asked for by"),
    )

    class Meta:
        abstract = True


def refuse_who_is_no_kin(child, adult):
    """`child` is locked: a family that parts meanwhile waits."""
    if adult is not None and not child.kinships.filter(adult=adult).exists():
        raise Refused(_now("This adult is not in the child's family."))
