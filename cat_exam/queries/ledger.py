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
#: The same arithmetic as ``timing.phase``, in the database: 27,000 clocks are looked at twice a second. A room whose
#: own minutes are not over yet needs no look at all, because grants and pauses only ever add time.
OVER = """
WITH live AS MATERIALIZED (
        SELECT a.id, a.exam_id, a.started_at, a.day, r.centre_id
          FROM cat_exam_exam e
          JOIN registration_sitting s ON s.id = e.sitting_id
          JOIN core_room r ON r.id = s.room_id
          JOIN cat_exam_attempt a ON a.exam_id = e.id
         WHERE e.state = 'running' AND e.started_at + s.minutes * interval '1 minute' <= %(now)s
           AND a.state IN ('running', 'paused') AND a.started_at <= %(now)s),
     given AS (
        SELECT id, make_interval(secs => sum(seconds)) AS time FROM (
               SELECT l.id, g.seconds FROM live l JOIN cat_exam_timegrant g ON g.attempt_id = l.id
                WHERE g.approved_at <= %(now)s
               UNION ALL
               SELECT l.id, g.seconds FROM live l JOIN cat_exam_timegrant g ON g.exam_id = l.exam_id
                WHERE g.approved_at <= %(now)s
               UNION ALL
               SELECT l.id, g.seconds FROM live l
                 JOIN cat_exam_timegrant g ON g.centre_id = l.centre_id AND g.day = l.day
                WHERE g.approved_at <= %(now)s) one
         GROUP BY id),
     stops AS (
        SELECT id, greatest(began_at, started_at) AS began, least(ended_at, %(now)s) AS ended FROM (
               SELECT l.id, l.started_at, p.began_at, p.ended_at
                 FROM live l JOIN cat_exam_pause p ON p.attempt_id = l.id
               UNION ALL
               SELECT l.id, l.started_at, p.began_at, p.ended_at
                 FROM live l JOIN cat_exam_pause p ON p.exam_id = l.exam_id) one),
     stood AS (
        SELECT id, (SELECT sum(upper(stop) - lower(stop))
                      FROM unnest(range_agg(tstzrange(began, ended))) stop) AS time
          FROM stops WHERE began < ended GROUP BY id)
SELECT l.id FROM live l LEFT JOIN given USING (id) LEFT JOIN stood USING (id)
 WHERE %(now)s - l.started_at - coalesce(stood.time, interval '0') >= coalesce(given.time, interval '0')
 ORDER BY l.id
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


def over_time(now: datetime) -> list[int]:
    """Running attempts whose time is over at ``now`` (hall time), by id; a clock that stands does not run out."""
    with django_connection.cursor() as cursor:
        cursor.execute(OVER, {"now": now})
        return [row[0] for row in cursor.fetchall()]
