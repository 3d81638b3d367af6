"""Notices: a numbered row first, and after the commit a word on the channel that wakes their readers."""

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from uuid import UUID

import redis
from django.conf import settings
from django.db import transaction
from redis.connection import parse_url
from redis.exceptions import RedisError

from cat_exam import protocol
from cat_exam.models import Notice

log = logging.getLogger(__name__)


@cache
def _client(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=0.5)


@cache
def channel(url: str) -> str:
    """Where notices of this installation are announced. Channels know no database numbers, so the name carries it:
    two installations on one Valkey must not wake, and above all not fence, each other."""
    return f"{protocol.NOTICES}:{parse_url(url).get('db') or 0}"  # type: ignore[no-untyped-call]


def write_notice(*, exam: UUID, kind: str, now: datetime, attempt: int | None = None, text: str = "") -> Notice:
    """One notice in the caller's transaction; its readers wake after the commit."""
    row = Notice.objects.create(exam_id=exam, attempt_id=attempt, kind=kind, text=text, at=now)
    transaction.on_commit(lambda: wake_readers([exam]))
    return row


def write_notices(*, rows: Iterable[tuple[UUID, int]], kind: str, now: datetime, text: str = "") -> None:
    """The same notice for many attempts, (exam, attempt) each, in one statement."""
    made = [Notice(exam_id=exam, attempt_id=attempt, kind=kind, text=text, at=now) for exam, attempt in rows]
    Notice.objects.bulk_create(made)
    exams = {row.exam_id for row in made}
    transaction.on_commit(lambda: wake_readers(exams))


def wake_readers(exams: Iterable[UUID]) -> None:
    """Tell every process that notices of ``exams`` are there; without Valkey they look by themselves."""
    try:
        line = _client(settings.VALKEY_URL).pipeline(transaction=False)
        for exam in exams:
            line.publish(channel(settings.VALKEY_URL), f"{exam}:0")
        line.execute()
    except (RedisError, OSError) as error:
        log.warning("notices: nobody could be woken: %s", type(error).__name__)
