"""Acts on children's groups: English on the trail, here named for translation."""

from django.utils.translation import gettext_noop as _

VERBS = [
    _("founded"),
    _("joined a children's group"),
    _("leads a children's group"),
    _("left a children's group"),
    _("noted a meeting"),
    _("printed children_group"),
]
