"""One application of a kind under way per child: of two, the one that has come less far is withdrawn, and what was
granted for one file is not granted for the other.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from children.merging import makes_room
from support import applying
from support.models import Application
from support.repeating import granted

_BY_PROGRESS = [
    Application.Status.DRAFT,
    Application.Status.RETURNED,
    Application.Status.SUBMITTED,
    Application.Status.CHECKED,
    Application.Status.ON_NOTICE,
]


@makes_room
def withdraw_one_of_two_applications(kept, gone, *, by):
    for other in gone.applications.running().order_by("pk"):
        if mine := kept.applications.running().filter(kind=other.kind_id).first():
            weaker = min(other, mine, key=lambda one: _BY_PROGRESS.index(one.status))
            applying.withdraw(weaker, why=_("two files of one child"), by=by)


@makes_room
def withdraw_what_was_granted_for_the_other_file(kept, gone, *, by):
    for child, other in ((kept, gone), (gone, kept)):
        for one in child.applications.running().select_related("kind").order_by("pk"):
            if granted(one.kind, timezone.localdate()).filter(child=other).exists():
                applying.withdraw(one, why=_("two files of one child"), by=by)
