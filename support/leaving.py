"""What is under way ends with the file. What was approved stays to be paid: after a transfer, by the new community."""

from django.utils.translation import gettext as _

from children.leaving import ends_with_the_file
from support import applying
from support.models import Application


def _running(children, moving_to=None):
    return Application.objects.running().filter(child__in=children)


@ends_with_the_file(rows=_running)
def withdraw_applications(child, *, by, moving_to=None):
    why = _("The child went to another community.") if moving_to else _("The file was closed.")
    for application in _running([child]).order_by("pk"):
        applying.withdraw(application, why=why, by=by)
