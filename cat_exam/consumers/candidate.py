"""The candidate's socket: its own receive loop, one ticket, one writer, and an answer only after a durable commit."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any

import psycopg
from django.conf import settings

from cat_exam import hallclock, protocol
from cat_exam.actions.tickets import Place
from cat_exam.consumers.book import Book, Draft
from cat_exam.consumers.hall import Hall
from cat_exam.consumers.words import say
from cat_exam.journal import Full
from cat_exam.protocol import Close, Code, State
from cat_exam.queries.forms import Form
from cat_exam.queries.ledger import Ledger
from cat_exam.queries.notices import Told
from cat_exam.rules import ordering
from cat_exam.rules.lifecycle import ENDED
from cat_exam.rules.lines import BY_CANDIDATE, Kind

log = logging.getLogger(__name__)

MOST_LINES = 20_000  # of one attempt; an honest one has a few hundred
TRIES = 20


class Gone(Exception):
    """The browser is no longer there."""


class Leave(Exception):
    """Say why, and close the socket."""

    def __init__(self, code: Code, close: Close) -> None:
        super().__init__(code)
        self.code, self.close = code, close


class CandidateConsumer:
    """One socket. ``book.writer`` is the one connection that may write; everything stored goes through ``_write``."""

    def __init__(self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]],
                 hall: Hall) -> None:  # fmt: skip
        self._scope, self._receive, self._send = scope, receive, send
        self.hall = hall
        self.place: Place | None = None
        self.book: Book
        self.form: Form
        self.ledger: Ledger
        self.device = 0
        self.closes_us = 0
        self._welcomed = self._opened = self._ended = self._gone = self._strange = False
        self._told: tuple[str, int] = ("", 0)

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
            big = no.code == Code.FRAME_TOO_BIG
            raise Leave(no.code, Close.TOO_BIG if big else Close.BAD_FRAME) from None

    async def tell(self, message: protocol.ServerMessage) -> None:
        """Send a frame; a browser that left meanwhile is noticed by the receive loop."""
        if self._gone:
            return
        try:
            await self._send({"type": "websocket.send", "text": protocol.dump(message)})
        except (OSError, RuntimeError):
            self._gone = True

    async def refuse(self, code: Code, n: int | None = None) -> None:
        """An expected no that leaves the socket open."""
        await self.tell(protocol.Refused(code, say(code), n))

    async def _leave_with(self, no: Leave) -> None:
        await self.refuse(no.code)
        if not self._gone:
            self._gone = True
            try:
                await self._send({"type": "websocket.close", "code": int(no.close), "reason": no.code.value})
            except (OSError, RuntimeError):
                return

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
        self._strange = self.book.last_device not in {0, self.device}
        await self.tell(self._welcome(place))
        for row in room.messages:
            if row.attempt_id in {None, place.attempt_id}:
                await self.message(row)
        self._welcomed = True
        await self._show()
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

    async def _take_pen(self) -> None:
        """Become the writer: the epoch is a line, so whoever wrote before collides with it and learns of it."""
        book = self.book
        async with book.lock:
            for _ in range(TRIES):
                await self._catch_up()
                if book.sheet.finished or self.ledger.state in ENDED:
                    break
                draft: Draft = (0, book.epoch + 1, Kind.EPOCH, None, self.device, None)
                lines, chains = book.draft([draft], hallclock.now_us(), epoch=book.epoch + 1)
                if await self._stored(lines, chains):
                    break
            else:
                raise Leave(Code.TRY_AGAIN, Close.TRY_AGAIN)
            old, book.writer = book.writer, self
        if old is not None and old is not self:
            await old.fence()
        if book.epoch > 1:
            await self.hall.ear.say(f"fence:{book.attempt}:{book.epoch}")

    async def _catch_up(self) -> None:
        lines = await self.hall.lines((self.book.day, self.book.attempt, self.book.seq))
        self.book.take([line for line, _ in lines], [chain for _, chain in lines])

    def _welcome(self, place: Place) -> protocol.Welcome:
        sheet, ledger = self.book.sheet, self.ledger
        now = hallclock.hall_now()
        phase = ledger.phase(now)
        return protocol.Welcome(
            v=protocol.VERSION,
            attempt=place.reference,
            display_name=place.display_name,
            card_number=place.card_number,
            seat=place.seat,
            stage=place.stage,
            title=place.title,
            zone=place.zone,
            starts_at=hallclock.to_ms(place.starts_at),
            server_time=hallclock.to_ms(now),
            state=self._state(phase.state),
            minutes=place.minutes,
            oath=ledger.oath_at is not None,
            bundle=protocol.Bundle(protocol.BUNDLE_PATH.format(paper=place.paper_id), place.bundle_sha256),
            highest_n=self.book.highest.get(self.device, 0),
            answers=[[item, option] for item, option in sheet.answers.items()],
            flags=sorted(sheet.flags),
            last_item=sheet.last_item,
            remaining_ms=None if ledger.started_at is None else phase.remaining_ms,
            writer=self.book.writer is self,
        )

    # --- state and time ----------------------------------------------------------------------------
    def _know(self, ledger: Ledger) -> None:
        self.ledger = ledger
        closes = ledger.closes_at(hallclock.hall_now())
        self.closes_us = 0 if closes is None or self.book.sheet.finished else hallclock.to_us(closes)

    def _state(self, phase: str) -> State:
        if self.ledger.state == "running":
            if self.book.sheet.finished:
                return State.SUBMITTED
            return State.PAUSED if phase == "paused" else State.RUNNING
        return State(self.ledger.state)

    async def look_at_clock(self) -> None:
        """A notice says that state or time changed: read the ledger again and tell what is new."""
        if self.place is None or not hasattr(self, "ledger"):
            return
        self._know(await self.hall.ledger(self.place.attempt_id))
        if self._welcomed:
            await self._show()

    async def _show(self) -> None:
        ledger = self.ledger
        if ledger.state in {State.DISQUALIFIED, State.VOIDED}:
            await self._leave_with(Leave(Code.REMOVED, Close.REMOVED))
        elif ledger.state in ENDED or self.book.sheet.finished:
            await self._show_end()
        elif ledger.started_at is not None:
            if not self._opened and ledger.oath_at is not None:
                await self._open()
            phase = ledger.phase(hallclock.hall_now())
            told = (phase.state, self.closes_us)
            if told != self._told and phase.state in {"running", "paused"}:
                self._told = told
                await self.tell(protocol.Clock(self._state(phase.state), phase.remaining_ms))

    async def _open(self) -> None:
        """Hand over the key, after the start line is durable."""
        self._opened = True
        fresh = not self.book.sheet.started and self.book.writer is self
        if fresh and not await self._write([(0, 0, Kind.START, None, None, None)]):
            return
        assert self.place is not None
        order = ordering.permute(self.place.seed, self.form.sections, self.form.counts)
        phase = self.ledger.phase(hallclock.hall_now())
        await self.tell(protocol.Start(self.form.key, order.order, order.options, phase.remaining_ms))

    async def _show_end(self) -> None:
        if self._ended:
            return
        self._ended, self.closes_us = True, 0
        if not self.book.sheet.finished:
            async with self.book.lock:
                await self._catch_up()
        state = State.EXPIRED if self.ledger.state == "expired" else State.SUBMITTED
        at = self.ledger.finished_at or hallclock.hall_now()
        await self.tell(protocol.Ended(state, self.book.chain.hex()[:8], hallclock.to_ms(at)))

    async def scored(self, scores: dict[int, protocol.Score]) -> None:
        """The scorer is done: show the sealed score."""
        if self.place is not None and self._welcomed and self.place.attempt_id in scores:
            await self._show_end()
            await self.tell(scores[self.place.attempt_id])

    async def message(self, row: Told) -> None:
        """A message of the room, with its number."""
        await self.tell(protocol.Notice(row.number, row.kind, row.text, hallclock.to_ms(row.at)))

    async def fence(self) -> None:
        """A newer connection writes from here on."""
        if self.book.writer is self:
            self.book.writer = None
        await self.tell(protocol.Fenced())

    # --- what the browser says ---------------------------------------------------------------------
    async def _line(
        self, n: int, kind: Kind, item: int | None, response: int | None = None, shown_ms: int | None = None
    ) -> None:
        """One numbered line: stored and acknowledged, or refused."""
        book, now = self.book, hallclock.now_us()
        if book.writer is not self:
            return await self.refuse(Code.READ_ONLY, n)
        if n <= book.highest.get(self.device, 0):
            return await self._again(n, kind, item, response, shown_ms)
        if now >= self.closes_us:
            return await self._closed((self.device, n, kind, item, response, shown_ms))
        if not self._known(item, response, kind):
            return await self.refuse(Code.ITEM_UNKNOWN, n)
        try:
            stored = await self._write([(self.device, n, kind, item, response, shown_ms)], now)
        except Full:
            return await self.refuse(Code.BUSY, n)
        if stored:
            return await self.tell(protocol.Saved(n, book.chain.hex()[:8], now // 1000))
        return await self.refuse(Code.FINISHED if book.sheet.finished else Code.READ_ONLY, n)

    def _known(self, item: int | None, response: int | None, kind: int) -> bool:
        if not self._opened:
            return False
        if item is None:
            return True
        options = self.form.options.get(item)
        return options is not None and (kind != Kind.ANSWER or response in options)

    async def _stored(self, lines: Any, chains: Any) -> bool:
        return await self.hall.journal.write(self.book.day, lines, chains, self.book.take)

    async def _write(self, drafts: list[Draft], received_us: int | None = None, *, late: bool = False) -> bool:
        """True when the lines are durable; False when this connection may not write them any more."""
        book = self.book
        async with book.lock:
            for _ in range(TRIES):
                if book.writer is not self or (book.sheet.finished and not late):
                    return False
                if book.seq > MOST_LINES:
                    raise Full
                lines, chains = book.draft(drafts, hallclock.now_us() if received_us is None else received_us)
                if await self._stored(lines, chains):
                    return True
                epoch = book.epoch
                await self._catch_up()
                if book.epoch != epoch:
                    await self.fence()
                    return False
        raise Leave(Code.TRY_AGAIN, Close.TRY_AGAIN)

    async def _closed(self, draft: Draft) -> None:
        """A line while the clock, as we knew it, does not run: look again before saying no."""
        await self.look_at_clock()
        if hallclock.now_us() < self.closes_us:
            _, n, kind, item, response, shown_ms = draft
            return await self._line(n, Kind(kind), item, response, shown_ms)
        code = self._why_closed()
        if (
            code in {Code.TIME_OVER, Code.FINISHED}
            and draft[2] == Kind.ANSWER
            and self._known(draft[3], draft[4], draft[2])
        ):
            await self._write([(*draft[:2], Kind.LATE, *draft[3:])], late=True)
        return await self.refuse(code, draft[1])

    def _why_closed(self) -> Code:
        if self.book.sheet.finished or self.ledger.state in ENDED:
            return Code.FINISHED
        phase = self.ledger.phase(hallclock.hall_now()).state
        if phase == "over":
            return Code.TIME_OVER
        return Code.PAUSED if phase == "paused" else Code.NOT_RUNNING

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
        if (line.item, line.response, line.shown_ms) == draft[3:] and (
            line.kind == draft[2] or line.kind in {Kind.LATE, Kind.STRANDED}
        ):
            return None
        log.warning("hall: attempt %d sent other content under number %d", self.book.attempt, draft[1])
        return Code.NUMBER_CONFLICT

    async def on_answer(self, m: protocol.Answer) -> None:
        await self._line(m.n, Kind.ANSWER, m.item, m.option, m.shown_ms)

    async def on_clear(self, m: protocol.Clear) -> None:
        await self._line(m.n, Kind.CLEAR, m.item, None, m.shown_ms)

    async def on_flag(self, m: protocol.Flag) -> None:
        await self._line(m.n, Kind.FLAG if m.on else Kind.UNFLAG, m.item)

    async def on_view(self, m: protocol.View) -> None:
        await self._line(m.n, Kind.VIEW, m.item)

    async def on_focus_lost(self, m: protocol.FocusLost) -> None:
        await self._line(m.n, Kind.FOCUS_LOST, None, None, m.ms)

    async def on_batch(self, m: protocol.Batch) -> None:
        """Lines from before a reconnect: one run, one acknowledgement."""
        if self.book.writer is not self:
            return await self.refuse(Code.READ_ONLY)
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
        await self._batch([draft for draft in drafts if draft[1] > highest])
        return await self.tell(protocol.Saved(numbers[-1], self.book.chain.hex()[:8], hallclock.now_us() // 1000))

    async def _batch(self, drafts: list[Draft]) -> None:
        if hallclock.now_us() >= self.closes_us:
            await self.look_at_clock()
        code = None if hallclock.now_us() < self.closes_us else self._why_closed()
        late = code in {Code.TIME_OVER, Code.FINISHED}
        for draft in [draft for draft in drafts if not self._known(draft[3], draft[4], draft[2])]:
            drafts.remove(draft)
            await self.refuse(Code.ITEM_UNKNOWN, draft[1])
        if late or self._strange:
            kind = Kind.LATE if late else Kind.STRANDED
            drafts = [(*draft[:2], kind, *draft[3:]) for draft in drafts if draft[2] == Kind.ANSWER]
        if drafts:
            try:
                stored = await self._write(drafts, late=late)
            except Full:
                raise Leave(Code.TRY_AGAIN, Close.TRY_AGAIN) from None
            if not stored:
                raise Leave(Code.TRY_AGAIN, Close.TRY_AGAIN)
        if late and code is not None:
            await self.refuse(code)

    async def on_finish(self, m: protocol.Finish) -> None:
        """The candidate ends the exam; the finish line and the attempt's new state are one commit."""
        no = await self._finished(m.n)
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
        self.hall.note(self.place, connected=True, ready=m.storage)

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


HANDLERS: dict[type, Callable[[CandidateConsumer, Any], Awaitable[None]]] = {
    kind: getattr(CandidateConsumer, f"on_{name}") for name, kind in protocol.CLIENT.items()
}
