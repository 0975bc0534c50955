"""Acts on letters, certificates and thanks; kept in English on the trail, here named for translation."""

from django.utils.translation import gettext_noop as _

VERBS = [
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
