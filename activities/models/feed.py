import hashlib
import secrets

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.trail import log_act

TOKEN_BYTES = 32  # too many to guess, so a plain hash is enough


def _hashed(token):
    return hashlib.sha256(token.encode()).hexdigest()


class CalendarFeedManager(models.Manager):
    @transaction.atomic
    def renew(self, user):
        """A new secret address for `user`; the one before it ends. Returns the secret, which is nowhere stored."""
        user.__class__._base_manager.select_for_update(no_key=True).get(pk=user.pk)
        self.end(user)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        feed = self.create(user=user, secret_hash=_hashed(token))
        log_act(user, "made a calendar address", feed)
        return token

    @transaction.atomic
    def end(self, user):
        for feed in self.filter(user=user, ended_at=None):
            feed.ended_at = timezone.now()
            feed.save(update_fields=["ended_at"])
            log_act(user, "ended a calendar address", feed)

    def find(self, token):
        """The feed of a secret, while it is in force and its person may sign in."""
        feeds = self.filter(secret_hash=_hashed(token), ended_at=None, user__is_active=True)
        return feeds.select_related("user").first()


class CalendarFeed(models.Model):
    """A secret address from which a person's calendar app reads the activities."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("account")
    )
    secret_hash = models.CharField(_("hash of the secret"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    personal: dict[str, str] = {}
    not_personal = ["id", "user", "secret_hash", "made_at", "ended_at"]

    objects = CalendarFeedManager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_at=None),
                name="one_calendar_address_per_person",
                violation_error_message=_("This person has a calendar address already."),
            )
        ]

    def __str__(self):
        return str(self.pk)
