import logging

from django.db import OperationalError, connection
from django.db.transaction import TransactionManagementError

from config import errors

log = logging.getLogger("config")
DEADLOCK, SERIALIZATION, LOCK_TIMEOUT = "40P01", "40001", "55P03"


class Busy:
    """A database that is away costs one page that says so; a deadlock is tried once more, never shown."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, OperationalError | TransactionManagementError):
            return None
        state = getattr(exception.__cause__, "sqlstate", None)
        if state in (DEADLOCK, SERIALIZATION) and not getattr(request, "tried_again", False):
            request.tried_again = True
            match = request.resolver_match
            from django.db import transaction

            with transaction.atomic():
                return match.func(request, *match.args, **match.kwargs)
        log.warning("database unavailable: %s", state or type(exception).__name__)
        connection.close()
        return errors.unavailable(request)
