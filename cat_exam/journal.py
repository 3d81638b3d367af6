"""The journal's writer: one commit for everybody who waits, and an acknowledgement only after it.

While one commit is in flight the next lines gather; nothing is delayed on purpose. A line that collides on the
primary key was beaten by another writer of the same attempt and is given back for a single decision.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import psycopg
from django.db import connection as django_connection

from cat_exam import metrics
from cat_exam.database import Connection, connect
from cat_exam.rules.lines import Kind, Line

log = logging.getLogger(__name__)

MOST = 500  # lines a commit
ROOM = 20_000  # lines that may wait
LATE_SECONDS = 2.0
GIVE_UP_SECONDS = 10.0  # a commit that hangs longer is tried again on a fresh connection

RETRIED = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,  # a standby answered during a failover
    OSError,
    TimeoutError,
)

RARE = frozenset({Kind.LATE, Kind.FINISH})  # kinds with a statement of their own

_COLUMNS = "day, attempt, seq, epoch, device, n, kind, item, response, shown_ms, received_at, chain"
_ARRAYS = (
    "%s::date[], %s::bigint[], %s::int[], %s::int[], %s::int[], %s::int[], %s::smallint[], %s::int[], %s::int[],"
    " %s::int[], %s::bigint[], %s::bytea[]"
)
_ROWS = f"""
SELECT d, a, s, e, v, n, k, i, r, m, timestamptz 'epoch' + t * interval '1 microsecond', c
  FROM unnest({_ARRAYS}) AS x (d, a, s, e, v, n, k, i, r, m, t, c)
"""  # noqa: S608
_INTO = f"INSERT INTO cat_exam_journalline ({_COLUMNS}) {_ROWS}"

#: One line an attempt: the command tag tells how many were written.
WRITE = f"{_INTO} ON CONFLICT DO NOTHING"


def _runs(only: str = "") -> str:
    """Several lines an attempt: the rest only follows where the first one won, and that one only where ``only``."""
    return f"""
     heads AS ({_INTO} {only} ON CONFLICT DO NOTHING RETURNING attempt),
     rests AS ({_INTO} WHERE a IN (SELECT attempt FROM heads) RETURNING attempt)
SELECT (SELECT count(*) FROM heads) + (SELECT count(*) FROM rests)
"""  # noqa: S608


WRITE_RUNS = f"WITH {_runs()}"
#: Evidence that came too late: like :data:`WRITE_RUNS`, but never once the room is closed, because the minutes seal
#: the journal as it is then (closing locks the exam's row).
WRITE_LATE = f"""
WITH open AS MATERIALIZED (
        SELECT a.id FROM cat_exam_attempt a JOIN cat_exam_exam e ON e.id = a.exam_id
         WHERE a.id = ANY(%s::bigint[]) AND e.state <> 'closed' FOR SHARE OF e SKIP LOCKED),
{_runs("WHERE a IN (SELECT id FROM open)")}"""  # noqa: S608
#: A finish line, the attempt's new state and the notice of it: all or nothing, and only while the attempt is open
#: (the row is locked before the line is placed, so that a second finish finds it closed).
WRITE_FINISHES = f"""
WITH open AS MATERIALIZED (
        SELECT id FROM cat_exam_attempt WHERE id = ANY(%s::bigint[]) AND state IN ('running', 'paused')
         ORDER BY id FOR UPDATE),
     line AS ({_INTO} WHERE a IN (SELECT id FROM open) ON CONFLICT DO NOTHING
        RETURNING attempt, response, received_at),
     moved AS (
        UPDATE cat_exam_attempt a
           SET state = CASE line.response WHEN 2 THEN 'expired' ELSE 'submitted' END,
               finished_at = line.received_at
          FROM line WHERE a.id = line.attempt AND a.state IN ('running', 'paused')
        RETURNING a.id, a.exam_id, a.state, a.finished_at),
     told AS (
        INSERT INTO cat_exam_notice (exam_id, attempt_id, kind, text, at)
        SELECT exam_id, id, 'state', state, finished_at FROM moved RETURNING exam_id)
SELECT (SELECT count(*) FROM line), (SELECT array_agg(DISTINCT exam_id::text) FROM told)
"""  # noqa: S608
_THERE = """
SELECT j.attempt, j.seq, j.chain FROM cat_exam_journalline j
 WHERE j.day = ANY(%s::date[]) AND (j.attempt, j.seq) IN (SELECT * FROM unnest(%s::bigint[], %s::int[]))
