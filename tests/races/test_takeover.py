"""A second PC takes over: what the first one had not sent never overwrites what the second one answered."""

import asyncio

from cat_exam import actions, protocol
from cat_exam.consumers.hall import Hall
from cat_exam.hallclock import hall_now
from cat_exam.rules.lines import Kind
from cat_exam.rules.scoring import replay
from tests.cat_exam.builders import Built
from tests.races.test_two_writers import Browser, built, in_two_processes, stored, ticket_of

__all__ = ["built"]  # the fixture: one candidate in a running exam


async def until(browser: Browser, kind: type) -> object:
    while not isinstance(message := await browser.next(), kind):
        pass
    return message


def test_unsent_lines_of_the_first_pc_are_kept_as_evidence_only(built: Built) -> None:
    (attempt,) = built.attempts()
    (item, best), (other, second) = list(built.form.best().items())[:2]
    worst = built.form.items[0]["options"][0]["id"]

    async def play(one: Hall, two: Hall) -> None:
        first, late = Browser(one, 101), Browser(two, 202)
        await first.open(await asyncio.to_thread(ticket_of, attempt))
        assert isinstance(await first.answer(other, second), protocol.Saved)
        await late.open(await asyncio.to_thread(ticket_of, attempt))
        assert isinstance(await late.answer(item, best), protocol.Saved)
        back = Browser(one, 101)
        await back.open(await asyncio.to_thread(ticket_of, attempt))
        await back.say(protocol.Batch([protocol.Answer(2, item, worst, 9), protocol.View(3, item)]))
        for n in (2, 3):
            no = await until(back, protocol.Refused)
            assert (no.code, no.n) == (protocol.Code.OVERTAKEN, n)
        await until(back, protocol.Saved)
        back.n = 3
        assert isinstance(await back.answer(other, second), protocol.Saved)
        for browser in (first, late, back):
            await browser.close()

    asyncio.run(in_two_processes(play))
    lines = [line for line, _ in stored(attempt)]
    assert [line.kind for line in lines if line.device == 101] == [Kind.ANSWER, Kind.STRANDED, Kind.ANSWER]
    assert replay((line.kind, line.item, line.response) for line in lines) == {item: best, other: second}


def test_offline_answers_of_the_pc_that_holds_the_pen_count(built: Built) -> None:
    (attempt,) = built.attempts()
    (item, best), (other, second) = list(built.form.best().items())[:2]

    async def play(one: Hall, two: Hall) -> None:
        first, late = Browser(one, 101), Browser(two, 202)
        await first.open(await asyncio.to_thread(ticket_of, attempt))
        assert isinstance(await first.answer(item, best), protocol.Saved)
        await late.open(await asyncio.to_thread(ticket_of, attempt))
        await late.close()  # the line broke before its first answer was stored
        again = Browser(two, 202)
        await again.open(await asyncio.to_thread(ticket_of, attempt))
        await again.say(protocol.Batch([protocol.Answer(1, other, second, 9)]))
        await until(again, protocol.Saved)
        for browser in (first, again):
            await browser.close()

    asyncio.run(in_two_processes(play))
    lines = [line for line, _ in stored(attempt)]
    assert replay((line.kind, line.item, line.response) for line in lines) == {item: best, other: second}


def test_lines_from_before_a_pause_are_stored_in_it_and_new_ones_wait(built: Built) -> None:
    (attempt,) = built.attempts()
    (item, best), (other, second) = list(built.form.best().items())[:2]

    async def play(one: Hall, two: Hall) -> None:
        browser = Browser(one, 101)
        await browser.open(await asyncio.to_thread(ticket_of, attempt))
        await asyncio.to_thread(actions.pause_exam, exam=built.exam, reason="uji", by=built.proctor, now=hall_now())
        while (clock := await until(browser, protocol.Clock)).state != "paused":  # type: ignore[attr-defined]
            pass
        await browser.say(protocol.Batch([protocol.Answer(1, item, best, 9)]))
        await until(browser, protocol.Saved)
        browser.n = 1
        assert (await browser.answer(other, second)).code == protocol.Code.PAUSED
        await browser.say(protocol.Batch([protocol.Answer(1, item, best, 9), protocol.Answer(2, other, second, 9)]))
        no = await until(browser, protocol.Refused)
        assert (no.code, no.n) == (protocol.Code.PAUSED, 2)
        assert (await until(browser, protocol.Saved)).n == 1
        assert clock
        await asyncio.to_thread(actions.resume_exam, exam=built.exam, reason="uji", by=built.proctor, now=hall_now())
        await until(browser, protocol.Clock)
        await browser.say(protocol.Answer(2, other, second, 5))
        await until(browser, protocol.Saved)
        await browser.close()

    asyncio.run(in_two_processes(play))
    lines = [line for line, _ in stored(attempt)]
    assert replay((line.kind, line.item, line.response) for line in lines) == {item: best, other: second}


def test_after_the_end_answers_are_kept_as_late_and_do_not_count(built: Built) -> None:
    (attempt,) = built.attempts()
    (item, best), (other, second) = list(built.form.best().items())[:2]

    async def play(one: Hall, two: Hall) -> None:
        browser = Browser(one, 101)
        await browser.open(await asyncio.to_thread(ticket_of, attempt))
        assert isinstance(await browser.answer(item, best), protocol.Saved)
        await asyncio.to_thread(actions.expire_attempts, attempts=[attempt.pk], now=hall_now())
        assert (await browser.answer(other, second)).code in {protocol.Code.FINISHED, protocol.Code.TIME_OVER}
        await browser.close()

    asyncio.run(in_two_processes(play))
    lines = [line for line, _ in stored(attempt)]
    assert [line.kind for line in lines][-2:] == [Kind.FINISH, Kind.LATE]
    assert replay((line.kind, line.item, line.response) for line in lines) == {item: best}
