"""Rosters as workbooks: in the boxes of the national form, for a street together, and for the grid system."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from children.models import Child
from records.exports import export
from records.policy import visible_or_404
from records.workbooks import Column, Sheet
from surveys import persons
from surveys.layout import LAYOUTS, NEWEST
from surveys.lines import AT_A_TIME, with_families
from surveys.models import Roster, RosterEdition, RosterLine, SurveyRound
from surveys.shown import edition_shown
from surveys.views.rosters import round_url

TITLE = "留守儿童、流动儿童花名册"


def _key(params, name):
    return QueryDict(params).get(name, "")


def _boxes(user):
    """The form's columns that the person may see; a line of any layout finds its own text."""

    def of(box):
        return Column(box.words, lambda line: line.get(box.field), box.width)

    return [of(box) for box in LAYOUTS[NEWEST] if user.sees(box.facts)]


def _roster(request, params):
    rosters = Roster.objects.select_related("round", "community__parent")
    return visible_or_404(rosters, request.user, pk=_key(params, "roster"))


@export("roster", title=gettext_lazy("Roster"), needs="surveys.view_roster")
def roster(request, params):
    """One roster in the layout of the national form: as it stands or was frozen, or the edition that is asked for."""
    found = _roster(request, params)
    named = QueryDict(params).get("edition")
    edition = edition_shown(found, named)
    source, number = edition or found, f"-{edition.number}" if edition else ""
    place = f"{found.community.parent.name} {found.community.name}"
    return Sheet(
        title=TITLE,
        subtitle=f"填报单位：{place}    填报时间：{source.as_of.isoformat()}",
        count=source.how_many(),
        rows=edition.as_lines() if edition else found.lines(),
        columns=_boxes(request.user),
        numbered="序号",
        back_url=(edition if named else found).get_absolute_url(),
        file_name=f"roster-{found.community_id}-{found.round.due_on}{number}",
    )


@export("street_roster", title=gettext_lazy("Accepted rosters of a round"), needs="surveys.view_roster")
def street_roster(request, params):
    """The lines of all accepted rosters of a round inside the person's divisions, one below the other."""
    survey_round = visible_or_404(SurveyRound.objects, request.user, pk=_key(params, "round"))
    accepted = Roster.objects.visible_to(request.user).filter(round=survey_round).accepted()
    editions = RosterEdition.objects.filter(
        roster__in=accepted.order_by().values("pk"), outcome=RosterEdition.Outcome.ACCEPTED
    )
    kept = RosterLine.objects.filter(edition__in=editions.order_by().values("pk"))
    return Sheet(
        title=TITLE,
        subtitle=f"{survey_round.division.name}    {survey_round.title}",
        count=kept.count(),
        rows=(line.as_line() for line in _in_order(kept)),
        columns=_boxes(request.user),
        numbered="序号",
        back_url=round_url(survey_round.pk),
        file_name=f"rosters-{survey_round.division_id}-{survey_round.due_on}",
    )


def _in_order(kept):
    return kept.order_by("edition__community_id", "position").iterator(chunk_size=AT_A_TIME)


@export(
    "left_behind_persons", title=gettext_lazy("Left-behind persons for the grid system"), needs="surveys.view_roster"
)
def left_behind_persons(request, params):
    """The left-behind children of a roster in the shape of GB/T 31000, from their files as they stand."""
    found = _roster(request, params)
    day = found.as_of
    children = with_families(Child.objects.visible_to(request.user).filter(pk__in=found.child_keys()))
    children = children.left_behind_on(day).order_by("name_pinyin", "pk")
    return Sheet(
        title=persons.TITLE,
        count=children.order_by().count(),
        rows=persons.persons(children, day, request.user),
        columns=[
            Column((field.words,), field.value or _blank, field.width)
            for field in persons.FIELDS
            if field.facts is None or request.user.sees(field.facts)
        ],
        legend=[(field.words, str(field.meaning)) for field in persons.FIELDS],
        back_url=found.get_absolute_url(),
        file_name=f"left-behind-{found.community_id}-{found.round.due_on}",
    )


def _blank(person):
    return ""
