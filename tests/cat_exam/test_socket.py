"""The candidate's socket on a real server, Daphne and uvicorn: doors, close codes, answers, pauses, ends."""

import asyncio
from datetime import timedelta
from hashlib import sha256

import pytest
from websockets.exceptions import InvalidStatus

from cat_exam import actions, protocol
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt
from cat_exam.protocol import Close, Code
from cat_exam.queries.lines import lines_of
from cat_exam.rules.lines import Kind
from tests.cat_exam.builders import CANARY, Built, disqualify, make_exam
from tests.cat_exam.sockets import Server, each_server, off, ticket, two_admitted  # noqa: F401
from tests.cat_exam.wire import Wire
from tests.fixtures.sites import Live
from tests.journeys.halls import module_people  # noqa: F401
from tests.people import People

pytestmark = pytest.mark.live


# --- doors -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("origin", ["https://jahat.example", "null", None])
def test_a_foreign_origin_does_not_get_in(server: Server, built: Built, origin: str | None) -> None:
    """Either the handshake is refused with HTTP 403, or the socket says why and closes; the ticket stays good."""

    async def work() -> None:
        once = await off(ticket, built)
        try:
            async with Wire(server.ws_url, origin) as wire:
                assert (await wire.next()).code == Code.ORIGIN_FOREIGN
                assert await wire.closed() == Close.FOREIGN_ORIGIN
        except InvalidStatus as no:
            assert no.response.status_code == 403
        async with server.wire() as wire:
            assert await wire.hello(once)

    asyncio.run(work())


def test_a_ticket_is_good_once(server: Server, built: Built) -> None:
    async def work() -> None:
        once = await off(ticket, built)
        async with server.wire() as wire:
            assert (await wire.hello(once)).state == "admitted"
            async with server.wire() as other:
                await other.say(protocol.Hello(protocol.VERSION, once, 5))
                refused = await other.next()
                assert refused.code == Code.TICKET_INVALID and await other.closed() == Close.BAD_TICKET

    asyncio.run(work())


def test_an_expired_ticket_is_refused(server: Server, built: Built) -> None:
    async def work() -> None:
        late = await off(ticket, built)
        await off(
            Attempt.objects.filter(ticket=sha256(late.encode()).digest()).update,
            ticket_until=hall_now() - timedelta(seconds=1),
        )
        async with server.wire() as wire:
            await wire.say(protocol.Hello(protocol.VERSION, late, 5))
            assert (await wire.next()).code == Code.TICKET_INVALID and await wire.closed() == Close.BAD_TICKET

    asyncio.run(work())


@pytest.mark.parametrize(
    ("first", "code", "close"),
    [
        ('{"t":"echo","at":1}', Code.HELLO_MISSING, Close.BAD_FRAME),
        ('{"t":"hello","v":99,"ticket":"aaaaaaaaaaaaaaaa","device":1}', Code.VERSION_UNKNOWN, Close.BAD_FRAME),
        ('{"t":"hello","v":1,"ticket":"aaaaaaaaaaaaaaaa","device":1,"more":1}', Code.FRAME_INVALID, Close.BAD_FRAME),
        ("nonsense", Code.FRAME_INVALID, Close.BAD_FRAME),
        ('{"t":"hello","v":1,"ticket":"aaaaaaaaaaaaaaaa","device":1}', Code.TICKET_INVALID, Close.BAD_TICKET),
    ],
)
def test_a_wrong_first_message_is_named_and_closed(server: Server, first: str, code: Code, close: Close) -> None:
    async def work() -> None:
        async with server.wire() as wire:
            await wire.say(first)
            assert (await wire.next()).code == code
            assert await wire.closed() == close

    asyncio.run(work())


def test_who_says_nothing_is_sent_away_after_five_seconds(server: Server) -> None:
    async def work() -> None:
        async with server.wire() as wire:
            assert (await wire.next(8)).code == Code.HELLO_LATE
            assert await wire.closed() == Close.NO_HELLO

    asyncio.run(work())


@pytest.mark.parametrize("size", [70_000, 2_000_000])
def test_a_huge_frame_closes_the_socket_and_nothing_else(server: Server, built: Built, size: int) -> None:
    async def work() -> None:
        async with server.wire() as calm, server.wire() as wire:
            await calm.hello(await off(ticket, built, 1))
            await wire.hello(await off(ticket, built))
            await wire.say("x" * size)
            # Over its own limit (1 MB) Daphne drops the connection without a close frame.
            assert await wire.closed() in ({Close.TOO_BIG, 1009} if size < 1_000_000 else {1009, None})
            await calm.say(protocol.Echo(7))
            assert (await calm.until(protocol.Echoed)).at == 7

    asyncio.run(work())


