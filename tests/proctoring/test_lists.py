"""Every list costs the same number of queries at one and at three rows."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt
from core.models import Room, Station
from proctoring import actions, queries
from tests.proctoring.conftest import RoomOfTest


def cost(room: RoomOfTest, address: str) -> int:
    """Queries of one page view, the session warm."""
    client = room.people.client(room.coordinator())
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def one_more_seat(room: RoomOfTest) -> None:
    room.check_in(room.expect())


def one_more_incident(room: RoomOfTest) -> None:
    actions.report_incident(
        exam=room.exam, kind="other", text="Sesuatu terjadi di ruang.", attempt=room.expect(), by=room.proctor(),
        now=hall_now(),
    )  # fmt: skip


def one_more_message(room: RoomOfTest) -> None:
    actions.send_word(
        exam=room.exam, text="Harap tenang semuanya.", attempt=room.expect(), by=room.proctor(), now=hall_now()
    )


def one_more_request(room: RoomOfTest) -> None:
    actions.ask_time(
        exam=room.exam, attempt=room.expect(), minutes=2, reason="Layar mati dua menit.", by=room.proctor(),
        now=hall_now(),
    )  # fmt: skip


def one_more_removal(room: RoomOfTest) -> None:
    actions.ask_removal(
        exam=room.exam, attempt=room.expect(), to="voided", reason="Komputer rusak sejak awal.", by=room.proctor(),
        now=hall_now(),
    )  # fmt: skip


def one_more_move(room: RoomOfTest) -> None:
    attempt = room.expect()
    room.check_in(attempt)
    spare = Station.objects.create(
        room=room.place, label=f"C-{attempt.pk}", token_hash=str(attempt.pk), enrolled_at=hall_now()
    )
    actions.ask_move(
        attempt=attempt, station=spare, reason="Layar mati dua menit.", by=room.proctor(), now=hall_now()
    )


def one_more_exam(room: RoomOfTest) -> None:
    number = Room.objects.count()
    room.expect(
        exam=room.make_exam(Room.objects.create(centre=room.centre, code=f"R{number}", name="R", capacity=40))
    )


def one_more_paper(room: RoomOfTest) -> None:
    actions.file_paper(exam=room.exam, kind="results", body=b"%PDF-x", by=room.proctor(), now=hall_now())


@pytest.mark.parametrize(
    ("page", "more"),
    [
        ("room", one_more_seat), ("snapshot", one_more_seat), ("find", one_more_seat),
        ("incidents", one_more_incident), ("messages", one_more_message), ("time", one_more_request),
        ("room", one_more_request), ("papers", one_more_paper), ("rooms", one_more_exam),
        ("envelopes", one_more_seat), ("proposals", one_more_removal), ("proposals", one_more_move),
        ("room", one_more_removal), ("room", one_more_move),
    ],
)  # fmt: skip
def test_a_list_costs_the_same_at_one_and_at_three_rows(
    room: RoomOfTest, page: str, more: Callable[[RoomOfTest], None]
) -> None:
    room.open()
    parts = [] if page == "rooms" else [room.exam.reference]
    address = reverse(f"proctoring:{page}", args=parts)
    more(room)
    at_one = cost(room, address)
    more(room)
    more(room)
    assert cost(room, address) == at_one


def test_the_result_list_costs_the_same_at_one_and_at_three_rows(room: RoomOfTest) -> None:
    def rows_cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.result_rows(room.exam)
        return len(seen)

    attempts = [room.expect() for _ in range(3)]
    room.open()
    for attempt in attempts:
        room.check_in(attempt)
    room.start()
    room.finish(attempts[0])
    at_one = rows_cost()
    for attempt in attempts[1:]:
        room.finish(attempt)
    assert rows_cost() == at_one
    assert Attempt.objects.filter(exam=room.exam, state="scored").count() == 3
