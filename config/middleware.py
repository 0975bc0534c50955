import logging

from django.db import OperationalError, connection, transaction

from config import errors

log = logging.getLogger("config")
TRY_AGAIN = {"40P01", "40001"}  # deadlock, serialization failure: the other side has won, now it is our turn


class DatabaseTroubles:
    """A deadlock is tried once more, never shown; a database that is away costs one page that keeps what was typed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Runs when the view's transaction is already rolled back."""
        if not isinstance(exception, OperationalError):
            return None
        state = getattr(exception.__cause__, "sqlstate", None)
        if state in TRY_AGAIN:
            view = request.resolver_match
            try:
                with transaction.atomic():
                    response = view.func(request, *view.args, **view.kwargs)
                    return response.render() if hasattr(response, "render") else response
            except OperationalError as again:
                state = getattr(again.__cause__, "sqlstate", None)
        log.warning("the database did not answer: %s", state or type(exception).__name__)
        connection.close()
        return errors.unavailable(request)
