"""One process's part of the hall: the journal, who sits here, what they are told, and queries they share."""

import asyncio
import gc
import logging
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg

from cat_exam import hallclock, protocol
from cat_exam.actions.tickets import Place, redeem_tickets, swear
from cat_exam.consumers.book import Book
from cat_exam.consumers.ear import Ear
from cat_exam.consumers.together import Together
from cat_exam.database import Connection
from cat_exam.journal import Journal
from cat_exam.models import Notice
from cat_exam.queries.forms import Form, form_of
from cat_exam.queries.ledger import Ledger, load_ledgers
from cat_exam.queries.lines import load_lines, load_numbered
from cat_exam.queries.notices import Told, load_notices
from cat_exam.queries.scores import score_messages
from cat_exam.rules import presence
from cat_exam.rules.lines import Line
from cat_exam.threads import in_thread

if TYPE_CHECKING:
    from cat_exam.consumers.seat import Seat

log = logging.getLogger(__name__)

Asked = tuple[date, int, int]  # day, attempt, after seq
Numbered = tuple[date, int, int, Sequence[int]]  # day, attempt, device, numbers
Lines = list[tuple[Line, bytes]]
JOURNALS = 32  # read at once: each comes back with all its lines, and everybody may come back in one moment
SETTLED_SECONDS = 60  # a notice may become visible after a later number did, but not this much later


class RoomHere:
    """The sockets of one exam in this process, and which notices they were given."""

    def __init__(self) -> None:
        self.sockets: set[Seat] = set()
        self.messages: list[Told] = []
        self.seen: set[int] = set()
        self.floor = 0
        self.loaded = asyncio.Event()

    def fresh(self, rows: Sequence[Told]) -> list[Told]:
        """Those not seen yet; remembers them, and forgets numbers too old to come again."""
        new = [row for row in rows if row.number > self.floor and row.number not in self.seen]
        self.seen.update(row.number for row in new)
        self.messages += [row for row in new if row.kind == Notice.Kind.MESSAGE]
        settled = [row.number for row in rows if (hallclock.hall_now() - row.at).total_seconds() > SETTLED_SECONDS]
        if settled:
            self.floor = max(self.floor, *settled)
            self.seen = {number for number in self.seen if number > self.floor}
        return new


