"""The time ledger of many attempts in three queries, for the hall's loop and for everybody else."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection as django_connection

from cat_exam.database import Connection
from cat_exam.rules import timing
from cat_exam.rules.timing import Grant, Phase, Stop

ATTEMPTS = """
SELECT a.id, a.exam_id, a.state, a.started_at, a.finished_at, a.oath_at, a.day, r.centre_id, e.state = 'closed'
  FROM cat_exam_attempt a
  JOIN cat_exam_exam e ON e.id = a.exam_id
  JOIN registration_sitting s ON s.id = e.sitting_id
  JOIN core_room r ON r.id = s.room_id
 WHERE a.id = ANY(%s)
"""
GRANTS = """
SELECT attempt_id, exam_id, centre_id, day, seconds, approved_at FROM cat_exam_timegrant
 WHERE approved_at IS NOT NULL AND (attempt_id = ANY(%s) OR exam_id = ANY(%s) OR centre_id = ANY(%s))
"""
PAUSES = """
SELECT attempt_id, exam_id, began_at, ended_at FROM cat_exam_pause
 WHERE attempt_id = ANY(%s) OR exam_id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Ledger:
    """State and time of one attempt, as stored."""

    attempt_id: int
    exam_id: UUID
    state: str
    started_at: datetime | None
    finished_at: datetime | None
    oath_at: datetime | None
    grants: tuple[Grant, ...]
    pauses: tuple[Stop, ...]
    exam_closed: bool

    def phase(self, now: datetime) -> Phase:
        """Where the clock stands at ``now`` (hall time); an ended attempt stands where it ended."""
        moment = min(now, self.finished_at) if self.finished_at else now
        return timing.phase(moment, None, self.started_at, self.grants, self.pauses)

    def closes_at(self, now: datetime) -> datetime | None:
        """When the running clock reaches zero; None while it does not run or the attempt has ended."""
        if self.finished_at or self.state != "running":
            return None
        return timing.closes_at(now, self.started_at, self.grants, self.pauses)


def _scopes(rows: Iterable[tuple[Any, ...]]) -> tuple[list[UUID], list[int]]:
    listed = list(rows)
    return list({row[1] for row in listed}), list({row[7] for row in listed})


def _assemble(
    attempts: Sequence[tuple[Any, ...]], grants: Sequence[tuple[Any, ...]], pauses: Sequence[tuple[Any, ...]]
) -> dict[int, Ledger]:
    given: dict[Any, list[Grant]] = defaultdict(list)
    stops: dict[Any, list[Stop]] = defaultdict(list)
    for attempt, exam, centre, day, seconds, since in grants:
        given[attempt or exam or (centre, day)].append(Grant(seconds, since))
    for attempt, exam, began, ended in pauses:
        stops[attempt or exam].append(Stop(began, ended))
    return {
        pk: Ledger(
            pk, exam, state, started, finished, oath,
            (*given.get(pk, ()), *given.get(exam, ()), *given.get((centre, day), ())),
            (*stops.get(pk, ()), *stops.get(exam, ())), closed,
        )
        for pk, exam, state, started, finished, oath, day, centre, closed in attempts
    }  # fmt: skip


async def load_ledgers(connection: Connection, ids: Sequence[int]) -> dict[int, Ledger]:
    """Ledgers by attempt id, on the hall's own connection."""
    asked = list(ids)
    attempts = await (await connection.execute(ATTEMPTS, [asked])).fetchall()
    exams, centres = _scopes(attempts)
    grants = await (await connection.execute(GRANTS, [asked, exams, centres])).fetchall()
    pauses = await (await connection.execute(PAUSES, [asked, exams])).fetchall()
    return _assemble(attempts, grants, pauses)


def ledgers(ids: Iterable[int]) -> dict[int, Ledger]:
    """Ledgers by attempt id, on Django's connection."""
    asked = list(ids)
    with django_connection.cursor() as cursor:
        cursor.execute(ATTEMPTS, [asked])
        attempts = cursor.fetchall()
        exams, centres = _scopes(attempts)
        cursor.execute(GRANTS, [asked, exams, centres])
        grants = cursor.fetchall()
        cursor.execute(PAUSES, [asked, exams])
        return _assemble(attempts, grants, cursor.fetchall())
