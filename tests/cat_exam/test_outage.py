"""Processes that die under a running exam: nothing acknowledged is lost, and our own outage costs nobody time."""

import asyncio
import time
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import override_settings
from websockets.exceptions import ConnectionClosed

from cat_exam import actions, protocol, queries
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt
from cat_exam.queries.lines import lines_of
from cat_exam.rules.lines import broken_at
from cat_exam.rules.scoring import replay
from tests.cat_exam.builders import Built, make_exam
from tests.cat_exam.wire import Wire
from tests.fixtures.sites import Live
from tests.people import People

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def people(breakable: Live) -> Iterator[People]:
    """The same people for the whole module; this process wakes the installation's readers."""
    with override_settings(PASSWORD_HASHERS=["tests.people.QuickArgon2"], VALKEY_URL=breakable.valkey.url):
        yield People()


@pytest.fixture
def built(people: People) -> Built:
    made = make_exam(people, seats=3, sections=(("TWK", 30), ("TIU", 35), ("TKP", 45))).open()
    made.pins = made.admit_all()
    for attempt in made.attempts():
        actions.agree_oath(attempt=attempt, now=hall_now())
        made.enter(Attempt.objects.select_related("seat").get(pk=attempt.pk), made.pins[attempt.pk])
    made.start()
    return made


def sync(work, *args, **kwargs):
    """Synchronous work beside the loop; it gives its connection back."""

    def run():
        try:
            return work(*args, **kwargs)
        finally:
            connection.close()

    return asyncio.to_thread(run)


def ticket_of(attempt: Attempt) -> str:
    return actions.renew_ticket(attempt=attempt, now=hall_now()).value


async def enter(live: Live, attempt: Attempt, device: int) -> tuple[Wire, protocol.Welcome]:
    wire = Wire(live.ws_url, live.url, device)
    await wire.__aenter__()
    return wire, await wire.hello(await sync(ticket_of, attempt))


async def work_until_it_breaks(wire: Wire, answers: list[tuple[int, int]], saved: dict[int, int]) -> None:
    """Answer as fast as acknowledgements come; keep what was acknowledged."""
    for turn in range(100_000):
        item, option = answers[turn % len(answers)]
        try:
            told = await wire.answer(item, option)
        except (ConnectionClosed, TimeoutError, OSError):
            return
        if isinstance(told, protocol.Saved):
            saved[item] = option


def stored(attempt: Attempt) -> dict[int, int]:
    lines = list(lines_of(attempt.day, [attempt.pk]))
    assert broken_at(attempt.pk, lines) is None
    return replay((line.kind, line.item, line.response) for line, _ in lines)


def test_a_killed_web_process_loses_nothing_and_the_clock_stands(breakable: Live, built: Built) -> None:
    answers = list(built.form.best().items())

    async def play() -> None:
        attempts = await sync(built.attempts)
        wires = [await enter(breakable, attempt, 50 + at) for at, attempt in enumerate(attempts)]
        saved: list[dict[int, int]] = [{} for _ in wires]
        for wire, _ in wires:
            await wire.until(protocol.Start)
        working = [
            asyncio.create_task(work_until_it_breaks(wire, answers, kept))
            for (wire, _), kept in zip(wires, saved, strict=True)
        ]
        await asyncio.sleep(2)
        before = await sync(left, attempts[0])
        breakable.kill("web")
        await asyncio.gather(*working)
        assert all(len(kept) > 5 for kept in saved)
        await asyncio.sleep(9)
        breakable.start("web")  # here: a child ends with the thread that started it
        for at, attempt in enumerate(attempts):
            wire, welcome = await enter(breakable, attempt, 50 + at)
            assert dict(map(tuple, welcome.answers)).items() >= saved[at].items()
            assert welcome.state == "paused" and abs(welcome.remaining_ms - before) < 2500
            wires[at] = wire, welcome
        await sync(actions.resume_exam, exam=built.exam, reason="pulih", by=built.proctor, now=hall_now())
        for wire, welcome in wires:
            clock = await wire.until(protocol.Clock)
            while clock.state != "running":
                clock = await wire.until(protocol.Clock)
            assert abs(clock.remaining_ms - welcome.remaining_ms) <= 1000
            assert isinstance(await wire.answer(*answers[-1]), protocol.Saved)
            await wire.__aexit__(None, None, None)

    asyncio.run(play())
    assert breakable.sql("SELECT cause FROM cat_exam_pause WHERE exam_id = %s", [built.exam.pk]) == [("outage",)]


def left(attempt: Attempt) -> int:
    return queries.ledgers([attempt.pk])[attempt.pk].phase(hall_now()).remaining_ms


def test_a_pulled_cable_does_not_stop_the_clock(breakable: Live, built: Built) -> None:
    async def play() -> None:
        attempt = (await sync(built.attempts))[0]
        wire, _ = await enter(breakable, attempt, 9)
        start = await wire.until(protocol.Start)
        began = time.monotonic()
        wire.socket.transport.abort()
        await asyncio.sleep(7)
        wire, welcome = await enter(breakable, attempt, 9)
        gone = (time.monotonic() - began) * 1000
        assert welcome.state == "running" and abs(start.remaining_ms - welcome.remaining_ms - gone) < 1000
        await wire.__aexit__(None, None, None)

    asyncio.run(play())


def test_a_killed_database_loses_nothing_that_was_acknowledged(breakable: Live, built: Built) -> None:
    answers = list(built.form.best().items())

    async def play() -> dict[int, int]:
        attempt = (await sync(built.attempts))[0]
        wire, _ = await enter(breakable, attempt, 9)
        await wire.until(protocol.Start)
        saved: dict[int, int] = {}
        for item, option in answers[:20]:
            assert isinstance(await wire.answer(item, option), protocol.Saved)
            saved[item] = option
        breakable.harness.postgres.kill()
        wire.n += 1
        await wire.say(protocol.Answer(wire.n, *answers[20], 10))
        await asyncio.sleep(2.5)
        assert not any(isinstance(m, protocol.Saved) and m.n == wire.n for m in wire.heard)
        breakable.harness.postgres.start()
        began = time.monotonic()
        assert isinstance(await wire.decided(wire.n), protocol.Saved)
        assert time.monotonic() - began < 5
        assert any(isinstance(m, protocol.Delayed) for m in wire.heard)
        saved[answers[20][0]] = answers[20][1]
        await wire.__aexit__(None, None, None)
        return saved

    saved = asyncio.run(play())
    connection.close()
    assert stored(built.attempts()[0]) == saved


def test_without_valkey_messages_still_arrive_within_two_seconds(breakable: Live, built: Built) -> None:
    async def play() -> None:
        attempt = (await sync(built.attempts))[0]
        wire, _ = await enter(breakable, attempt, 9)
        await wire.until(protocol.Start)
        breakable.valkey.kill()
        await asyncio.sleep(1)
        await sync(actions.send_message, exam=built.exam, text="tanpa valkey", by=built.proctor, now=hall_now())
        assert (await wire.until(protocol.Notice, 4)).text == "tanpa valkey"
        assert isinstance(await wire.answer(*next(iter(built.form.best().items()))), protocol.Saved)
        breakable.valkey.start()
        await asyncio.sleep(2)
        await sync(actions.send_message, exam=built.exam, text="valkey kembali", by=built.proctor, now=hall_now())
        assert (await wire.until(protocol.Notice, 3)).text == "valkey kembali"
        await wire.__aexit__(None, None, None)

    asyncio.run(play())
