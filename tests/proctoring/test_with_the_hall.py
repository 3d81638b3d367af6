"""What the door hands out opens the hall, and what the hall notices reaches the room."""

import pytest

from cat_exam import actions as hall
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt
from core.errors import Refusal
from core.models import Station
from proctoring import actions, queries
from registration.rules.numbers import grouped
from tests.proctoring.conftest import RoomOfTest


def station(room: RoomOfTest, label: str) -> Station:
    return Station.objects.create(
        room=room.place, label=label, token_hash=f"{Station.objects.count():064}", enrolled_at=hall_now()
    )


@pytest.fixture
def opened(room: RoomOfTest) -> RoomOfTest:
    room.open()
    return room


def enter(attempt: Attempt, pin: str, at: Station) -> hall.Ticket:
    return hall.enter_hall(card_number=grouped(attempt.card_number), pin=pin, station=at, now=hall_now())


def test_the_pin_from_the_door_opens_the_hall_at_the_seat(opened: RoomOfTest) -> None:
    attempt = opened.expect()
    pin = opened.check_in(attempt)
    assert enter(attempt, pin, station(opened, attempt.seat.label)).attempt == attempt
    (tile,) = queries.read_room(opened.exam, hall_now()).seats
    assert (tile.kind, tile.station, tile.calls) == ("ready", "", ())


def test_another_computer_than_the_seat_calls_somebody(opened: RoomOfTest) -> None:
    attempt = opened.expect()
    enter(attempt, opened.check_in(attempt), station(opened, "B-77"))
    (tile,) = queries.read_room(opened.exam, hall_now()).seats
    assert (tile.station, tile.calls) == ("B-77", ("wrong_station",))


def test_five_wrong_pins_block_the_seat_until_the_proctor_issues_another(opened: RoomOfTest) -> None:
    attempt = opened.expect()
    pin = opened.check_in(attempt)
    wrong = f"{(int(pin) + 1) % 1_000_000:06d}"
    place = station(opened, attempt.seat.label)
    for _ in range(5):
        with pytest.raises(Refusal):
            enter(attempt, wrong, place)
    view = queries.read_room(opened.exam, hall_now())
    assert view.seats[0].kind == "blocked"
    assert [call.code for call in view.calls] == ["blocked"]
    with pytest.raises(Refusal) as refusal:
        enter(attempt, pin, place)
    assert refusal.value.code == "pin_blocked"
    attempt.refresh_from_db()
    new = actions.reissue_pin(attempt=attempt, seen=attempt.pin_issued_at, by=opened.proctor(), now=hall_now()).pin
    enter(attempt, new, place)
    assert queries.read_room(opened.exam, hall_now()).seats[0].kind == "ready"


def test_the_old_pin_is_dead_once_another_was_issued(opened: RoomOfTest) -> None:
    attempt = opened.expect()
    old = opened.check_in(attempt)
    attempt.refresh_from_db()
    new = actions.reissue_pin(attempt=attempt, seen=attempt.pin_issued_at, by=opened.proctor(), now=hall_now()).pin
    place = station(opened, attempt.seat.label)
    if new != old:
        with pytest.raises(Refusal):
            enter(attempt, old, place)
    enter(attempt, new, place)


def test_an_outage_of_ours_calls_for_the_rooms_resume(opened: RoomOfTest) -> None:
    from cat_exam.models import Pause

    opened.check_in(opened.expect())
    opened.start()
    Pause.objects.create(exam=opened.exam, cause="outage", reason="Detak berhenti 9 detik.", began_at=hall_now())
    view = queries.read_room(opened.exam, hall_now())
    assert view.room.paused == "outage"
    assert [call.code for call in view.calls] == ["outage"]
    actions.continue_exam(
        exam=opened.exam, reason="Semua kursi tersambung lagi.", by=opened.proctor(), now=hall_now()
    )
    view = queries.read_room(opened.exam, hall_now())
    assert (view.room.paused, view.calls, view.seats[0].kind) == ("", (), "working")
