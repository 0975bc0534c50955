"""An album holds only pictures in which everyone has agreed to publicity today, or is covered."""

import tempfile
import zipfile

from django.utils.translation import gettext as _

from activities.models import SessionPhoto
from records import workbooks
from records.attachments import owner_attachment_url
from records.workbooks import Column, Sheet

LIST = "list.xlsx"


def publishable(activity, user):
    """The pictures of the activity that may leave the office today, as far as `user` sees them, in their order."""
    rows = SessionPhoto.objects.filter(session__activity=activity).visible_to(user).for_publicity()
    return rows.select_related("photo", "covered", "session").order_by("session__day", "pk")


def pictures_of(activity, user):
    """What an album of the activity holds for `user`, and how many pictures are left out, for which reason."""
    rows = SessionPhoto.objects.filter(session__activity=activity)
    pictures = [(photo, owner_attachment_url(photo, photo.public_field)) for photo in publishable(activity, user)]
    waiting = list(rows.visible_to(user).to_be_looked_through().select_related("session"))
    total = rows.count()
    return {
        "pictures": pictures,
        "waiting": waiting,
        "without": total - len(pictures) - len(waiting),
        "total": total,
    }


def packed(activity, photos):
    """An open file without a name: a ZIP of the versions of `photos` that may leave, and a list of them."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    named = [(f"{number:03}-{photo.session.day}{photo.public.suffix}", photo) for number, photo in enumerate(photos, 1)]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, photo in named:
            with photo.public.file.open("rb") as file:
                archive.writestr(name, file.read())
        book, _written = workbooks.write(_list_of(activity, named))
        with book:
            archive.writestr(LIST, book.read())
    target.seek(0)
    return target


def _list_of(activity, named):
    return Sheet(
        title=_("Album"),
        subtitle=f"{activity.title} · {activity.community}",
        count=len(named),
        rows=named,
        columns=[
            Column((_("file"),), lambda line: line[0], 24),
            Column((_("day"),), lambda line: line[1].session.day.isoformat(), 12),
            Column((_("what it shows"),), lambda line: line[1].caption, 40),
            Column((_("people covered"),), lambda line: _("yes") if line[1].covered_id else "", 16),
        ],
        numbered="#",
    )
