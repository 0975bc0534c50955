"""What vetting and teams put on the trail, in English there, and read in every language."""

from django.utils.translation import gettext_noop as _

VERBS = [
    _("applied"),
    _("interviewed"),
    _("refused"),
    _("showed evidence"),
    _("lapsed"),
    _("cleared again"),
    _("removed old applications"),
    _("took over recommended requirements"),
    _("published a pledge"),
    _("took in a member"),
    _("let a member go"),
    _("named a leader"),
    _("dissolved"),
]
