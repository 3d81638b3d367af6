"""A candidate's browser for tests: a real socket that speaks the protocol, and nothing of the client's own code."""

import asyncio
import os
from types import TracebackType
from typing import Any, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from cat_exam import protocol
from cat_exam.protocol import dump, parse_server

Message = TypeVar("Message")


class Wire:
    """``async with Wire(url, origin) as wire:`` then ``await wire.hello(ticket)``; messages are kept in ``heard``."""

    def __init__(self, ws_url: str, origin: str | None, device: int | None = None) -> None:
        self.url, self.origin = ws_url + protocol.SOCKET_PATH, origin
        self.device = device or int.from_bytes(os.urandom(3)) + 1
        self.heard: list[Any] = []
        self.frames: list[str] = []
        self.n = 0

    async def __aenter__(self) -> "Wire":
        self.socket: ClientConnection = await connect(
            self.url, origin=self.origin, compression=None, max_size=None, ping_interval=None, open_timeout=20,
            proxy=None,
        )  # fmt: skip
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:  # fmt: skip
        self.socket.transport.abort()

    async def say(self, message: Any) -> None:
        await self.socket.send(message if isinstance(message, str) else dump(message))

    async def next(self, seconds: float = 10) -> Any:
        async with asyncio.timeout(seconds):
            frame = await self.socket.recv()
        assert isinstance(frame, str)
        self.frames.append(frame)
        message = parse_server(frame)
        self.heard.append(message)
        return message

    async def until(self, kind: type[Message], seconds: float = 10) -> Message:
        """The next message of ``kind``; what comes before it is only kept."""
        async with asyncio.timeout(seconds):
            while True:
                message = await self.next(seconds)
                if isinstance(message, kind):
                    return message

    async def told(self, kind: type[Message], seconds: float = 10) -> Message:
        """A message of ``kind``, whether it was heard already or still comes."""
        return next((one for one in self.heard if isinstance(one, kind)), None) or await self.until(kind, seconds)

    async def hello(self, ticket: str, v: int = protocol.VERSION) -> protocol.Welcome:
        await self.say(protocol.Hello(v, ticket, self.device))
        welcome = await self.until(protocol.Welcome)
        self.n = welcome.highest_n
        return welcome

    async def answer(self, item: int, option: int, shown_ms: int = 1000) -> Any:
        """Send an answer; the ``Saved`` or ``Refused`` that belongs to it."""
        self.n += 1
        await self.say(protocol.Answer(self.n, item, option, shown_ms))
        return await self.decided(self.n)

    async def decided(self, n: int) -> Any:
        while True:
            message = await self.next()
            if isinstance(message, protocol.Saved) and message.n >= n:
                return message
            if isinstance(message, protocol.Refused) and message.n in {n, None}:
                return message

    async def closed(self, seconds: float = 10) -> int | None:
        """Read to the end; the close code."""
        try:
            while True:
                await self.next(seconds)
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else None