def test_an_idle_socket_stays_open(server: Server, built: Built) -> None:
    async def work() -> None:
        async with server.wire() as wire:
            await wire.hello(await off(ticket, built))
            await asyncio.sleep(12)
            await wire.say(protocol.Echo(1))
            assert (await wire.until(protocol.Echoed)).at == 1

    asyncio.run(work())


# --- the exam ----------------------------------------------------------------------------------------
def test_from_the_oath_to_the_score(server: Server, people: People, live: Live) -> None:
    made = make_exam(people, seats=1).open()
    made.pins = made.admit_all()

    async def work() -> Wire:
        async with server.wire() as wire:
            welcome = await wire.hello(await off(ticket, made))
            assert (welcome.state, welcome.remaining_ms, welcome.oath) == ("admitted", None, False)
            await wire.say(protocol.Oath())
            await wire.until(protocol.OathTaken)
            await off(made.start)
            start = await wire.until(protocol.Start)
            assert 5_990_000 < start.remaining_ms <= 6_000_000 and len(start.order) == len(start.options) == 12
            for item, option in made.form.best().items():
                assert isinstance(await wire.answer(item, option), protocol.Saved)
            wire.n += 1
            await wire.say(protocol.Finish(wire.n))
            ended = await wire.until(protocol.Ended)
            assert ended.state == "submitted"
            score = await wire.until(protocol.Score, 5)
            assert (score.total, score.answered, score.grades_met) == (60, 12, False)
            return wire

    wire = asyncio.run(work())
    everything = "".join(wire.frames)
    assert CANARY not in everything and "points" not in everything
    (attempt,) = made.attempts()
    lines = live.sql("SELECT kind FROM cat_exam_journalline WHERE attempt = %s ORDER BY seq", [attempt.pk])
    assert [kind for (kind,) in lines] == [Kind.EPOCH, Kind.START, *[Kind.ANSWER] * 12, Kind.FINISH]
    assert attempt.state == "scored"


def test_the_key_is_withheld_until_the_oath(server: Server, people: People, live: Live) -> None:
    made = make_exam(people, seats=1).open()
    made.pins = made.admit_all()

    async def work() -> None:
        async with server.wire() as wire:
            await wire.hello(await off(ticket, made))
            await off(made.start)
            await wire.until(protocol.Clock)
            refused = await wire.answer(*next(iter(made.form.best().items())))
            assert refused.code == Code.ITEM_UNKNOWN
            assert not any(isinstance(message, protocol.Start) for message in wire.heard)
            await wire.say(protocol.Oath())
            await wire.until(protocol.Start)

    asyncio.run(work())


def test_a_reconnect_finds_item_answers_and_time(server: Server, built: Built) -> None:
    items = list(built.form.best().items())

    async def work() -> None:
        await off(built.start)
        async with server.wire(device=77) as wire:
            await wire.hello(await off(ticket, built))
            await wire.until(protocol.Start)
            await wire.answer(*items[0])
            await wire.answer(*items[1])
            wire.n += 1
            await wire.say(protocol.Flag(wire.n, items[1][0], True))
            await wire.decided(wire.n)
            wire.n += 1
            await wire.say(protocol.View(wire.n, items[4][0]))
            await wire.decided(wire.n)
        async with server.wire(device=77) as wire:
            welcome = await wire.hello(await off(ticket, built))
            assert welcome.answers == [list(items[0]), list(items[1])] and welcome.flags == [items[1][0]]
            assert (welcome.last_item, welcome.highest_n) == (items[4][0], 4)
            assert welcome.remaining_ms and 5_980_000 < welcome.remaining_ms < 6_000_000
            old = [protocol.Answer(n, *items[n - 1], 1000) for n in (1, 2)]
            new = [protocol.Answer(n, *items[n - 1], 900) for n in (5, 6, 7)]
            await wire.say(protocol.Batch([*old, *new]))
            assert (await wire.until(protocol.Saved)).n == 7
            await wire.say(protocol.Answer(6, *items[5], 900))
            assert (await wire.decided(6)).n == 6
            await wire.say(protocol.Answer(6, items[5][0], built.form.items[5]["options"][0]["id"], 900))
            assert (await wire.decided(6)).code == Code.NUMBER_CONFLICT

    asyncio.run(work())


