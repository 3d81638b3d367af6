"""The hall's heartbeat: a gap of more than 5 s was our own outage, and stops every running clock by itself."""

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from cat_exam.actions.wake import write_notice
from cat_exam.models import Exam, Heartbeat, Notice, Pause
from core import trail

log = logging.getLogger(__name__)

GAP = timedelta(seconds=5)


@transaction.atomic
def beat(*, now: datetime) -> int:
    """The hall is alive at ``now`` (hall time); how many exams were stopped because it had not been before."""
    Heartbeat.objects.bulk_create([Heartbeat(id=1, beat_at=now)], ignore_conflicts=True)
    row = Heartbeat.objects.select_for_update().get(id=1)
    stopped = _stop_clocks(row.beat_at, now)
    if now > row.beat_at:
        row.beat_at = now
        row.save(update_fields=["beat_at"])
    return stopped


@transaction.atomic
def watch_pulse(*, now: datetime) -> int:
    """Stop the running clocks when the hall has been silent; called by the sweep before it closes anybody."""
    row = Heartbeat.objects.select_for_update().filter(id=1).first()
    return _stop_clocks(row.beat_at, now) if row else 0


def _stop_clocks(last: datetime, now: datetime) -> int:
    """One outage pause from the last beat on for each running exam that is not paused already."""
    if now - last <= GAP:
        return 0
    with connection.cursor() as cursor:  # the row lock of the heartbeat keeps two callers from doing it twice
        cursor.execute(
            "SELECT id FROM cat_exam_exam e WHERE state = 'running' AND NOT EXISTS ("
            "SELECT FROM cat_exam_pause p WHERE p.exam_id = e.id AND (p.ended_at IS NULL OR p.ended_at > %s))"
            " ORDER BY id FOR UPDATE",
            [last],
        )
        exams = [row[0] for row in cursor.fetchall()]
    for exam in Exam.objects.filter(pk__in=exams):
        began = max(last, exam.started_at or last)
        pause = Pause.objects.create(
            exam=exam, cause=Pause.Cause.OUTAGE, reason=_("Gangguan sistem: waktu berhenti dengan sendirinya."),
            began_at=began,
        )  # fmt: skip
        write_notice(exam=exam.pk, kind=Notice.Kind.CLOCK, now=now)
        trail.record("cat_exam.outage_paused", exam, by=None, now=now, pause=pause.pk)
    if exams:
        log.error(
            "hall: silent for %d ms; %d exams stand until their rooms resume",
            (now - last) // timedelta(milliseconds=1),
            len(exams),
        )
    return len(exams)
