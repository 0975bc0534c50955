"""Signing in: rights from roles, no self-registration, the person's language."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend


class RoleBackend(AuthenticationBackend):
    """Authenticates by sign-in name; permissions come from `User.has_perm`, which asks the roles."""

    def has_perm(self, user_obj, perm, obj=None):
        return False

    def has_module_perms(self, user_obj, app_label):
        return False


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False
