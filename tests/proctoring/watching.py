"""Simulated sheets in a real journal: lines as the hall's writer stores them, chain and all."""

from datetime import timedelta

from django.db import connection

from cat_exam.hallclock import from_us, hall_now, to_us
from cat_exam.models import Attempt
from cat_exam.rules.lines import Line, first_chain, next_chain
from tests.proctoring.rules.simulator import START_US, Sheet

INTO = """
INSERT INTO cat_exam_journalline
       (day, attempt, seq, epoch, device, n, kind, item, response, shown_ms, received_at, chain)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def store(
    attempt: Attempt, sheet: Sheet, *, first: int = 0, last: int | None = None, ago: timedelta | None = None
) -> int:
    """Write lines ``first`` to ``last`` of a simulated sheet as those of ``attempt``, begun ``ago``; how many."""
    shift = to_us(hall_now() - (ago or timedelta(minutes=99))) - START_US
    chain, rows = first_chain(attempt.pk), []
    for line in sheet.lines:
        moved = Line(attempt.pk, *line[1:9], line.received_us + shift)
        chain = next_chain(chain, moved)
        rows.append([attempt.day, *moved[:9], from_us(moved.received_us), chain])
    chosen = rows[first:last]
    with connection.cursor() as cursor:
        cursor.executemany(INTO, chosen)
    return len(chosen)
