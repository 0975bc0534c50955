"""What is printed for a Home's register: labels and the sheet of the yearly count."""

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from homes.models import Home
from premises.building_views import facts_of
from premises.models import Asset, HomeWish
from premises.reach import homes_of
from records.lifecycle import Refused
from records.papers import paper
from records.policy import NotVisible

LABELS_ON_A_SHEET = 8


@paper("asset_labels", model="premises.Asset", title=_("Labels of the register"))
def labels(assets, user):
    """A label for each piece. Its code leads to the piece's page, for those who sign in."""
    prefetch_related_objects(assets, "home")
    assets.sort(key=lambda one: (one.home_id, one.number))
    starts = range(0, len(assets), LABELS_ON_A_SHEET)
    return {"sheets": [assets[start : start + LABELS_ON_A_SHEET] for start in starts]}


def kept_by(homes, user, model):
    """Of `homes` those whose rows of `model` this person may read; none of them: as if there were none."""
    reach = set(homes_of(user, model).filter(pk__in=[home.pk for home in homes]).values_list("pk", flat=True))
    found = [home for home in homes if home.pk in reach]
    if not found:
        raise NotVisible(Home, None)
    prefetch_related_objects(found, "community")
    return found


@paper("asset_count_sheet", model="homes.Home", title=_("Sheet for the count of the register"))
def count_sheet(homes, user):
    """What should be in the Home, with a box to tick and room for how a difference is explained."""
    found = kept_by(homes, user, Asset)
    pieces = {home.pk: [] for home in found}
    for asset in Asset.objects.filter(home__in=found).kept().order_by("home_id", "number"):
        pieces[asset.home_id].append(asset)
    return {"sheets": [(home, pieces[home.pk]) for home in found], "today": timezone.localdate()}


@paper("building_plan", model="premises.BuildingPlan", title=_("Plan of building a Children's Home"))
def building_plan(plans, user):
    """Milestones, leading group, budget and gifts of each plan."""
    prefetch_related_objects(plans, "community", "drive", "home")
    return {"sheets": [facts_of(plan, user) for plan in plans]}


@paper("home_wish_poster", model="premises.HomeWish", title=_("What our Children's Home wishes for"))
def home_wish_poster(wishes, user):
    """To hang up: what the Homes need, and nobody's name."""
    prefetch_related_objects(wishes, "repair__home", "community")
    shown = [wish for wish in wishes if wish.status == HomeWish.Status.SHOWN and wish.is_needed]
    if not shown:
        raise Refused(_("None of these wishes is shown to givers."))
    return {"wishes": shown, "day": timezone.localdate()}
