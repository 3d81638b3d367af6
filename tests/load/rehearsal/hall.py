"""A candidate at a PC of the hall: card and PIN, socket, encrypted paper, 110 answers, the score."""

import asyncio
import base64
import gzip
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cat_exam import protocol
from tests.load.rehearsal.applicant import Candidate
from tests.load.rehearsal.browser import Browser, Stuck
from tests.load.rehearsal.oracle import Oracle, decide

SCALED = "TKP"


@dataclass(slots=True)
class Tally:
    """What all candidates of a rehearsal sent and were told, added up."""

    sent: int = 0
    acknowledged: int = 0
    resent: int = 0
    dropped: int = 0
    latency: list[float] = field(default_factory=list)
    turned_away: Counter[int] = field(default_factory=Counter)  # by HTTP status
    expected: dict[str, dict[int, int]] = field(default_factory=dict)


class Seat:
    """One candidate's browser in the hall; what is not acknowledged is kept and sent again."""

    def __init__(self, who: Candidate, computer: Browser, oracle: Oracle, tally: Tally, seed: int) -> None:
        self.who, self.computer, self.oracle, self.tally, self.seed = who, computer, oracle, tally, seed
        self.origin = computer.origin
        self.device = 1 + who.person.which
        self.waiting: dict[int, tuple[Any, float]] = {}
        self.n = 0
        self.last: dict[int, int] = {}
        self.score: dict[str, Any] | None = None
        self.ended = asyncio.Event()
        self.started: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.welcomed: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.socket: aiohttp.ClientWebSocketResponse | None = None
        self.reader: asyncio.Task[None] | None = None

    # --- coming in ----------------------------------------------------------------------------------
    async def come_in(self) -> None:
        """Enter with card and PIN, connect, take the oath."""
        page = await self.computer.fill("/ujian/", {"card_number": self.who.card, "pin": self.who.pin})
        if not page.url.endswith("/ujian/ruang-tunggu/"):
            raise Stuck(f"{self.who.person.name}: not let in: {page.said()}")
        self.csrf = page.tree.xpath("//*[@name='csrfmiddlewaretoken']/@value | //*[@data-csrf]/@data-csrf")[0]
        await self.connect()
        await self.say(protocol.Oath())

    async def connect(self) -> None:
        """A fresh ticket, a socket, hello; then everything that was not acknowledged in one batch."""
        session = self.computer.session
        headers = {"X-CSRFToken": self.csrf, "Origin": self.origin, "Referer": self.origin + "/ujian/"}
        async with session.post(self.origin + protocol.TICKET_PATH, headers=headers) as answer:
            if answer.status != 200:
                raise Stuck(f"{self.who.person.name}: no ticket: {answer.status} {(await answer.text())[:200]}")
            ticket = (await answer.json())["ticket"]
        self.welcomed = asyncio.get_running_loop().create_future()
        address = self.origin.replace("http", "ws", 1) + protocol.SOCKET_PATH
        self.socket = await session.ws_connect(address, origin=self.origin, max_msg_size=0)
        await self.socket.send_str(protocol.dump(protocol.Hello(protocol.VERSION, ticket, self.device)))
        self.reader = asyncio.create_task(self._read(self.socket))
        told = await asyncio.wait_for(self.welcomed, 60)
        self._drop(told["highest_n"])
        if self.waiting:
            self.tally.resent += len(self.waiting)
            await self.say(protocol.Batch([entry for entry, _at in self.waiting.values()]))

    async def say(self, message: Any) -> None:
        """Send one message."""
        assert self.socket is not None
        await self.socket.send_str(protocol.dump(message))

    async def drop(self) -> None:
        """Pull the cable: the socket is gone without a goodbye."""
        assert self.socket is not None
        self.tally.dropped += 1
        if self.reader is not None:
            self.reader.cancel()
        response = self.socket._response
        if response.connection is not None and response.connection.transport is not None:
            response.connection.transport.abort()

    # --- listening ----------------------------------------------------------------------------------
    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            if frame.type is aiohttp.WSMsgType.TEXT:
                self._hear(json.loads(frame.data))

    def _hear(self, message: dict[str, Any]) -> None:
        kind = message["t"]
        if kind == "saved":
            self._drop(message["n"])
        elif kind == "welcome" and not self.welcomed.done():
            self.welcomed.set_result(message)
        elif kind == "start" and not self.started.done():
            self.started.set_result(message)
        elif kind == "score":
            self.score = message
            self.ended.set()
        elif kind == "refused" and message["code"] not in {"time_over", "finished"}:
            raise Stuck(f"{self.who.person.name}: refused {message}")

    def _drop(self, upto: int) -> None:
        now = time.perf_counter()
        for n in [n for n in self.waiting if n <= upto]:
            _entry, at = self.waiting.pop(n)
            self.tally.acknowledged += 1
            self.tally.latency.append(now - at)

    # --- the exam -----------------------------------------------------------------------------------
    async def paper(self) -> list[dict[str, Any]]:
        """The encrypted form, fetched while waiting; opened with the key of the start; in the shown order."""
        told = self.welcomed.result()
        body = await self._bundle(told["bundle"]["url"])
        if sha256(body).hexdigest() != told["bundle"]["sha256"]:
            raise Stuck("the bundle changed on its way")
        start = await self.started
        plain = gzip.decompress(AESGCM(base64.b64decode(start["key"])).decrypt(body[:12], body[12:], None))
        items = json.loads(plain)["items"]
        return [
            items[place] | {"options": [items[place]["options"][int(digit)] for digit in digits]}
            for place, digits in zip(start["order"], start["options"], strict=True)
        ]

    async def _bundle(self, url: str) -> bytes:
        """Its bytes; a server that is too busy is asked again after three seconds, as the real client does."""
        for _ in range(20):
            async with self.computer.session.get(self.origin + url) as answer:
                body = await answer.read()
            if answer.status == 200:
                return body
            self.tally.turned_away[answer.status] += 1
            await asyncio.sleep(3)
        raise Stuck(f"the bundle cannot be had: {dict(self.tally.turned_away)}")

    async def sit(self, pace: float) -> None:
        """Answer every item, ``pace`` seconds apart; then finish, or let the time run out."""
        items = await self.paper()
        places: dict[str, int] = {}
        breaks = len(items) // 2 if self.who.person.fate == "drops" else -1
        for number, item in enumerate(items):
            places[item["section"]] = places.get(item["section"], 0) + 1
            if number == breaks:
                await self.drop()
            option = self._decide(item, places[item["section"]])
            if option is not None:
                await self._answer(item["id"], option)
            if number == breaks + 3 and breaks >= 0:
                await self.connect()
            await asyncio.sleep(pace)
        await self._leave()

    def _decide(self, item: dict[str, Any], place: int) -> int | None:
        options = {one["id"]: one["html"] for one in item["options"]}
        points = self.oracle.of(item["stem"], options)
        person = self.who.person
        dice = person.chance(self.seed, item["section"], place)
        option = decide(points, scaled=item["section"] == SCALED, ability=person.ability, care=person.care, dice=dice)
        if option is not None:
            won = self.tally.expected.setdefault(self.who.card, {})
            won[item["id"]] = points[option]
            self.last[item["id"]] = option
        return option

    async def _answer(self, item: int, option: int) -> None:
        self.n += 1
        entry = protocol.Answer(self.n, item, option, 1500)
        self.waiting[self.n] = (entry, time.perf_counter())
        self.tally.sent += 1
        if self.socket is not None and not self.socket.closed:
            try:
                await self.say(entry)
            except ConnectionError:
                return  # kept in ``waiting`` and sent again after the reconnect

    async def _leave(self) -> None:
        for _wait in range(600):
            if not self.waiting:
                break
            await asyncio.sleep(0.1)
        if self.who.person.fate != "lingers":
            self.n += 1
            await self.say(protocol.Finish(self.n))
