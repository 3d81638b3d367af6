"""One socket's seat in the hall: who writes, what the clock says, what the candidate is told."""

import logging
from collections.abc import Awaitable, Callable
from sys import intern
from typing import Any

from cat_exam import hallclock, metrics, protocol
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
from cat_exam.rules.lines import BY_CLOCK, Kind
from cat_exam.rules.scoring import Sheet

log = logging.getLogger(__name__)

MOST_LINES = 20_000  # of one attempt; an honest one has a few hundred
TRIES = 60


class Gone(Exception):
    """The browser is no longer there."""


class Leave(Exception):
    """Say why, and close the socket."""

    def __init__(self, code: Code, close: Close) -> None:
        super().__init__(code)
        self.code, self.close = code, close


class Seat:
    """``book.writer`` is the one connection that may write; everything stored goes through :meth:`_write`."""

    def __init__(self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]],
                 hall: Hall, *, stays: float = 0.0) -> None:  # fmt: skip
        self.stays = stays  # seconds this candidate still counts as connected afterwards
        self._scope, self._receive, self._send = scope, receive, send
        self.hall = hall
        self.place: Place | None = None
        self.book: Book
        self.form: Form
        self.ledger: Ledger
        self.device = 0
        self.closes_us = 0
        self._welcomed = self._opened = self._ended = self._gone = self._strange = False
        self._resends = True  # nothing but what waited since before the connection has come over it
        self._told: tuple[str, int] = ("", 0)
        self._owed = 0  # the line that was put off first; none above it is taken before it
        self._order: ordering.Ordering | None = None

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
        metrics.REFUSED.labels(code.value).inc()
        await self.tell(protocol.Refused(code, say(code), n))

    async def put_off(self, code: Code, n: int) -> None:
        """A no for now: the line keeps its number. Were a later one stored first, a browser whose connection broke
        meanwhile would take this one for stored too, and the click would be undone without a word."""
        self._owed = min(n, self._owed or n)
        await self.refuse(code, n)

    async def _leave_with(self, no: Leave) -> None:
        await self.refuse(no.code)
        if not self._gone:
            self._gone = True
            try:
                await self._send({"type": "websocket.close", "code": int(no.close), "reason": no.code.value})
            except (OSError, RuntimeError):
                return

    async def _take_pen(self) -> None:
        """Become the writer: the epoch is a line, so whoever wrote before collides with it and learns of it."""
        book = self.book
        async with book.lock:
            for tried in range(TRIES):
                await self._catch_up()
                if tried % 10 == 3:  # it writes faster than we read: ask it to put the pen down
                    await self.hall.ear.say(f"fence:{book.attempt}:{book.epoch + 1}")
                if book.sheet.finished or self.ledger.state in ENDED:
                    break
                # Lines this browser made before another one took over must not overwrite that one's answers.
                self._strange = self.device in book.holders and book.holder != self.device
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
        ledger = self.ledger
        over = self.book.sheet.finished or ledger.state in ENDED
        sheet = Sheet() if over else self.book.sheet  # what was answered is no longer for this screen
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
        order = self._order or self._draw()
        self._order, phase = None, self.ledger.phase(hallclock.hall_now())
        await self.tell(protocol.Start(self.form.key, order.order, order.options, phase.remaining_ms))

    def _draw(self) -> ordering.Ordering:
        """This candidate's order of items and options; drawn while he waits, so that the start costs nothing more."""
        assert self.place is not None
        drawn = ordering.permute(self.place.seed, self.form.sections, self.form.counts)
        # Five options have 120 orders: ten thousand who wait share their texts.
        self._order = ordering.Ordering(drawn.order, [intern(order) for order in drawn.options])
        return self._order

    async def _show_end(self) -> None:
        if self._ended:
            return
        self._ended, self.closes_us = True, 0
        if not self.book.sheet.finished:
            async with self.book.lock:
                await self._catch_up()
        state = State.EXPIRED if self.book.sheet.ended_by == BY_CLOCK else State.SUBMITTED
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

    def _stored(self, lines: Any, chains: Any) -> Awaitable[bool]:
        return self.hall.journal.write(self.book.day, lines, chains, self.book.take)

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

    def _why_closed(self) -> Code:
        if self.book.sheet.finished or self.ledger.state in ENDED:
            return Code.FINISHED
        phase = self.ledger.phase(hallclock.hall_now()).state
        if phase == "over":
            return Code.TIME_OVER
        return Code.PAUSED if phase == "paused" else Code.NOT_RUNNING

    def _known(self, item: int | None, response: int | None, kind: int) -> bool:
        """True when the form was handed over here, and has this item with this option."""
        if not self.book.sheet.started:
            return False
        if item is None:
            return True
        options = self.form.options.get(item)
        return options is not None and (kind != Kind.ANSWER or response in options)
