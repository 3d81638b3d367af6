"""To another PC of the room: one officer asks with a reason, another confirms; only then a PIN, good there alone."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cat_exam import actions as hall
from cat_exam.models import Attempt
from cat_exam.rules.lifecycle import OPEN
from core import trail
from core.errors import Refusal
from core.models import Station, User
from proctoring.actions.check_in import Issued
from proctoring.actions.duty import begin_watch
from proctoring.models import SeatMove
from proctoring.queries.stations import free_stations
from proctoring.rules import incidents
from proctoring.words import in_words


def _reason(text: str) -> str:
    try:
        return incidents.clean_text(text, field="reason", most=500)
    except Refusal as refusal:
        raise in_words(refusal) from None


@transaction.atomic
def ask_move(*, attempt: Attempt, station: Station, reason: str, by: User, now: datetime) -> SeatMove:
    """Ask that a candidate go on at ``station``, a free PC of the same room; nothing changes until another confirms.

    Raises :class:`core.errors.Refusal` ``not_your_room``, ``text_short``, ``not_seated`` (not here yet, or ended),
    ``station_taken`` (in use, promised, retired or of another room), ``move_waits``.
    """
    exam = attempt.exam
    begin_watch(exam=exam, by=by, now=now)
    words = _reason(reason)
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if locked.state not in OPEN:
        raise Refusal("not_seated", _("Hanya peserta yang hadir dan belum selesai dapat pindah komputer."))
    if SeatMove.objects.filter(attempt=locked, confirmed__isnull=True).exists():
        raise Refusal("move_waits", _("Perpindahan peserta ini masih menunggu petugas lain."))
    if not free_stations(exam).filter(pk=station.pk).exists():
        raise _taken()
    try:
        with transaction.atomic():
            row = SeatMove.objects.create(
                attempt=locked, station=station, left_id=locked.station_id, reason=words, asked_by=by, asked_at=now
            )
    except IntegrityError as twice:
        if "move_one_to_a_pc" not in str(twice):
            raise
        raise _taken() from twice
    trail.record("proctoring.move_asked", locked, by=by, now=now, move=row.pk, station=station.pk)
    return row


def _taken() -> Refusal:
    return Refusal(
        "station_taken", _("Komputer itu sedang dipakai atau sudah dijanjikan. Pilih komputer lain."), field="station"
    )


def _waiting(move: SeatMove) -> SeatMove:
    """The request under the lock of its candidate, so that it is decided once."""
    Attempt.objects.select_for_update().get(pk=move.attempt_id)
    row = SeatMove.objects.select_related("attempt__exam__sitting__room", "attempt__seat", "station").get(pk=move.pk)
    if row.confirmed is not None:
        raise Refusal("move_decided", _("Perpindahan ini sudah diputus. Muat ulang halaman untuk melihatnya."))
    return row


@transaction.atomic
def confirm_move(*, move: SeatMove, by: User, now: datetime) -> Issued:
    """Another officer of the room confirms: the PIN issued to ``by`` opens the same exam at the new PC alone.

    The old PC's session ends at once, its page goes blank when the new one enters. Raises ``four_eyes`` (here and by
    the database), ``not_your_room``, ``move_decided``, ``station_taken``, or what the hall refuses.
    """
    row = _waiting(move)
    if row.asked_by_id == by.pk:
        raise Refusal("four_eyes", _("Yang mengajukan dan yang menyetujui harus dua orang yang berbeda."))
    begin_watch(exam=row.attempt.exam, by=by, now=now)
    if not free_stations(row.attempt.exam, but=row).filter(pk=row.station_id).exists():
        raise _taken()
    _decide(row, True, by, now)
    trail.record(
        "proctoring.move_confirmed", row.attempt, by=by, now=now, move=row.pk, asked_by=row.asked_by_id,
        station=row.station_id,
    )  # fmt: skip
    pin = hall.issue_pin(attempt=row.attempt, station=row.station, by=by, now=now)
    return Issued(row.attempt, pin, now)


@transaction.atomic
def decline_move(*, move: SeatMove, by: User, now: datetime) -> None:
    """Another officer says no, or who asked takes it back. Raises ``not_your_room``, ``move_decided``."""
    row = _waiting(move)
    begin_watch(exam=row.attempt.exam, by=by, now=now)
    _decide(row, False, by, now)
    verb = "proctoring.move_withdrawn" if row.asked_by_id == by.pk else "proctoring.move_declined"
    trail.record(verb, row.attempt, by=by, now=now, move=row.pk)


def _decide(row: SeatMove, confirmed: bool, by: User, now: datetime) -> None:
    row.confirmed, row.decided_by, row.decided_at = confirmed, by, now
    row.save(update_fields=["confirmed", "decided_by", "decided_at"])