class Hall:
    """Made once per event loop, on the first socket."""

    _of_loop: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hall]" = WeakKeyDictionary()

    def __init__(self, journal: Journal | None = None) -> None:
        self.journal = journal or Journal(on_finished=self._finished, on_late=self._late)
        self.books: dict[int, Book] = {}
        self.rooms: dict[UUID, RoomHere] = {}
        self.redeem: Together[bytes, Place | None] = Together(self._redeem)
        self.lines: Together[Asked, Lines] = Together(self._lines, most=JOURNALS)
        self.ledger: Together[int, Ledger] = Together(self._ledgers)
        self._numbers: Together[Numbered, dict[int, Line]] = Together(self._read_numbers)
        self._scored: dict[UUID, set[int]] = {}
        self.swear: Together[int, None] = Together(self._swear)
        self._notices: Together[UUID, list[Told]] = Together(self._read_notices)
        self.ear = Ear(self._word, self._tick)
        self._to_read: set[UUID] = set()
        self._wake = asyncio.Event()
        self._presence: dict[UUID, dict[str, str]] = {}
        self._preflights: dict[int, presence.Preflight] = {}
        self._forms: dict[UUID, asyncio.Task[Form]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._ready: asyncio.Task[int] | None = None

    @classmethod
    def here(cls) -> "Hall":
        """The hall of the running event loop."""
        loop = asyncio.get_running_loop()
        if loop not in cls._of_loop:
            cls._of_loop[loop] = cls()
        return cls._of_loop[loop]

    async def open(self) -> None:
        """Fix hall time and start the tasks, once."""
        if self._ready is None:
            self._ready = asyncio.create_task(in_thread(hallclock.fix_offset))
            await asyncio.shield(self._ready)
            self.ear.start()
            gc.collect()  # what the process started with never dies: do not look at it in every collection
            gc.freeze()
            gc.set_threshold(50_000, 20, 50)
            self._tasks = [asyncio.create_task(self._deliver()), asyncio.create_task(self._note_presence())]
        await asyncio.shield(self._ready)

    async def close(self) -> None:
        """End every task and connection of this hall."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.ear.close()
        await self.journal.close()
        for together in (self.redeem, self.lines, self.ledger, self.swear, self._notices, self._numbers):
            await together.close()
        Hall._of_loop.pop(asyncio.get_running_loop(), None)

    # --- who sits here -----------------------------------------------------------------------------
    def book(self, attempt: int, day: date) -> Book:
        """The attempt's journal head in this process; give it back with :meth:`leave`."""
        book = self.books.get(attempt)
        if book is None:
            book = self.books[attempt] = Book(attempt, day)
        book.users += 1
        return book

    async def join(self, socket: "Seat", place: Place) -> RoomHere:
        """Put a socket among those of its exam; from here on it is told what happens."""
        room = self.rooms.get(place.exam_id)
        if room is None:
            room = self.rooms[place.exam_id] = RoomHere()
            room.sockets.add(socket)
            room.fresh(await self._notices(place.exam_id))
            room.loaded.set()
        room.sockets.add(socket)
        await room.loaded.wait()
        self.note(place, connected=True)
        return room

    def leave(self, socket: "Seat", place: Place, book: Book) -> None:
        """A socket is gone; what nobody uses any more is forgotten."""
        room = self.rooms.get(place.exam_id)
        if room:
            room.sockets.discard(socket)
            if not room.sockets:
                del self.rooms[place.exam_id]
        book.users -= 1
        if book.users <= 0:
            self.books.pop(book.attempt, None)
            asyncio.get_running_loop().call_later(socket.stays, self._gone, place)

    def _gone(self, place: Place) -> None:
        if place.attempt_id not in self.books:
            self.note(place, connected=False)

    def note(self, place: Place, *, connected: bool, preflight: presence.Preflight | None = None) -> None:
        """Who is connected, for the room's screen; told to Valkey within a second."""
        if preflight:
            self._preflights[place.attempt_id] = preflight
        # One that comes back at once (or by POST, again and again) keeps its own; one that left is looked at anew.
        found = self._preflights.get(place.attempt_id) if connected else self._preflights.pop(place.attempt_id, None)
        fact = presence.write(presence.Seen(connected, hallclock.now_us() // 1000, found))
        self._presence.setdefault(place.exam_id, {})[str(place.attempt_id)] = fact

    async def numbered(self, book: Book, device: int, numbers: Sequence[int]) -> dict[int, Line]:
        """Stored lines of a device by number: needed only when a line comes a second time."""
        return await self._numbers((book.day, book.attempt, device, numbers))

    def ask_score(self, attempt: int, exam: UUID) -> None:
        """Show an attempt its score as if the scorer had just said so."""
        self._scored.setdefault(exam, set()).add(attempt)
        self.wake(exam)

    async def form(self, paper: UUID) -> Form:
        """The sealed form, opened once per process."""
        if paper not in self._forms or (self._forms[paper].done() and self._forms[paper].exception()):
            self._forms[paper] = asyncio.create_task(in_thread(form_of, paper))
        return await asyncio.shield(self._forms[paper])

    # --- notices -----------------------------------------------------------------------------------
    def wake(self, *exams: UUID) -> None:
        """Read the notices of these exams as soon as possible."""
        self._to_read.update(exams)
        self._wake.set()

    def _word(self, word: str) -> None:
        kind, _, rest = word.partition(":")
        if kind == "fence":
            attempt, _, epoch = rest.partition(":")
            book = self.books.get(int(attempt))
            if book and book.epoch < int(epoch) and book.writer is not None:
                self._tasks.append(asyncio.create_task(book.writer.fence()))
                self._tasks = [task for task in self._tasks if not task.done()]
            return
        try:
            exam = UUID(kind)
        except ValueError:
            return
        if exam in self.rooms:
            self.wake(exam)

    def _tick(self) -> None:
        self.wake(*self.rooms)

    async def _deliver(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            exams, self._to_read = self._to_read & self.rooms.keys(), set()
            try:
                found = await asyncio.gather(*[self._notices(exam) for exam in exams])
                for exam, rows in zip(exams, found, strict=True):
                    room = self.rooms.get(exam)
                    if room and room.loaded.is_set():
                        await self._tell(exam, room, room.fresh(rows))
            except (psycopg.Error, OSError) as error:
                log.warning("notices: not read (%s); trying again", type(error).__name__)
                await asyncio.sleep(0.5)
                self.wake(*exams)
            except Exception:
                log.exception("notices: not delivered")

    async def _tell(self, exam: UUID, room: RoomHere, rows: Sequence[Told]) -> None:
        for row in rows:
            if row.kind == Notice.Kind.MESSAGE:
                await self._each(room, {row.attempt_id}, "message", row)
        moved = {row.attempt_id for row in rows if row.kind in {"start", "clock", "state"}}
        if moved:
            await self._each(room, moved, "look_at_clock")
        scored = {row.attempt_id for row in rows if row.kind == Notice.Kind.SCORED}
        scored |= self._scored.pop(exam, set())
        here = [s.place.attempt_id for s in room.sockets if s.place and s.place.attempt_id in scored]
        if here:
            scores = await in_thread(score_messages, here)
            await self._each(room, set(here), "scored", scores)

    async def _each(self, room: RoomHere, attempts: "set[int | None]", what: str, *words: object) -> None:
        """Call a method of the sockets of ``attempts`` (None: of everybody), side by side."""
        told = [s for s in room.sockets if s.place and (None in attempts or s.place.attempt_id in attempts)]
        results = await asyncio.gather(*[getattr(s, what)(*words) for s in told], return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                log.error("a socket could not be told: %r", result)

    async def _finished(self, exams: list[str]) -> None:
        self.wake(*map(UUID, exams))
        await self.ear.say(*[f"{exam}:0" for exam in exams])

    async def _late(self) -> None:
        for room in list(self.rooms.values()):
            for socket in list(room.sockets):
                await socket.tell(protocol.Delayed())

    async def _note_presence(self) -> None:
        while True:
            await asyncio.sleep(1)
            noted, self._presence = self._presence, {}
            for exam, facts in noted.items():
                await self.ear.note(protocol.PRESENCE.format(exam=exam), facts)

    # --- one query for many ------------------------------------------------------------------------
    async def _redeem(self, connection: Connection, hashes: Sequence[bytes]) -> list[Place | None]:
        found = await redeem_tickets(connection, hashes, hallclock.hall_now())
        return [found.pop(one, None) for one in hashes]

    async def _lines(self, connection: Connection, asked: Sequence[Asked]) -> list[Lines]:
        found: dict[int, Lines] = {attempt: [] for _, attempt, _ in asked}
        for day in {day for day, _, _ in asked}:
            ours = [one for one in asked if one[0] == day]
            after = min(one[2] for one in ours)
            for line, chain in await load_lines(connection, day, list({one[1] for one in ours}), after):
                found[line.attempt].append((line, chain))
        return [found[attempt] for _, attempt, _ in asked]

    async def _read_numbers(self, connection: Connection, asked: Sequence[Numbered]) -> list[dict[int, Line]]:
        return [await load_numbered(connection, *one) for one in asked]

    async def _ledgers(self, connection: Connection, ids: Sequence[int]) -> list[Ledger]:
        found = await load_ledgers(connection, list(set(ids)))
        return [found[pk] for pk in ids]

    async def _swear(self, connection: Connection, ids: Sequence[int]) -> list[None]:
        await swear(connection, ids, hallclock.hall_now())
        return [None] * len(ids)

    async def _read_notices(self, connection: Connection, exams: Sequence[UUID]) -> list[list[Told]]:
        floor = min(self.rooms[exam].floor if exam in self.rooms else 0 for exam in exams)
        found: dict[UUID, list[Told]] = {exam: [] for exam in exams}
        for row in await load_notices(connection, list(found), floor):
            found[row.exam_id].append(row)
        return [found[exam] for exam in exams]
