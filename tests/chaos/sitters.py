"""Simulated candidates that behave as the hall's client does: keep what is not acknowledged, come back, resend.

Each keeps three books: ``acked`` (what it was told is stored), ``waiting`` (made, not yet told), ``refused`` (final
no). What stands in ``acked`` is what may never be missing from the journal.
"""

import asyncio
import base64
import json
import os
import random
import struct
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import Any

from cat_exam import protocol
from tests.load.line import frame

#: Codes after which the content is said again under a new number, as the client does it.
LATER = {"paused", "busy"}  # the same line once more
AGAIN = LATER | {"number_conflict", "number_skipped"}
QUIET, PATIENCE = 10.0, 5.0  # as the client: ask after so much silence, and wait so long for an answer
MOVED_ON = 1012  # the close code of a service that restarts


class Line(asyncio.Protocol):
    """One connection of a sitter, from the upgrade to the end; ``ended`` is set when it is over."""

    def __init__(self, sitter: "Sitter", ticket: str) -> None:
        self.sitter, self.ticket = sitter, ticket
        self.buffer, self.upgraded, self.code = b"", False, 0
        self.ended = asyncio.get_running_loop().create_future()
        self.heard = time.monotonic()
        self.asked = 0.0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        crowd = self.sitter.crowd
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET {protocol.SOCKET_PATH} HTTP/1.1\r\nHost: {crowd.host}:{crowd.port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Origin: {crowd.origin}\r\n\r\n".encode()
        )

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(self.code)

    def data_received(self, data: bytes) -> None:
        self.heard, self.asked = time.monotonic(), 0.0
        self.buffer += data
        if not self.upgraded:
            head, found, rest = self.buffer.partition(b"\r\n\r\n")
            if not found:
                return
            if not head.startswith(b"HTTP/1.1 101"):  # nobody behind the door at the moment
                self.transport.close()
                return
            self.upgraded, self.buffer = True, rest
            hello = protocol.Hello(protocol.VERSION, self.ticket, self.sitter.device)
            self.sitter.asked_at = time.monotonic()
            self.send(protocol.dump(hello).encode())
        self._frames()

    def _frames(self) -> None:
        buffer, at = self.buffer, 0
        while len(buffer) - at >= 2:
            length, start = buffer[at + 1] & 0x7F, at + 2
            if length == 126:
                if len(buffer) - at < 4:
                    break
                length, start = struct.unpack_from("!H", buffer, at + 2)[0], at + 4
            elif length == 127:
                if len(buffer) - at < 10:
                    break
                length, start = struct.unpack_from("!Q", buffer, at + 2)[0], at + 10
            if len(buffer) < start + length:
                break
            self._frame(buffer[at] & 0x0F, buffer[start : start + length])
            at = start + length
        self.buffer = buffer[at:]

    def _frame(self, opcode: int, payload: bytes) -> None:
        if opcode == 1:
            self.sitter.on_text(self, payload)
        elif opcode == 8:
            self.code = struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else 1005
            self.transport.close()
        elif opcode == 9:
            self.transport.write(frame(payload, 10))

    def send(self, text: bytes) -> None:
        self.transport.write(frame(text))

    def look(self, now: float) -> None:
        """A pulled cable closes nothing: silence is asked about, and no answer is a lost connection."""
        if self.asked and now - self.asked > PATIENCE:
            self.transport.abort()
        elif not self.asked and now - self.heard > QUIET:
            self.asked = now
            if self.upgraded:
                self.send(b'{"t":"echo","at":1}')


