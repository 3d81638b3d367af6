"""Time given back: asked by one officer with a reason, approved by another."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cat_exam.actions.wake import write_notice
from cat_exam.models import Attempt, Exam, Notice, TimeGrant
from core import trail
from core.errors import Refusal
from core.models import User

MOST_SECONDS = 4 * 60 * 60


@transaction.atomic
def ask_time_credit(
    *, exam: Exam, attempt: Attempt | None = None, whole_centre: bool = False, seconds: int, reason: str, by: User,
    now: datetime,
) -> TimeGrant:  # fmt: skip
    """Ask for ``seconds`` more: for one candidate, for all rooms of its centre on its day, or for the room.

    Raises Refusal ``seconds_range``, ``reason_missing``, ``attempt_foreign``.
    """
    if not 1 <= seconds <= MOST_SECONDS:
        raise Refusal("seconds_range", _("Pengganti waktu antara 1 detik dan 4 jam."), field="seconds")
    if not reason.strip():
        raise Refusal("reason_missing", _("Tuliskan alasan penggantian waktu."), field="reason")
    if attempt is not None and attempt.exam_id != exam.pk:
        raise Refusal("attempt_foreign", _("Peserta ini bukan peserta sesi ini."))
    centre = exam.sitting.room.centre if whole_centre else None
    grant = TimeGrant.objects.create(
        kind=TimeGrant.Kind.CREDIT, seconds=seconds, attempt=None if centre else attempt, centre=centre,
        exam=None if attempt or centre else exam, day=exam.day, reason=reason.strip()[:500], author=by, asked_at=now,
    )  # fmt: skip
    trail.record("cat_exam.time_asked", exam, by=by, now=now, grant=grant.pk, seconds=seconds,
                 attempt=grant.attempt_id, **({"centre": centre.pk} if centre else {}))  # fmt: skip
    return grant


@transaction.atomic
def approve_time_credit(*, grant: TimeGrant, by: User, now: datetime) -> TimeGrant:
    """Put a credit in force at ``now``; whoever asked for it is refused, here and by the database."""
    locked = TimeGrant.objects.select_for_update().get(pk=grant.pk)
    if locked.approved_at:
        raise Refusal("already_approved", _("Penggantian waktu ini sudah disetujui."))
    if locked.author_id == by.pk:
        raise Refusal("four_eyes", _("Yang meminta dan yang menyetujui harus dua orang yang berbeda."))
    locked.approver, locked.approved_at = by, now
    locked.save(update_fields=["approver", "approved_at"])
    for exam in _touched(locked):
        write_notice(exam=exam, kind=Notice.Kind.CLOCK, now=now, attempt=locked.attempt_id)
    trail.record("cat_exam.time_granted", locked, by=by, now=now, seconds=locked.seconds)
    return locked


def _touched(grant: TimeGrant) -> list[UUID]:
    """The exams whose clocks a grant moves: a centre's are those of its day that are not closed."""
    if grant.centre_id is None:
        return [grant.exam_id or grant.attempt.exam_id]  # type: ignore[union-attr]  # the database: exactly one
    rows = Exam.objects.filter(sitting__room__centre=grant.centre_id, day=grant.day)
    return list(rows.exclude(state=Exam.State.CLOSED).values_list("pk", flat=True))