"""


class Full(Exception):
    """Too many lines wait; the client is told to send again later."""


@dataclass(slots=True, eq=False)
class Run:
    """Lines of one attempt that follow each other, with their chain values."""

    day: date
    lines: Sequence[Line]
    chains: Sequence[bytes]
    done: "asyncio.Future[bool]"
    saved: Callable[[Sequence[Line], Sequence[bytes]], None] | None = None
    since: float = field(default_factory=time.monotonic)


def _whole(values: Sequence[Any]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def _maybe(values: Sequence[Any]) -> str:
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def _arrays(rows: Sequence[tuple[date, Line, bytes]]) -> list[str]:
    """The twelve array literals of :data:`_ARRAYS`; text costs a third of psycopg's list adaptation."""
    if not rows:
        return ["{}"] * 12
    columns = list(zip(*[line for _, line, _ in rows], strict=True))
    found = [_whole([day for day, _, _ in rows])]
    found += [_maybe(column) if 6 <= place <= 8 else _whole(column) for place, column in enumerate(columns)]
    found.append("{" + ",".join(['"\\\\x' + chain.hex() + '"' for _, _, chain in rows]) + "}")
    return found


def _rows(runs: Sequence[Run], *, first: bool = True, rest: bool = True) -> list[tuple[date, Line, bytes]]:
    found = []
    for run in runs:
        pairs = list(zip(run.lines, run.chains, strict=True))
        chosen = pairs if first and rest else pairs[:1] if first else pairs[1:]
        found += [(run.day, line, chain) for line, chain in chosen]
    return found


def _finishes(rows: Sequence[tuple[date, Line, bytes]]) -> list[str]:
    """Parameters of :data:`WRITE_FINISHES`."""
    return [_whole([line.attempt for _, line, _ in rows]), *_arrays(rows)]


def finish_lines(rows: Sequence[tuple[date, Line, bytes]]) -> tuple[int, list[str]]:
    """Write finish lines on Django's connection (the sweep's way in): how many were new, and in which exams."""
    with django_connection.cursor() as cursor:
        cursor.execute(WRITE_FINISHES, _finishes(rows))
        new, exams = cursor.fetchone()
    return new, exams or []


def fix_clock(boot_id: str, offset_ns: int, now: datetime) -> int:
    """The offset of hall time for this boot of the host, which stamps every line: fixed by whoever asks first."""
    with django_connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cat_exam_hallclock (boot_id, offset_ns, fixed_at) VALUES (%s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [boot_id, offset_ns, now],
        )
        cursor.execute("SELECT offset_ns FROM cat_exam_hallclock WHERE boot_id = %s", [boot_id])
        return int(cursor.fetchone()[0])


