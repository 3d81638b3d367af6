"""The life of an exam as the room drives it; the hall's own actions do the work inside the same transaction."""

from datetime import datetime

from django.db import transaction

from cat_exam import actions as hall
from cat_exam.models import Exam, Roll
from core.models import User
from proctoring.actions.duty import begin_watch
from proctoring.words import plain_words


@transaction.atomic
def open_registration(*, exam: Exam, by: User, now: datetime) -> None:
    """Open the door: candidates may be checked in from here on."""
    begin_watch(exam=exam, by=by, now=now)
    hall.open_exam(exam=exam, by=by, now=now)


@transaction.atomic
def begin_exam(*, exam: Exam, by: User, now: datetime) -> None:
    """Start the clock of everybody admitted."""
    begin_watch(exam=exam, by=by, now=now)
    hall.start_exam(exam=exam, by=by, now=now)


@transaction.atomic
def hold_exam(*, exam: Exam, reason: str, by: User, now: datetime) -> None:
    """Stop the clock of the whole room at one instant; ``reason`` goes into the minutes."""
    begin_watch(exam=exam, by=by, now=now)
    hall.pause_exam(exam=exam, reason=plain_words(reason), by=by, now=now)


@transaction.atomic
def continue_exam(*, exam: Exam, reason: str, by: User, now: datetime) -> None:
    """Let the clock run again."""
    begin_watch(exam=exam, by=by, now=now)
    hall.resume_exam(exam=exam, reason=plain_words(reason), by=by, now=now)


@transaction.atomic
def end_exam(*, exam: Exam, by: User, now: datetime) -> Roll:
    """Close the exam: the hall marks who stayed away and seals the Roll; refused while candidates work."""
    begin_watch(exam=exam, by=by, now=now)
    return hall.close_exam(exam=exam, by=by, now=now)
