"""Which pairings: in force, open to a helper today, overdue."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from children.models import Consent
from records.scoping import ScopedQuerySet


class PairingQuerySet(ScopedQuerySet):
    def in_force_on(self, day):
        """Pairings that had begun and not ended on `day`, whatever became of them since."""
        return self.filter(Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day))

    def current(self):
        """Active today, of a child on the register whose guardian's consent to sharing stands."""
        return self.allowed_today().filter(status=self.model.Status.ACTIVE)

    def allowed_today(self):
        """In force, of a child on the register, with the guardian's consent: whether active or resting."""
        today = timezone.localdate()
        consent = Consent.objects.in_force().filter(child=OuterRef("child"), purpose=Consent.Purpose.SHARING)
        on_register = Q(child__left_on=None) | Q(child__left_on__gt=today)
        return self.in_force_on(today).filter(Exists(consent), on_register)

    def open_to(self, helper):
        """What this helper may see and write today: the own current pairings, and those of others whose deputy the
        helper is on this day, be the pairing active or paused.

        Both are asked for by key and put together: one condition with "or" could use no index.
        """
        from volunteers.models.deputy import Deputy

        rows = self.model.objects.order_by()
        standing_in = Deputy.objects.standing_on(timezone.localdate()).filter(volunteer=helper).order_by()
        own = rows.filter(volunteer=helper, status=self.model.Status.ACTIVE).values("pk")
        others = rows.filter(pk__in=standing_in.values("pairing"), status__in=self.model.HOLDING).values("pk")
        return self.allowed_today().filter(pk__in=own.union(others, all=True))

    def overdue(self):
        return self.filter(status=self.model.Status.ACTIVE, next_due_on__lt=timezone.localdate())