class Sitter:
    """One candidate at one PC, for as long as the crowd is open."""

    def __init__(self, crowd: "Crowd", which: int, device: int) -> None:
        self.crowd, self.which, self.device = crowd, which, device
        self.n = 0
        self.waiting: dict[int, tuple[int, int]] = {}
        self.made: dict[int, float] = {}
        self.acked: dict[int, tuple[int, int]] = {}
        self.how: dict[int, str] = {}  # by which message a line was acknowledged
        self.refused: dict[int, str] = {}
        self.line: Line | None = None
        self.up = self.running = self.fenced = False
        self.remaining_ms: int | None = None
        self.told_at = self.asked_at = 0.0  # when the server said so; when the last hello was said
        self.welcomed = (0, 0.0, 0.0)  # (remaining milliseconds, not before, not after) of the last welcome
        self.down_at = time.monotonic()
        self.offline: list[float] = []  # seconds without a connection, each time
        self.codes: Counter[int] = Counter()
        self.notices: set[int] = set()

    # --- the connection ----------------------------------------------------------------------------
    async def live(self) -> None:
        """Connected, or on the way back, until the crowd closes."""
        tries = 0
        while self.crowd.going:
            try:
                self.codes[code := await self._once()] += 1
            except (OSError, TimeoutError, ConnectionError):
                code = 0
            tries = 0 if self.up else tries + 1
            if self.up:
                self.up, self.down_at = False, time.monotonic()
            self.line, self.running = None, False
            wait = 2.0 if code == MOVED_ON else min(2.0, 0.3 * 2 ** min(tries, 3))
            await asyncio.sleep(wait * random.random())

    async def _once(self) -> int:
        ticket = await self.crowd.ticket(self.which)
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(5):
            where = (self.crowd.host, self.crowd.port)
            _, line = await loop.create_connection(lambda: Line(self, ticket), *where, local_addr=self.crowd.local)
        self.line = line
        try:
            return await line.ended
        finally:
            line.transport.abort()

    # --- what the server says ----------------------------------------------------------------------
    def on_text(self, line: Line, text: bytes) -> None:
        if line is not self.line:
            return
        message = json.loads(text)
        handler: Callable[[Any], None] | None = getattr(self, f"on_{message['t']}", None)
        self.crowd.heard[message["t"]] += 1
        if handler:
            handler(message)

    def on_welcome(self, m: dict[str, Any]) -> None:
        self.up, self.fenced = True, not m["writer"]
        self.offline.append(time.monotonic() - self.down_at)
        self.remaining_ms, self.told_at = m["remaining_ms"], time.monotonic()
        self.welcomed = (self.remaining_ms or 0, self.asked_at, self.told_at)
        self.running = m["state"] == "running"
        for n in [n for n in self.waiting if n <= m["highest_n"]]:
            self._stored(n, "welcome")
        assert m["highest_n"] <= self.n, "the server knows a line that was never made"
        self.resend()

    def on_saved(self, m: dict[str, Any]) -> None:
        for n in [n for n in self.waiting if n <= m["n"]]:
            self._stored(n, "saved")

    def _stored(self, n: int, how: str) -> None:
        self.how[n] = how
        self.acked[n] = self.waiting.pop(n)
        self.crowd.times.append((self.made.pop(n), time.monotonic()))

    def on_refused(self, m: dict[str, Any]) -> None:
        self.crowd.refused[m["code"]] += 1
        n, code = m["n"], m["code"]
        if code == "read_only":
            self.fenced = True  # what waits stays as it is
        if n is None or n not in self.waiting or self.fenced:
            return
        if code not in AGAIN:
            self.waiting.pop(n), self.made.pop(n)
            self.refused[n] = code
            return
        if code not in LATER:  # a fault of the number itself
            self.n += 1
            self.waiting[self.n], self.made[self.n] = self.waiting.pop(n), self.made.pop(n)
        if code != "paused":  # after a pause everything is sent again with the clock
            asyncio.get_running_loop().call_later(0.1 + random.random(), self.resend)

    def on_clock(self, m: dict[str, Any]) -> None:
        self.remaining_ms, self.told_at = m["remaining_ms"], time.monotonic()
        was, self.running = self.running, m["state"] == "running"
        if self.running and not was:
            self.resend()

    def on_fenced(self, m: dict[str, Any]) -> None:
        self.fenced = True

    def on_notice(self, m: dict[str, Any]) -> None:
        if m["number"] not in self.notices:
            self.notices.add(m["number"])
            self.crowd.told.append((m["number"], self.which, time.monotonic()))

    # --- what the candidate does -------------------------------------------------------------------
    def answer(self) -> None:
        """One click: kept first, sent when there is somebody to send it to. A stopped paper takes no clicks."""
        if len(self.waiting) >= protocol.MAX_BATCH or self.fenced or (self.up and not self.running):
            return
        self.n += 1
        item, option = self.crowd.answers[(self.n + self.which) % len(self.crowd.answers)]
        self.waiting[self.n], self.made[self.n] = (item, option), time.monotonic()
        if self.up and self.line and not self.line.transport.is_closing():
            self.line.send(b'{"t":"answer","n":%d,"item":%d,"option":%d,"shown_ms":1000}' % (self.n, item, option))

    def resend(self) -> None:
        """Everything that waits, in one message."""
        if self.waiting and self.line and self.up and not self.fenced:
            entries = [protocol.Answer(n, item, option, 1000) for n, (item, option) in self.waiting.items()]
            self.line.send(protocol.dump(protocol.Batch(entries)).encode())


