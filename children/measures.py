"""What is counted about children, each in one sentence for everyone who reads a number."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from children import (  # noqa: F401 - they register their measures
    birthdays,
    concern_measures,
    definition_measures,
    parent_measures,
    responsibility_measures,
)
from children.completeness import incomplete
from children.groups import BY_KIND, BY_REASON, NO_CHILD_OF_ITS_OWN, OF_COUNTED, OF_REGISTER
from children.models import Child, Correction, EarlierLeaving, Erasure, Kinship, Likeness, Transfer
from children.models.child import IDENTITY_UNCERTAIN
from children.priority import priority_on
from children.schooling import due_to_move_up
from children.status import COUNTED_UNDER, born_after
from records.measures import AS_TODAY, BASE, FIGURE, GAP, IN_PERIOD, measure

SOON_DAYS = 30
URGENT = 1
_CHANGE = "children.change_child"


def _register(query=""):
    return lambda: reverse("admin:children_child_changelist") + query


@measure(
    _("Children on the register"),
    definition=_("Children whose file was open at the end of the period."),
    kind=FIGURE,
    breakdowns=OF_REGISTER,
    page=_register(),
)
def children_on_register(scope, period):
    return Child.objects.within(scope).on_register(period.end)


@measure(
    _("Left-behind and migrant children"),
    definition=_("Children on the register at the end of the period who count as left behind or as migrant that day."),
    kind=BASE,
    breakdowns={"kind": BY_KIND, **OF_COUNTED},
    page=_register(),
)
def counted_children(scope, period):
    return Child.objects.within(scope).counted_on(period.end)


@measure(
    _("Left-behind children"),
    definition=_(
        "Children under 16 on the register at the end of the period with both parents away, or one away and the other "
        "unable to act as guardian. Away means at least 6 months in a row in another county."
    ),
    kind=FIGURE,
    breakdowns=OF_COUNTED,
    page=_register("?status=left_behind"),
)
def left_behind_children(scope, period):
    return Child.objects.within(scope).on_register(period.end).left_behind_on(period.end)


@measure(
    _("Migrant children"),
    definition=_(
        "Children under 16 on the register at the end of the period who moved here from another county with a parent "
        "or guardian at least 6 months before. A child who counts as left behind is not counted here."
    ),
    kind=FIGURE,
    breakdowns=OF_COUNTED,
    page=_register("?status=migrant"),
)
def migrant_children(scope, period):
    return Child.objects.within(scope).on_register(period.end).migrant_on(period.end)


@measure(
    _("Children newly registered"),
    definition=_(
        "Files opened in the period, without those closed as registered by mistake, merged into another, or erased."
    ),
    kind=FIGURE,
    when=IN_PERIOD,
)
def newly_registered(scope, period):
    opened = Child.objects.within(scope).filter(registered_on__range=(period.start, period.end))
    return opened.exclude(left_reason__in=NO_CHILD_OF_ITS_OWN)


@measure(
    _("Children who left the register"),
    definition=_("Files closed in the period, without those registered by mistake, merged into another, or erased."),
    kind=FIGURE,
    when=IN_PERIOD,
    breakdowns={"reason": BY_REASON},
    page=_register("?open=left"),
)
def left_register(scope, period):
    days = (period.start, period.end)
    earlier = EarlierLeaving.objects.filter(child=OuterRef("pk"), left_on__range=days)
    closed = Q(left_on__range=days) & ~Q(left_reason__in=NO_CHILD_OF_ITS_OWN)
    return Child.objects.within(scope).filter(closed | Q(Exists(earlier.exclude(left_reason__in=NO_CHILD_OF_ITS_OWN))))


@measure(
    _("Priority children"),
    definition=_(
        "Children on the register at the end of the period whom nobody on file looks after, whose guardianship is "
        "rated poor, who are out of school at 6 to 15, who have no household registration, or who are orphans or de "
        "facto unattended."
    ),
    kind=FIGURE,
    version=2,
    earlier={1: _("Children on the register at the end of the period whose guardianship quality is rated poor.")},
    page=_register("?priority=yes"),
)
def priority_children(scope, period):
    return Child.objects.within(scope).on_register(period.end).filter(priority_on(period.end))


@measure(
    _("Pupils not yet moved up"),
    definition=_(
        "Pupils on the register at the end of the period whose grade is still that of the school year before; a "
        "school year begins on 1 September."
    ),
    kind=GAP,
    needs="children.add_child",
    act=_("Move them up"),
    page=lambda: reverse("children:move_up"),
    belongs_to="schooling",
)
def not_moved_up(scope, period):
    return Child.objects.within(scope).on_register(period.end).filter(due_to_move_up(period.end))


@measure(
    _("Complete files"),
    definition=_(
        "Files open at the end of the period that hold ID number, exact birth date, ethnic group, address, where the "
        "child is registered and, if elsewhere, since when it lives here, schooling, the class teacher, a parent, the "
        "caregiver, a phone, the guardianship quality, health, immunisation, needs and hobbies, the consent to keeping "
        "the file, a valid guardianship letter where the child is left behind, and a photo where the guardian agrees "
        "to one, as they are today."
    ),
    when=AS_TODAY,
    kind=FIGURE,
    version=3,
    earlier={
        2: _(
            "Files open at the end of the period that hold ID number, exact birth date, ethnic group, address, "
            "schooling, the class teacher, a parent, the caregiver, a phone, the guardianship quality, health, "
            "immunisation, needs and hobbies, and a photo where the guardian agrees to one, as they are today."
        ),
        1: _(
            "Files open at the end of the period that hold ID number, exact birth date, address, schooling, a parent, "
            "the caregiver, a phone and the guardianship quality, as they are today."
        ),
    },
)
def files_complete(scope, period):
    return Child.objects.within(scope).on_register(period.end).exclude(incomplete())


@measure(
    _("Incomplete files"),
    definition=_("Files open at the end of the period in which something of a complete file is missing today."),
    when=AS_TODAY,
    kind=GAP,
    needs=_CHANGE,
    act=_("Complete the files"),
    page=_register("?complete=no"),
)
def incomplete_files(scope, period):
    return Child.objects.within(scope).on_register(period.end).filter(incomplete())


@measure(
    _("Children without an exact birth date or ID number"),
    definition=_(
        "Files open at the end of the period with no ID number or with a birth date known only to the month, today."
    ),
    when=AS_TODAY,
    kind=GAP,
    needs=_CHANGE,
    act=_("Ask the family"),
    page=_register("?complete=identity"),
)
def uncertain_identity(scope, period):
    return Child.objects.within(scope).on_register(period.end).filter(IDENTITY_UNCERTAIN)


@measure(
    _("Children nobody is on file for as caregiver"),
    definition=_(
        "Children on the register at the end of the period without anybody noted as looking after them today."
    ),
    when=AS_TODAY,
    kind=GAP,
    needs=_CHANGE,
    act=_("Enter the caregiver"),
    page=_register("?care=nobody"),
    urgency=URGENT,
)
def without_caregiver(scope, period):
    carers = Kinship.objects.within(scope).filter(child=OuterRef("pk"), is_caregiver=True)  # of the place alone
    return Child.objects.within(scope).on_register(period.end).filter(~Exists(carers))


@measure(
    _("Children turning 16 soon"),
    definition=_(
        "Children on the register who turn 16 in the 30 days after the period's end and then leave the count."
    ),
    kind=GAP,
    needs=_CHANGE,
    act=_("Look at the file"),
    page=_register("?age=turning_16"),
    urgency=3,
)
def turning_16(scope, period):
    on_register = Child.objects.within(scope).on_register(period.end)
    return on_register.filter(turns_16_within(period.end))


def turns_16_within(day, days=SOON_DAYS):
    """Born so that the sixteenth birthday comes after `day` and at most `days` later."""
    return Q(
        birth_date__gt=born_after(day, COUNTED_UNDER),
        birth_date__lte=born_after(day + dt.timedelta(days=days), COUNTED_UNDER),
    )


@measure(
    _("Requests for correction"),
    definition=_("Requests of guardians for a correction, asked by the end of the period and not settled by then."),
    kind=GAP,
    needs="children.change_correction",
    act=_("Settle them"),
    urgency=URGENT,
)
def open_corrections(scope, period):
    return _open(Correction, scope, period.end, asked="asked_on", settled="settled_at")


@measure(
    _("Files to be erased"),
    definition=_("Erasures asked for by the end of the period that a second person had not decided by then."),
    kind=GAP,
    needs="children.decide_erasure",
    act=_("Decide"),
)
def open_erasures(scope, period):
    return _open(Erasure, scope, period.end, asked="asked_at__date", settled="decided_at").exclude(status="withdrawn")


def _open(model, scope, day, *, asked, settled):
    rows = model.objects.within(scope).filter(**{f"{asked}__lte": day})
    return rows.filter(Q(**{settled: None}) | Q(**{f"{settled}__date__gt": day}))


@measure(
    _("Children perhaps on file in two communities"),
    definition=_(
        "Pairs of files of two communities that have the same ID number, or the same name and birth date and the same "
        "phone or father, and that nobody has settled yet. Each office counts those with a file of its own."
    ),
    kind=GAP,
    needs="children.change_likeness",
    act=_("Settle"),
    page=lambda: reverse("children:same_child"),
    urgency=URGENT,
    when=AS_TODAY,
)
def likenesses_to_settle(scope, period):
    return Likeness.objects.within(scope).asked().filter(asked_at__date__lte=period.end)


@measure(
    _("Files offered to us, waiting for an answer"),
    definition=_("Offers of children's files from other communities until the end of the period, still unanswered."),
    kind=GAP,
    needs="children.decide_transfer",
    act=_("Accept or refuse"),
    page=lambda: reverse("children:transfers"),
    urgency=URGENT,
    when=AS_TODAY,
)
def transfers_waiting(scope, period):
    return Transfer.objects.within(scope).open().filter(offered_at__date__lte=period.end)
