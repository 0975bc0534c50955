from django.conf import settings
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from communities import accounts
from communities.models import User
from records.lifecycle import refusals_shown
from records.policy import visible_or_404
from records.step_up import ask_again


@require_POST
def set_language(request):
    """Keep the chosen language for this browser, and for the account of who is signed in."""
    after = request.POST.get("next") or ""
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure()):
        after = reverse("start")
    response = HttpResponseRedirect(after)
    language = request.POST.get("language", "")
    if check_for_language(language) and language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
        if request.user.is_authenticated and request.user.language != language:
            request.user.language = language
            request.user.save(update_fields=["language"])
    return response


one_time_link = PasswordResetConfirmView.as_view(
    template_name="account/one_time_link.html", success_url=reverse_lazy("account_login")
)


def account_link(request, pk):
    """Ask, then show the one-time link once; it is nowhere stored."""
    person = visible_or_404(User.objects, request.user, "change", pk=pk)
    ask_again(request)
    link = None
    if request.method == "POST":
        with refusals_shown(request):
            link = request.build_absolute_uri(accounts.one_time_link(person, by=request.user))
    return render(request, "communities/account_link.html", {"person": person, "link": link})
