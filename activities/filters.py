"""What the list and the calendar are narrowed by. Values that are no choice narrow nothing."""

import datetime as dt
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, HelperPlace, Session
from communities.models import Division
from homes.models import Home
from records.days import DayField
from records.measures import Period
from records.scoping import Scope
from records.staff_filters import clean_search
from records.text import clean_key
from volunteers.models import Volunteer

LONGEST = dt.timedelta(days=366)
YEARS_AROUND = 20
VENUES_AROUND = dt.timedelta(days=180)
VENUES_AT_MOST = 60
COMMUNITIES_AT_ONCE = 20  # a street's; of more, one is counted at a time


def too_many_at_once(places):
    return len(places[: COMMUNITIES_AT_ONCE + 1]) > COMMUNITIES_AT_ONCE


def led_or_helped_by(sessions, key):
    """Of `sessions` those of activities that the helper of this key leads, or comes to help at."""
    coming = HelperPlace.objects.coming().filter(volunteer=key).values("activity")
    return sessions.filter(Q(activity__helper=key) | Q(activity__in=coming))


class ActivityFilter(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    audience = forms.ChoiceField(label=_("For whom"), required=False)
    community = forms.ModelChoiceField(
        Division.objects.none(), label=_("Community"), required=False, empty_label=_("all")
    )

    def __init__(self, data, *, by):
        super().__init__(data, auto_id="filter-%s")
        self.fields["kind"].choices = [("", _("all")), *Activity.Kind.choices]
        self.fields["audience"].choices = [("", _("all")), *Activity.Audience.choices]
        self.everywhere = Scope.of(*by.codes_for(Activity))
        self.several = self.everywhere.is_several
        if self.several:
            here = Division.objects.within(self.everywhere).filter(level="community")
            self.fields["community"].queryset = here
        else:
            del self.fields["community"]
        self.text = clean_search(data.get("q", ""))
        self.is_valid()

    @property
    def chosen(self):
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def address(self):
        """The chosen values as a piece of a URL, for links that keep them."""
        kept = {name: getattr(value, "pk", value) for name, value in self.chosen.items()}
        return f"&{urlencode(kept)}" if kept else ""

    def narrow(self, activities):
        if self.text:
            homes = Home.objects.filter(name__icontains=self.text)
            words = Q(title__icontains=self.text) | Q(topic__icontains=self.text) | Q(venue__icontains=self.text)
            activities = activities.filter(words | Q(home__in=homes.values("pk")))
        return activities.filter(**self.chosen)


class CalendarFilter(ActivityFilter):
    """The month is narrowed by Home as well; by helper and by venue, where one community is shown."""

    home = forms.ModelChoiceField(Home.objects.none(), label=_("Children's Home"), required=False, empty_label=_("all"))
    helper = forms.ModelChoiceField(
        Volunteer.objects.none(), label=_("Leads or helps"), required=False, empty_label=_("all")
    )
    venue = forms.ChoiceField(label=_("Venue"), required=False)

    def __init__(self, data, *, by):
        super().__init__(data, by=by)
        self.one_community = self._one_community()
        self._offer_homes(by)
        if self.one_community is None:
            del self.fields["helper"], self.fields["venue"]
        else:
            self._offer_helpers_and_venues(by)
        self.full_clean()

    def _one_community(self):
        if not self.several:
            return self.everywhere.only_community
        chosen = self.chosen.get("community")
        return chosen and chosen.pk

    def _offer_homes(self, by):
        field, homes = self.fields["home"], Home.objects.visible_to(by)
        # Of several communities only the one to which a link leads: their Homes would be as many as they are.
        asked = {"community": self.one_community} if self.one_community else {"pk": clean_key(self.data.get("home"))}
        field.queryset = homes.filter(**asked)
        field.label_from_instance = lambda home: home.name
        if not field.queryset.exists():
            del self.fields["home"]

    def _offer_helpers_and_venues(self, by):
        here = Session.objects.visible_to(by).filter(community=self.one_community)
        leading = Activity.objects.filter(community=self.one_community).exclude(helper=None).values("helper")
        coming = HelperPlace.objects.coming().filter(community=self.one_community).values("volunteer")
        field = self.fields["helper"]
        field.queryset = Volunteer.objects.visible_to(by).filter(Q(pk__in=leading) | Q(pk__in=coming))
        field.label_from_instance = lambda helper: helper.name
        around = timezone.localdate()
        lately = here.filter(home=None, day__range=(around - VENUES_AROUND, around + VENUES_AROUND)).order_by("venue")
        venues = list(lately.values_list("venue", flat=True).distinct()[:VENUES_AT_MOST])
        self.fields["venue"].choices = [("", _("all")), *((venue, venue) for venue in venues)]

    def narrow_sessions(self, sessions):
        chosen = self.chosen
        if helper := chosen.pop("helper", None):
            sessions = led_or_helped_by(sessions, helper.pk)
        path = {"community": "community", "home": "home", "venue": "venue"}
        return sessions.filter(**{path.get(name, f"activity__{name}"): value for name, value in chosen.items()})


class AttendanceFilter(CalendarFilter):
    """The sessions held in a period: since this quarter began, where no other days are asked for.

    All that came are added up, so that of a district, or of a street of many communities, one is shown at a time.
    """

    since = DayField(label=_("From"), years_around=YEARS_AROUND)
    until = DayField(label=_("Until"), years_around=YEARS_AROUND)
    field_order = ["since", "until"]

    def __init__(self, data, *, by):
        today = timezone.localdate()
        usual = {"since": Period.quarter_of(today).start.isoformat(), "until": today.isoformat()}
        typed = {name: value for name, value in data.items() if value}
        places = Division.objects.within(Scope.of(*by.codes_for(Activity))).filter(level="community")
        self.one_at_a_time = too_many_at_once(places)
        if self.one_at_a_time:
            chosen = places.filter(pk=clean_search(typed.get("community", ""))) or places
            typed["community"] = chosen[0].pk
        super().__init__({**usual, **typed}, by=by)
        if self.one_at_a_time:
            self.fields["community"].empty_label = None

    @property
    def period(self):
        """A year at most, so that a page never counts a whole past."""
        until = self.cleaned_data.get("until") or timezone.localdate()
        since = self.cleaned_data.get("since") or Period.quarter_of(until).start
        since = min(since, until)
        return Period(max(since, until - LONGEST), until)

    @property
    def chosen(self):
        return {name: value for name, value in super().chosen.items() if name not in ("since", "until")}

    @property
    def address(self):
        return f"since={self.period.start}&until={self.period.end}{super().address}"

    def sessions(self, by):
        """Those held, by day; `by` sees them."""
        held = Session.objects.visible_to(by).held_in(self.period)
        return self.narrow_sessions(held).order_by("day", "starts_at", "pk")
