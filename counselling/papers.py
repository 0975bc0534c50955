from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counselling.models import CaseWords, SessionWords
from records.papers import paper


@paper("counselling_record", model="counselling.CaseWords", title=_("Counselling record"), shows_secrets=True)
def counselling_record(rows, user):
    """The whole case for the counsellor's own folder; nobody else finds its rows."""
    found = CaseWords.objects.filter(pk__in=[row.pk for row in rows]).select_related("case__child", "case__counsellor")
    notes = SessionWords.objects.filter(session__case__in=[row.pk for row in rows]).select_related("session")
    by_case: dict[int, list] = {}
    for one in notes.order_by("session__number"):
        by_case.setdefault(one.session.case_id, []).append(one)
    return {
        "sheets": [(words, by_case.get(words.pk, [])) for words in found],
        "day": timezone.localdate(),
        "by": user.name,
        "back_url": reverse("counselling:case", args=[rows[0].pk]) if len(rows) == 1 else reverse("counselling:cases"),
    }
