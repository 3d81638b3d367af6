"""PCs of a room and who moves between them."""

from uuid import UUID

from django.db.models import Q, QuerySet

from cat_exam.models import Attempt, Exam
from cat_exam.rules.lifecycle import OPEN
from core.models import Station
from proctoring.models import SeatMove


def free_stations(exam: Exam, but: SeatMove | None = None) -> QuerySet[Station]:
    """Enrolled PCs of the room at which nobody sits and to which nobody is about to move, except by ``but``."""
    sitting = Attempt.objects.filter(exam=exam, state__in=OPEN, station__isnull=False).values("station")
    promised = SeatMove.objects.filter(confirmed__isnull=True).values("station")
    if but is not None:
        promised = promised.exclude(pk=but.pk)
    rows = Station.objects.filter(room=exam.sitting.room_id, retired_at__isnull=True)
    return rows.exclude(Q(pk__in=sitting) | Q(pk__in=promised)).order_by("label")


def seats_kept(exam: Exam) -> set[str]:
    """Labels of seats whose candidates are still to come or have not sat down: their PCs are needed."""
    waiting = Q(state="expected") | Q(state="admitted", station__isnull=True)
    return set(Attempt.objects.filter(waiting, exam=exam).values_list("seat__label", flat=True))


def moves_of(exam: Exam) -> QuerySet[SeatMove]:
    """Moves between PCs of this exam, oldest first."""
    rows = SeatMove.objects.filter(attempt__exam=exam).order_by("asked_at")
    return rows.select_related("attempt__seat", "station", "left", "asked_by", "decided_by")


def waiting_moves(exam: Exam) -> QuerySet[SeatMove]:
    """Moves that wait for a second officer."""
    return moves_of(exam).filter(confirmed__isnull=True)


def moved_to(exam: Exam) -> set[tuple[int, UUID]]:
    """(attempt, PC) of every move that two officers agreed on."""
    rows = SeatMove.objects.filter(attempt__exam=exam, confirmed=True)
    return set(rows.values_list("attempt_id", "station_id"))
