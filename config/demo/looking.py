"""What the federation has set up for itself: a view of the communities side by side, shared within the district."""

from records.trail import log_act
from reports import quarters as q
from reports.choices import Choices
from reports.models import SavedView

FIGURES = ("children_on_register", "children_paired", "duties_done")


def keep_views(district, federation, story_days):
    quarters = tuple(q.written(period) for period in (story_days.last, story_days.before_last))
    choices = Choices(district.pk, FIGURES, quarters, level="community")
    view = SavedView.objects.create(
        district=district,
        owner=federation,
        name="各社区结对与“五个一”",
        page=SavedView.Page.COMPARE,
        choices=choices.written(),
        is_shared=True,
    )
    log_act(federation, "kept a view", view)
