"""A sitting for browser journeys: seats with enrolled PCs whose cookie a browser can carry."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import connections
from django.test import override_settings

from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Exam
from core.actions import enrol_station
from core.clock import now
from core.models import User
from core.queries import station_cookie
from proctoring.actions import ask_move, confirm_move
from tests.cat_exam.builders import Built, make_exam
from tests.people import People

SKD = {"TWK": 30, "TIU": 35, "TKP": 45}


@pytest.fixture(scope="module", name="people")
def module_people(live) -> Iterator[People]:
    """The people of this installation; what this process sends wakes the installation's readers."""
    with override_settings(PASSWORD_HASHERS=["tests.people.QuickArgon2"], VALKEY_URL=live.valkey.url):
        yield live.kept.setdefault("people", People())


@pytest.fixture(autouse=True)
def no_stale_connection() -> Iterator[None]:
    """Beside a browser's event loop Django keeps connections of their own, which only code run there can close."""
    yield
    connections.close_all()


@dataclass
class Hall:
    """A built exam, its attempts by seat, the token of each seat's PC, points by item and option."""

    built: Built
    attempts: list[Attempt]
    tokens: list[str] = field(default_factory=list)

    @property
    def exam(self) -> Exam:
        return self.built.exam

    @property
    def proctor(self) -> User:
        return self.built.proctor

    @property
    def points(self) -> dict[int, dict[int, int]]:
        return self.built.form.points

    def station_cookie(self, seat: int = 0) -> str:
        """The signed cookie of the PC at ``seat``."""
        return station_cookie(self.tokens[seat])

    def open_and_admit(self) -> list[str]:
        """Registration opened, everybody checked in; their PINs by seat."""
        pins = self.built.open().admit_all()
        return [pins[attempt.pk] for attempt in self.attempts]

    def move(self, seat: int, to: int) -> str:
        """Two proctors let the candidate of ``seat`` go on at the PC of seat ``to``: the PIN that opens it."""
        station = self.exam.sitting.room.stations.get(label=self.attempts[to].seat.label)
        asked = ask_move(
            attempt=self.attempts[seat], station=station, reason="Layar mati tidak menyala", by=self.proctor,
            now=hall_now(),
        )  # fmt: skip
        return confirm_move(move=asked, by=self.built.people.staff("proctor", 2), now=hall_now()).pin

    def start(self) -> None:
        """The room's button."""
        self.built.start()


def build_hall(people: People, *, items: dict[str, int] | None = None, seats: int = 1) -> Hall:
    """A prepared exam of ``seats`` candidates on a form with ``items`` per section (the SKD's 110 unless told)."""
    built = make_exam(people, seats=seats, sections=tuple((items or SKD).items()))
    hall = Hall(built, built.attempts())
    for attempt in hall.attempts:
        _, token = enrol_station(room=built.sitting.room, label=attempt.seat.label, by=None, now=now())
        hall.tokens.append(token)
    return hall
