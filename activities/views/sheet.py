"""The sign-in sheet, entered from the paper."""

from django import forms
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.families import families, of_community, with_members
from activities.models import Session
from activities.sheet_entry import How, Mark, changed_lines, enter_sheet
from children.models import Adult, JoinedAdult
from records.acting import act_once
from records.policy import visible_or_404
from records.text import clean_key

FAMILIES_ON_A_PAGE = 40
MARKS = [Mark.PRESENT, Mark.ABSENT, Mark.EXCUSED]
WAYS = [How.ROOM, How.REMOTE]


class GuestsForm(forms.Form):
    guests = forms.IntegerField(
        label=gettext_lazy("Others who came"),
        min_value=0,
        max_value=10000,
        help_text=gettext_lazy("Also children of other communities or not on the register: a number, no names."),
    )


def sheet(request, pk):
    """Each line of the paper with three states; what is not touched stays as it is."""
    session = visible_or_404(Session.objects.select_related("activity", "home"), request.user, "change", pk=pk)
    activity = session.activity
    if not (activity.takes_children or activity.takes_carers) or session.is_cancelled or not session.has_come:
        raise Http404
    children = list(session.roll().defer("name_grams")) if activity.takes_children else []
    page, shown = _families(request, session)
    form = GuestsForm(request.POST or None, initial={"guests": session.others_present})
    here = f"{reverse('activities:sheet', args=[session.pk])}?page={page.number}" if page else request.path

    def draw():
        marks = dict(session.attendances.marked().values_list("child", "mark"))
        ways = dict(session.carer_attendances.present().values_list("adult", "how"))
        context = {
            "session": session,
            "activity": activity,
            "form": form,
            "seen_guests": request.POST.get("seen-guests", str(session.others_present)),
            "page": page,
            "children": [
                (child, _choices(request.POST, f"child-{child.pk}", MARKS, marks.get(child.pk, Mark.UNMARKED)))
                for child in children
            ],
            "families": [
                (
                    family,
                    [
                        (k, _choices(request.POST, f"adult-{key}", WAYS, ways.get(key, How.UNMARKED)))
                        for key, k in family.adults.items()
                    ],
                )
                for family in shown
            ],
        }
        return render(request, "activities/sheet.html", context)

    if request.method != "POST":
        return draw()

    def act(cleaned):
        guests, sent = cleaned["guests"], _of_adults_today(request.POST)
        enter_sheet(
            session,
            children=changed_lines(request.POST, "child", children, Mark.values, Mark.UNMARKED),
            adults=changed_lines(sent, "adult", _adults_sent(request, sent, session), How.values, How.UNMARKED),
            guests=None if str(guests) == request.POST.get("seen-guests") else guests,
            by=request.user,
        )

    return act_once(request, act, to=here, said=_("The sheet is saved."), form=form, again=draw)


def _families(request, session):
    if not session.activity.takes_carers:
        return None, []
    children = of_community(request.user, session.community_id)
    page = Paginator(families(children), FAMILIES_ON_A_PAGE).get_page(request.GET.get("page"))
    return page, with_members(page, children)


SEEN = "seen-adult-"


def _of_adults_today(sent):
    """What was sent; what was chosen of an adult who was on file twice counts for the entry that there is now."""
    data = sent.copy()
    keys = {clean_key(name.removeprefix(SEEN)) for name in sent if name.startswith(SEEN)} - {None}
    for key, today in JoinedAdult.today(keys).items() if keys else ():
        chosen, seen = sent.get(f"adult-{key}", ""), sent[f"{SEEN}{key}"]
        if chosen and chosen != seen:
            data[f"adult-{today}"], data[f"{SEEN}{today}"] = chosen, seen
    return data


def _adults_sent(request, sent, session):
    """Those of the page as it was drawn: families come and go meanwhile, and the pages shift."""
    keys = [clean_key(name.removeprefix(SEEN)) for name in sent if name.startswith(SEEN)]
    rows = Adult.objects.visible_to(request.user).filter(community=session.community_id)
    return rows.filter(pk__in=[key for key in keys if key])


def _choices(sent, line, choices, now):
    """What was stored when the page was first drawn, and each state with whether it is ticked: what was sent stays."""
    chosen = sent.get(line, now)
    return {
        "seen": sent.get(f"seen-{line}", now),
        "states": [(choice, choice == chosen) for choice in choices],
        "is_unmarked": chosen not in choices,
    }
