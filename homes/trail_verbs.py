"""Acts on the trail are kept in English; here they are named for translation."""

from django.utils.translation import gettext_noop as _

VERBS = [
    _("added a picture of the room"),
    _("added a requirement"),
    _("left a Home out"),
    _("printed evaluation_plan"),
    _("took a Home back into the year"),
    _("took a closure back"),
    _("took a picture of the room out"),
    _("took a requirement out"),
]
