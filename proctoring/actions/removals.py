"""Out of the count: a proctor asks with a reason and evidence, a coordinator who did not ask decides."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cat_exam import actions as hall
from cat_exam.models import Attempt, Exam, Removal
from core.errors import Refusal
from core.models import User
from proctoring.actions.duty import begin_watch, require_role
from proctoring.queries.evidence import evidence_for
from proctoring.words import plain_words


@transaction.atomic
def ask_removal(
    *, exam: Exam, attempt: Attempt, to: str, reason: str, evidence: Sequence[str] = (), by: User, now: datetime
) -> Removal:
    """Ask that a candidate be ``disqualified`` or ``voided``; ``evidence`` are keys of
    :func:`proctoring.queries.evidence.evidence_for`.

    Raises Refusal ``attempt_foreign``, ``evidence_foreign`` and those of :func:`cat_exam.actions.ask_removal`.
    """
    begin_watch(exam=exam, by=by, now=now)
    if attempt.exam_id != exam.pk:
        raise Refusal("attempt_foreign", _("Peserta ini bukan peserta sesi ini."))
    known = {one.key for one in evidence_for(attempt)}
    if not known.issuperset(evidence):
        text = _("Bukti itu bukan dari ruang ini atau tentang peserta lain.")
        raise Refusal("evidence_foreign", text, field="evidence")
    return hall.ask_removal(attempt=attempt, to=to, reason=plain_words(reason), evidence=evidence, by=by, now=now)


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
