"""The Homes whose affairs a person keeps or reads, for pages that show one of them at a time."""

from homes.models import Home
from records.policy import visible_or_404
from records.scoping import Scope
from records.text import clean_key


def homes_of(user, model, action="view"):
    """The Homes in whose community `user` may `action` rows of `model`."""
    within = Scope.of(*user.codes_for(model, action))
    return Home.objects.visible_to(user).within(within).select_related("community")


def find_home(request, pk, model, action="view"):
    """The Home of that key where this person may `action` rows of `model`; else a 404 that tells nothing."""
    return visible_or_404(homes_of(request.user, model, action), request.user, pk=pk)


def chosen_home(request, model):
    """(the Home that the address names or the first, all of them); (None, []) where there is none."""
    found = list(homes_of(request.user, model).filter(closed_on=None).order_by("community_id", "pk"))
    key = clean_key(request.GET.get("home"))
    return next((home for home in found if home.pk == key), found[0] if found else None), found
