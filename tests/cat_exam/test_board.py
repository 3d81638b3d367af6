"""The live board: never ahead of the store, without keys or a database, alive when everything behind it is gone."""

import asyncio
import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from websockets.asyncio.client import connect

from cat_exam import actions, hallclock
from cat_exam.consumers.book import Book
from cat_exam.journal import Journal
from cat_exam.protocol import BadFrame
from cat_exam.protocol import board as wire
from cat_exam.queries.lines import lines_of
from cat_exam.rules.lines import Kind
from cat_exam.tally import Boards, Feed
from core import vault
from deploy.launcher import places
from tests.cat_exam.boards import Shown, until
from tests.cat_exam.builders import CANARY, Built, make_exam
from tests.people import People


@pytest.fixture
def built(committed_db: str, people: People) -> Built:
    made = make_exam(people, seats=3).open()
    made.admit_all()
    made.start()
    return made


def answer(built: Built, which: int, *places: int) -> None:
    """Stored answers of one candidate: the best option of the items at ``places``."""
    attempt, best = built.attempts()[which], built.form.best()
    book = Book(attempt.pk, attempt.day)
    known = list(lines_of(attempt.day, [attempt.pk]))
    book.take([line for line, _ in known], [chain for _, chain in known])

    async def work() -> None:
        journal = Journal()
        for place in places:
            item = built.form.items[place]["id"]
            lines, chains = book.draft([(7, book.seq + 1, Kind.ANSWER, item, best[item], 9)], hallclock.now_us())
            assert await journal.write(book.day, lines, chains, book.take)
        await journal.close()

    asyncio.run(work())


def later(seconds: float) -> Any:
    return hallclock.hall_now() + timedelta(seconds=seconds)


def mode(built: Built, board: str) -> None:
    actions.set_board(exam=built.exam, board=board, by=built.people.staff("coordinator"), now=hallclock.hall_now())


