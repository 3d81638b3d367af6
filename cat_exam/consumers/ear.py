"""One Pub/Sub subscription a process: it wakes the readers of notices, and survives any loss of Valkey."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

import redis.asyncio
from django.conf import settings
from redis.exceptions import RedisError

from cat_exam.actions.wake import channel

log = logging.getLogger(__name__)

POLL_DEAF = 1.0  # seconds between readings while nobody wakes us
POLL_SAFE = 5.0  # and while somebody does: a lost wake-up must not be lost for good
SILENCE = 5.0  # after this long without a word the line itself is tested


class Ear:
    """``on_word(text)`` for each message on the channel, ``on_tick()`` when everything should be read again."""

    def __init__(self, on_word: Callable[[str], None], on_tick: Callable[[], None]) -> None:
        self._on_word, self._on_tick = on_word, on_tick
        self._client: Any = redis.asyncio.Redis.from_url(
            settings.VALKEY_URL, decode_responses=True, socket_connect_timeout=2, socket_timeout=None
        )
        self._channel = channel(settings.VALKEY_URL)
        self.hears = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Listen and tick in the running loop, until :meth:`close`."""
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._tick())]

    async def close(self) -> None:
        """Stop both tasks and leave Valkey."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(RedisError, OSError):
            await self._client.aclose()

    async def say(self, *words: str) -> None:
        """Publish; a Valkey that is away costs its listeners a second, nothing else."""
        try:
            async with asyncio.timeout(1):
                for word in words:
                    await self._client.publish(self._channel, word)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("notices: nobody could be woken: %s", type(error).__name__)

    async def note(self, key: str, facts: dict[str, str]) -> None:
        """Keep advisory facts (who is connected) for a day; lost with Valkey, and no harm done."""
        try:
            async with asyncio.timeout(1):
                await self._client.hset(key, mapping=facts)
                await self._client.expire(key, 86_400)
        except (RedisError, OSError, TimeoutError):
            log.warning("presence: not noted")

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(POLL_DEAF)
            waited = POLL_DEAF
            while self.hears and waited < POLL_SAFE:
                await asyncio.sleep(POLL_DEAF)
                waited += POLL_DEAF
            self._on_tick()

    async def _listen(self) -> None:
        wait = 0.1
        while True:
            try:
                async with self._client.pubsub() as line:
                    await line.subscribe(self._channel)
                    wait = 0.1
                    await self._hear(line)
            except (RedisError, OSError, TimeoutError) as error:
                if self.hears:
                    log.warning("notices: Valkey is away (%s); reading every second", type(error).__name__)
                self.hears = False
                await asyncio.sleep(wait)
                wait = min(wait * 2, 1.0)

    async def _hear(self, line: Any) -> None:
        """Until the line breaks; a line that does not even answer a ping within a second is broken."""
        asked = False
        while True:
            message = await line.get_message(timeout=1.0 if asked else SILENCE)
            if message is None:
                if asked:
                    raise TimeoutError
                asked = True
                await line.ping()
                continue
            asked = False
            if message["type"] == "subscribe":
                self.hears = True
                self._on_tick()  # what was said while we were deaf
            elif message["type"] == "message":
                self._on_word(message["data"])
