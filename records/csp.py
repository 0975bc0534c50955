"""Content-Security-Policy from `SECURE_CSP`, a setting of Django 6; once on Django 6 this file can go."""

from django.conf import settings

HEADER = "Content-Security-Policy"


class ContentSecurityPolicyMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if HEADER not in response:  # a view may be stricter
            response.headers[HEADER] = "; ".join(
                f"{directive} {' '.join(sources)}".strip() for directive, sources in settings.SECURE_CSP.items()
            )
        return response