@pytest.fixture
def scorer(keyring_of, as_role) -> Callable[..., Any]:
    """``scorer(work, …)``: done with the scorer's keys and in its database role."""

    def do(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with keyring_of("score"), as_role("cat_score"):
            return work(*args, **kwargs)

    return do


# --- what the scorer tells ---------------------------------------------------------------------------
def test_points_move_with_each_stored_answer_and_by_delta_only(built: Built, scorer) -> None:
    mode(built, "live")
    boards = Boards()
    (full,) = map(wire.parse, scorer(boards.round, later(0)))
    assert isinstance(full, wire.Full)
    assert [(row.place, row.points) for row in full.rows] == [(1, [0] * 3), (2, [0] * 3), (3, [0] * 3)]
    assert [(section.code, section.max) for section in full.sections] == [("TWK", 20), ("TIU", 20), ("TKP", 20)]
    assert scorer(boards.round, later(1)) == []
    answer(built, 1, 0, 1, 4)
    (delta,) = map(wire.parse, scorer(boards.round, later(2)))
    assert isinstance(delta, wire.Delta) and delta.n == full.n + 1
    assert [(row.place, row.points) for row in delta.rows] == [(2, [10, 5, 0])]
    assert isinstance(wire.parse(scorer(boards.round, later(10.5))[0]), wire.Full)
    row = full.rows[0]
    assert (row.name, row.number) == ("Pe••• No••• 1•••", built.attempts()[0].application.number)


def test_a_board_that_is_off_tells_nothing_and_one_for_the_end_waits(built: Built, scorer) -> None:
    boards = Boards()
    assert scorer(boards.round, later(0)) == []
    mode(built, "end")
    answer(built, 0, 0)
    (full,) = map(wire.parse, scorer(boards.round, later(1)))
    assert [row.points for row in full.rows] == [[], [], []]
    actions.finish_attempts(attempts=[one.pk for one in built.attempts()], reason=3, now=hallclock.hall_now())
    scorer(actions.score_finished, now=hallclock.hall_now())
    told = [row for frame in scorer(boards.round, later(2)) for row in wire.parse(frame).rows]
    assert len(told) == 3 and not any(row.points for row in told)
    actions.close_exam(exam=built.exam, by=built.proctor, now=hallclock.hall_now())
    (full,) = map(wire.parse, scorer(boards.round, later(3)))
    assert ([row.points for row in full.rows], full.state) == ([[5, 0, 0], [0] * 3, [0] * 3], "scored")
    mode(built, "off")
    assert isinstance(wire.parse(scorer(boards.round, later(4))[0]), wire.Gone)


def test_the_clock_of_a_paused_room_stands_on_the_board(built: Built, scorer) -> None:
    mode(built, "live")
    at = built.exam.started_at
    actions.pause_exam(exam=built.exam, reason="listrik", by=built.proctor, now=at + timedelta(minutes=10))
    (full,) = map(wire.parse, scorer(Boards().round, at + timedelta(minutes=30)))
    assert (full.state, full.remaining_ms) == ("paused", 90 * 60_000)


def test_without_the_paper_keys_nothing_is_counted(built: Built, keyring_of, as_role) -> None:
    mode(built, "live")
    with keyring_of("hall"), as_role("cat_score"), pytest.raises(vault.KeyNotHeld):
        Boards().round(later(0))


# --- the process ---------------------------------------------------------------------------------------
FULL = wire.Full(
    1, "abc", "Seleksi · SKD", "Tilok · Ruang A", "Asia/Makassar", 1_795_000_000_000, 60_000, "running",
    [wire.Section("TWK", 150)],
    [wire.Row(1, "26-1", "Bu•••", "running", [5]), wire.Row(2, "26-2", "Si•••", "running", [0])],
)  # fmt: skip


def tell(feed: Feed, *messages: Any) -> None:
    feed.open()
    feed.tell(map(wire.dump, messages))


def test_viewers_get_the_picture_then_changes_and_the_last_one_stays_without_a_feed(shown: Shown, feed: Feed) -> None:
    tell(feed, FULL)
    until(lambda: shown.get("/papan/abc/keadaan")[0] == 200)

    async def watch() -> list[Any]:
        async with connect(f"ws://127.0.0.1:{shown.port}/ws/papan/abc/", proxy=None) as viewer:
            heard = [wire.parse(await viewer.recv())]
            row = wire.Row(2, "26-2", "Si•••", "running", [10])
            tell(feed, wire.Delta(2, "abc", FULL.at + 1000, 59_000, "running", [row]))
            heard.append(wire.parse(await viewer.recv()))
            same = {"rows": [FULL.rows[0], row], "n": 3}
            tell(feed, wire.Full(**({name: getattr(FULL, name) for name in FULL.__slots__} | same)))
            heard.append(wire.parse(await viewer.recv()))
            return heard

    first, second, third = asyncio.run(watch())
    assert first == FULL
    assert [row.points for row in second.rows] == [[10]]
    assert isinstance(third, wire.Delta) and third.rows == []  # a picture that follows costs only what changed
    feed.tell(['{"t": "nonsense"}'])  # the line is cut; nothing that was shown is lost
    status, body, headers = shown.get("/papan/abc/keadaan", **{"Accept-Encoding": "gzip"})
    assert status == 200 and headers["cache-control"] == "public, max-age=1"
    assert [row["points"] for row in json.loads(gzip.decompress(body))["rows"]] == [[5], [10]]
    assert shown.get("/papan/abc/keadaan", **{"If-None-Match": headers["etag"]})[0] == 304


def test_a_missed_number_shows_nothing_new_until_the_next_picture(shown: Shown, feed: Feed) -> None:
    row = wire.Row(2, "26-2", "Si•••", "running", [99])
    tell(feed, FULL, wire.Delta(3, "abc", FULL.at, 1, "running", [row]), wire.Gone(1, "other"))
    until(lambda: shown.get("/papan/abc/keadaan")[0] == 200)
    time.sleep(0.2)
    assert b"99" not in shown.get("/papan/abc/keadaan")[1]


def test_a_board_that_is_gone_sends_its_viewers_away(shown: Shown, feed: Feed) -> None:
    tell(feed, FULL)
    until(lambda: shown.get("/papan/abc/")[0] == 200)

    async def watch() -> Any:
        async with connect(f"ws://127.0.0.1:{shown.port}/ws/papan/abc/", proxy=None) as viewer:
            await viewer.recv()
            tell(feed, wire.Gone(2, "abc"))
            await viewer.wait_closed()
            return viewer.close_code

    assert asyncio.run(watch()) == 4410
    assert shown.get("/papan/abc/")[0] == 404


def test_the_process_imports_the_wire_and_nothing_else_of_the_house() -> None:
    ours = "django psycopg redis core registration questionbank cat_exam results proctoring deploy"
    code = f"import sys, cat_exam.board; print(sorted(n for n in sys.modules if n.split('.')[0] in '{ours}'.split()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=places.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([
        "cat_exam", "cat_exam.board", "cat_exam.protocol", "cat_exam.protocol.board", "cat_exam.rules",
        "cat_exam.rules.frames",
    ])  # fmt: skip


def test_the_feed_belongs_to_its_owner_and_pages_allow_nothing_foreign(shown: Shown) -> None:
    assert shown.feed.stat().st_mode & 0o077 == 0
    status, body, headers = shown.get("/papan/")
    assert status == 200 and b"Belum ada papan" in body
    assert "default-src 'none'" in headers["content-security-policy"]
    assert shown.get("/papan/tidak-ada/")[0] == 404
    assert shown.get("/papan/berkas/../board.py")[0] == 404


def test_from_a_stored_answer_to_the_screen_and_on_without_the_database(
    built: Built, shown: Shown, feed: Feed, scorer
) -> None:
    """Scorer and board together; then the scorer is gone and the board still answers."""
    mode(built, "live")
    boards = Boards()
    assert feed.open() and not feed.open()
    feed.tell(scorer(boards.round, later(0), everything=True))
    answer(built, 2, 8)
    feed.tell(scorer(boards.round, later(1)))
    path = f"/papan/{built.exam.reference}/keadaan"
    until(lambda: b'"points":[0,0,5]' in shown.get(path)[1])
    assert CANARY.encode() not in shown.get(path)[1]
    assert b'"display_name"' not in shown.get(path)[1] and b"Peserta" not in shown.get(path)[1]
    feed.close()
    assert shown.get(path)[0] == 200


@pytest.mark.parametrize(
    "frame", ["", "{}", '{"t":"gone","n":1}', '{"t":"gone","n":1,"exam":"<b>"}', "[1]", '{"t":"full"}']
)
def test_a_frame_that_is_not_of_this_wire_is_refused(frame: str) -> None:
    with pytest.raises(BadFrame):
        wire.parse(frame)
