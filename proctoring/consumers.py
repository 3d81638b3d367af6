"""The listening socket of a room screen: one reader per exam and process, at most one frame a second each."""

import asyncio
import logging
import time
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils.translation import gettext as _

from cat_exam.hallclock import hall_now
from cat_exam.models import Exam
from core.access import SECOND_FACTOR
from core.models import User
from proctoring import protocol, queries

log = logging.getLogger(__name__)

_hubs: dict[Any, "Hub"] = {}


class Hub:
    """Reads one room while anybody listens and tells each listener what changed."""

    def __init__(self, exam: Exam) -> None:
        self.exam = exam
        self.members: set[RoomConsumer] = set()
        self.last: protocol.Full | None = None
        self.task: asyncio.Task[None] | None = None

    def join(self, member: "RoomConsumer") -> None:
        self.members.add(member)
        if self.task is None:
            self.task = asyncio.create_task(self._run(), name=f"room {self.exam.reference}")

    def leave(self, member: "RoomConsumer") -> None:
        self.members.discard(member)
        if not self.members:
            _hubs.pop(self.exam.pk, None)
            if self.task:
                self.task.cancel()

    async def _run(self) -> None:
        while self.members:
            began = time.monotonic()
            try:
                await self._look()
            except Exception:  # the outermost door of this job: a lost database must not end the screen
                log.exception("the room %s could not be read", self.exam.reference)
            # A slow database is not asked more often than it can bear: a fifth of the time at most.
            await asyncio.sleep(max(protocol.PACE_SECONDS, 4 * (time.monotonic() - began)))

    def _read(self) -> protocol.Full:
        return queries.read_room(self.exam, hall_now())

    async def _look(self) -> None:
        now = await database_sync_to_async(self._read)()
        change = protocol.changes(self.last, now) if self.last else None
        self.last = now
        frame = protocol.dump(change) if change else ""
        whole = ""
        for member in list(self.members):
            if member.is_new:
                whole = whole or protocol.dump(now)
                member.is_new = False
                await member.send(whole)
            elif frame:
                await member.send(frame)


def _signed_out() -> tuple[protocol.Refused, int]:
    words = _("Masuklah lagi untuk melihat ruang ini.")
    return protocol.Refused("signed_out", words), protocol.Close.NOT_SIGNED_IN


class RoomConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """A staff member who watches one room; whatever the browser says is ignored."""

    is_new = True
    hub: Hub | None = None
    watch: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        await self.accept()
        exam = await self._allowed()
        if exam is None:
            return
        self.hub = _hubs.setdefault(exam.pk, Hub(exam))
        self.hub.join(self)
        self.watch = asyncio.create_task(self._look_again(), name=f"right to watch {exam.reference}")

    async def disconnect(self, code: int) -> None:
        if self.hub:
            self.hub.leave(self)
        if self.watch:
            self.watch.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """This socket only listens."""

    async def _look_again(self) -> None:
        """A role taken away, a session ended: the screen ends within half a minute."""
        while True:
            await asyncio.sleep(protocol.RECHECK_SECONDS)
            if await self._allowed() is None:
                return

    async def _allowed(self) -> Exam | None:
        """The exam this person may watch now; otherwise the socket is refused in words and closed."""
        found = await database_sync_to_async(self._look_up)()
        if isinstance(found, Exam):
            return found
        frame, code = found
        await self.send(protocol.dump(frame))
        await self.close(int(code))  # servers take a plain integer only
        return None

    def _look_up(self) -> Exam | tuple[protocol.Refused, int]:
        session, user = self.scope["session"], self.scope["user"]
        if not session.exists(session.session_key or ""):
            return _signed_out()
        person = User.objects.filter(pk=user.pk).first() if user.is_authenticated else None
        if person is None or not person.is_staff or not session.get(SECOND_FACTOR):
            return _signed_out()
        exam = queries.exam_for(person, self.scope["url_route"]["kwargs"]["reference"])
        if exam is None:
            return protocol.Refused("not_your_room", _("Ruang ini bukan tugas Anda.")), protocol.Close.NOT_ALLOWED
        return exam
