"""The checklist on paper: blank, to take along into the room, and filled in."""

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from homes import evaluation_papers  # noqa: F401 - it registers its papers
from homes.models import Inspection, PostedRule, Standard, StandardItem
from homes.open_days import posted_of
from homes.reading import Reading
from homes.views import load_answers
from records.papers import paper
from records.policy import NotVisible


@paper("home_checklist", model="homes.Home", title=_("Checklist of the Children's Home"))
def blank(homes, user):
    """One blank checklist for each Home, of the standard in force today."""
    today = timezone.localdate()
    prefetch_related_objects(homes, "community")
    in_force = {district: Standard.objects.in_force(district, today) for district in {h.district for h in homes}}
    sheets = []
    for home in homes:
        standard = in_force[home.district]
        items = list(standard.items.order_by("position")) if standard else []
        sections = [(t, [(i, None) for i in items if i.section == key]) for key, t in StandardItem.Section.choices]
        sheets.append({"home": home, "standard": standard, "sections": sections})
    return {"sheets": sheets}


@paper(
    "home_check",
    model="homes.Inspection",
    title=_("Check of the Children's Home"),
    template="papers/home_checklist.html",
)
def filled(checks, user):
    sheets = []
    prefetch_related_objects(checks, "home__community", "standard")
    checks = [check for check in checks if not check.is_draft or check.may_be_filled_in_by(user)]
    if not checks:
        raise NotVisible(Inspection, None)
    for check in checks:
        reading = Reading(check, load_answers(check), user)
        sections = [(part.title, [(entry.item, entry) for entry in part.entries]) for part in reading.parts]
        sheets.append(
            {
                "home": check.home,
                "standard": check.standard,
                "sections": sections,
                "check": check,
                "reading": reading,
            }
        )
    return {"sheets": sheets}


@paper("home_rules", model="homes.Home", title=_("Rules of the Children's Home"))
def posters(homes, user):
    """A poster for each rule that hangs in the Home."""
    prefetch_related_objects(homes, Prefetch("rules", PostedRule.objects.hanging()))
    return {"homes": homes}


@paper("home_notice", model="homes.Home", title=_("Notice at the door of the Children's Home"))
def notice(homes, user):
    """When the Home is open, that it is free, and a code that leads to its page for everybody."""
    prefetch_related_objects(homes, "community")
    posted = posted_of(homes)
    return {"sheets": [(home, posted[home.pk]) for home in homes]}
