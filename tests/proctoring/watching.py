"""Six candidates who work, findings about them, and simulated sheets in a real journal, chain and all."""

from datetime import timedelta

import pytest
from django.db import connection

from cat_exam.hallclock import from_us, hall_now, to_us
from cat_exam.models import Attempt
from cat_exam.rules.lines import Line, first_chain, next_chain
from proctoring import actions
from proctoring.models import Alarm
from proctoring.rules.anomaly import Finding, Sign
from tests.proctoring.conftest import RoomOfTest
from tests.proctoring.rules.simulator import START_US, Sheet

NAMES = ["Ani Wulandari", "Gilang Pratama", "Citra Dewanti", "Hasan Basri", "Lukman Hakim", "Yohana Wanggai"]
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


@pytest.fixture(name="seats")
def six_working(room: RoomOfTest) -> list[Attempt]:
    """Six candidates who work."""
    people = [room.expect(name) for name in NAMES]
    room.open()
    for attempt in people:
        room.check_in(attempt)
    room.start()
    begun = hall_now() - timedelta(minutes=99)
    Attempt.objects.filter(pk__in=[one.pk for one in people]).update(started_at=begun)
    return list(Attempt.objects.filter(exam=room.exam).order_by("seat__label"))


def finding(attempt: Attempt, sign: Sign = Sign.FOCUS, strength: int = 60, other: int | None = None) -> Finding:
    facts = {
        Sign.FOCUS: {"times": 6, "away_ms": 60_000},
        Sign.REMOTE: {"items": 30, "read_ms": 7_000, "solve_ms": 8_000, "evidence": 70_000},
        Sign.TWINS: {"items": 22, "common": 80, "lag_s": -12, "rare": 4, "evidence": 2_000, "meetings": 15},
        Sign.SOCKETS: {"changes": 1, "browsers": 2, "stranded": 0, "gap_ms": 4_000},
        Sign.PLACE: {"addresses": 2, "agents": 1},
        Sign.BROWSER: {"refused": 1},
    }[sign]
    now = to_us(hall_now())
    return Finding(sign, attempt.pk, other, now - 60_000_000, now, strength, facts)


def raised(*findings: Finding) -> list[Alarm]:
    return actions.raise_alarms(findings=findings, now=hall_now())
