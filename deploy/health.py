"""Answers to the balancer: is the process alive, and may it take traffic."""

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.access import gate

logger = structlog.get_logger(__name__)


def require_durable_database() -> None:
    """Refuse a server that could lose an acknowledged answer.

    Raises ``ImproperlyConfigured`` when fsync, full page writes or this connection's synchronous commit
    are off; ``django.db.DatabaseError`` when the server cannot be asked.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings"
            " WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')"
        )
        found = dict(cursor.fetchall())
    loose = sorted(name for name, value in found.items() if value in {"off", "local"})
    if loose:
        raise ImproperlyConfigured(f"PostgreSQL runs with {', '.join(loose)} off; answers could be lost")


def check_at_start() -> None:
    """Refuse to start on an unsafe server; with the server away, start and stay unready."""
    try:
        require_durable_database()
    except DatabaseError as error:
        logger.warning("database_away_at_start", reason=type(error).__name__)
    finally:
        connection.close()


@gate("machine")
@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 while the process can answer at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@gate("machine")
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and keeps what it acknowledges, else 503 with the reason."""
    try:
        require_durable_database()
    except DatabaseError:
        return HttpResponse("database away\n", status=503, content_type="text/plain")
    except ImproperlyConfigured:
        return HttpResponse("database not durable\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")
