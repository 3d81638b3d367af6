"""The life of an exam in its room: open, start, pause, resume, message, close."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cat_exam.actions.rolls import make_roll
from cat_exam.actions.wake import write_notice
from cat_exam.models import Attempt, Exam, Notice, Pause, Roll
from cat_exam.rules import lifecycle
from core import trail
from core.errors import Refusal
from core.models import User

WORKING = ("running", "paused")


def lock_exam(exam: Exam) -> Exam:
    """The exam's row, locked for the caller's transaction."""
    return Exam.objects.select_for_update().get(pk=exam.pk)


def _move(exam: Exam, to: str) -> None:
    try:
        exam.state = lifecycle.move(lifecycle.EXAM, exam.state, to)
    except lifecycle.NotAllowed:
        raise Refusal(
            "exam_state",
            _("Langkah ini tidak dapat dilakukan karena sesi berstatus “%(state)s”.")
            % {"state": Exam.State(exam.state).label},
        ) from None


@transaction.atomic
def open_exam(*, exam: Exam, by: User, now: datetime) -> Exam:
    """Open the registration: candidates may be admitted and PINs issued."""
    locked = lock_exam(exam)
    _move(locked, Exam.State.OPEN)
    locked.opened_at = now
    locked.save(update_fields=["state", "opened_at"])
    trail.record("cat_exam.exam_opened", locked, by=by, now=now)
    return locked


@transaction.atomic
def start_exam(*, exam: Exam, by: User, now: datetime) -> Exam:
    """Start the clock of everybody admitted at one instant, ``now`` (hall time)."""
    locked = lock_exam(exam)
    _move(locked, Exam.State.RUNNING)
    locked.started_at, locked.started_by = now, by
    locked.save(update_fields=["state", "started_at", "started_by"])
    started = Attempt.objects.filter(exam=locked, state=Attempt.State.ADMITTED).update(
        state=Attempt.State.RUNNING, started_at=now
    )
    if not started:
        raise Refusal("nobody_admitted", _("Belum ada peserta yang hadir. Catat kehadiran terlebih dahulu."))
    write_notice(exam=locked.pk, kind=Notice.Kind.START, now=now)
    trail.record("cat_exam.exam_started", locked, by=by, now=now, attempts=started)
    return locked


@transaction.atomic
def pause_exam(*, exam: Exam, reason: str, by: User, now: datetime) -> Pause:
    """Stop the clock of the whole room at one instant: one row."""
    locked = lock_exam(exam)
    if locked.state != Exam.State.RUNNING:
        raise Refusal("exam_not_running", _("Sesi ini tidak sedang berlangsung."))
    if Pause.objects.filter(exam=locked, ended_at__isnull=True).exists():
        raise Refusal("already_paused", _("Sesi ini sudah dijeda."))
    if not reason.strip():
        raise Refusal("reason_missing", _("Tuliskan alasan jeda."), field="reason")
    pause = Pause.objects.create(
        exam=locked, cause=Pause.Cause.ROOM, reason=reason.strip()[:500], began_at=now, began_by=by
    )
    write_notice(exam=locked.pk, kind=Notice.Kind.CLOCK, now=now)
    trail.record("cat_exam.exam_paused", locked, by=by, now=now, pause=pause.pk)
    return pause


@transaction.atomic
def resume_exam(*, exam: Exam, reason: str, by: User, now: datetime) -> Pause:
    """Let the clock run again, after the room's own pause or after an outage of ours."""
    locked = lock_exam(exam)
    pause = Pause.objects.select_for_update().filter(exam=locked, ended_at__isnull=True).first()
    if pause is None:
        raise Refusal("not_paused", _("Sesi ini tidak sedang dijeda."))
    pause.ended_at, pause.ended_by = max(now, pause.began_at), by
    pause.save(update_fields=["ended_at", "ended_by"])
    write_notice(exam=locked.pk, kind=Notice.Kind.CLOCK, now=now)
    trail.record("cat_exam.exam_resumed", locked, by=by, now=now, pause=pause.pk, reason=reason.strip()[:500])
    return pause


@transaction.atomic
def send_message(*, exam: Exam, attempt: Attempt | None = None, text: str, by: User, now: datetime) -> Notice:
    """A message of the room to everybody, or to one candidate: numbered and kept, so a reconnect shows it again."""
    words = " ".join(text.split())
    if not words:
        raise Refusal("text_missing", _("Tuliskan pesan."), field="text")
    if len(words) > 500:
        raise Refusal("text_long", _("Pesan paling panjang 500 huruf."), field="text")
    if attempt is not None and attempt.exam_id != exam.pk:
        raise Refusal("attempt_foreign", _("Peserta ini bukan peserta sesi ini."))
    notice = write_notice(
        exam=exam.pk, kind=Notice.Kind.MESSAGE, now=now, attempt=attempt.pk if attempt else None, text=words
    )
    trail.record("cat_exam.message_sent", exam, by=by, now=now, notice=notice.number,
                 attempt=attempt.pk if attempt else None)  # fmt: skip
    return notice


@transaction.atomic
def set_board(*, exam: Exam, board: str, by: User, now: datetime) -> Exam:
    """Who waits outside sees running points, the final ones, or no board; raises Refusal ``board_unknown``."""
    if board not in Exam.Board.values:
        raise Refusal("board_unknown", _("Pilih salah satu cara menampilkan papan skor."), field="board")
    locked = lock_exam(exam)
    locked.board = board
    locked.save(update_fields=["board"])
    trail.record("cat_exam.board_set", locked, by=by, now=now, board=board)
    return locked


@transaction.atomic
def close_exam(*, exam: Exam, by: User, now: datetime) -> Roll:
    """Close the room: who never started is absent, and the Roll is sealed.

    Refused (``attempts_running``, ``scores_missing``) while somebody works or waits for a score.
    """
    locked = lock_exam(exam)
    attempts = Attempt.objects.filter(exam=locked)
    if attempts.filter(state__in=WORKING).exists():
        raise Refusal("attempts_running", _("Masih ada peserta yang mengerjakan. Tunggu sampai semua selesai."))
    if attempts.filter(state__in=["submitted", "expired"]).exists():
        raise Refusal("scores_missing", _("Masih ada lembar yang dinilai. Tutup sesi beberapa detik lagi."))
    _move(locked, Exam.State.CLOSED)
    locked.closed_at = now
    locked.save(update_fields=["state", "closed_at"])
    absent = attempts.filter(state__in=lifecycle.before(lifecycle.ATTEMPT, "absent")).update(
        state="absent", ticket=None
    )
    roll = make_roll(exam=locked, by=by, now=now)
    trail.record("cat_exam.exam_closed", locked, by=by, now=now, absent=absent, roll=roll.pk)
    return roll
