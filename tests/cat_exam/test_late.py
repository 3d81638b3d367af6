"""A line that came too late is evidence while the room is open, and is not written any more once it closes."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from cat_exam import hallclock, queries
from cat_exam.consumers.book import Book
from cat_exam.journal import Journal
from cat_exam.models import Exam
from cat_exam.queries.lines import lines_of
from cat_exam.rules.lines import Kind
from deploy.launcher.harness import Harness
from tests.cat_exam.builders import Built, make_exam
from tests.people import People


@pytest.fixture
def built(committed_db: str, people: People) -> Iterator[Built]:
    made = make_exam(people, seats=1).open()
    made.admit_all()
    made.start()
    yield made


def write_late(built: Built, *numbers: int) -> bool:
    """Late lines of the only candidate, by a writer of its own: stored or not."""
    attempt = built.attempts()[0]
    book = Book(attempt.pk, attempt.day)
    known = list(lines_of(attempt.day, [attempt.pk]))
    book.take([line for line, _ in known], [chain for _, chain in known])

    async def work() -> bool:
        journal = Journal()
        lines, chains = book.draft([(7, n, Kind.LATE, 1, 2, 3) for n in numbers], hallclock.now_us())
        try:
            return await journal.write(book.day, lines, chains)
        finally:
            await journal.close()

    return asyncio.run(work())


def late_lines(built: Built) -> list[int]:
    attempt = built.attempts()[0]
    return [line.n for line, _ in lines_of(attempt.day, [attempt.pk]) if line.kind == Kind.LATE]


def test_late_lines_are_kept_alone_and_in_runs_while_the_room_is_open(built: Built) -> None:
    assert write_late(built, 1)
    assert write_late(built, 2, 3, 4)
    assert late_lines(built) == [1, 2, 3, 4]
    assert queries.room_view(built.exam, hallclock.hall_now())[0].answered == 0


def test_nothing_is_written_while_or_after_the_room_closes(built: Built, committed_db: str, harness: Harness) -> None:
    with harness.postgres.connect("owner", committed_db) as other, other.transaction():
        other.execute("SELECT FROM cat_exam_exam WHERE id = %s FOR UPDATE", [built.exam.pk])
        assert not write_late(built, 1)
    assert write_late(built, 1)
    close(built)
    assert not write_late(built, 2)
    assert not write_late(built, 2, 3)
    assert late_lines(built) == [1]


def close(built: Built) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cat_exam_exam SET state = 'closed', closed_at = now() WHERE id = %s", [built.exam.pk])
    assert Exam.objects.get(pk=built.exam.pk).state == "closed"


def test_the_numbers_of_a_room_follow_its_journal(built: Built) -> None:
    """Each look adds what is new, and a cleared answer is no answer."""
    attempt = built.attempts()[0]
    book = Book(attempt.pk, attempt.day)

    def look() -> tuple[int, Any]:
        view = queries.room_view(built.exam, hallclock.hall_now())[0]
        return view.answered, view.last_saved_at

    async def put(*drafts: Any) -> None:
        journal = Journal()
        lines, chains = book.draft(drafts, hallclock.now_us())
        assert await journal.write(book.day, lines, chains, book.take)
        await journal.close()

    assert look() == (0, None)
    asyncio.run(put((7, 1, Kind.ANSWER, 11, 1, 5), (7, 2, Kind.ANSWER, 12, 1, 5), (7, 3, Kind.VIEW, 13, None, None)))
    answered, first = look()
    assert answered == 2 and first is not None
    asyncio.run(put((7, 4, Kind.CLEAR, 11, None, 5), (7, 5, Kind.ANSWER, 12, 2, 5)))
    answered, second = look()
    assert answered == 1 and second > first
