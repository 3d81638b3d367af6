"""Viewers of the live board in one process: when each of them heard a message.

``python -m tests.load.viewers`` reads one JSON object (``port``, ``path``, ``size``) from standard input and answers
with one JSON line once everybody has the whole picture. Then each line of standard input is the number of a message
to wait for; the answers are ``listening`` and, when everybody heard it, one JSON line with the first and the last
moment of ``CLOCK_MONOTONIC``. An empty line is the end.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable

import uvloop

from tests.load.line import Line, raise_file_limit

PATIENCE = 120


class Viewer(Line):
    """Looks, and never says a word."""

    def __init__(self, hall: "Viewers") -> None:
        super().__init__("127.0.0.1", "http://127.0.0.1", hall.path)
        self.hall, self.known = hall, False

    def connection_lost(self, error: Exception | None) -> None:
        self.hall.lost += 1

    def on_text(self, text: bytes) -> None:
        if not self.known:
            assert text.startswith(b'{"t":"full"'), text[:80]
            self.known = True
            self.hall.there += 1
        elif text.startswith(self.hall.awaited):
            self.hall.heard.append(time.monotonic())


class Viewers:
    """Everybody before the board."""

    def __init__(self, port: int, path: str, size: int) -> None:
        self.port, self.path, self.size = port, path, size
        self.there = self.lost = 0
        self.awaited = b"nothing yet"
        self.heard: list[float] = []

    async def come(self) -> float:
        """Connect, some at a time; seconds until everybody has seen the picture."""
        loop, began = asyncio.get_running_loop(), time.monotonic()
        for which in range(self.size):
            await loop.create_connection(lambda: Viewer(self), "127.0.0.1", self.port)
            if which % 50 == 49:
                await asyncio.sleep(0.01)
        await self._until(lambda: self.there >= self.size)
        return time.monotonic() - began

    async def hear(self, n: int) -> dict[str, float]:
        """Wait until everybody heard message ``n``."""
        await self._until(lambda: len(self.heard) >= self.size)
        return {"n": n, "first": min(self.heard), "last": max(self.heard), "lost": self.lost}

    async def _until(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            await asyncio.sleep(0.005)
            assert time.monotonic() < end and not self.lost, (self.there, len(self.heard), self.lost)


async def main() -> None:
    loop = asyncio.get_running_loop()
    viewers = Viewers(**json.loads(await loop.run_in_executor(None, sys.stdin.readline)))
    print(json.dumps({"connected_s": await viewers.come()}), flush=True)
    while number := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        viewers.heard, viewers.awaited = [], b'{"t":"delta","n":%d,' % int(number)
        print("listening", flush=True)
        print(json.dumps(await viewers.hear(int(number))), flush=True)


if __name__ == "__main__":
    raise_file_limit()
    uvloop.install()
    asyncio.run(main())
