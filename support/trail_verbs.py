"""Acts on the trail are kept in English; here they are named for translation."""

from django.utils.translation import gettext_noop as _

VERBS = [
    _("prepared an application"),
    _("filled in the application"),
    _("submitted the application"),
    _("noted the opinion of the school"),
    _("returned the application"),
    _("checked the application"),
    _("posted the public notice"),
    _("took the public notice down"),
    _("noted an objection"),
    _("settled an objection"),
    _("approved an application"),
    _("declined an application"),
    _("withdrew the application"),
    _("planned a payment"),
    _("noted a payment"),
    _("noted a receipt"),
    _("cancelled a payment"),
    _("took a payment back"),
    _("printed support_notice"),
    _("printed support_statement"),
    _("exported a statement"),
]
