"""The candidate's socket: its own receive loop, one ticket, one writer, and an answer only after a durable commit."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any

import psycopg
from django.conf import settings

from cat_exam import hallclock, metrics, protocol
from cat_exam.actions.tickets import Place
from cat_exam.consumers.book import Draft
from cat_exam.consumers.hall import Hall
from cat_exam.consumers.seat import Gone, Leave, Seat
from cat_exam.journal import Full
from cat_exam.protocol import Close, Code, State
from cat_exam.rules.lines import BY_CANDIDATE, Kind
from cat_exam.rules.presence import Preflight, chromium_of

log = logging.getLogger(__name__)


class CandidateConsumer(Seat):
    """One socket, from the opening to the end, and what its browser says in between."""

    @classmethod
    def as_asgi(cls, hall: Hall | None = None) -> Callable[..., Awaitable[None]]:
        """The ASGI application; ``hall`` defaults to the one of the running loop."""

        async def application(scope: Any, receive: Any, send: Any) -> None:
            await cls(scope, receive, send, hall or Hall.here()).run()

        return application

    # --- the door ----------------------------------------------------------------------------------
    async def run(self) -> None:
        """From the opening of the socket to its end."""
        if (await self._receive())["type"] != "websocket.connect":
            return
        await self._send({"type": "websocket.accept"})
        try:
            await self._enter()
            while True:
                message = await self._next()
                await HANDLERS[type(message)](self, message)
                # A browser with more than one frame full of lines sends full ones, one after the other.
                self._resends &= isinstance(message, protocol.Batch) and len(message.entries) == protocol.MAX_BATCH
        except Gone:
            pass
        except Leave as no:
            await self._leave_with(no)
        except (psycopg.Error, OSError, TimeoutError) as error:
            log.warning("hall: a socket is sent away for now: %s", type(error).__name__)
            await self._leave_with(Leave(Code.TRY_AGAIN, Close.TRY_AGAIN))
        except Exception:
            log.exception("hall: a socket failed")
            await self._leave_with(Leave(Code.TRY_AGAIN, Close.TRY_AGAIN))
        finally:
            if self.place is not None:
                self._step_out(self.place)

    def _step_out(self, place: Place) -> None:
        self._gone = True
        if self.book.writer is self:
            self.book.writer = None
        self.hall.leave(self, place, self.book)

    async def _next(self) -> protocol.ClientMessage:
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            raise Gone
        text = event.get("text")
        try:
            return protocol.parse(event.get("bytes") or b"" if text is None else text)
        except protocol.BadFrame as no:
            if no.too_big:
                raise Leave(Code.FRAME_TOO_BIG, Close.TOO_BIG) from None
            raise Leave(Code.FRAME_INVALID, Close.BAD_FRAME) from None

    # --- the handshake -----------------------------------------------------------------------------
    async def _enter(self) -> None:
        origin = dict(self._scope["headers"]).get(b"origin", b"").decode("latin-1")
        if origin not in settings.PUBLIC_ORIGINS:
            raise Leave(Code.ORIGIN_FOREIGN, Close.FOREIGN_ORIGIN)
        hello = await self._hello()
        await self.hall.open()
        place = await self.hall.redeem(sha256(hello.ticket.encode()).digest())
        if place is None:
            raise Leave(Code.TICKET_INVALID, Close.BAD_TICKET)
        self.device = hello.device
        self.book = self.hall.book(place.attempt_id, place.day)
        self.place = place
        room = await self.hall.join(self, place)
        self.form, ledger = await asyncio.gather(self.hall.form(place.paper_id), self.hall.ledger(place.attempt_id))
        if ledger.state in {State.DISQUALIFIED, State.VOIDED}:
            raise Leave(Code.REMOVED, Close.REMOVED)
        self._know(ledger)
        await self._take_pen()
        await self.tell(self._welcome(place))
        for row in room.messages:
            if row.attempt_id in {None, place.attempt_id}:
                await self.message(row)
        self._welcomed = True
        await self._show()
        if not self._opened and not self._ended:
            self._draw()
        if self.ledger.state == State.SCORED:
            self.hall.ask_score(place.attempt_id, place.exam_id)

    async def _hello(self) -> protocol.Hello:
        try:
            async with asyncio.timeout(protocol.HELLO_SECONDS):
                hello = await self._next()
        except TimeoutError:
            raise Leave(Code.HELLO_LATE, Close.NO_HELLO) from None
        if not isinstance(hello, protocol.Hello):
            raise Leave(Code.HELLO_MISSING, Close.BAD_FRAME)
        if hello.v != protocol.VERSION:
            raise Leave(Code.VERSION_UNKNOWN, Close.BAD_FRAME)
        return hello

    # --- what the browser says ---------------------------------------------------------------------
    async def _line(
        self, n: int, kind: Kind, item: int | None, response: int | None = None, shown_ms: int | None = None
    ) -> None:
        """One numbered line: stored and acknowledged, or refused."""
        book, now = self.book, hallclock.now_us()
        if book.writer is not self:
            await self.refuse(Code.READ_ONLY, n)
        elif n <= book.highest.get(self.device, 0):
            await self._again(n, kind, item, response, shown_ms)
        elif 0 < self._owed < n:
            await self.refuse(Code.BUSY, n)
        elif now >= self.closes_us:
            await self._closed((self.device, n, kind, item, response, shown_ms))
        elif not self._known(item, response, kind):
            await self.refuse(Code.ITEM_UNKNOWN, n)
        else:
            await self._store((self.device, n, kind, item, response, shown_ms), now)

    async def _store(self, draft: Draft, now: int) -> None:
        try:
            stored = await self._write([draft], now)
        except Full:
            await self.put_off(Code.BUSY, draft[1])
            return
        if draft[1] == self._owed:
            self._owed = 0
        if stored:
            await self.tell(protocol.Saved(draft[1], self.book.chain.hex()[:8], now // 1000))
        elif self.book.sheet.finished:  # the sweep closed the attempt a moment ago
            await self.look_at_clock()
            await self._keep_late(draft)
            await self.refuse(Code.FINISHED, draft[1])
        else:
            await self.refuse(Code.READ_ONLY, draft[1])

    async def _keep_late(self, draft: Draft) -> None:
        """An answer after the end is kept as evidence; it counts only if a credit is approved for it.

        Nothing follows once the room is closed (look at the ledger first): the minutes seal the journal as it is.
        """
        if self.ledger.exam_closed:
            return
        if draft[2] == Kind.ANSWER and self._known(draft[3], draft[4], draft[2]):
            await self._write([(*draft[:2], Kind.LATE, *draft[3:])], late=True)
            metrics.LATE.inc()

    async def _closed(self, draft: Draft) -> None:
        """A line while the clock, as we knew it, does not run: look again before saying no."""
        await self.look_at_clock()
        if hallclock.now_us() < self.closes_us:
            _, n, kind, item, response, shown_ms = draft
            return await self._line(n, Kind(kind), item, response, shown_ms)
        code = self._why_closed()
        if code == Code.PAUSED:
            return await self.put_off(code, draft[1])
        if code in {Code.TIME_OVER, Code.FINISHED}:
            await self._keep_late(draft)
        return await self.refuse(code, draft[1])

    async def _again(self, n: int, kind: int, item: int | None, response: int | None, shown_ms: int | None) -> None:
        """A number that is already decided: the same content gets the same answer, another content a no."""
        stored = await self.hall.numbered(self.book, self.device, [n])
        code = self._differs(stored, (self.device, n, kind, item, response, shown_ms))
        if code is None:
            return await self.tell(protocol.Saved(n, self.book.chain.hex()[:8], hallclock.now_us() // 1000))
        return await self.refuse(code, n)

    def _differs(self, stored: Any, draft: Draft) -> Code | None:
        line = stored.get(draft[1])
        if line is None:
            return Code.NUMBER_SKIPPED
        if (line.item, line.response, line.shown_ms) == draft[3:] and draft[2] in {line.kind, Kind.ANSWER}:
            return UNCOUNTED.get(line.kind)
        log.warning("hall: attempt %d sent other content under number %d", self.book.attempt, draft[1])
        return Code.NUMBER_CONFLICT

    # These only pass their line on; a coroutine less for each of ten thousand answers a second.
    def on_answer(self, m: protocol.Answer) -> Awaitable[None]:
        return self._line(m.n, Kind.ANSWER, m.item, m.option, m.shown_ms)

    def on_clear(self, m: protocol.Clear) -> Awaitable[None]:
        return self._line(m.n, Kind.CLEAR, m.item, None, m.shown_ms)

    def on_flag(self, m: protocol.Flag) -> Awaitable[None]:
        return self._line(m.n, Kind.FLAG if m.on else Kind.UNFLAG, m.item)

    def on_view(self, m: protocol.View) -> Awaitable[None]:
        return self._line(m.n, Kind.VIEW, m.item)

    def on_focus_lost(self, m: protocol.FocusLost) -> Awaitable[None]:
        return self._line(m.n, Kind.FOCUS_LOST, None, None, m.ms)

    async def on_batch(self, m: protocol.Batch) -> None:
        """Lines from before a reconnect: one run, one acknowledgement."""
        if self.book.writer is not self:
            await self.refuse(Code.READ_ONLY)
            return
        drafts = [to_draft(self.device, entry) for entry in m.entries]
        numbers = [draft[1] for draft in drafts]
        if numbers != sorted(set(numbers)):
            raise Leave(Code.FRAME_INVALID, Close.BAD_FRAME)
        highest = self.book.highest.get(self.device, 0)
        old = [draft for draft in drafts if draft[1] <= highest]
        if old:
            stored = await self.hall.numbered(self.book, self.device, [draft[1] for draft in old])
            for draft in old:
                code = self._differs(stored, draft)
                if code:
                    await self.refuse(code, draft[1])
        if not await self._batch([draft for draft in drafts if draft[1] > highest]):
            numbers = [draft[1] for draft in old]
        if numbers:
            await self.tell(protocol.Saved(numbers[-1], self.book.chain.hex()[:8], hallclock.now_us() // 1000))

    async def _batch(self, drafts: list[Draft]) -> bool:
        """Decide lines that are new; False when they have to come again, after the pause."""
        if hallclock.now_us() >= self.closes_us:
            await self.look_at_clock()
        code = None if hallclock.now_us() < self.closes_us else self._why_closed()
        if drafts and 0 < self._owed < drafts[-1][1] and self._owed not in {draft[1] for draft in drafts}:
            code = Code.BUSY
        if code == Code.BUSY or (code == Code.PAUSED and not self._resends):
            for draft in drafts:
                await self.put_off(code, draft[1])
            return False
        self._owed = 0
        late = code in {Code.TIME_OVER, Code.FINISHED}
        for draft in [draft for draft in drafts if not self._known(draft[3], draft[4], draft[2])]:
            drafts.remove(draft)
            await self.refuse(Code.ITEM_UNKNOWN, draft[1])
        uncounted = [draft[1] for draft in drafts] if late or self._strange else []
        if late or self._strange:
            kind = Kind.LATE if late else Kind.STRANDED
            drafts = [(*draft[:2], kind, *draft[3:]) for draft in drafts if draft[2] == Kind.ANSWER]
        if drafts and not (late and self.ledger.exam_closed):
            try:
                stored = await self._write(drafts, late=late)
            except Full:
                raise Leave(Code.TRY_AGAIN, Close.TRY_AGAIN) from None
            if not stored:
                raise Leave(Code.TRY_AGAIN, Close.TRY_AGAIN)
            metrics.LATE.inc(len(drafts) if late else 0)
        for n in uncounted:
            await self.refuse(code if late and code else Code.OVERTAKEN, n)
        return True

    async def on_finish(self, m: protocol.Finish) -> None:
        """The candidate ends the exam; the finish line and the attempt's new state are one commit."""
        no = Code.BUSY if 0 < self._owed < m.n else await self._finished(m.n)
        if no is not None:
            return await self.refuse(no, m.n)
        await self.tell(protocol.Saved(m.n, self.book.chain.hex()[:8], hallclock.now_us() // 1000))
        return await self._show_end()

    async def _finished(self, n: int) -> Code | None:
        """Write the finish line unless there is one; None when the attempt has ended, else why not."""
        if self.book.writer is not self:
            return Code.READ_ONLY
        if self.book.sheet.finished:
            return None
        if self.ledger.state != "running":
            await self.look_at_clock()
        if self.ledger.state != "running":
            return None if self.book.sheet.finished else self._why_closed()
        try:
            await self._write([(self.device, n, Kind.FINISH, None, BY_CANDIDATE, None)])
        except Full:
            return Code.BUSY
        return None if self.book.sheet.finished else Code.READ_ONLY

    async def on_oath(self, m: protocol.Oath) -> None:
        """The oath is on record before anything of the paper can be read."""
        assert self.place is not None
        if self.ledger.oath_at is None:
            await self.hall.swear(self.place.attempt_id)
            self._know(await self.hall.ledger(self.place.attempt_id))
        at = self.ledger.oath_at or hallclock.hall_now()
        await self.tell(protocol.OathTaken(hallclock.to_ms(at)))
        await self._show()

    async def on_ready(self, m: protocol.Ready) -> None:
        """Pre-flight facts for the room's screen; advice only."""
        assert self.place is not None
        agent = dict(self._scope["headers"]).get(b"user-agent", b"").decode("latin-1")
        offset = m.clock - hallclock.now_us() // 1000
        found = Preflight(m.storage, m.width, m.height, offset, m.latency, chromium_of(agent))
        self.hall.note(self.place, connected=True, preflight=found)

    async def on_echo(self, m: protocol.Echo) -> None:
        await self.tell(protocol.Echoed(m.at, hallclock.now_us() // 1000))

    async def on_hello(self, m: protocol.Hello) -> None:
        raise Leave(Code.FRAME_INVALID, Close.BAD_FRAME)


def to_draft(device: int, entry: protocol.Entry) -> Draft:
    """The journal line of one entry of a batch."""
    match entry:
        case protocol.Answer(n, item, option, shown_ms):
            return device, n, Kind.ANSWER, item, option, shown_ms
        case protocol.Clear(n, item, shown_ms):
            return device, n, Kind.CLEAR, item, None, shown_ms
        case protocol.Flag(n, item, on):
            return device, n, Kind.FLAG if on else Kind.UNFLAG, item, None, None
        case protocol.View(n, item):
            return device, n, Kind.VIEW, item, None, None
        case protocol.FocusLost(n, ms):
            return device, n, Kind.FOCUS_LOST, None, None, ms


#: Kept as evidence, so the same no is said again.
UNCOUNTED = {Kind.LATE: Code.TIME_OVER, Kind.STRANDED: Code.OVERTAKEN}

HANDLERS: dict[type, Callable[[CandidateConsumer, Any], Awaitable[None]]] = {
    kind: getattr(CandidateConsumer, f"on_{name}") for name, kind in protocol.CLIENT.items()
}
