import time

from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers

# What somebody without a second factor still reaches: setting one up, signing out, and nothing with a person on it.
SECOND_FACTOR_ROUTES = ("mfa_", "account_", "set_language", "records:live", "records:ready", "jsi18n")


class LanguageMiddleware:
    """The person's own choice, else this browser's cookie, else what the browser asks for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.user.language if request.user.is_authenticated else ""
        translation.activate(chosen or translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.setdefault("Content-Language", translation.get_language())
        return response


class SessionLimits:
    """Signs out after 30 idle minutes, and after 12 hours whatever happens."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault("began", now)
            seen = request.session.get("seen", now)
            if now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS:
                logout(request)
            elif now - request.session.get("seen", 0) > 60:
                request.session["seen"] = now
        return self.get_response(request)


class SecondFactor:
    """Every role but volunteers needs a second factor before any page with a person on it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not settings.SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
            return None
        name = request.resolver_match.view_name or ""
        if name.startswith(SECOND_FACTOR_ROUTES):
            return None
        if not request.user.is_staff or request.session.get("second_factor"):
            return None
        from allauth.mfa.utils import is_mfa_enabled

        if is_mfa_enabled(request.user):
            request.session["second_factor"] = True
            return None
        return redirect("mfa_activate_totp")
