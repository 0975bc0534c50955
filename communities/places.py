"""The communities a person works in, for pages that show one of them at a time."""

from communities.models import Division
from records.papers import SHEETS_AT_MOST
from records.scoping import Scope


def communities_of(user, model):
    """The communities in which `user` may see rows of `model`."""
    scope = Scope.of(*user.codes_for(model, "view"))
    return list(Division.objects.filter(scope.at("code"), level="community").order_by("code"))


def keys_to_print(user, model):
    """The same communities as the key of a paper with a sheet for each."""
    return ",".join(place.pk for place in communities_of(user, model)[:SHEETS_AT_MOST])


def chosen_community(request, model):
    """(the one the address names or the first, all of them); (None, []) for a person without any."""
    places = communities_of(request.user, model)
    named = request.POST.get("community") or request.GET.get("community")
    return next((place for place in places if place.pk == named), places[0] if places else None), places


def places_to_add(user, model):
    """The communities in which `user` may add rows of `model`."""
    scope = Scope.of(*user.codes_for(model, "add"))
    return Division.objects.filter(scope.at("code"), level="community").order_by("code")