class Journal:
    """The one writer of a process. :meth:`write` returns when the lines are durable, or lost to another writer."""

    def __init__(
        self,
        *,
        on_finished: Callable[[list[str]], Awaitable[None]] | None = None,
        on_late: Callable[[], Awaitable[None]] | None = None,
        most: int = MOST,
        room: int = ROOM,
    ) -> None:
        self.most, self.room = most, room
        self.waiting = 0
        self.commits = 0
        self.written = 0
        self._on_finished, self._on_late = on_finished, on_late
        self._queue: deque[Run] = deque()
        self._wake = asyncio.Event()
        self._connection: Connection | None = None
        self._flying: Sequence[Run] = ()
        self._told_late = False
        self._tasks: list[asyncio.Task[None]] = []

    # --- the writers' side -------------------------------------------------------------------------
    def write(
        self,
        day: date,
        lines: Sequence[Line],
        chains: Sequence[bytes],
        saved: Callable[[Sequence[Line], Sequence[bytes]], None] | None = None,
    ) -> Awaitable[bool]:
        """To be awaited: True when every line is durable; False when another writer holds the first line's place.

        Lines of one attempt must follow each other, and no second run of an attempt may be under way. ``saved``
        is called for durable lines even when nobody waits any more. Raises :class:`Full` when too many lines wait.
        """
        if self.waiting + len(lines) > self.room:
            raise Full
        if not self._tasks:
            self.start()
        run = Run(day, lines, chains, asyncio.get_running_loop().create_future(), saved)
        self.waiting += len(lines)
        self._queue.append(run)
        self._wake.set()
        return run.done

    def start(self) -> None:
        """Start the writer's tasks in the running loop."""
        self._tasks = [asyncio.create_task(self._work()), asyncio.create_task(self._watch())]

    async def close(self) -> None:
        """End the tasks and the connection; what waits is not acknowledged."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self._drop()

    def oldest(self) -> float:
        """Seconds the oldest line has been waiting."""
        first = self._flying[0] if self._flying else self._queue[0] if self._queue else None
        return time.monotonic() - first.since if first else 0.0

    # --- the database's side -----------------------------------------------------------------------
    async def _work(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                runs = self._take()
                self._flying = runs
                await self._commit(runs)
                self._flying = ()
                self.waiting -= sum(len(run.lines) for run in runs)

    def _take(self) -> list[Run]:
        runs: list[Run] = []
        lines = 0
        while self._queue and (not runs or lines + len(self._queue[0].lines) <= self.most):
            run = self._queue.popleft()
            runs.append(run)
            lines += len(run.lines)
        return runs

    async def _commit(self, runs: list[Run]) -> None:
        """Store ``runs`` however often it takes; only a fault of the lines themselves ends in an exception."""
        wait = 0.02
        while True:
            try:
                async with asyncio.timeout(GIVE_UP_SECONDS):
                    lost = await self.store(runs)
            except RETRIED as error:
                metrics.FAILED.inc()
                log.warning("journal: commit failed, trying again: %s", type(error).__name__)
                await self._drop()
                await asyncio.sleep(wait)
                wait = min(wait * 2, 0.5)
            except psycopg.Error:
                if len(runs) > 1:  # one bad run must not take the others with it
                    for run in runs:
                        await self._commit([run])
                    return
                log.exception("journal: a line the database refuses")
                await self._drop()
                self._settle(runs, error=RuntimeError("the database refuses this line"))
                return
            else:
                self.commits += 1
                metrics.COMMIT.observe(time.monotonic() - runs[0].since)
                self._settle(runs, lost=lost)
                return

    def _settle(self, runs: list[Run], *, lost: Sequence[Run] = (), error: Exception | None = None) -> None:
        beaten = set(map(id, lost))
        for run in runs:
            if error is None and run.saved and id(run) not in beaten:
                run.saved(run.lines, run.chains)
            if run.done.done():  # its connection went away meanwhile
                continue
            if error is not None:
                run.done.set_exception(error)
            else:
                run.done.set_result(id(run) not in beaten)

    async def store(self, runs: Sequence[Run]) -> list[Run]:
        """One durable commit; the runs that lost their place to another writer."""
        connection = await self._connected()
        plain: list[Run] = []
        late: list[Run] = []
        finishes: list[Run] = []
        for run in runs:
            kind = run.lines[-1].kind
            (plain if kind not in RARE else late if kind == Kind.LATE else finishes).append(run)
        lost: list[Run] = []
        if plain:
            lost += await self._store_plain(connection, plain)
        if late:
            whose = _whole([run.lines[0].attempt for run in late])
            lost += await self._store_runs(connection, late, WRITE_LATE, whose)
        if finishes:
            lost += await self._store_finishes(connection, finishes)
        return lost

    async def _store_plain(self, connection: Connection, runs: Sequence[Run]) -> list[Run]:
        if sum(len(run.lines) for run in runs) != len(runs):
            return await self._store_runs(connection, runs, WRITE_RUNS)
        answer = await connection.execute(WRITE, _arrays(_rows(runs)), prepare=True)
        self.written += answer.rowcount
        return [] if answer.rowcount == len(runs) else await self._beaten(connection, runs)

    async def _store_runs(
        self, connection: Connection, runs: Sequence[Run], statement: str, *given: str
    ) -> list[Run]:
        arrays = [*_arrays(_rows(runs, rest=False)), *_arrays(_rows(runs, first=False))]
        answer = await connection.execute(statement, [*given, *arrays], prepare=True)
        new = (await answer.fetchall())[0][0]
        self.written += new
        return [] if new == sum(len(run.lines) for run in runs) else await self._beaten(connection, runs)

    async def _store_finishes(self, connection: Connection, runs: Sequence[Run]) -> list[Run]:
        runs = sorted(runs, key=lambda run: run.lines[0].attempt)
        answer = await connection.execute(WRITE_FINISHES, _finishes(_rows(runs)), prepare=True)
        new, exams = (await answer.fetchall())[0]
        self.written += new
        if exams and self._on_finished:
            await self._on_finished(exams)
        return [] if new == len(runs) else await self._beaten(connection, runs)

    async def _beaten(self, connection: Connection, runs: Sequence[Run]) -> list[Run]:
        """Which runs are not what is stored: an equal chain value means the line is ours, from an earlier try."""
        rows = _rows(runs)
        asked = [_whole([row[0] for row in rows]), _whole([row[1].attempt for row in rows])]
        asked.append(_whole([row[1].seq for row in rows]))
        answer = await connection.execute(_THERE, asked)
        there = {(attempt, seq): bytes(chain) async for attempt, seq, chain in answer}
        return [
            run
            for run in runs
            if any(
                there.get((line.attempt, line.seq)) != chain
                for line, chain in zip(run.lines, run.chains, strict=True)
            )
        ]

    async def _connected(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = await connect()
        return self._connection

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await connection.close()

    async def _watch(self) -> None:
        """Say once when a commit takes longer than it should."""
        while True:
            await asyncio.sleep(0.5)
            if self.oldest() < LATE_SECONDS:
                self._told_late = False
            elif not self._told_late:
                self._told_late = True
                log.error("journal: the oldest line has waited %.1f s; %d lines wait", self.oldest(), self.waiting)
                if self._on_late:
                    await self._on_late()
