from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.guardian_copy import readable
from records.papers import paper


@paper("file_summary", model="children.child", title=_("File summary"))
def file_summary(rows, user):
    """Everything on file about a child that the person who prints may see, for the guardian to keep or correct."""
    sheets = [(child, readable(child, user)) for child in rows]
    return {"sheets": sheets, "day": timezone.localdate(), "by": user.name}
