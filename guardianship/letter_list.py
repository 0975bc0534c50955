"""The page of all letters: which ones are shown, and how many children are covered, community by community."""

from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.models import Child
from communities.models import Division
from guardianship import measures
from guardianship.lapsing import with_facts
from guardianship.models import Letter
from records.measures import Period
from records.scoping import Scope

SHOWN = {
    "": _("All that count"),
    "draft": _("Not signed"),
    "in_force": _("In force"),
    "expiring": _("Ends soon"),
    "lapsed": _("Lapsed"),
    "over": _("Renewed, ended or cancelled"),
}
OF_CHILDREN = {"without": _("Children without a valid letter"), "silent": _("No contact for 2 weeks")}


def letters_shown(user, show, text=""):
    """Letters `user` may see, of one kind; those that end first come first."""
    day = timezone.localdate()
    rows = Letter.objects.visible_to(user)
    counting = rows.filter(status=Letter.Status.DRAFT) | rows.not_over_on(day)
    rows = {
        "draft": lambda: rows.filter(status=Letter.Status.DRAFT),
        "in_force": lambda: rows.in_force_on(day),
        "expiring": lambda: rows.expiring_on(day),
        "lapsed": lambda: rows.filter(status=Letter.Status.SIGNED, starts_on__lte=day).lapsed_on(day),
        "over": lambda: rows.exclude(pk__in=counting.values("pk")),
    }.get(show, lambda: counting)()
    if text:
        rows = rows.filter(child__in=_found(user, text))
    return with_facts(rows).order_by(F("ends_on").asc(), "pk")


def children_shown(user, show, text=""):
    """Children `user` may see that a gap is about: without a letter, or without contact."""
    scope, period = Scope.of(*user.codes_for(Child)), Period.day(timezone.localdate())
    rows = measures.without_valid_letter if show == "without" else measures.without_weekly_contact
    found = rows(scope, period).visible_to(user)
    if text:
        found = found.filter(pk__in=_found(user, text))
    return found.select_related("community").order_by("community", "name_pinyin", "pk")


def _found(user, text):
    return Child.objects.visible_to(user).search(text).values("pk")


def coverage(user):
    """[(community, children with a valid letter, left-behind children)] of the user's communities that have any."""
    scope, period = Scope.of(*user.codes_for(Child)), Period.day(timezone.localdate())
    owed = Child.objects.within(scope).on_register(period.end).left_behind_on(period.end)
    having = measures.with_valid_letter(scope, period)
    totals, done = _per_community(owed), _per_community(having)
    names = Division.objects.in_bulk(totals)
    return [(names[code], done.get(code, 0), total) for code, total in sorted(totals.items())]


def _per_community(children):
    return dict(children.order_by().values_list("community_id").annotate(Count("pk", distinct=True)))
