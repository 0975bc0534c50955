"""A double click makes one row.

Every form that makes something carries a token (`{% once_token %}`), used up in the transaction of the act.
A second submit waits in the database for the first, and is then led to what the first made. If the act
fails or is undone, so is the use, and the person may try again.

    with once.claim(request) as claim:
        if claim.repeated:
            return redirect(claim.result_url)
        …
        claim.result_url = visit.get_absolute_url()

A form without a proper token counts as repeated and leads back to itself; look at `claim.missing` first to
show `claim.missing_message` on the form instead and keep what was typed. Without a `result_url` the token
stays unused.
"""

import uuid
from contextlib import contextmanager

from django.conf import settings
from django.contrib import messages
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FIELD = "once_token"


class UsedToken(models.Model):
    token = models.UUIDField(_("token"), primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    result_url = models.TextField(_("leads to"), blank=True)
    used_at = models.DateTimeField(_("used at"), default=timezone.now, db_index=True)

    personal: dict[str, str] = {}
    not_personal = ["token", "user", "result_url", "used_at"]

    class Meta:
        verbose_name = _("used form token")
        verbose_name_plural = _("used form tokens")

    def __str__(self):
        return str(self.pk)


class Claim:
    missing_message = _("This form could not be recognised. Please check it and send it again.")
    repeated_message = _("This form had already been sent. This is what came of it.")

    def __init__(self, *, repeated=False, missing=False, result_url=""):
        self.repeated, self.missing, self.result_url = repeated, missing, result_url

    def release(self):
        """Leave the token unused, for a form that goes back to the person with errors."""
        self.result_url = ""


@contextmanager
def claim(request):
    user = request.user if request.user.is_authenticated else None
    token = _token(request)
    if token is None:
        messages.error(request, Claim.missing_message)
        yield Claim(repeated=True, missing=True, result_url=request.get_full_path())
        return
    with transaction.atomic():
        if not _use(token, user):
            first = UsedToken.objects.get(pk=token)
            if first.user_id != (user and user.pk):
                messages.error(request, Claim.missing_message)
                yield Claim(repeated=True, missing=True, result_url=request.get_full_path())
                return
            messages.info(request, Claim.repeated_message)
            yield Claim(repeated=True, result_url=first.result_url)
            return
        mine = Claim()
        yield mine
        used = UsedToken.objects.filter(pk=token)
        if mine.result_url:
            used.update(result_url=mine.result_url)
        else:
            used.delete()


def _token(request):
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def _use(token, user):
    """Whether we are the first. ON CONFLICT DO NOTHING waits until a rival has committed or given up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_usedtoken (token, user_id, result_url, used_at) VALUES (%s, %s, '', %s)"
            " ON CONFLICT DO NOTHING",
            [token, user and user.pk, timezone.now()],
        )
        return cursor.rowcount == 1
