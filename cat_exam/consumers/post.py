"""A socket's stand-in where WebSockets are blocked: one request carries the same frames, and ends like a lost line.

Nothing is decided here. The frames pass through :class:`~cat_exam.consumers.candidate.CandidateConsumer`, so ticket,
pen, journal and words are the socket's own, and it does not matter by which way a line came.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

from cat_exam.consumers.candidate import CandidateConsumer
from cat_exam.consumers.hall import Hall

LINGER = 0.25  # seconds in which the hall may still say something (the sealed score) after the last frame
STAYS = 8.0  # seconds a candidate counts as connected after a request: the browser comes every two


async def exchange(scope: Any, frames: Sequence[str]) -> tuple[list[str], int | None]:
    """What the hall answers to ``frames`` of one candidate, and the close code if it ended the exchange itself."""
    post = _Post(frames)
    await CandidateConsumer(scope, post.receive, post.send, Hall.here(), stays=STAYS).run()
    return post.answers, post.code


class _Post:
    def __init__(self, frames: Sequence[str]) -> None:
        said = [{"type": "websocket.receive", "text": frame} for frame in frames]
        self._events = iter([{"type": "websocket.connect"}, *said])
        self._over = asyncio.Event()
        self.answers: list[str] = []
        self.code: int | None = None

    async def receive(self) -> dict[str, Any]:
        event = None if self._over.is_set() else next(self._events, None)
        if event is not None:
            return event
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), LINGER)
        return {"type": "websocket.disconnect"}

    async def send(self, event: dict[str, Any]) -> None:
        if event["type"] == "websocket.send":
            self.answers.append(event["text"])
        elif event["type"] == "websocket.close":
            self.code = event["code"]
            self._over.set()
