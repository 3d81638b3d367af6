"""Scored attempts whose late lines a credit may cover, and the time they had; as the scorer may read it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from cat_exam.models import Pause, TimeGrant
from cat_exam.rules.timing import Grant, Stop

#: After a finish only late or stranded lines follow, so the last line of a chain tells whether there are any.
WAITING = """
SELECT DISTINCT a.id
  FROM cat_exam_timegrant g
  JOIN cat_exam_attempt a
    ON a.id = g.attempt_id OR a.exam_id = g.exam_id
       OR g.centre_id IS NOT NULL AND a.day = g.day AND a.exam_id IN (
            SELECT e.id FROM cat_exam_exam e JOIN registration_sitting s ON s.id = e.sitting_id
              JOIN core_room r ON r.id = s.room_id WHERE r.centre_id = g.centre_id AND e.day = g.day)
  JOIN cat_exam_exam e ON e.id = a.exam_id AND e.announced_at IS NULL
 CROSS JOIN LATERAL (
        SELECT kind FROM cat_exam_journalline j WHERE j.day = a.day AND j.attempt = a.id ORDER BY seq DESC LIMIT 1) t
 WHERE g.kind = 'credit' AND g.approved_at > a.finished_at AND a.state = 'scored' AND t.kind IN (14, 15)
 ORDER BY a.id
"""
SCOPES = """
SELECT a.started_at, a.exam_id, a.day, r.centre_id
  FROM cat_exam_attempt a
  JOIN cat_exam_exam e ON e.id = a.exam_id
  JOIN registration_sitting s ON s.id = e.sitting_id
  JOIN core_room r ON r.id = s.room_id
 WHERE a.id = %s
"""


@dataclass(frozen=True, slots=True)
class Time:
    """When an attempt began, all that was granted to it by now, when its clock stood; the credits by id."""

    started_at: datetime
    grants: tuple[Grant, ...]
    pauses: tuple[Stop, ...]
    credits: tuple[str, ...]


def perhaps_covered() -> list[int]:
    """Scored attempts, not announced, that have lines after their end and a credit approved after it; by id."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return [row[0] for row in cursor.fetchall()]


def time_of(attempt: int) -> Time:
    """The time of one started attempt."""
    with connection.cursor() as cursor:
        cursor.execute(SCOPES, [attempt])
        started_at, exam, day, centre = cursor.fetchone()
    approved = TimeGrant.objects.filter(approved_at__isnull=False)
    grants = [
        *approved.filter(attempt=attempt), *approved.filter(exam=exam), *approved.filter(centre=centre, day=day)
    ]  # fmt: skip
    pauses = [*Pause.objects.filter(attempt=attempt), *Pause.objects.filter(exam=exam)]
    return Time(
        started_at,
        tuple(Grant(grant.seconds, grant.approved_at) for grant in grants if grant.approved_at),
        tuple(Stop(pause.began_at, pause.ended_at) for pause in pauses),
        tuple(sorted(str(grant.pk) for grant in grants if grant.kind == TimeGrant.Kind.CREDIT)),
    )
