"""Acts on the trail are kept in English; here they are named for translation."""

from django.utils.translation import gettext_noop as _

VERBS = [
    _("told of a change"),
    _("comes to help"),
    _("cannot come to help any more"),
    _("took off the helpers"),
    _("founded"),
    _("joined a children's group"),
    _("leads a children's group"),
    _("left a children's group"),
    _("noted a meeting"),
    _("printed children_group"),
    _("noted publicity"),
    _("took publicity down"),
    _("printed publicity"),
    _("named who is in a picture"),
    _("printed album"),
    _("counted the guests"),
    _("noted who came of a family"),
    _("took back who came of a family"),
    _("printed parent_school"),
]
