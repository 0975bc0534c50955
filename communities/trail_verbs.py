"""Acts of the leading group: English on the trail, here named for translation."""

from django.utils.translation import gettext_noop as _

VERBS = [
    _("called off"),
    _("carried out"),
    _("set the office duty"),
    _("put a decision down"),
    _("dropped"),
    _("held a meeting"),
    _("passed a decision on"),
    _("printed leading_group"),
    _("printed meeting"),
]
