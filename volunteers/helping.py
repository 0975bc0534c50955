"""Who accompanies a child, without the name: lists that leave the system need to know that somebody does."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from children.helping import tells_help
from volunteers.models import GroupChild, Pairing


@tells_help(order=20)
def pairings(children, user):
    rows = Pairing.objects.visible_to(user).allowed_today().filter(child__in=children, status__in=Pairing.HOLDING)
    for pairing in rows.only("child", "kind", "starts_on").order_by("starts_on", "pk"):
        said = {"kind": pairing.get_kind_display(), "day": date_format(pairing.starts_on)}
        yield pairing.child_id, _("paired with a %(kind)s since %(day)s") % said


@tells_help(order=30)
def care_group(children, user):
    rows = GroupChild.objects.visible_to(user).current().filter(child__in=children)
    for line in rows.only("child", "since"):
        yield (
            line.child_id,
            _("cared for by the advice-and-care group since %(day)s") % {"day": date_format(line.since)},
        )
