from copy import copy
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, UserManager
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.roles import DIVISION, OWN
from records.privacy import BASIC
from records.scoping import Scope, ScopedQuerySet


class AccountQuerySet(ScopedQuerySet):
    """Accounts stand in no community: an administrator sees those posted in their divisions, and the unposted."""

    def visible_to(self, user, action="view"):
        codes = user.codes_for(self.model, action) if user.is_authenticated and user.is_active else []
        if not codes:
            return self.none()
        postings = self.model._meta.get_field("postings").related_model
        elsewhere = postings.objects.exclude(Scope(tuple(codes)).q(postings)).values("user")
        return self.exclude(pk__in=elsewhere)


_ManagerOfAccounts: Any = UserManager.from_queryset(AccountQuerySet)


class AccountManager(_ManagerOfAccounts):
    def create_user(self, username, name, password=None, **extra):
        """An account that can sign in once its owner has set a password through a one-time link."""
        user = self.model(username=self.model.normalize_username(username), name=name, **extra)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person who signs in. Rights come from current postings alone; there are no superusers."""

    class Language(models.TextChoices):
        BROWSER = "", _("as the browser says")
        ENGLISH = "en", "English"
        CHINESE = "zh-hans", "简体中文"

    username = models.CharField(_("sign-in name"), max_length=60, unique=True, validators=[ASCIIUsernameValidator()])
    name = models.CharField(_("name"), max_length=60)
    language = models.CharField(_("language"), max_length=10, choices=Language, blank=True, default="")
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    personal = {"username": BASIC, "name": BASIC}
    not_personal = ["id", "password", "last_login", "language", "is_active", "created_at"]

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    objects = AccountManager()

    class Meta:
        ordering = ["username"]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self):
        return self.username

    @classmethod
    def normalize_username(cls, username):
        """Small letters, as the sign-in page reads what is typed: no two accounts differ by capitals alone."""
        return super().normalize_username(username).lower()

    def get_full_name(self):
        return self.name

    get_short_name = get_full_name

    @cached_property
    def current_postings(self):
        """Postings in force today, read once per instance: an instance lives as long as a request."""
        return list(self.postings.in_force_on(timezone.localdate()).select_related("division"))

    @property
    def roles(self):
        return [posting.role for posting in self.current_postings]

    @property
    def is_staff(self):
        return self.is_active and any(p.role_data.staff for p in self.current_postings)

    def _posted_to(self, permission, reach):
        return [
            p for p in self.current_postings if p.role_data.reach == reach and permission in p.role_data.permissions
        ]

    def seats_for(self, model, action="view"):
        """The divisions to which this person is posted with that right themselves, without those inside them."""
        permission = f"{model._meta.app_label}.{action}_{model._meta.model_name}"
        return sorted({p.division_id for p in self._posted_to(permission, DIVISION)})

    def codes_for(self, model, action="view"):
        """Codes of the divisions in which this person may `action` rows of `model`."""
        return list(Scope.of(*self.seats_for(model, action)).codes)

    def reaches_own(self, model, action="view"):
        """Whether some role lets this person `action` the rows of `model` that are tied to them."""
        return bool(self._posted_to(f"{model._meta.app_label}.{action}_{model._meta.model_name}", OWN))

    @property
    def scope(self):
        """All divisions this person is posted to, whatever the role: never a reason to see a row."""
        return Scope.of(*(p.division_id for p in self.current_postings))

    def own_scope(self, model, action="view"):
        """Where rows of `model` that are tied to this person are theirs: the posts that let them reach their own."""
        permission = f"{model._meta.app_label}.{action}_{model._meta.model_name}"
        return Scope.of(*(p.division_id for p in self._posted_to(permission, OWN)))

    def at(self, code):
        """The same person with the posts that cover this place or lie in it, and no other: who they are there."""
        there = copy(self)
        near = lambda p: code.startswith(p.division_id) or p.division_id.startswith(code)  # noqa: E731
        there.current_postings = [p for p in self.current_postings if near(p)]
        return there

    def has_perm(self, permission, obj=None):
        """Whether some current role holds `permission`; which rows is `visible_to`'s question."""
        return self.is_active and any(permission in p.role_data.permissions for p in self.current_postings)

    def has_perms(self, permissions, obj=None):
        return all(self.has_perm(p, obj) for p in permissions)

    def has_module_perms(self, app_label):
        return self.is_active and any(
            name.startswith(f"{app_label}.") for p in self.current_postings for name in p.role_data.permissions
        )

    def sees(self, field_class):
        """Whether some current role may see facts of this class (`records.privacy`)."""
        return any(field_class in p.role_data.sees for p in self.current_postings)

    def sees_in(self, field_class):
        """Where a post of this person shows facts of this class of every row: what a list of several places asks.

        A post that reaches its own rows alone says nothing of others.
        """
        posts = [p for p in self.current_postings if p.role_data.reach == DIVISION]
        return Scope.of(*(p.division_id for p in posts if field_class in p.role_data.sees))
