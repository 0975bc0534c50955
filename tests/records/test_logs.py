import io
import logging
from urllib.parse import quote

import pytest
from django.db import IntegrityError
from django.test import RequestFactory
from django.views.debug import ExceptionReporter

from records.logs import NoPersonalValues, SilentExceptionFilter, SilentExceptionReporter

NAME, PHONE, ID = "张" + "三", "161" + "12345678", "150902" + "199601019961"  # not whole in any line of source
PRIVATE = [NAME, PHONE, ID]


@pytest.fixture
def log():
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(NoPersonalValues())
    logger = logging.getLogger("tests.records.logs")
    logger.addHandler(handler)
    yield logger, out
    logger.removeHandler(handler)


def fails():
    child = NAME
    try:
        raise IntegrityError(f"DETAIL: Key (name)=({child}) exists, {PHONE}.")
    except IntegrityError as error:
        raise ValueError(f"{child} {ID}") from error


def test_a_message_has_no_query_string_and_no_long_number(log):
    logger, out = log
    logger.warning("Not Found: %s", f"/children/?q={NAME}&id={ID}")
    logger.warning(f"GET /x?a=1 HTTP/1.1 by {PHONE}, entry 1234567890123")
    assert not any(private in out.getvalue() for private in PRIVATE)
    assert "/children/?[hidden]" in out.getvalue()
    assert "GET /x?[hidden] HTTP/1.1 by [hidden], entry 1234567890123" in out.getvalue()


def test_an_exception_leaves_its_place_and_kind_but_not_its_words(log):
    logger, out = log
    try:
        fails()
    except ValueError:
        logger.exception("Internal Server Error: %s", f"/children/?q={NAME}")
    text = out.getvalue()
    assert not any(private in text for private in PRIVATE)
    assert "builtins.ValueError" in text
    assert "django.db.utils.IntegrityError" in text
    assert "test_logs.py" in text
    assert "in fails" in text


@pytest.mark.parametrize("page", ["get_traceback_text", "get_traceback_html"])
def test_error_mail_and_pages_tell_nothing_of_anybody(settings, page):
    settings.DEFAULT_EXCEPTION_REPORTER_FILTER = "records.logs.SilentExceptionFilter"
    request = RequestFactory().post(f"/children/?q={NAME}", {"phone": PHONE}, HTTP_REFERER=f"/?q={NAME}")
    request.COOKIES["session"] = PHONE
    try:
        fails()
    except ValueError as error:
        reporter = SilentExceptionReporter(request, type(error), error, error.__traceback__)
        reporter.filter = SilentExceptionFilter()
        text = getattr(reporter, page)()
    for private in [*PRIVATE, quote(NAME)]:
        at = text.find(private)
        assert at < 0, text[max(0, at - 200) : at + 50]
    assert "ValueError" in text
    assert issubclass(SilentExceptionReporter, ExceptionReporter)
