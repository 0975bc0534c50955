"""An album holds only pictures in which everyone has agreed to publicity today."""

from activities.models import SessionPhoto
from records.attachments import owner_attachment_url


def pictures_of(activity, user):
    """What an album of the activity holds for `user`, and how many pictures are left out, for which reason."""
    rows = SessionPhoto.objects.filter(session__activity=activity)
    held = rows.visible_to(user).for_publicity().select_related("photo", "session").order_by("session__day", "pk")
    pictures = [(photo, owner_attachment_url(photo, "photo")) for photo in held]
    waiting = list(rows.visible_to(user).filter(looked_at=None, withheld_at=None).select_related("session"))
    total = rows.count()
    return {
        "pictures": pictures,
        "waiting": waiting,
        "without": total - len(pictures) - len(waiting),
        "total": total,
    }
