"""The life of an exam as the room drives it; the hall's own actions do the work inside the same transaction."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cat_exam import actions as hall
from cat_exam.models import Attempt, Exam, Removal, Roll
from core.errors import Refusal
from core.models import User
from proctoring.actions.duty import begin_watch, require_role
from proctoring.models import Incident
from proctoring.rules import incidents
from proctoring.words import in_words


def _reason(text: str) -> str:
    try:
        return incidents.clean_text(text, field="reason", most=500)
    except Refusal as refusal:
        raise in_words(refusal) from None


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
    hall.pause_exam(exam=exam, reason=_reason(reason), by=by, now=now)


@transaction.atomic
def continue_exam(*, exam: Exam, reason: str, by: User, now: datetime) -> None:
    """Let the clock run again."""
    begin_watch(exam=exam, by=by, now=now)
    hall.resume_exam(exam=exam, reason=_reason(reason), by=by, now=now)


@transaction.atomic
def end_exam(*, exam: Exam, by: User, now: datetime) -> Roll:
    """Close the exam: the hall marks who stayed away and seals the Roll; refused while candidates work."""
    begin_watch(exam=exam, by=by, now=now)
    return hall.close_exam(exam=exam, by=by, now=now)


@transaction.atomic
def ask_removal(
    *, exam: Exam, attempt: Attempt, to: str, reason: str, evidence: Sequence[Incident] = (), by: User, now: datetime
) -> Removal:
    """Ask that a candidate be ``disqualified`` or ``voided``; ``evidence`` are incidents of this room.

    Raises Refusal ``attempt_foreign``, ``evidence_foreign`` and those of :func:`cat_exam.actions.ask_removal`.
    """
    begin_watch(exam=exam, by=by, now=now)
    if attempt.exam_id != exam.pk:
        raise Refusal("attempt_foreign", _("Peserta ini bukan peserta sesi ini."))
    if any(one.exam_id != exam.pk or one.attempt_id not in {None, attempt.pk} for one in evidence):
        raise Refusal("evidence_foreign", _("Bukti itu bukan kejadian di ruang ini atau tentang peserta lain."))
    keys = [str(one.pk) for one in evidence]
    return hall.ask_removal(attempt=attempt, to=to, reason=_reason(reason), evidence=keys, by=by, now=now)


@transaction.atomic
def confirm_removal(*, removal: Removal, by: User, now: datetime) -> Attempt:
    """Confirm it: a coordinator of this centre who did not ask."""
    exam = removal.attempt.exam
    require_role(exam, by, "coordinator")
    begin_watch(exam=exam, by=by, now=now)
    return hall.confirm_removal(removal=removal, by=by, now=now)


@transaction.atomic
def decline_removal(*, removal: Removal, by: User, now: datetime) -> Removal:
    """Say no (a coordinator), or take one's own request back."""
    exam = removal.attempt.exam
    if removal.asked_by_id != by.pk:
        require_role(exam, by, "coordinator")
    begin_watch(exam=exam, by=by, now=now)
    return hall.decline_removal(removal=removal, by=by, now=now)
