"""What this app puts on the trail: written in English there, read in every language on the pages that show it."""

from django.utils.translation import gettext_noop as _

VERBS = [
    _("proposed an amendment"),
    _("refused"),
    _("set the rule"),
    _("exported the gap board"),
    _("printed street_report"),
    _("printed gap_board"),
    _("reminded of a report"),
    _("kept a view"),
    _("shared a view"),
    _("took a view back"),
    _("put a view away"),
]
