import logging

from django.db import DatabaseError, OperationalError, connection, transaction

from config import errors
from records.versions import Vanished

log = logging.getLogger("config")
# Deadlock, serialization failure: the other side has won, now it is our turn. A key that leads nowhere: the row it
# named was joined with another meanwhile, and is found there.
TRY_AGAIN = {"40P01", "40001", "23503"}


class DatabaseTroubles:
    """A deadlock is tried once more, never shown; a database that is away costs one page that keeps what was typed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Runs when the view's transaction is already rolled back."""
        state = getattr(exception.__cause__, "sqlstate", None)
        again = isinstance(exception, Vanished) or (isinstance(exception, DatabaseError) and state in TRY_AGAIN)
        if not (again or isinstance(exception, OperationalError)):
            return None
        if again:
            view = request.resolver_match
            try:
                with transaction.atomic():
                    response = view.func(request, *view.args, **view.kwargs)
                    return response.render() if hasattr(response, "render") else response
            except OperationalError as second:  # a row that is missing again is a fault of ours, and is reported
                state = getattr(second.__cause__, "sqlstate", None)
        log.warning("the database did not answer: %s", state or type(exception).__name__)
        connection.close()
        return errors.unavailable(request)
