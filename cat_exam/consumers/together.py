"""One query for everybody who asks at the same moment."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import psycopg

from cat_exam.database import Connection, connect

Asked = TypeVar("Asked")
Given = TypeVar("Given")


class Together(Generic[Asked, Given]):
    """Calls ``work(connection, asked)`` for all who came while the last call ran; the connection is its own.

    ``work`` gives one answer for each question, in order. A broken connection is replaced once; a second failure
    reaches everybody who waited.
    """

    def __init__(
        self, work: Callable[[Connection, Sequence[Asked]], Awaitable[Sequence[Given]]], *, most: int = 500
    ) -> None:
        self._work, self._most = work, most
        self._waiting: list[tuple[Asked, asyncio.Future[Given]]] = []
        self._task: asyncio.Task[None] | None = None
        self._connection: Connection | None = None

    async def __call__(self, asked: Asked) -> Given:
        future: asyncio.Future[Given] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                answers = await self._answered([asked for asked, _ in batch])
            except (psycopg.Error, OSError, RuntimeError) as error:
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), answer in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(answer)

    async def _answered(self, asked: Sequence[Asked]) -> Sequence[Given]:
        try:
            return await self._work(await self._connected(), asked)
        except (psycopg.OperationalError, psycopg.InterfaceError, OSError):
            await self.close()
            return await self._work(await self._connected(), asked)

    async def _connected(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = await connect()
        return self._connection

    async def close(self) -> None:
        """Close the connection; the next call opens a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await connection.close()
