"""Reading the journal: by the hall's loop on its own connection, by everybody else on Django's."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection as django_connection

from cat_exam.database import Connection
from cat_exam.rules.lines import Line, first_chain

_LINE = (
    "attempt, seq, epoch, device, n, kind, item, response, shown_ms,"
    " (extract(epoch FROM received_at) * 1000000)::bigint AS received_us"
)
_FIELDS = f"{_LINE}, chain"
LINES = f"""
SELECT {_FIELDS} FROM cat_exam_journalline
 WHERE day = %s AND attempt = ANY(%s) AND seq > %s ORDER BY attempt, seq
"""  # noqa: S608
NUMBERED = f"""
SELECT {_FIELDS} FROM cat_exam_journalline
 WHERE day = %s AND attempt = %s AND device = %s AND n = ANY(%s) ORDER BY seq
"""  # noqa: S608


def _line(row: tuple[Any, ...]) -> tuple[Line, bytes]:
    return Line(*row[:10]), bytes(row[10])


async def load_lines(
    connection: Connection, day: date, attempts: Sequence[int], after: int = 0
) -> list[tuple[Line, bytes]]:
    """Lines with ``seq`` > ``after`` and their chain values, by attempt and ``seq``."""
    answer = await connection.execute(LINES, [day, list(attempts), after])
    return [_line(row) async for row in answer]


async def load_numbered(
    connection: Connection, day: date, attempt: int, device: int, numbers: Sequence[int]
) -> dict[int, Line]:
    """Stored lines of a device by their own number."""
    answer = await connection.execute(NUMBERED, [day, attempt, device, list(numbers)])
    return {row[4]: Line(*row[:10]) async for row in answer}


def lines_of(day: date, attempts: Sequence[int]) -> Iterator[tuple[Line, bytes]]:
    """All lines of attempts of one day, by attempt and ``seq``, on Django's connection."""
    with django_connection.cursor() as cursor:
        cursor.execute(LINES, [day, list(attempts), 0])
        for row in cursor.fetchall():
            yield _line(row)


#: One look into the primary key for each attempt, whatever the statistics of a table say that only ever grows: the
#: order within keeps the planner from joining the whole day.
SINCE = f"""
SELECT new.* FROM unnest(%s::bigint[], %s::int[]) AS known (attempt, seq)
 CROSS JOIN LATERAL (
        SELECT {_LINE} FROM cat_exam_journalline l
         WHERE l.day = %s AND l.attempt = known.attempt AND l.seq > known.seq ORDER BY l.seq) new
 ORDER BY new.attempt, new.seq
"""  # noqa: S608


def lines_since(day: date, known: Mapping[int, int]) -> list[Line]:
    """Lines of each attempt after its known ``seq``, by attempt and ``seq``. The numbers are gapless and each follows
    from the one before, so nothing can appear behind a reader: this tail needs no horizon of open transactions."""
    with django_connection.cursor() as cursor:
        cursor.execute(SINCE, [list(known), list(known.values()), day])
        return [Line(*row) for row in cursor.fetchall()]


LAST = """
SELECT DISTINCT ON (j.attempt) j.attempt, j.seq, j.chain
  FROM cat_exam_attempt a JOIN cat_exam_journalline j ON j.day = a.day AND j.attempt = a.id
 WHERE a.exam_id = %s AND j.day = (SELECT day FROM cat_exam_exam WHERE id = a.exam_id)
 ORDER BY j.attempt, j.seq DESC
"""


def last_chains(exam: UUID) -> list[tuple[int, int, bytes]]:
    """The tip of every attempt's chain in an exam, by attempt: (attempt, seq, chain)."""
    with django_connection.cursor() as cursor:
        cursor.execute(LAST, [exam])
        return [(attempt, seq, bytes(chain)) for attempt, seq, chain in cursor.fetchall()]


TIPS = """
SELECT a.id, a.day, coalesce(j.seq, 0), j.chain, coalesce(j.epoch, 0)
  FROM cat_exam_attempt a
  LEFT JOIN LATERAL (
        SELECT seq, chain, epoch FROM cat_exam_journalline
         WHERE day = a.day AND attempt = a.id ORDER BY seq DESC LIMIT 1) j ON true
 WHERE a.id = ANY(%s) ORDER BY a.id
"""


def tips(attempts: Sequence[int]) -> list[tuple[int, date, int, bytes, int]]:
    """Where each attempt's chain stands: (attempt, day, seq, chain, epoch), by attempt."""
    with django_connection.cursor() as cursor:
        cursor.execute(TIPS, [list(attempts)])
        return [
            (attempt, day, seq, bytes(chain) if chain else first_chain(attempt), epoch)
            for attempt, day, seq, chain, epoch in cursor.fetchall()
        ]
