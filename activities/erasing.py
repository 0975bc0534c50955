"""A picture of a session goes with the file of the only child who is named in it."""

from django.db.models import Exists, OuterRef

from activities.models import PhotoTag, SessionPhoto
from children.erasing import goes_with_the_file
from children.models import Child


@goes_with_the_file
def remove_pictures(files, *, by):
    """Where a child of another file is named too, it is withheld until somebody looks at it again."""
    others = PhotoTag.objects.exclude(child__in=files).exclude(child__left_reason=Child.LeftReason.ERASED)
    named = PhotoTag.objects.filter(child__in=files).values("photo")
    pictures = SessionPhoto.objects.filter(~Exists(others.filter(photo=OuterRef("pk"))), pk__in=named)
    for picture in pictures.select_for_update(of=("self",)).order_by("pk"):
        picture.remove(by=by)
