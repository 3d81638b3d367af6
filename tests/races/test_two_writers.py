"""Two browsers race for one attempt through two processes: never two writers."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from cat_exam import actions, hallclock, protocol
from cat_exam.consumers.candidate import CandidateConsumer
from cat_exam.consumers.hall import Hall
from cat_exam.database import connect
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt
from cat_exam.protocol import dump, parse_server
from cat_exam.queries.lines import lines_of
from cat_exam.rules.lines import Kind, broken_at
from core.errors import Refusal
from tests.cat_exam.builders import Built, make_exam
from tests.people import People

ROUNDS = 40


class Browser:
    """A socket without a server in between: two of them on two halls are two processes' worth of state."""

    def __init__(self, hall: Hall, device: int) -> None:
        self.hall, self.device = hall, device
        self.inbox: asyncio.Queue[Any] = asyncio.Queue()
        self.outbox: asyncio.Queue[Any] = asyncio.Queue()
        self.n = 0

    async def open(self, ticket: str) -> None:
        scope = {"type": "websocket", "headers": [(b"origin", settings.PUBLIC_ORIGINS[0].encode())]}
        socket = CandidateConsumer(scope, self.inbox.get, self.outbox.put, self.hall)
        self.task = asyncio.create_task(socket.run())
        await self.inbox.put({"type": "websocket.connect"})
        assert (await self.outbox.get())["type"] == "websocket.accept"
        await self.say(protocol.Hello(protocol.VERSION, ticket, self.device))
        while not isinstance(await self.next(), protocol.Start):
            pass

    async def say(self, message: Any) -> None:
        await self.inbox.put({"type": "websocket.receive", "text": dump(message)})

    async def next(self) -> Any:
        async with asyncio.timeout(20):
            event = await self.outbox.get()
        assert event["type"] == "websocket.send", event
        return parse_server(event["text"])

    async def answer(self, item: int, option: int) -> Any:
        self.n += 1
        await self.say(protocol.Answer(self.n, item, option, 5))
        while True:
            message = await self.next()
            if isinstance(message, protocol.Saved | protocol.Refused):
                return message

    async def close(self) -> None:
        await self.inbox.put({"type": "websocket.disconnect"})
        await self.task


@pytest.fixture
def built(committed_db: str, people: People) -> Built:
    made = make_exam(people, seats=1).open()
    made.admit_all()
    for attempt in made.attempts():
        actions.agree_oath(attempt=attempt, now=hall_now())
    made.start()
    return made


def ticket_of(attempt: Attempt) -> str:
    try:
        return actions.renew_ticket(attempt=attempt, now=hall_now()).value
    finally:
        connection.close()


async def in_two_processes(work: Callable[[Hall, Hall], Awaitable[None]]) -> None:
    one, two = Hall(), Hall()
    try:
        await one.open()
        await two.open()
        await work(one, two)
    finally:
        await one.close()
        await two.close()


def stored(attempt: Attempt) -> list[Any]:
    return list(lines_of(attempt.day, [attempt.pk]))


def test_answers_side_by_side_never_come_from_two_writers(built: Built) -> None:
    (attempt,) = built.attempts()
    answers = list(built.form.best().items())
    saved: set[tuple[int, int]] = set()

    async def race(one: Hall, two: Hall) -> None:
        chance = random.Random(7)
        first, second = Browser(one, 101), Browser(two, 202)
        await first.open(await asyncio.to_thread(ticket_of, attempt))
        for _ in range(ROUNDS):
            fresh = await asyncio.to_thread(ticket_of, attempt)
            opening = asyncio.create_task(second.open(fresh))
            while not opening.done():  # the old one goes on writing while the new one takes over
                told = await first.answer(*chance.choice(answers))
                if isinstance(told, protocol.Saved):
                    saved.add((first.device, told.n))
            await opening
            for _ in range(3):
                old, new = await asyncio.gather(
                    first.answer(*chance.choice(answers)), second.answer(*chance.choice(answers))
                )
                assert old.code == protocol.Code.READ_ONLY and isinstance(new, protocol.Saved)
                saved.add((second.device, new.n))
            await first.close()
            first, second = second, Browser(first.hall, first.device + 1000)
        await first.close()

    asyncio.run(in_two_processes(race))
    lines = stored(attempt)
    assert broken_at(attempt.pk, lines) is None
    epochs = [line.epoch for line, _ in lines]
    assert epochs == sorted(epochs) and epochs[-1] == ROUNDS + 1
    holder = 0
    for line, _ in lines:
        if line.kind == Kind.EPOCH:
            holder = line.response
        elif line.device:
            assert line.device == holder
    assert saved == {(line.device, line.n) for line, _ in lines if line.device}


