"""Signing in: rights from roles, no self-registration, the person's language."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal.ratelimit import get_ip


class RoleBackend(AuthenticationBackend):
    """Authenticates by sign-in name; permissions come from `User.has_perm`, which asks the roles."""

    def has_perm(self, user_obj, perm, obj=None):
        return False

    def has_module_perms(self, user_obj, app_label):
        return False


class AccountAdapter(DefaultAccountAdapter):
    def _get_login_attempts_cache_key(self, request, **credentials):
        """Failures are counted by account and address: whoever guesses elsewhere must not lock the owner out."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{get_ip(request)}"

    def is_open_for_signup(self, request):
        return False
