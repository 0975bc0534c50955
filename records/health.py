"""For the machine that watches: is the process alive, and can it serve. Tells nothing else."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

_migrated = False


def _plain(text, status=200):
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain")


@require_safe
@never_cache
@login_not_required
@transaction.non_atomic_requests
def live(request):
    return _plain("alive")


@require_safe
@never_cache
@login_not_required
@transaction.non_atomic_requests
def ready(request):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _is_migrated():
            return _plain("migrations", 503)
    except DatabaseError:
        return _plain("database", 503)
    return _plain("ready")


def _is_migrated():
    """Reading every migration is slow; what was applied once stays applied while this process lives."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated
