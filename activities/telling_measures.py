"""What is counted of changes that people are to be told of."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from activities.telling import with_somebody_to_tell
from records.measures import GAP, measure


@measure(
    _("Activities with people not yet told of a change or a place"),
    definition=_(
        "Activities of which a day from the end of the period on was moved or cancelled, and an enrolled child's "
        "family, a helper who comes or the person who leads is not yet noted as told; or a child has a place from the "
        "waiting list and its family is not yet noted as told."
    ),
    version=2,
    earlier={
        1: _(
            "Activities of which a day from the end of the period on was moved or cancelled, and an enrolled child's "
            "family, a helper who comes or the person who leads is not yet noted as told."
        )
    },
    kind=GAP,
    act=_("Tell them"),
    page=lambda: f"{reverse('activities:todo')}#tell",
    needs="activities.add_told",
    hides_small=False,
)
def changes_not_told(scope, period):
    return with_somebody_to_tell(Activity.objects.within(scope), period.end)