def test_an_item_or_option_of_another_form_is_refused(server: Server, built: Built) -> None:
    async def work() -> None:
        await off(built.start)
        (item, option), (other, _) = list(built.form.best().items())[:2]
        async with server.wire() as wire:
            await wire.hello(await off(ticket, built))
            await wire.until(protocol.Start)
            assert (await wire.answer(item + 1, option)).code == Code.ITEM_UNKNOWN
            assert (await wire.answer(other, option)).code == Code.ITEM_UNKNOWN
            assert isinstance(await wire.answer(item, option), protocol.Saved)

    asyncio.run(work())


def test_the_newest_connection_writes_and_the_older_one_is_told(server: Server, built: Built) -> None:
    item, option = next(iter(built.form.best().items()))

    async def work() -> None:
        await off(built.start)
        async with server.wire() as old, server.wire() as new:
            await old.hello(await off(ticket, built))
            await old.until(protocol.Start)
            await new.hello(await off(ticket, built))
            await new.until(protocol.Start)
            await old.until(protocol.Fenced)
            assert (await old.answer(item, option)).code == Code.READ_ONLY
            assert isinstance(await new.answer(item, option), protocol.Saved)

    asyncio.run(work())


def test_a_pause_stops_answers_and_the_clock(server: Server, built: Built) -> None:
    item, option = next(iter(built.form.best().items()))

    async def work() -> None:
        await off(built.start)
        async with server.wire() as wire:
            await wire.hello(await off(ticket, built))
            await wire.until(protocol.Start)
            await wire.until(protocol.Clock)
            await off(actions.pause_exam, exam=built.exam, reason="uji", by=built.proctor, now=hall_now())
            stopped = await wire.until(protocol.Clock, 3)
            assert stopped.state == "paused"
            assert (await wire.answer(item, option)).code == Code.PAUSED
            await asyncio.sleep(1.5)
            await off(actions.resume_exam, exam=built.exam, reason="uji", by=built.proctor, now=hall_now())
            resumed = await wire.until(protocol.Clock, 3)
            assert resumed.state == "running" and abs(resumed.remaining_ms - stopped.remaining_ms) < 1000
            wire.n -= 1  # the same line once more
            assert isinstance(await wire.answer(item, option), protocol.Saved)

    asyncio.run(work())


def test_nothing_passes_a_line_that_was_put_off(server: Server, built: Built) -> None:
    """Otherwise a browser that never read the no would take the line for stored at its next hello."""
    (item, option), (other, choice) = list(built.form.best().items())[:2]

    async def work() -> None:
        await off(built.start)
        async with server.wire() as wire:
            await wire.hello(await off(ticket, built))
            await wire.until(protocol.Start)
            await off(actions.pause_exam, exam=built.exam, reason="uji", by=built.proctor, now=hall_now())
            while (await wire.until(protocol.Clock)).state != "paused":
                pass
            assert (await wire.answer(item, option)).code == Code.PAUSED
            await off(actions.resume_exam, exam=built.exam, reason="uji", by=built.proctor, now=hall_now())
            while (await wire.until(protocol.Clock)).state != "running":
                pass
            assert (await wire.answer(other, choice)).code == Code.BUSY
            later = protocol.Batch([protocol.Answer(2, other, choice, 1000)])
            await wire.say(later)
            assert (await wire.decided(2)).code == Code.BUSY
            await wire.say(protocol.Finish(3))
            assert (await wire.decided(3)).code == Code.BUSY
            both = protocol.Batch([protocol.Answer(1, item, option, 1000), *later.entries])
            await wire.say(both)
            assert (await wire.decided(2)).n == 2
            assert (await wire.answer(item, option)).n == 3

    asyncio.run(work())
    told = [line.n for line, _ in lines_of(built.exam.day, [built.attempts()[0].pk]) if line.kind == Kind.ANSWER]
    assert told == [1, 2, 3]


