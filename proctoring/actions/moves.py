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
from proctoring.actions.two import decide, decline, need_another, waiting
from proctoring.models import SeatMove
from proctoring.queries.stations import free_stations
from proctoring.words import plain_words


@transaction.atomic
def ask_move(*, attempt: Attempt, station: Station, reason: str, by: User, now: datetime) -> SeatMove:
    """Ask that a candidate go on at ``station``, a free PC of the same room; nothing changes until another confirms.

    Raises :class:`core.errors.Refusal` ``not_your_room``, ``text_short``, ``not_seated`` (not here yet, or ended),
    ``station_taken`` (in use, promised, retired or of another room), ``move_waits``.
    """
    exam = attempt.exam
    begin_watch(exam=exam, by=by, now=now)
    words = plain_words(reason)
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


@transaction.atomic
def confirm_move(*, move: SeatMove, by: User, now: datetime) -> Issued:
    """Another officer of the room confirms: the PIN issued to ``by`` opens the same exam at the new PC alone.

    The old PC's session ends at once, its page goes blank when the new one enters. Raises ``four_eyes`` (here and by
    the database), ``not_your_room``, ``decided``, ``station_taken``, or what the hall refuses.
    """
    row = waiting(move)
    need_another(row, by)
    begin_watch(exam=row.attempt.exam, by=by, now=now)
    if not free_stations(row.attempt.exam, but=row).filter(pk=row.station_id).exists():
        raise _taken()
    decide(row, confirmed=True, by=by, now=now)
    trail.record(
        "proctoring.move_confirmed", row.attempt, by=by, now=now, move=row.pk, asked_by=row.asked_by_id,
        station=row.station_id,
    )  # fmt: skip
    pin = hall.issue_pin(attempt=row.attempt, station=row.station, by=by, now=now)
    return Issued(row.attempt, pin, now)


@transaction.atomic
def decline_move(*, move: SeatMove, by: User, now: datetime) -> None:
    """Another officer says no, or who asked takes it back. Raises ``not_your_room``, ``decided``."""
    decline(move, "move", by=by, now=now)
