"""What the responsibilities of a leading group face that no other measure counts."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from children.models import Child
from children.priority import REASONS
from records.measures import AS_TODAY, FIGURE, measure

_OUT_OF_SCHOOL = next(reason for reason in REASONS if reason.key == "out_of_school")
_VIEW = "children.view_child"


def _register():
    return reverse("admin:children_child_changelist")


def _here(scope, period):
    return Child.objects.within(scope).on_register(period.end)


@measure(
    _("Children of school age out of school"),
    definition=_(
        "Children on the register at the end of the period who are of the age of compulsory schooling and who dropped "
        "out or are not in school."
    ),
    kind=FIGURE,
    page=_register,
    needs=_VIEW,
    belongs_to="schooling",
    when=AS_TODAY,
)
def children_out_of_school(scope, period):
    return _here(scope, period).filter(_OUT_OF_SCHOOL.rows(period.end))


@measure(
    _("Children with a long illness"),
    definition=_("Children on the register at the end of the period with a long illness on file."),
    kind=FIGURE,
    page=_register,
    needs=_VIEW,
    belongs_to="health",
    when=AS_TODAY,
)
def children_with_long_illness(scope, period):
    return _here(scope, period).exclude(illness="")


@measure(
    _("Children not known to be immunised"),
    definition=_("Children on the register at the end of the period whose immunisation is not on file as up to date."),
    kind=FIGURE,
    page=_register,
    needs=_VIEW,
    belongs_to="health",
    when=AS_TODAY,
)
def not_known_to_be_immunised(scope, period):
    return _here(scope, period).filter(Q(is_immunised=None) | Q(is_immunised=False))


@measure(
    _("Disabled children"),
    definition=_("Children on the register at the end of the period with a disability on file."),
    kind=FIGURE,
    page=_register,
    needs=_VIEW,
    belongs_to="disability",
    when=AS_TODAY,
)
def disabled_children(scope, period):
    return _here(scope, period).filter(~Q(disability_type=""))
