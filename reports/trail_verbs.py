"""Acts on reports: English on the trail, here named for translation."""

from django.utils.translation import gettext_noop as _

VERBS = [
    _("proposed an amendment"),
    _("refused"),
    _("set the rule"),
    _("exported the gap board"),
    _("printed street_report"),
    _("printed gap_board"),
]
