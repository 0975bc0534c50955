"""What somebody typed but did not send survives a closed phone, a sign-out, a restart.

Kept on the server and never in the browser: phones and office computers are shared. Encrypted, because half
a form about a child says as much as a whole one; only its writer ever gets it back.
"""

import json

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from records.once import FIELD as ONCE_FIELD
from records.privacy import CARE
from records.secrets import SecretField

MAX_BYTES = 50_000
MAX_PER_PERSON = 50
DAYS_KEPT = 30
NEVER_KEPT = {"csrfmiddlewaretoken", ONCE_FIELD, "seen_version"}


def typed_in(post):
    """{name: value, or list of values} of a form that was sent, as JSON can hold it; no tokens, no passwords."""
    return storable({name: v[0] if len(v) == 1 else v for name, v in post.lists()})


def storable(data):
    return {name: value for name, value in data.items() if name not in NEVER_KEPT and "password" not in name.lower()}


def as_sent(draft):
    """A stored draft with the methods of what a browser sends."""
    data = QueryDict(mutable=True)
    for name, value in draft.items():
        data.setlist(str(name), [str(v) for v in (value if isinstance(value, list) else [value])])
    return data


class Draft(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    key = models.CharField(_("form"), max_length=200)
    data = SecretField(_("typed so far"))
    updated_at = models.DateTimeField(_("typed at"), auto_now=True, db_index=True)

    personal = {"data": CARE}
    not_personal = ["id", "user", "key", "updated_at"]

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_draft_per_person_and_form")]

    def __str__(self):
        return str(self.pk)

    @classmethod
    def keep(cls, user, key, data):
        """Keep `data` (whatever JSON can hold) in place of an earlier draft of the same form."""
        text = json.dumps(data, ensure_ascii=False)
        if len(text.encode()) > MAX_BYTES:
            raise ValidationError(_("This is too long to be kept as a draft."))
        cls.objects.bulk_create(
            [cls(user=user, key=key, data=text)],
            update_conflicts=True,
            unique_fields=["user", "key"],
            update_fields=["data", "updated_at"],
        )
        oldest = cls.objects.filter(user=user).order_by("-updated_at", "-pk")[MAX_PER_PERSON:]
        cls.objects.filter(pk__in=oldest.values("pk")).delete()

    @classmethod
    def find(cls, user, *keys):
        """What was typed last under one of these keys."""
        draft = cls.objects.filter(user=user, key__in=keys).order_by("-updated_at").first()
        return json.loads(draft.data) if draft else None

    @classmethod
    def drop(cls, user, *keys):
        cls.objects.filter(user=user, key__in=keys).delete()
