"""Time given back: asked by one officer with a reason, approved by another."""

from datetime import datetime

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
    *, exam: Exam, attempt: Attempt | None = None, seconds: int, reason: str, by: User, now: datetime
) -> TimeGrant:
    """Ask for ``seconds`` more for one candidate, or for the whole room where ``attempt`` is None."""
    if not 1 <= seconds <= MOST_SECONDS:
        raise Refusal("seconds_range", _("Pengganti waktu antara 1 detik dan 4 jam."), field="seconds")
    if not reason.strip():
        raise Refusal("reason_missing", _("Tuliskan alasan penggantian waktu."), field="reason")
    if attempt is not None and attempt.exam_id != exam.pk:
        raise Refusal("attempt_foreign", _("Peserta ini bukan peserta sesi ini."))
    grant = TimeGrant.objects.create(
        kind=TimeGrant.Kind.CREDIT, seconds=seconds, attempt=attempt, exam=None if attempt else exam, day=exam.day,
        reason=reason.strip()[:500], author=by, asked_at=now,
    )  # fmt: skip
    trail.record("cat_exam.time_asked", exam, by=by, now=now, grant=grant.pk, seconds=seconds,
                 attempt=attempt.pk if attempt else None)  # fmt: skip
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
    exam = locked.exam_id or (locked.attempt.exam_id if locked.attempt else None)
    if exam is not None:
        write_notice(exam=exam, kind=Notice.Kind.CLOCK, now=now, attempt=locked.attempt_id)
    trail.record("cat_exam.time_granted", locked, by=by, now=now, seconds=locked.seconds)
    return locked
