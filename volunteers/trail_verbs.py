"""Acts on helpers, teams, letters and certificates: English on the trail, here named for translation."""

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
    _("wrote a letter"),
    _("noted a child's letter"),
    _("passed a letter"),
    _("returned a letter"),
    _("handed a letter over"),
    _("printed letter_paper"),
    _("printed letter_paper_small"),
    _("said thanks"),
    _("asked for a certificate"),
    _("issued a certificate"),
    _("declined a certificate"),
    _("revoked a certificate"),
    _("printed certificate_of_service"),
]
