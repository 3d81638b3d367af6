"""The writer itself: one commit for many, bounded, durable or not acknowledged, and never a broken chain."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from cat_exam import database
from cat_exam.consumers.book import Book
from cat_exam.database import connect
from cat_exam.journal import Full, Journal
from cat_exam.queries.lines import lines_of
from cat_exam.rules.lines import Kind, broken_at
from deploy.launcher.harness import Harness

DAY = date(2026, 11, 21)
NOW = 1_795_000_000_000_000


@pytest.fixture
def day(committed_db: str) -> date:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cat_exam_open_day(%s)", [DAY])
    return DAY


def answer(n: int, item: int = 1) -> tuple[int, int, int, int, int, int]:
    return (7, n, Kind.ANSWER, item, n % 5 + 1, 100)


def with_journal(work: Callable[[Journal], Awaitable[Any]], **options: Any) -> Any:
    async def run() -> Any:
        journal = Journal(**options)
        try:
            return await work(journal)
        finally:
            await journal.close()

    return asyncio.run(run())


async def put(journal: Journal, book: Book, *drafts: Any) -> bool:
    lines, chains = book.draft(drafts, NOW)
    return await journal.write(book.day, lines, chains, book.take)


def stored(attempt: int) -> list[Any]:
    lines = list(lines_of(DAY, [attempt]))
    assert broken_at(attempt, lines) is None
    return [line for line, _ in lines]


def test_lines_that_wait_together_share_a_commit(day: date) -> None:
    books = [Book(attempt, day) for attempt in range(1, 301)]

    async def work(journal: Journal) -> tuple[int, int]:
        await asyncio.gather(*[put(journal, book, answer(1)) for book in books])
        return journal.commits, journal.written

    commits, written = with_journal(work)
    assert written == 300 and commits <= 3
    assert [len(stored(attempt)) for attempt in (1, 150, 300)] == [1, 1, 1]


def test_no_commit_holds_more_than_its_most(day: date) -> None:
    async def work(journal: Journal) -> int:
        await asyncio.gather(*[put(journal, Book(attempt, day), answer(1)) for attempt in range(1, 101)])
        return journal.commits

    assert with_journal(work, most=10) >= 10


def test_beyond_its_room_the_writer_says_no_and_stores_nothing_of_it(day: date) -> None:
    async def work(journal: Journal) -> list[Any]:
        tasks = [put(journal, Book(attempt, day), answer(1)) for attempt in range(1, 31)]
        return await asyncio.gather(*tasks, return_exceptions=True)

    told = with_journal(work, room=20)
    assert sum(isinstance(one, Full) for one in told) == 10 and told.count(True) == 20
    assert sum(bool(stored(attempt)) for attempt in range(1, 31)) == 20


def test_a_run_whose_first_line_is_taken_leaves_nothing_behind(day: date) -> None:
    """Several lines at once: without the guard the second would stand on a line that is not its own."""
    ours, theirs = Book(5, day), Book(5, day)

    async def work(journal: Journal) -> tuple[bool, bool]:
        return await put(journal, theirs, answer(1)), await put(
            journal, ours, answer(1, 2), answer(2, 2), answer(3, 2)
        )

    assert with_journal(work) == (True, False)
    assert [line.item for line in stored(5)] == [1]
    assert ours.seq == 0


def test_the_same_run_again_is_acknowledged_not_doubled(day: date) -> None:
    """A commit whose answer was lost is tried again: equal chain values prove the lines are ours."""
    first, again = Book(6, day), Book(6, day)

    async def work(journal: Journal) -> tuple[bool, bool, bool]:
        one = await put(journal, first, answer(1), answer(2))
        other = await put(journal, again, answer(1), answer(2))
        return one, other, await put(journal, again, answer(3))

    assert with_journal(work) == (True, True, True)
    assert [line.n for line in stored(6)] == [1, 2, 3]


def test_a_line_the_database_refuses_does_not_take_the_others_with_it(day: date) -> None:
    async def work(journal: Journal) -> list[Any]:
        bad = Book(8, date(2031, 1, 1))  # no partition for that day
        tasks = [
            put(journal, Book(9, day), answer(1)),
            put(journal, bad, answer(1)),
            put(journal, Book(10, day), answer(1)),
        ]
        return await asyncio.gather(*tasks, return_exceptions=True)

    good, refused, other = with_journal(work)
    assert (good, other) == (True, True) and isinstance(refused, RuntimeError)


KILL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE application_name = 'cat-hall' AND datname = current_database()
"""


def test_a_backend_killed_under_the_writer_costs_a_retry_and_no_line(
    day: date, harness: Harness, committed_db: str
) -> None:
    book = Book(11, day)

    async def work(journal: Journal) -> int:
        count = 0
        for n in range(1, 41):
            if n % 10 == 0:
                with harness.postgres.connect(database=committed_db) as root:
                    count += root.execute(KILL).rowcount
            assert await put(journal, book, answer(n))
        return count

    killed = with_journal(work)
    assert killed == 4
    assert [line.n for line in stored(11)] == list(range(1, 41))


def test_who_stops_waiting_does_not_unmake_the_line(day: date) -> None:
    book = Book(12, day)

    async def work(journal: Journal) -> None:
        task = asyncio.create_task(put(journal, book, answer(1)))
        await asyncio.sleep(0)
        task.cancel()
        while book.seq == 0:
            await asyncio.sleep(0.01)
        assert await put(journal, book, answer(2))

    with_journal(work)
    assert [line.n for line in stored(12)] == [1, 2]


def test_a_connection_that_would_not_be_durable_is_refused(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    given = database.parameters()
    loose = given | {"options": given["options"].replace("synchronous_commit=on", "synchronous_commit=off")}
    monkeypatch.setattr(database, "parameters", lambda: loose)

    async def work() -> None:
        with pytest.raises(RuntimeError, match="not durable"):
            await connect()

    asyncio.run(work())
