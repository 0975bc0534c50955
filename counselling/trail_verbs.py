"""Acts on the trail are kept in English; here they are named for translation."""

from django.utils.translation import gettext_noop as _

VERBS = [
    _("opened a case"),
    _("corrected the notes on a case"),
    _("noted a counselling session"),
    _("corrected a counselling session"),
    _("closed the case"),
    _("opened the case again"),
    _("admitted to a case"),
    _("took back an admission"),
    _("printed counselling_record"),
]
