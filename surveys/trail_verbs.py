"""What this app puts on the trail: written in English there, read in every language on the pages that show it."""

from django.utils.translation import gettext_noop as _

VERBS = [
    _("opened the round"),
    _("changed the round"),
    _("closed the round"),
    _("reopened the round"),
    _("noted a visit"),
    _("changed the visit"),
    _("took back a visit"),
    _("printed door_to_door"),
]