NAIVE = """
INSERT INTO cat_exam_journalline (day, attempt, seq, epoch, device, n, kind, item, response, received_at, chain)
SELECT %s, %s, coalesce(max(seq), 0) + 1, %s, %s, %s, 3, 1, 1, now(), sha256('x'::bytea)
  FROM cat_exam_journalline WHERE day = %s AND attempt = %s HAVING coalesce(max(epoch), 0) <= %s
ON CONFLICT DO NOTHING
"""


def test_without_the_epoch_line_the_race_shows(built: Built) -> None:
    """The control: testing the epoch inside the INSERT lets an older writer in after the newer one."""
    (attempt,) = built.attempts()

    async def writer(epoch: int, until: float) -> None:
        link = await connect()
        n = 0
        while time.monotonic() < until:
            n += 1
            args = [attempt.day, attempt.pk, epoch, epoch, n, attempt.day, attempt.pk, epoch]
            await link.execute("BEGIN")
            await link.execute(NAIVE, args)
            await asyncio.sleep(0)
            await link.execute("COMMIT")
        await link.close()

    async def race() -> None:
        until = time.monotonic() + 2
        old = asyncio.create_task(writer(1, until))
        await asyncio.sleep(0.3)
        await asyncio.gather(old, writer(1, until))  # nobody wrote an epoch line: both believe to hold the pen

    asyncio.run(race())
    lines = stored(attempt)
    assert broken_at(attempt.pk, lines) is not None
    by_number: dict[int, int] = {}
    for line, _ in lines:
        by_number[line.n] = by_number.get(line.n, 0) + 1
    assert max(by_number.values()) > 1, "two writers used the same numbers"


def test_two_halls_that_take_the_pen_at_once_agree(built: Built) -> None:
    (attempt,) = built.attempts()

    async def race(one: Hall, two: Hall) -> None:
        await asyncio.to_thread(hallclock.fix_offset)
        places = []
        for hall in (one, two):
            ticket = await asyncio.to_thread(ticket_of, attempt)
            places.append(await hall.redeem(sha256(ticket.encode()).digest()))
        ledger = await one.ledger(attempt.pk)
        for _ in range(ROUNDS):
            seats = []
            for hall, place in zip((one, two), places, strict=True):
                seat = CandidateConsumer({}, asyncio.Queue().get, asyncio.Queue().put, hall)
                seat.place, seat.ledger, seat.device = place, ledger, random.randrange(1, 2**31)
                seat.book = hall.book(attempt.pk, attempt.day)
                seats.append(seat)
            await asyncio.gather(*[seat._take_pen() for seat in seats])
            for seat in seats:
                seat._step_out(seat.place)

    asyncio.run(in_two_processes(race))
    lines = stored(attempt)
    assert broken_at(attempt.pk, lines) is None
    assert [line.epoch for line, _ in lines if line.kind == Kind.EPOCH] == list(range(1, 2 * ROUNDS + 1))


def test_a_ticket_used_twice_at_once_opens_one_socket(built: Built) -> None:
    (attempt,) = built.attempts()

    async def race(one: Hall, two: Hall) -> None:
        for _ in range(ROUNDS):
            used = sha256((await asyncio.to_thread(ticket_of, attempt)).encode()).digest()
            found = await asyncio.gather(one.redeem(used), two.redeem(used), one.redeem(used))
            assert sum(place is not None for place in found) == 1

    asyncio.run(in_two_processes(race))


def test_two_sweeps_close_an_attempt_once(built: Built) -> None:
    (attempt,) = built.attempts()

    def sweep(_: int) -> int:
        try:
            return actions.expire_attempts(attempts=[attempt.pk], now=hall_now())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(sweep, range(4))) == 1
    assert [line.kind for line, _ in stored(attempt)].count(Kind.FINISH) == 1


def test_wrong_pins_side_by_side_all_count(built: Built, people: People) -> None:
    (attempt,) = built.attempts()
    pin = actions.issue_pin(attempt=attempt, by=built.proctor, now=hall_now())
    wrong = f"{(int(pin) + 1) % 1_000_000:06d}"
    station = built.station("A-0001")

    def guess(_: int) -> str:
        try:
            actions.enter_hall(card_number=attempt.card_number, pin=wrong, station=station, now=hall_now())
        except Refusal as no:
            return no.code
        finally:
            connection.close()
        return "in"

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(guess, range(20)))
    assert codes.count("pin_wrong") == 5 and codes.count("pin_blocked") == 15
