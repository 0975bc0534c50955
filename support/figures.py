"""Applications for support that were made and granted, the Spring Bud's by themselves."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from records.measures import FIGURE, IN_PERIOD, measure
from support.models import Application

SPRING_BUD = "春蕾"  # as the programme is called in the names of its kinds of support


def _list():
    return reverse("support:applications")


def _submitted(scope, period):
    made = Application.objects.within(scope).filter(submitted_at__date__range=(period.start, period.end))
    return made.exclude(status=Application.Status.WITHDRAWN)


def _approved(scope, period):
    approved = Application.objects.within(scope).filter(status=Application.Status.APPROVED)
    return approved.filter(decided_at__date__range=(period.start, period.end))


@measure(
    _("Applications for support submitted"),
    definition=_(
        "Applications for support of any kind first submitted to the street office in the period, not withdrawn. One "
        "that was returned and submitted again counts where it first did."
    ),
    version=2,
    earlier={
        1: _("Applications for support of any kind submitted to the street office in the period, not withdrawn."),
    },
    kind=FIGURE,
    when=IN_PERIOD,
    page=_list,
)
def support_applied(scope, period):
    return _submitted(scope, period)


@measure(
    _("Applications for support approved"),
    definition=_("Applications for support of any kind that the federation approved in the period."),
    kind=FIGURE,
    when=IN_PERIOD,
    page=_list,
)
def support_approved(scope, period):
    return _approved(scope, period)


@measure(
    _("Spring Bud applications submitted"),
    definition=_(
        "Applications for a kind of support that has 春蕾 (Spring Bud) in its name, first submitted to the street "
        "office in the period and not withdrawn. One that was returned and submitted again counts where it first did."
    ),
    version=2,
    earlier={
        1: _(
            "Applications for a kind of support that has 春蕾 (Spring Bud) in its name, submitted to the street office "
            "in the period and not withdrawn."
        ),
    },
    kind=FIGURE,
    when=IN_PERIOD,
    page=_list,
)
def spring_bud_applied(scope, period):
    return _submitted(scope, period).filter(kind__title_zh__contains=SPRING_BUD)


@measure(
    _("Spring Bud applications approved"),
    definition=_(
        "Applications for a kind of support that has 春蕾 (Spring Bud) in its name, approved by the federation in the "
        "period."
    ),
    kind=FIGURE,
    when=IN_PERIOD,
    page=_list,
)
def spring_bud_approved(scope, period):
    return _approved(scope, period).filter(kind__title_zh__contains=SPRING_BUD)
