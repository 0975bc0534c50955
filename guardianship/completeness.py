"""A file in which the parents are on record as away is complete with the letter by which they entrust the child."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children import status_in_sql
from children.completeness import must_have
from children.models import Child
from guardianship.lapsing import current_letters, standing_of
from guardianship.models import Letter
from records.privacy import FAMILY


def _owed(day):
    valid = Letter.objects.in_force_on(day).filter(child=OuterRef("pk"))
    return status_in_sql.on_register(day) & status_in_sql.left_behind(day) & ~Q(Exists(valid))


def _lacks(child):
    today = timezone.localdate()
    if any(standing_of(letter, today).is_valid for letter in current_letters(child, today)):
        return False
    return Child.objects.filter(pk=child.pk).on_register(today).left_behind_on(today).exists()


def _where(gaps):
    """The draft that waits for signatures; where there is none, the button that begins one."""
    if draft := gaps.child.letters.filter(status=Letter.Status.DRAFT).first():
        return draft.get_absolute_url()
    return reverse("children:file", args=[gaps.child.pk]) + "?tab=family#prepare-letter"


must_have("letter", _("guardianship letter"), _owed, where=_where, facts=FAMILY, lacks=_lacks)