class Crowd:
    """All sitters at one door. ``hand_out(whiches)`` gives fresh tickets; it may fail and is asked again."""

    def __init__(
        self, *, port: int, size: int, answers: Sequence[tuple[int, int]],
        hand_out: Callable[[Sequence[int]], dict[int, str]], rate: float, host: str = "127.0.0.1",
        origin: str = "", local: tuple[str, int] | None = None, first: int = 0,
    ) -> None:  # fmt: skip
        self.host, self.port, self.local = host, port, local
        self.origin = origin or f"http://{host}:{port}"
        self.answers, self.hand_out, self.rate = list(answers), hand_out, rate
        self.going = True
        self.times: deque[tuple[float, float]] = deque()  # (made, acknowledged) of each answer
        self.told: list[tuple[int, int, float]] = []
        self.refused: Counter[str] = Counter()
        self.heard: Counter[str] = Counter()
        self.sitters = [Sitter(self, which, 1000 + which) for which in range(first, first + size)]
        self._asked: dict[int, asyncio.Future[str]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self.answering = False

    async def start(self, seconds: float = 60) -> None:
        """Everybody in, with the paper open."""
        self._tasks = [asyncio.create_task(self._tickets()), asyncio.create_task(self._watch())]
        self._tasks += [asyncio.create_task(sitter.live()) for sitter in self.sitters]
        await self.until(lambda: all(s.running for s in self.sitters), seconds, "everybody is in")
        self.answering = True
        self._tasks.append(asyncio.create_task(self._pace()))

    async def until(self, true: Callable[[], bool], seconds: float, what: str) -> float:
        """Seconds until ``true`` held."""
        began = time.monotonic()
        while not true():
            for task in self._tasks:
                if task.done() and not task.cancelled() and task.exception():
                    raise task.exception()  # type: ignore[misc]
            if time.monotonic() - began > seconds:
                state = Counter((s.up, s.running, len(s.waiting) > 0) for s in self.sitters)
                raise AssertionError(f"not within {seconds} s: {what}; (up, running, waits) {state}; {self.refused}")
            await asyncio.sleep(0.01)
        return time.monotonic() - began

    async def drain(self, seconds: float = 30) -> float:
        """Nobody answers any more; seconds until nothing waits."""
        self.answering = False
        return await self.until(lambda: not any(s.waiting for s in self.sitters), seconds, "nothing waits")

    async def stop(self) -> None:
        """Everybody leaves."""
        self.going = self.answering = False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for sitter in self.sitters:
            if sitter.line:
                sitter.line.transport.abort()

    async def ticket(self, which: int) -> str:
        """A fresh ticket for a place, asked for together with everybody who asks at this moment."""
        if which not in self._asked:
            self._asked[which] = asyncio.get_running_loop().create_future()
        return await self._asked[which]

    async def _tickets(self) -> None:
        while True:
            await asyncio.sleep(0.05)
            asked, self._asked = self._asked, {}
            if not asked:
                continue
            try:
                found = await asyncio.to_thread(self.hand_out, list(asked))
            except OSError:  # whoever hands them out is away: asked again
                self._asked = asked | self._asked
                continue
            for which, future in asked.items():
                future.set_result(found[which])

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(1)
            now = time.monotonic()
            for sitter in self.sitters:
                if sitter.line:
                    sitter.line.look(now)

    async def _pace(self) -> None:
        start, made, turn = time.monotonic(), 0, 0
        while True:
            due = int((time.monotonic() - start) * self.rate)
            while made < due:
                made += 1
                if self.answering:
                    self.sitters[turn % len(self.sitters)].answer()
                    turn += 1
            await asyncio.sleep(0.005)

    # --- what came out -----------------------------------------------------------------------------
    def acked(self) -> dict[tuple[int, int], tuple[int, int]]:
        """(place, n) → (item, option) of everything that was acknowledged."""
        return {(s.which, n): content for s in self.sitters for n, content in s.acked.items()}

    def clocks(self) -> dict[int, tuple[int, float, float]]:
        """What each place was told when it came in last: (remaining milliseconds, not before, not after)."""
        return {s.which: s.welcomed for s in self.sitters}

    def late_after(self, moment: float) -> float:
        """Seconds from ``moment`` until the last answer made before it was acknowledged; 0 when all were already."""
        return max((done - moment for made, done in self.times if made <= moment < done), default=0.0)
