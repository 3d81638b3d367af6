"""Alarms: the reader raises them, a person looks, follows them up or dismisses them with a note."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from cat_exam import actions as hall
from cat_exam.hallclock import from_us
from cat_exam.models import Attempt, BrowserExcuse, Exam
from cat_exam.rules.lifecycle import NotAllowed, move
from core import trail
from core.errors import Refusal
from core.models import User
from proctoring.actions.duty import begin_watch
from proctoring.actions.records import report_incident
from proctoring.models import Alarm, Incident
from proctoring.queries.alarms import alarms_of
from proctoring.rules.anomaly import Finding
from proctoring.rules.lifecycle import ALARM

#: What is known stays unless more is known; a dismissed alarm twice as strong as at its dismissal is new again.
RAISE = """
INSERT INTO proctoring_alarm AS alarm
       (exam_id, attempt_id, other_id, kind, facts, strength, first_at, last_at, raised_at, state, note)
SELECT a.exam_id, a.id, f.other, f.kind, f.facts, f.strength, f.first_at, f.last_at, %s, 'new', ''
  FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::jsonb[], %s::int[], %s::timestamptz[], %s::timestamptz[])
       AS f (attempt, other, kind, facts, strength, first_at, last_at)
  JOIN cat_exam_attempt a ON a.id = f.attempt
    ON CONFLICT (attempt_id, kind, other_id) DO UPDATE
   SET facts = EXCLUDED.facts, strength = EXCLUDED.strength, last_at = EXCLUDED.last_at,
       state = CASE WHEN alarm.state = 'dismissed' AND EXCLUDED.strength >= 2 * alarm.decided_strength
                    THEN 'new' ELSE alarm.state END
 WHERE EXCLUDED.strength > alarm.strength
RETURNING new.id, old.state IS NULL OR (old.state <> 'new' AND new.state = 'new')
"""


@transaction.atomic
def raise_alarms(*, findings: Iterable[Finding], now: datetime) -> list[Alarm]:
    """Store findings in one statement; the alarms that are new, or new again, with a trail line each.

    Several readers may find the same: the stronger finding stays, and nothing is raised twice.
    """
    strongest: dict[tuple[int, str, int | None], Finding] = {}
    for one in findings:
        key = (one.attempt, one.sign.value, one.other)
        if key not in strongest or strongest[key].strength < one.strength:
            strongest[key] = one
    rows = [strongest[key] for key in sorted(strongest, key=lambda key: (key[0], key[1], key[2] or 0))]
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(RAISE, [
            now, [one.attempt for one in rows], [one.other for one in rows], [one.sign.value for one in rows],
            [Jsonb(one.facts) for one in rows], [one.strength for one in rows],
            [from_us(one.first_us) for one in rows], [from_us(one.last_us) for one in rows],
        ])  # fmt: skip
        fresh = [pk for pk, is_new in cursor.fetchall() if is_new]
    raised = list(Alarm.objects.filter(pk__in=fresh).order_by("raised_at", "pk"))
    for alarm in raised:
        trail.record("proctoring.alarm_raised", alarm, by=None, now=now, attempt=alarm.attempt_id, kind=alarm.kind)
    return raised


def _locked(exam: Exam, alarm: Alarm) -> Alarm:
    """The alarm, locked, if it is about this room."""
    row = alarms_of(exam).select_related(None).select_for_update(of=("self",)).filter(pk=alarm.pk).first()
    if row is None:
        raise Refusal("alarm_elsewhere", _("Peringatan ini bukan dari ruang ini."))
    return row


@transaction.atomic
def see_alarms(*, exam: Exam, alarms: Sequence[UUID], by: User, now: datetime) -> int:
    """Say that somebody has looked at new alarms; how many there were."""
    begin_watch(exam=exam, by=by, now=now)
    here = alarms_of(exam).select_related(None).filter(pk__in=alarms, state="new")
    rows = list(here.select_for_update(of=("self",)))
    Alarm.objects.filter(pk__in=[row.pk for row in rows]).update(state=move(ALARM, "new", "seen"))
    if rows:
        trail.record("proctoring.alarms_seen", exam, by=by, now=now, alarms=[str(row.pk) for row in rows])
    return len(rows)


def _decide(alarm: Alarm, to: str, note: str, by: User, now: datetime) -> None:
    words = " ".join(note.split())
    if not words:
        raise Refusal("note_missing", _("Tulis apa yang Anda lihat atau lakukan."), field="note")
    try:
        alarm.state = move(ALARM, alarm.state, to)
    except NotAllowed:
        raise Refusal("alarm_decided", _("Peringatan ini sudah diputus begitu. Muat ulang halaman.")) from None
    alarm.note, alarm.decided_by, alarm.decided_at, alarm.decided_strength = words[:500], by, now, alarm.strength


@transaction.atomic
def follow_alarm(
    *, exam: Exam, alarm: Alarm, note: str, incident: Incident | None = None, report: bool = False, by: User,
    now: datetime,
) -> Alarm:  # fmt: skip
    """Somebody went and looked: the note says what was seen. The alarm may be linked to an incident of the room, or
    be reported as one (``report``), which then stands in the minutes; nothing else follows by itself.

    Raises Refusal ``note_missing``, ``alarm_decided``, ``incident_elsewhere``, ``text_short``.
    """
    begin_watch(exam=exam, by=by, now=now)
    locked = _locked(exam, alarm)
    _decide(locked, "followed", note, by, now)
    if report:
        candidate = locked.attempt if locked.exam_id == exam.pk else locked.other
        incident = report_incident(
            exam=exam, kind=Incident.Kind.CONDUCT, text=note, attempt=candidate, by=by, now=now
        )
    if incident is not None and incident.exam_id != exam.pk:
        raise Refusal("incident_elsewhere", _("Kejadian itu bukan dari ruang ini."), field="incident")
    locked.incident = incident
    locked.save(update_fields=["state", "note", "incident", "decided_by", "decided_at", "decided_strength"])
    trail.record("proctoring.alarm_followed", locked, by=by, now=now, exam=exam.pk,
                 incident=incident.pk if incident else None)  # fmt: skip
    return locked


@transaction.atomic
def dismiss_alarm(*, exam: Exam, alarm: Alarm, note: str, by: User, now: datetime) -> Alarm:
    """Nothing was wrong: the note says why. Raises Refusal ``note_missing``, ``alarm_decided``."""
    begin_watch(exam=exam, by=by, now=now)
    locked = _locked(exam, alarm)
    _decide(locked, "dismissed", note, by, now)
    locked.save(update_fields=["state", "note", "decided_by", "decided_at", "decided_strength"])
    trail.record("proctoring.alarm_dismissed", locked, by=by, now=now, exam=exam.pk)
    return locked


@transaction.atomic
def excuse_browser(*, exam: Exam, attempt: Attempt | None, reason: str, by: User, now: datetime) -> BrowserExcuse:
    """A proctor of this room lets one candidate (or all) go on without the locked browser, saying why."""
    begin_watch(exam=exam, by=by, now=now)
    return hall.excuse_browser(exam=exam, attempt=attempt, reason=reason, by=by, now=now)
