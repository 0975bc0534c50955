"""Logs and error mail say where something broke, never about whom.

Query strings, form values, local variables and the texts of exceptions (PostgreSQL quotes whole rows in
them) all carry people's data. What is left, files, lines and kinds of exception, is enough to find a fault.
"""

import logging
import re
import traceback

from django.conf import settings
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

HIDDEN = "[hidden]"
QUERY = re.compile(r"\?[^\s\"'<>]+")
LONG_DIGITS = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1\d{10})(?!\d)")  # ID numbers and mobile phones
KEPT_META = {"REQUEST_METHOD", "PATH_INFO", "SERVER_NAME", "CONTENT_TYPE", "CONTENT_LENGTH"}


def without_personal_values(text):
    return LONG_DIGITS.sub(HIDDEN, QUERY.sub("?" + HIDDEN, text))


class NoPersonalValues(logging.Filter):
    """Put on every handler: what it lets through has no query string, no long number, no exception text."""

    def filter(self, record):
        record.msg, record.args = without_personal_values(record.getMessage()), None
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = _without_words(record.exc_info[1])
        return True


def _without_words(error):
    """A traceback of places and kinds: the words of an exception quote the data that caused it."""
    told = traceback.TracebackException.from_exception(error, limit=50, capture_locals=False)
    parts, link = [], told
    while link is not None:
        name = f"{link.exc_type.__module__}.{link.exc_type.__qualname__}" if link.exc_type else HIDDEN
        parts.append("Traceback (most recent call last):\n" + "".join(link.stack.format()) + name)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\n\ncaused by or while handling:\n\n".join(parts)


class SilentExceptionFilter(SafeExceptionReporterFilter):
    """No local variable, no form value, no cookie, in error mail and on any error page."""

    def is_active(self, request):
        return True

    def get_post_parameters(self, request):
        return dict.fromkeys(request.POST, HIDDEN) if request is not None else {}

    def get_traceback_frame_variables(self, request, tb_frame):
        return []

    def get_safe_cookies(self, request):
        return dict.fromkeys(getattr(request, "COOKIES", {}), HIDDEN)

    def get_safe_request_meta(self, request):
        return {key: value for key, value in getattr(request, "META", {}).items() if key in KEPT_META}


class SilentExceptionReporter(ExceptionReporter):
    """What the filter cannot reach: the address with its query string, and the exception's own words."""

    def get_traceback_data(self):
        data = super().get_traceback_data()
        data.update(request_GET_items=[], request_FILES_items=[], user_str=HIDDEN, unicode_hint="")
        data["request_insecure_uri"] = getattr(self.request, "path", "")
        if not settings.DEBUG:
            data.update(exception_value=HIDDEN, exception_notes="")
            for frame in data.get("frames", []):
                frame["exc_cause"] = frame["exc_cause"] and type(frame["exc_cause"]).__name__
        return data
