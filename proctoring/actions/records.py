"""What happened and what was said: incidents and messages of a room."""

from datetime import datetime

from django.db import transaction

from cat_exam import actions as hall
from cat_exam.models import Attempt, Exam, Notice
from core import trail
from core.models import User
from proctoring.actions.duty import begin_watch
from proctoring.models import Incident
from proctoring.rules import incidents
from proctoring.words import plain_words


@transaction.atomic
def report_incident(
    *, exam: Exam, kind: str, text: str, attempt: Attempt | None = None, by: User, now: datetime
) -> Incident:
    """Write down what happened, for the minutes; it stays as it was written."""
    begin_watch(exam=exam, by=by, now=now)
    words = plain_words(text, field="text", most=incidents.TEXT_MAX)
    row = Incident.objects.create(exam=exam, attempt=attempt, kind=kind, text=words, by=by, at=now)
    trail.record("proctoring.incident_reported", exam, by=by, now=now, incident=row.pk, kind=kind)
    return row


@transaction.atomic
def send_word(*, exam: Exam, text: str, attempt: Attempt | None = None, by: User, now: datetime) -> Notice:
    """Send a message to one candidate or to everybody in the room; the hall numbers and keeps it."""
    begin_watch(exam=exam, by=by, now=now)
    words = plain_words(text, field="text")
    return hall.send_message(exam=exam, attempt=attempt, text=words, by=by, now=now)
