"""What the live board is made of: exams that show one, who sits there, sealed sums."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from cat_exam.models import Exam, Pause, ScoreSheet, TimeGrant
from cat_exam.rules import timing
from cat_exam.rules.timing import Grant, Phase, Stop

KEPT = timedelta(hours=24)  # a closed exam's board stays as long

BOARDS = """
SELECT e.id, e.reference, e.state, e.board, e.day, e.started_at, s.minutes, x.name || ' · ' || g.name,
       c.name || ' · ' || r.name, c.zone
  FROM cat_exam_exam e
  JOIN registration_sitting s ON s.id = e.sitting_id
  JOIN registration_stage g ON g.id = s.stage_id
  JOIN registration_selection x ON x.id = g.selection_id
  JOIN core_room r ON r.id = s.room_id
  JOIN core_testcentre c ON c.id = r.centre_id
 WHERE e.board <> 'off' AND (e.state = 'running' OR e.state = 'closed' AND e.closed_at > %s)
   AND e.started_at IS NOT NULL
 ORDER BY e.reference
"""
SEATS = """
SELECT a.id, row_number() OVER (ORDER BY t.label), p.number, a.display_name, a.paper_id
  FROM cat_exam_attempt a
  JOIN registration_seat t ON t.id = a.seat_id
  JOIN registration_application p ON p.id = a.application_id
 WHERE a.exam_id = %s
"""
STATES = "SELECT id, state FROM cat_exam_attempt WHERE exam_id = ANY(%s)"


class BoardExam(NamedTuple):
    """One exam that shows a board."""

    id: UUID
    reference: str
    state: str
    board: str
    day: date
    started_at: datetime
    minutes: int
    title: str
    place: str
    zone: str


class BoardSeat(NamedTuple):
    """One candidate of it; ``place`` counts seats from 1 in the order of their labels."""

    attempt: int
    place: int
    number: str
    name: str
    paper: UUID


def board_exams(now: datetime) -> list[BoardExam]:
    """Exams whose board is shown at ``now``: running ones, and closed ones for a day."""
    with connection.cursor() as cursor:
        cursor.execute(BOARDS, [now - KEPT])
        return [BoardExam(*row) for row in cursor.fetchall()]


def board_seats(exam: UUID) -> list[BoardSeat]:
    """Everybody with a seat, by place."""
    with connection.cursor() as cursor:
        cursor.execute(SEATS, [exam])
        return sorted((BoardSeat(*row) for row in cursor.fetchall()), key=lambda seat: seat.place)


def attempt_states(exams: Sequence[UUID]) -> dict[int, str]:
    """State by attempt."""
    with connection.cursor() as cursor:
        cursor.execute(STATES, [list(exams)])
        return dict(cursor.fetchall())


def sealed_points(exams: Iterable[UUID]) -> dict[int, dict[str, int]]:
    """Points by section of the sheets in force, by attempt."""
    sheets = ScoreSheet.objects.filter(attempt__exam__in=list(exams), replaced_by__isnull=True)
    return dict(sheets.values_list("attempt_id", "sections"))


def room_phases(exams: Sequence[BoardExam], now: datetime) -> dict[UUID, Phase]:
    """The room's own clock: its minutes and room-wide credits and pauses, without anybody's accommodation."""
    ids = [exam.id for exam in exams]
    grants: dict[UUID, list[Grant]] = {exam.id: [Grant(exam.minutes * 60, exam.started_at)] for exam in exams}
    stops: dict[UUID, list[Stop]] = {exam.id: [] for exam in exams}
    given = TimeGrant.objects.filter(exam__in=ids, approved_at__isnull=False)
    for exam, seconds, since in given.values_list("exam_id", "seconds", "approved_at"):
        if exam is not None and since is not None:
            grants[exam].append(Grant(seconds, since))
    for exam, began, ended in Pause.objects.filter(exam__in=ids).values_list("exam_id", "began_at", "ended_at"):
        if exam is not None:
            stops[exam].append(Stop(began, ended))
    return {
        exam.id: timing.phase(now, None, exam.started_at, grants[exam.id], stops[exam.id])
        for exam in exams
        if exam.state == Exam.State.RUNNING
    }