def test_time_that_runs_out_ends_the_exam_without_a_click(server: Server, built: Built, live: Live) -> None:
    item, option = next(iter(built.form.best().items()))

    async def work() -> None:
        await off(built.start)
        async with server.wire() as wire:
            await wire.hello(await off(ticket, built))
            await wire.until(protocol.Start)
            attempts = [one.pk for one in await off(built.attempts)]
            for table, keys in (("exam", [built.exam.pk]), ("attempt", attempts)):
                earlier = f"UPDATE cat_exam_{table} SET started_at = started_at - interval '5997s' WHERE id = ANY(%s)"
                live.sql(earlier, [keys])
            await off(actions.send_message, exam=built.exam, text="tetap tenang", by=built.proctor, now=hall_now())
            assert (await wire.until(protocol.Notice)).text == "tetap tenang"
            ended = await wire.until(protocol.Ended, 30)
            assert ended.state == "expired"
            assert (await wire.answer(item, option)).code == Code.FINISHED
            await wire.told(protocol.Score, 30)  # it may come before the answer's refusal

    asyncio.run(work())
    kinds = [kind for (kind,) in live.sql("SELECT kind FROM cat_exam_journalline WHERE attempt = %s ORDER BY seq",
                                          [built.attempts()[0].pk])]  # fmt: skip
    assert kinds[-2:] == [Kind.FINISH, Kind.LATE]


def test_after_the_room_is_closed_the_journal_stays_as_it_is(server: Server, people: People) -> None:
    made = make_exam(people, seats=1).open()
    made.pins = made.admit_all()
    (attempt,) = made.attempts()
    actions.agree_oath(attempt=attempt, now=hall_now())
    (item, option), (other, second) = list(made.form.best().items())[:2]

    async def work() -> None:
        await off(made.start)
        async with server.wire(device=9) as wire:
            await wire.hello(await off(ticket, made))
            await wire.until(protocol.Start)
            await wire.answer(item, option)
            wire.n += 1
            await wire.say(protocol.Finish(wire.n))
            await wire.until(protocol.Score, 8)
        async with server.wire(device=9) as wire:
            welcome = await wire.hello(await off(ticket, made))
            assert (welcome.state, welcome.answers, welcome.last_item) == ("scored", [], None)
            spare = await off(ticket, made)
            empty = await off(actions.journal_digest, made.exam)
            await late_batch(wire, 10)
            kept = await off(actions.journal_digest, made.exam)
            assert kept != empty
            await off(actions.close_exam, exam=made.exam, by=made.proctor, now=hall_now())
            wire.n = 20
            assert (await wire.answer(other, second)).code == Code.FINISHED
            await late_batch(wire, 30)
            assert await off(actions.journal_digest, made.exam) == kept
        async with server.wire() as wire:
            await wire.say(protocol.Hello(protocol.VERSION, spare, 5))
            assert (await wire.next()).code == Code.TICKET_INVALID

    async def late_batch(wire: Wire, n: int) -> None:
        """Each line is named as not counted, before the whole is acknowledged."""
        await wire.say(protocol.Batch([protocol.Answer(n, other, second, 9), protocol.View(n + 1, other)]))
        first, then = await wire.until(protocol.Refused), await wire.next()
        assert [(no.code, no.n) for no in (first, then)] == [(Code.FINISHED, n), (Code.FINISHED, n + 1)]
        assert (await wire.next()).n == n + 1

    asyncio.run(work())


def test_a_message_to_one_reaches_one_and_comes_again_after_a_reconnect(server: Server, built: Built) -> None:
    async def work() -> None:
        first = (await off(built.attempts))[0]
        async with server.wire() as one, server.wire() as two:
            await one.hello(await off(ticket, built, 0))
            await two.hello(await off(ticket, built, 1))
            await off(
                actions.send_message, exam=built.exam, attempt=first, text="pindah", by=built.proctor, now=hall_now()
            )
            told = await one.until(protocol.Notice, 3)
            await off(actions.send_message, exam=built.exam, text="semua", by=built.proctor, now=hall_now())
            assert (await two.until(protocol.Notice, 3)).text == "semua"
        async with server.wire() as one:
            await one.hello(await off(ticket, built, 0))
            assert [(await one.until(protocol.Notice)).number, (await one.until(protocol.Notice)).text] == [
                told.number,
                "semua",
            ]

    asyncio.run(work())


def test_who_is_disqualified_is_shut_out(server: Server, built: Built, people: People) -> None:
    async def work() -> None:
        attempt = (await off(built.attempts))[0]
        async with server.wire() as wire:
            await wire.hello(await off(ticket, built))
            coordinator = await off(people.staff, "coordinator")
            await off(disqualify, attempt, by=built.proctor, approved_by=coordinator)
            assert (await wire.until(protocol.Refused, 3)).code == Code.REMOVED
            assert await wire.closed() == Close.REMOVED

    asyncio.run(work())
