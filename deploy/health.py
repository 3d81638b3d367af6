"""Answers to the balancer: is the process alive, and may it take traffic; the second one part by part."""

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import redis
import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cat_exam.database import parameters
from core import vault
from core.access import gate

logger = structlog.get_logger(__name__)

OK, DEGRADED, FAILING = "ok", "degraded", "failing"
DISK_LEAST = 256 * 1024 * 1024  # bytes; below it uploads and PDFs will soon fail
VALKEY_SECONDS = 0.5
MIGRATIONS_SECONDS = 5.0  # between two looks at a schema that is behind
# The keys a process cannot do its work without, by what it serves.
NEEDED = {"portal": ("identity",), "desk": ("identity", "bank"), "hall": ("hall",), "score": ("paper",)}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing readiness rests on: ``ok``, ``degraded`` (work goes on) or ``failing`` (send nobody here)."""

    state: str
    why: str = ""

    def shown(self) -> dict[str, str]:
        """For the answer: the reason only where there is one."""
        return {"state": self.state} | ({"why": self.why} if self.why else {})


def require_durable_database() -> None:
    """Refuse a server that could lose an acknowledged answer.

    Asks on a connection of its own: the pool lets people wait their turn, the balancer wants to know now.
    Raises ``ImproperlyConfigured`` when fsync, full page writes or this connection's synchronous commit
    are off; ``psycopg.Error`` when the server cannot be asked within two seconds.
    """
    pages = connection.settings_dict.get("OPTIONS") or {}
    ours = parameters() | {"connect_timeout": 2, "options": str(pages.get("options", ""))}
    with psycopg.connect(**ours, autocommit=True) as asked:
        found = dict(asked.execute(
            "SELECT name, setting FROM pg_settings"
            " WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')"
        ).fetchall())  # fmt: skip
    loose = sorted(name for name, value in found.items() if value in {"off", "local"})
    if loose:
        raise ImproperlyConfigured(f"PostgreSQL runs with {', '.join(loose)} off; answers could be lost")


def check_at_start() -> None:
    """Refuse to start on an unsafe server; with the server away, start and stay unready."""
    try:
        require_durable_database()
    except psycopg.Error as error:
        logger.warning("database_away_at_start", reason=type(error).__name__)


# --- the parts -------------------------------------------------------------------------------------------
def database() -> Part:
    """Answers, and keeps what it acknowledges."""
    try:
        require_durable_database()
    except psycopg.Error:
        return Part(FAILING, "away")
    except ImproperlyConfigured:
        return Part(FAILING, "not durable")
    return Part(OK)


def valkey() -> Part:
    """Losing it loses no answer and no notice (they are read once a second then), so nobody is sent away."""
    client = redis.Redis.from_url(
        settings.VALKEY_URL, socket_connect_timeout=VALKEY_SECONDS, socket_timeout=VALKEY_SECONDS
    )
    try:
        client.ping()
    except (redis.exceptions.RedisError, OSError):
        return Part(DEGRADED, "away; notices are read once a second")
    finally:
        client.close()
    return Part(OK)


def keys() -> Part:
    """The keyring holds what this process serves."""
    held = vault.keyring()
    missing = sorted({key for what in settings.SERVES for key in NEEDED.get(what, ()) if key not in held})
    return Part(FAILING, f"missing: {', '.join(missing)}") if missing else Part(OK)


@dataclass(slots=True)
class _Schema:
    """Looking through all migrations takes long, so a schema found complete is not looked at again."""

    complete: bool = False
    looked_at: float = field(default=-MIGRATIONS_SECONDS)
    missing: int = 0

    def part(self) -> Part:
        if not self.complete and time.monotonic() - self.looked_at >= MIGRATIONS_SECONDS:
            loader = MigrationLoader(connection)
            self.missing = len(set(loader.graph.nodes) - set(loader.applied_migrations))
            self.looked_at, self.complete = time.monotonic(), not self.missing
        return Part(OK) if self.complete else Part(FAILING, f"{self.missing} not applied")


_schema = _Schema()


def migrations() -> Part:
    """The database has every table and guard this program was written for."""
    try:
        return _schema.part()
    except DatabaseError:
        return Part(FAILING, "cannot be asked")


def disk() -> Part:
    """Room for uploads and PDFs; answers live on the database's disk, so the hall goes on without it."""
    place = Path(settings.MEDIA_ROOT)
    while not place.exists() and place != place.parent:
        place = place.parent
    free = shutil.disk_usage(place).free
    return Part(OK) if free >= DISK_LEAST else Part(DEGRADED, f"{free // 1_048_576} MB left for uploads")


PARTS = {"migrations": migrations, "keys": keys, "valkey": valkey, "disk": disk}


_told: dict[str, str] = {}


def _tell(troubles: dict[str, str]) -> None:
    """One line in the log when something stops or starts working, however often the balancer asks."""
    global _told
    if troubles != _told:
        _told = troubles
        logger.warning("readiness", **troubles)


# --- the pages -------------------------------------------------------------------------------------------
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
    """``{"ready", "parts": {name: {"state", "why"?}}}``: 200, or 503 when a part is failing; degraded stays 200."""
    first = database()
    found = {"database": first, "migrations": Part(FAILING, "cannot be asked")}
    found |= {name: part() for name, part in PARTS.items() if first.state == OK or name != "migrations"}
    fit = all(part.state != FAILING for part in found.values())
    _tell({name: part.why for name, part in found.items() if part.state != OK})
    body = {"ready": fit, "parts": {name: part.shown() for name, part in found.items()}}
    return JsonResponse(body, status=200 if fit else 503)
