"""Out of the count: an attempt is disqualified, or voided to be sat again, by the word of two officers."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cat_exam.actions.rolls import make_roll
from cat_exam.actions.wake import write_notice
from cat_exam.models import Attempt, Exam, Notice, Removal
from cat_exam.rules import lifecycle
from core import trail
from core.errors import Refusal
from core.models import User


def _next_state(attempt: Attempt, to: str) -> str:
    try:
        return lifecycle.move(lifecycle.ATTEMPT, attempt.state, to)
    except lifecycle.NotAllowed:
        raise Refusal("attempt_state", _("Keadaan peserta ini tidak mengizinkan langkah itu.")) from None


@transaction.atomic
def ask_removal(
    *, attempt: Attempt, to: str, reason: str, evidence: Sequence[str] = (), by: User, now: datetime
) -> Removal:
    """Ask that ``attempt`` be ``disqualified`` or ``voided``, saying why; nothing changes until another confirms.

    Raises Refusal ``reason_missing``, ``asked_already`` (one request waits), ``attempt_state``.
    """
    if not reason.strip():
        raise Refusal("reason_missing", _("Tuliskan alasan."), field="reason")
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    _next_state(locked, Removal.To(to).value)
    if Removal.objects.filter(attempt=locked, confirmed__isnull=True).exists():
        raise Refusal("asked_already", _("Usulan untuk peserta ini sudah ada dan menunggu petugas lain."))
    row = Removal.objects.create(
        attempt=locked, to=to, reason=reason.strip()[:500], evidence=list(evidence), asked_by=by, asked_at=now
    )
    trail.record("cat_exam.removal_asked", locked, by=by, now=now, removal=row.pk, to=to, reason=row.reason)
    return row


def _waiting(removal: Removal) -> tuple[Removal, Attempt, Exam]:
    """The request with its attempt and exam, locked from the room inwards."""
    exam = Exam.objects.select_for_update(of=("self",)).get(attempts=removal.attempt_id)
    attempt = Attempt.objects.select_for_update().get(pk=removal.attempt_id)
    locked = Removal.objects.select_for_update().get(pk=removal.pk)
    if locked.confirmed is not None:
        raise Refusal("decided", _("Usulan ini sudah diputus."))
    return locked, attempt, exam


@transaction.atomic
def confirm_removal(*, removal: Removal, by: User, now: datetime) -> Attempt:
    """Another officer confirms: the attempt is out, its journal stays as evidence, a closed room gets a new Roll.

    Raises Refusal ``four_eyes`` (here and by the database), ``decided``, ``attempt_state``.
    """
    locked, attempt, exam = _waiting(removal)
    if locked.asked_by_id == by.pk:
        raise Refusal("four_eyes", _("Yang mengusulkan dan yang menyetujui harus dua orang yang berbeda."))
    state = _next_state(attempt, locked.to)
    _decide(locked, True, by, now)
    attempt.state, attempt.ticket = state, None
    attempt.save(update_fields=["state", "ticket"])  # the database asks for the confirmed request first
    write_notice(exam=exam.pk, kind=Notice.Kind.STATE, now=now, attempt=attempt.pk, text=locked.to)
    trail.record(f"cat_exam.attempt_{locked.to}", attempt, by=by, now=now, removal=locked.pk,
                 asked_by=locked.asked_by_id, reason=locked.reason)  # fmt: skip
    if exam.state == Exam.State.CLOSED:
        make_roll(exam=exam, by=by, now=now)
    return attempt


@transaction.atomic
def decline_removal(*, removal: Removal, by: User, now: datetime) -> Removal:
    """Another officer says no, or who asked takes it back; the attempt stays as it is. Refusal ``decided``."""
    locked, attempt, _exam = _waiting(removal)
    _decide(locked, False, by, now)
    trail.record("cat_exam.removal_declined", attempt, by=by, now=now, removal=locked.pk)
    return locked


def _decide(removal: Removal, confirmed: bool, by: User, now: datetime) -> None:
    removal.confirmed, removal.decided_by, removal.decided_at = confirmed, by, now
    removal.save(update_fields=["confirmed", "decided_by", "decided_at"])
