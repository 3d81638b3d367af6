"""Who is connected, since when: the hall tells it to Valkey, as advice only; without Valkey nobody knows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import redis
from django.conf import settings
from redis.exceptions import RedisError

from cat_exam import protocol
from cat_exam.hallclock import from_us
from cat_exam.models import Exam
from cat_exam.rules.presence import Seen, read
from proctoring.rules.seats import faults_of

#: A browser that is connected this long without having reported a good pre-flight has failed it.
PREFLIGHT_TIME = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Presence:
    """``connected`` since ``at`` (hall time), or away since then; ``faults`` of its pre-flight, None before it."""

    connected: bool
    at: datetime
    faults: tuple[str, ...] | None

    def preflight(self, now: datetime) -> bool | None:
        """True or False where it is known, None while it may still come."""
        if self.faults is not None:
            return not self.faults
        return False if self.connected and now - self.at > PREFLIGHT_TIME else None


@cache
def _client(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=0.5, decode_responses=True)


def read_presence(exam: Exam) -> dict[int, Presence]:
    """Presence by attempt id, as far as it is known; empty without Valkey."""
    try:
        told = _client(settings.VALKEY_URL).hgetall(protocol.PRESENCE.format(exam=exam.pk))
    except (RedisError, OSError):
        return {}
    seen = {int(attempt): read(str(fact)) for attempt, fact in told.items()}
    return {attempt: _presence(one) for attempt, one in seen.items() if one}


def _presence(seen: Seen) -> Presence:
    faults = faults_of(seen.preflight) if seen.preflight else None
    return Presence(seen.connected, from_us(seen.at_ms * 1000), faults)
