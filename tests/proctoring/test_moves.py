"""A candidate goes on at another PC of the room by the word of two officers, with the same answers and time."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse

from cat_exam import actions as hall
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt
from core.errors import Refusal
from core.models import Room, Station, TrailEntry
from proctoring import actions, queries
from proctoring.models import SeatMove
from tests.proctoring.conftest import RoomOfTest

pytestmark = pytest.mark.django_db
WHY = "Layar mati dan tidak menyala lagi"


def refused(code: str) -> AbstractContextManager[pytest.ExceptionInfo[Refusal]]:
    return pytest.raises(Refusal, check=lambda no: no.code == code)


def pc(room: RoomOfTest, label: str, place: Room | None = None) -> Station:
    return Station.objects.create(room=place or room.place, label=label, token_hash=label * 4, enrolled_at=hall_now())


@pytest.fixture
def working(room: RoomOfTest) -> Callable[[], tuple[Attempt, Station]]:
    """A candidate at work at the PC of the own seat."""

    def seat() -> tuple[Attempt, Station]:
        attempt = room.expect()
        room.open()
        station = pc(room, attempt.seat.label)
        pin = room.check_in(attempt)
        hall.enter_hall(card_number=attempt.card_number, pin=pin, station=station, now=hall_now())
        room.start()
        attempt.refresh_from_db()
        return attempt, station

    return seat


def ask(room: RoomOfTest, attempt: Attempt, station: Station) -> SeatMove:
    return actions.ask_move(attempt=attempt, station=station, reason=WHY, by=room.proctor(), now=hall_now())


def test_two_officers_move_a_working_candidate_and_the_pin_opens_the_new_pc_alone(
    room: RoomOfTest, working: Callable[[], tuple[Attempt, Station]]
) -> None:
    attempt, old = working()
    spare, third = pc(room, "CADANGAN-1"), pc(room, "CADANGAN-2")
    move = ask(room, attempt, spare)
    attempt.refresh_from_db()
    assert attempt.station == old and move.left == old
    with refused("four_eyes"):
        actions.confirm_move(move=move, by=room.proctor(), now=hall_now())
    with refused("not_your_room"):
        actions.confirm_move(move=move, by=room.stranger(), now=hall_now())
    issued = actions.confirm_move(move=move, by=room.proctor(2), now=hall_now())
    with refused("decided"):
        actions.confirm_move(move=move, by=room.proctor(3), now=hall_now())
    for elsewhere in (old, third):
        with refused("seat_elsewhere"):
            hall.enter_hall(card_number=attempt.card_number, pin=issued.pin, station=elsewhere, now=hall_now())
    hall.enter_hall(card_number=attempt.card_number, pin=issued.pin, station=spare, now=hall_now())
    attempt.refresh_from_db()
    assert (attempt.station, attempt.state) == (spare, "running")
    (tile,) = queries.read_room(room.exam, hall_now()).seats
    assert (tile.moved, tile.station, tile.calls) == ("CADANGAN-1", "", ())
    told = set(TrailEntry.objects.filter(verb__contains="move").values_list("verb", "actor"))
    assert told == {("proctoring.move_asked", room.proctor().pk), ("proctoring.move_confirmed", room.proctor(2).pk)}


def test_a_new_pin_alone_moves_nobody_who_works(
    room: RoomOfTest, working: Callable[[], tuple[Attempt, Station]]
) -> None:
    attempt, old = working()
    spare = pc(room, "CADANGAN-1")
    new = actions.reissue_pin(attempt=attempt, seen=attempt.pin_issued_at, by=room.proctor(), now=hall_now()).pin
    with refused("seat_elsewhere"):
        hall.enter_hall(card_number=attempt.card_number, pin=new, station=spare, now=hall_now())
    hall.enter_hall(card_number=attempt.card_number, pin=new, station=old, now=hall_now())


def test_the_database_moves_nobody_who_works_without_two_officers(
    room: RoomOfTest, working: Callable[[], tuple[Attempt, Station]]
) -> None:
    attempt, _old = working()
    spare = pc(room, "CADANGAN-1")
    row = Attempt.objects.filter(pk=attempt.pk)
    for station in (spare, None):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            row.update(station=station)
    move = ask(room, attempt, spare)
    with pytest.raises(IntegrityError, match="move_four_eyes"), transaction.atomic():
        SeatMove.objects.filter(pk=move.pk).update(
            confirmed=True, decided_by=room.proctor(), decided_at=attempt.pin_issued_at
        )
    with pytest.raises(IntegrityError, match="no role in this room"), transaction.atomic():
        SeatMove.objects.filter(pk=move.pk).update(
            confirmed=True, decided_by=room.stranger(), decided_at=attempt.pin_issued_at
        )
    actions.confirm_move(move=move, by=room.proctor(2), now=hall_now())
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        row.update(station=_old)  # the move is used up in one direction


def test_only_free_pcs_of_this_room_are_offered_and_one_is_promised_once(
    room: RoomOfTest, working: Callable[[], tuple[Attempt, Station]]
) -> None:
    attempt, old = working()
    spare, foreign = pc(room, "CADANGAN-1"), pc(room, "LAIN-1", room.room)
    page = room.people.client(room.proctor()).get(
        reverse("proctoring:move_ask", args=[room.exam.reference, attempt.reference])
    )
    assert "CADANGAN-1" in page.text and "LAIN-1" not in page.text and f">{old.label}</option>" not in page.text
    for taken in (old, foreign):
        with refused("station_taken"):
            ask(room, attempt, taken)
    move = ask(room, attempt, spare)
    with refused("move_waits"):
        ask(room, attempt, pc(room, "CADANGAN-2"))
    actions.decline_move(move=move, by=room.proctor(2), now=hall_now())
    assert ask(room, attempt, spare).confirmed is None


def test_a_move_is_asked_for_and_confirmed_on_two_screens(
    room: RoomOfTest, working: Callable[[], tuple[Attempt, Station]]
) -> None:
    attempt, _old = working()
    spare = pc(room, "CADANGAN-1")
    first, second = room.people.client(room.proctor()), room.people.client(room.proctor(2))
    here = room.exam.reference
    address = reverse("proctoring:move_ask", args=[here, attempt.reference])
    assert "Pilih komputer" in first.post(address, {"station": "", "reason": WHY}).text
    sent = first.post(address, {"station": str(spare.pk), "reason": WHY})
    move = SeatMove.objects.get()
    page = reverse("proctoring:move", args=[here, move.pk])
    assert sent["Location"] == page
    assert [call.code for call in queries.read_room(room.exam, hall_now()).calls] == ["move"]
    told = second.post(page, {"putusan": "setuju"})
    assert "data-pin" in told.text and "CADANGAN-1" in told.text and told["Cache-Control"] == "no-store"
    seat = reverse("proctoring:seat", args=[here, attempt.reference])
    assert "Pindah ke CADANGAN-1" in first.get(seat).text
    assert "data-pin" not in second.post(page, {"putusan": "setuju"}).text
    assert room.people.client(room.stranger()).get(page).status_code == 404
    auditor = room.people.client(room.people.staff("auditor"))
    assert auditor.get(page).status_code == 200 and auditor.get(address).status_code == 403
