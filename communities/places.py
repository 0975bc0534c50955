"""The communities a person works in, for pages that show one of them at a time."""

from communities.models import Division
from records.exports import ExportRequest
from records.papers import SHEETS_AT_MOST
from records.scoping import Scope


def communities_of(user, model):
    """The communities in which `user` may see rows of `model`."""
    scope = Scope.of(*user.codes_for(model, "view"))
    return list(Division.objects.filter(scope.at("code"), level="community").order_by("code"))


def bodies_of(user, model):
    """The streets and communities in which `user` may see rows of `model`, a street before its communities."""
    scope = Scope.of(*user.codes_for(model, "view"))
    return list(Division.objects.filter(scope.at("code"), level__in=["street", "community"]).order_by("code"))


def keys_to_print(user, model):
    """Those of them from which the person may take lists out, as the key of a paper with a sheet for each."""
    taken = Scope.of(*user.codes_for(ExportRequest, "add"))
    return ",".join([place.pk for place in communities_of(user, model) if place.pk in taken][:SHEETS_AT_MOST])


def may_at(user, action, model, code):
    """Whether `user` may `action` rows of `model` in this community, by the post held there and by no other."""
    return code in Scope.of(*user.codes_for(model, action))


def with_may(rows, user, action, model):
    """The rows as a list, each with `may`: whether `user` may `action` rows of `model` in its community."""
    there = Scope.of(*user.codes_for(model, action))
    rows = list(rows)
    for row in rows:
        row.may = row.community_id in there
    return rows


def sits_at(user, action, model, code):
    """Whether `user` may `action` the rows of a body at this very place (`communities.owned.BodyQuerySet`)."""
    return code in user.seats_for(model, action)


def works_in_several(user, model):
    """Whether `user` may see rows of `model` from more than one community, so that pages name each row's place."""
    return Scope.of(*user.codes_for(model)).is_several


def chosen_community(request, model):
    """(the one the address names or the first, all of them); (None, []) for a person without any.

    What is sent is for the community it names: where that is not in reach, for none."""
    return _chosen(request, communities_of(request.user, model))


def chosen_body(request, model):
    """The same among the communities and the streets, each with a leading group of its own."""
    return _chosen(request, bodies_of(request.user, model))


def _chosen(request, places):
    named = request.POST.get("community") or request.GET.get("community")
    first = places[0] if places and not (named and request.method == "POST") else None
    return next((place for place in places if place.pk == named), first), places


def places_to_add(user, model):
    """The communities in which `user` may add rows of `model`."""
    scope = Scope.of(*user.codes_for(model, "add"))
    return Division.objects.filter(scope.at("code"), level="community").order_by("code")


def seats_to_add(user, model):
    """The streets and communities for whose body `user` may add rows of `model`."""
    seats = user.seats_for(model, "add")
    return Division.objects.filter(pk__in=seats, level__in=["street", "community"]).order_by("code")
