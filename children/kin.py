"""What an adult is to one child, where brothers and sisters of a household have different fathers, mothers or kin."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from children.guardian_copy import with_shells
from children.intake import refusing_doubles
from children.models import Adult, Kinship
from records.lifecycle import Refused
from records.trail import log_act
from records.versions import stored_for_update


def with_the_others(child, kinships):
    """[(adult, kinship or None)]: those of the child, with their adults, and whoever else is in the household."""
    others = child.household.adults.exclude(pk__in=[kin.adult_id for kin in kinships])
    return [*((kin.adult, kin) for kin in kinships), *((adult, None) for adult in others)]


def adults_of(child):
    """Those whose kinship to the child may be set: after a merge some of them are of another household."""
    return Adult.objects.filter(Q(household=child.household_id) | Q(kinships__child=child)).distinct()


def set_kinship(child, adult, relation, *, seen=None, by):
    """From now on the adult is this to the child and to no other one; None: the adult does not belong to the child.

    `seen`: the adult's version as it was looked at.
    """
    with refusing_doubles(), transaction.atomic():
        stored_for_update(child)
        stored = stored_for_update(adult)
        before = child.kinships.filter(adult=adult).first()
        if before is None and stored.household_id != child.household_id:
            raise Refused(_("This adult is not in the child's family. Add the adult to the household first."))
        if seen is not None and stored.version != seen:
            raise Refused(_("Somebody else changed this adult while you had the form open."))
        if relation is None:
            if before is None:
                return
            _untie(child, adult)
            log_act(by, "untied an adult", child, adult=adult)
        elif before is None:
            place = {"community_id": child.community_id}
            Kinship.objects.create(child=child, adult=adult, relation=relation, **place)
            log_act(by, "tied an adult", child, adult=adult)
        elif before.relation != relation:
            Kinship.objects.filter(pk=before.pk).update(relation=relation)
            log_act(by, "changed the kinship", child, fields=["relation"], adult=adult)
        else:
            return
        child.save(update_fields=["version"])
        adult.save(update_fields=["version"])


def _untie(child, adult):
    """Whoever belongs to no child could be neither copied, moved nor erased with one."""
    of_child = with_shells([child.pk])
    if not adult.kinships.exclude(child__in=of_child).exists():
        raise Refused(
            _("This adult belongs to no other child. Correct the name and relation in the household's form instead.")
        )
    adult.kinships.filter(child__in=of_child).delete()
