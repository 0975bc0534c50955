"""What of a decided nomination may be told in public, and how that ends."""

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from appraisal.kinds import Kind
from children.models import Child, Consent
from records.codes import in_groups
from records.lifecycle import Refused
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update
from volunteers.models import RecordCheck


class PublishedQuerySet(ScopedQuerySet):
    def agreed(self):
        """Whose telling in public is agreed to today: a child's by consent to publicity, a helper's own
        agreement, as long as their last record check is not one that found something."""
        consent = Consent.objects.in_force().filter(purpose=Consent.Purpose.PUBLICITY, child=OuterRef("child"))
        erased = Q(child__left_reason=Child.LeftReason.ERASED)
        not_clear = RecordCheck.objects.not_clear().filter(volunteer=OuterRef("helper"))
        of_child = Exists(consent) & ~erased
        return self.filter(
            Q(child=None, helper=None)
            | (Q(helper__isnull=False, helper_agreed_on__isnull=False) & ~Exists(not_clear))
            | (Q(child__isnull=False) & of_child)
        )

    def published(self):
        """What the public reads now."""
        return self.agreed().filter(status="awarded", published_on__isnull=False, taken_down_on=None)


class Publishing(models.Model):
    """The acts around a public notice, for nominations that were awarded."""

    class Meta:
        abstract = True

    @property
    def shown_number(self):
        """What stands on the certificate."""
        return in_groups(self.number)

    @property
    def check_url(self):
        """Where everybody sees whether the certificate is valid."""
        return reverse("award", args=[self.number])

    @property
    def is_public(self):
        return self.published_on is not None and self.taken_down_on is None

    @transaction.atomic
    def agree(self, *, on=None, by):
        """The helper agrees to be named to the committee and in public."""
        stored = stored_for_update(self)
        if stored.helper_id is None:
            raise Refused(gettext("Only a helper agrees to be named. For a child the guardian's consent counts."))
        day = on or timezone.localdate()
        if day > timezone.localdate():
            raise Refused(gettext("This day has not come yet."))
        stored.helper_agreed_on, stored.agreed_by = day, by
        stored.save(update_fields=["helper_agreed_on", "agreed_by"])
        log_act(by, "agreed to be named", stored)

    @transaction.atomic
    def take_agreement_back(self, *, by):
        """From now on the name is told to nobody outside; a public notice is gone at once."""
        stored = stored_for_update(self)
        if stored.helper_agreed_on is None:
            raise Refused(gettext("There is no agreement to take back."))
        stored.helper_agreed_on = stored.agreed_by = None
        stored.save(update_fields=["helper_agreed_on", "agreed_by"])
        log_act(by, "took an agreement back", stored)
        if stored.is_public:
            stored.take_down(by=by)

    @transaction.atomic
    def publish(self, *, by):
        """Put the commendation on the public page, as long as it is agreed to."""
        if self.child_id:
            stored_for_update(self.child)  # a consent withdrawn at this moment is seen
        stored = stored_for_update(self)
        if stored.status != "awarded":
            raise Refused(gettext("Only what was awarded is published."))
        if stored.is_public:
            raise Refused(gettext("This is published already."))
        if not type(self).objects.agreed().filter(pk=self.pk).exists():
            raise Refused(stored._what_lacks())
        stored.refuse_telling_words()
        stored.published_on, stored.taken_down_on = timezone.localdate(), None
        stored.save(update_fields=["published_on", "taken_down_on"])
        log_act(by, "published a commendation", stored)

    def _what_lacks(self):
        if self.call.kind == Kind.EXAMPLE:
            return gettext("There is no consent to publicity for this child.")
        if self.helper_agreed_on:
            return gettext("The helper's last record check is not clear.")
        return gettext("The helper has not agreed to be named in public.")

    @transaction.atomic
    def take_down(self, *, by):
        stored = stored_for_update(self)
        if not stored.is_public:
            raise Refused(gettext("This is not published."))
        stored.taken_down_on = timezone.localdate()
        stored.save(update_fields=["taken_down_on"])
        log_act(by, "took a commendation down", stored)
