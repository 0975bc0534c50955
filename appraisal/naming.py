"""Who is nominated, as each reader may know it.

A helper's name leaves the community only with the helper's own agreement; a child or parent is named to those who may
see the file, and to nobody else.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from appraisal.kinds import Kind
from children.masking import masked_name
from children.models import Child
from homes.models import Home
from volunteers.models import Volunteer


@dataclass(frozen=True)
class Named:
    words: str
    is_known: bool = True  # whether this reader is told who it is
    child: Any = None  # the child whose file this reader may see


def names_for(nominations, user):
    """{nomination's key: Named}, asking as often for many as for one."""
    helpers = [one.helper_id for one in nominations if one.helper_id]
    children = [one.child_id for one in nominations if one.child_id]
    names = dict(Volunteer.objects.filter(pk__in=helpers).values_list("pk", "name")) if helpers else {}
    seen = set(Volunteer.objects.visible_to(user).filter(pk__in=helpers).values_list("pk", flat=True))
    files = Child.objects.visible_to(user).filter(pk__in=children).defer("name_grams").in_bulk() if children else {}
    homes = [one.home_id for one in nominations if one.home_id]
    of_homes = dict(Home.objects.filter(pk__in=homes).values_list("pk", "name")) if homes else {}
    return {one.pk: _named(one, names, seen, files, of_homes) for one in nominations}


def _named(one, names, seen, files, of_homes):
    if one.helper_id:
        is_known = one.helper_id in seen or one.helper_agreed_on is not None
        return Named(names[one.helper_id] if is_known else masked_name(names[one.helper_id]), is_known)
    if one.home_id:
        return Named(of_homes[one.home_id])
    if one.child_id:
        child = files.get(one.child_id)
        if child is None:
            return Named(_("a parent") if one.is_parent else _("a child"), is_known=False)
        words = _("a parent of %(child)s") % {"child": child.name} if one.is_parent else child.name
        return Named(words, child=child)
    return Named(one.title)


def public_name(one):
    """What everybody reads of a commendation that is published (`Nomination.objects.published`), with its helper."""
    if one.call.kind == Kind.EXAMPLE:
        return _("a parent") if one.is_parent else _("a child")
    return one.helper.name if one.helper_id else one.home.name if one.home_id else one.title
