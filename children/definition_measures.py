"""Left-behind children as the school register and the federation count them; the default is civil affairs'."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from children.models import Child
from children.status import Definition
from records.measures import FIGURE, measure


def _register():
    return reverse("admin:children_child_changelist")


@measure(
    _("Left-behind children as the school register counts"),
    definition=_(
        "Children on the register at the end of the period of whom one or both parents had been away for 3 months or "
        "more by then."
    ),
    kind=FIGURE,
    page=_register,
)
def left_behind_for_school(scope, period):
    on_register = Child.objects.within(scope).on_register(period.end)
    return on_register.left_behind_on(period.end, Definition.SCHOOL_REGISTER)


@measure(
    _("Left-behind children as the women's federation counts"),
    definition=_(
        "Children under 18 on the register at the end of the period of whom one or both parents were away that day."
    ),
    kind=FIGURE,
    page=_register,
)
def left_behind_for_federation(scope, period):
    on_register = Child.objects.within(scope).on_register(period.end)
    return on_register.left_behind_on(period.end, Definition.FEDERATION)
