"""The reasons of verdicts, item by item: what their inspections found."""

from django.db.models import Prefetch

from homes.models import Answer, AnswerPhoto
from homes.reading import Reading


def answers_of(rulings):
    """{key of an inspection: its answers in their order}, in two queries for all of them."""
    photos = AnswerPhoto.objects.filter(withdrawn_at=None).select_related("photo")
    rows = Answer.objects.filter(inspection__in=[ruling.inspection_id for ruling in rulings])
    rows = rows.select_related("item").prefetch_related(Prefetch("photos", photos)).order_by("item__position")
    found: dict[int, list[Answer]] = {ruling.inspection_id: [] for ruling in rulings}
    for answer in rows:
        found[answer.inspection_id].append(answer)
    return found


def reasons_of(ruling, answers, user):
    """What stands behind one verdict as `user` may read it, in the language of now. `answers`: of `answers_of`."""
    return Reading(ruling.inspection, answers[ruling.inspection_id], user)
