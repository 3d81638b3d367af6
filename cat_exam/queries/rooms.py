"""The room as its proctor sees it, and what leaves it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from cat_exam.models import Attempt, Exam, Roll
from cat_exam.queries.ledger import ledgers
from cat_exam.queries.progress import progress
from core import access
from core.models import User
from registration.models import Stage

ROLES = ("proctor", "coordinator", "committee", "chair", "auditor")

SEATS = """
SELECT a.id, a.state, a.reference, t.label, p.number, a.display_name, a.pin_tries, a.station_id,
       coalesce(c.label, ''), c.room_id
  FROM cat_exam_attempt a
  JOIN registration_seat t ON t.id = a.seat_id
  JOIN registration_application p ON p.id = a.application_id
  LEFT JOIN core_station c ON c.id = a.station_id
 WHERE a.exam_id = %s ORDER BY t.label
"""


@dataclass(frozen=True, slots=True)
class SeatView:
    """One seat: ``state`` is the attempt's, ``paused`` while its clock stands; times are hall time. ``station`` is
    the PC it was entered at, wherever that stands; its label is empty before."""

    attempt_id: int
    state: str
    answered: int
    last_saved_at: datetime | None
    remaining_ms: int
    reference: str
    label: str
    number: str
    name: str
    pin_tries: int
    station_id: UUID | None
    station_label: str
    station_room_id: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an application left a stage: ``present`` | ``absent`` | ``disqualified`` | ``voided``."""

    application_id: UUID
    outcome: str


def room_view(exam: Exam, now: datetime) -> list[SeatView]:
    """Every seat of an exam at ``now`` (hall time), by label, in five queries whatever the size of the room."""
    with connection.cursor() as cursor:
        cursor.execute(SEATS, [exam.pk])
        rows = cursor.fetchall()
    attempts = [row[0] for row in rows]
    books, reached = ledgers(attempts), progress(exam, attempts)
    seats = []
    for pk, state, *facts in rows:
        phase = books[pk].phase(now)
        shown = "paused" if state == "running" and phase.state == "paused" else state
        answered, saved = reached[pk]
        seats.append(SeatView(pk, shown, answered, saved, phase.remaining_ms, *facts))
    return seats


def attempt_for_card(exam: Exam, card_number: str) -> Attempt | None:
    """The attempt of a card in this exam; grouping signs in the number do not matter."""
    digits = "".join(char for char in card_number if char.isalnum())
    return (
        Attempt.objects.filter(exam=exam, card_number=digits)
        .select_related("seat", "application__applicant", "station", "exam__sitting")
        .first()
    )


def exams_for(user: User) -> QuerySet[Exam]:
    """Exams a staff member may see: the centre's for its proctors and coordinators, all for the whole country."""
    exams = Exam.objects.select_related("sitting__room__centre", "sitting__stage__selection")
    grants = access.grants_of(user, *ROLES)
    if access.sees_everything(grants):
        return exams.order_by("sitting__starts_at")
    centres = {grant.centre_id for grant in grants if grant.centre_id}
    return exams.filter(Q(sitting__room__centre__in=centres)).order_by("sitting__starts_at")


def outcomes(stage: Stage) -> Iterator[Outcome]:
    """One outcome per seat of the stage, from the sealed Rolls of its exams (the latest of each)."""
    rolls = Roll.objects.filter(exam__sitting__stage=stage, replaced_by__isnull=True).order_by("sealed_at")
    for document in rolls.values_list("document", flat=True):
        for seat in document["seats"]:
            yield Outcome(UUID(seat["application"]), seat["outcome"])


def to_score(passing: Sequence[int] = ()) -> list[int]:
    """Finished attempts without a score, oldest first, except ``passing``."""
    waiting = Attempt.objects.filter(state__in=["submitted", "expired"]).exclude(pk__in=passing)
    return list(waiting.order_by("finished_at").values_list("pk", flat=True)[:1000])
