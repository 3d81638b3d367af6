"""The live board: a process of its own, without keys and without a database, that shows what the scorer tells it.

It imports the wire and nothing else of the house. One feed comes in over a Unix socket (``CAT_BOARD_FEED``); pages,
cached bytes and listening sockets go out. When the feed falls silent, the last picture stays.
"""

import asyncio
import contextlib
import gzip
import json
import logging
import os
import time
from collections import deque
from collections.abc import Awaitable, Callable
from html import escape
from pathlib import Path
from typing import Any

from cat_exam.protocol import BadFrame
from cat_exam.protocol import board as wire

log = logging.getLogger("cat_exam.board")

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

FILES = Path(__file__).parent / "static" / "cat_exam" / "board"
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html"}
REMEMBERED = 30  # deltas a viewer may have missed; beyond that the whole picture is sent
CACHED = b"public, max-age=1"
ENTRY = '<li><a href="/papan/{}/">{}<small>{}</small></a></li>'
POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    b" base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Room:
    """The board of one exam: the last full picture, kept up to date, and the deltas since."""

    def __init__(self) -> None:
        self.full: wire.Full | None = None
        self.last: wire.Full | wire.Delta | None = None
        self.rows: dict[int, wire.Row] = {}
        self.n = self.version = 0
        self.gone = False
        self._frames: deque[tuple[int, str]] = deque(maxlen=REMEMBERED)
        self._moved = asyncio.Event()
        self._whole: tuple[int, str, bytes] | None = None

    def take(self, message: wire.Full | wire.Delta, frame: str) -> None:
        """Apply a message; a delta whose number does not follow is dropped, the next full picture mends it.

        A full picture that follows without a gap is told to viewers as what it changes, not as a whole.
        """
        follows = self.full is not None and message.n == self.n + 1
        if isinstance(message, wire.Full):
            rows = {row.place: row for row in message.rows}
            follows = follows and rows.keys() >= self.rows.keys()
            changed = [row for row in message.rows if self.rows.get(row.place) != row]
            news = wire.Delta(message.n, message.exam, message.at, message.remaining_ms, message.state, changed)
            self.full, self.rows, frame = message, rows, wire.dump(news)
        elif follows:
            self.rows |= {row.place: row for row in message.rows}
        else:
            return
        self.version += 1 if follows else 2  # a viewer of the version before the gap finds no way over it
        if follows:
            self._frames.append((self.version, frame))
        self.n, self.last = message.n, message
        self._wake()

    def end(self) -> None:
        """Nobody shows this board any more: its viewers are sent away."""
        self.gone = True
        self._wake()

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    def whole(self) -> tuple[str, bytes]:
        """The picture as it is now, as text and as gzip; made once per message, whoever asks."""
        assert self.full is not None and self.last is not None
        if self._whole is None or self._whole[0] != self.version:
            now, full = self.last, self.full
            picture = wire.Full(self.n, full.exam, full.title, full.place, full.zone, now.at, now.remaining_ms,
                                now.state, full.sections, list(self.rows.values()))  # fmt: skip
            text = wire.dump(picture)
            self._whole = (self.version, text, gzip.compress(text.encode(), 6))
        return self._whole[1], self._whole[2]

    def since(self, n: int) -> list[str]:
        """Frames that bring a viewer from version ``n`` to the present: deltas while remembered, else all."""
        if n == self.version:
            return []
        known = [frame for version, frame in self._frames if version > n]
        return known if len(known) == self.version - n else [self.whole()[0]]

    async def moved(self) -> None:
        """Returns when something changed."""
        await self._moved.wait()


class Board:
    """All rooms of this process, and the feed that fills them."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self._server: asyncio.AbstractServer | None = None

    async def listen(self, path: str) -> None:
        """Open the feed at ``path``; only the owner of the process may write to it."""
        with contextlib.suppress(FileNotFoundError):
            Path(path).unlink()
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._hear, path, limit=wire.MAX_FRAME)
        finally:
            os.umask(before)

    async def close(self) -> None:
        """Close the feed."""
        if self._server:
            self._server.close()

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async for frame in reader:
                self.take(frame.decode().rstrip("\n"))
        except (BadFrame, ValueError, ConnectionError) as error:
            log.warning("board: the feed is cut off: %s", error)
        finally:
            writer.close()

    def take(self, frame: str) -> None:
        """Apply one frame of the feed; raises :class:`BadFrame` when it is none."""
        message = wire.parse(frame)
        if isinstance(message, wire.Gone):
            room = self.rooms.pop(message.exam, None)
            if room:
                room.end()
        else:
            self.rooms.setdefault(message.exam, Room()).take(message, frame)


def read_files() -> dict[str, tuple[bytes, bytes]]:
    """Content type and bytes of the board's own files, by name."""
    return {path.name: (KINDS[path.suffix].encode() + b"; charset=utf-8", path.read_bytes())
            for path in FILES.iterdir() if path.suffix in KINDS}  # fmt: skip


class Application:
    """The ASGI application: ``/papan/`` and the sockets under ``/ws/papan/``."""

    def __init__(self) -> None:
        self.board = Board()
        self.files = read_files()
        self.began = time.time_ns()  # versions start again with the process

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._page(scope, send)
        else:
            await self._socket(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self.board.listen(os.environ["CAT_BOARD_FEED"])
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.board.close()
        await send({"type": "lifespan.shutdown.complete"})

    # --- pages and bytes ---------------------------------------------------------------------------
    async def _page(self, scope: dict[str, Any], send: Send) -> None:
        parts = scope["path"].strip("/").split("/")
        if scope["method"] not in {"GET", "HEAD"} or parts[0] != "papan":
            return await _answer(send, 404, b"text/plain", b"")
        match parts[1:]:
            case []:
                kind, page = self.files["index.html"]
                return await _answer(send, 200, kind, page.replace(b"<!-- boards -->", self._list()))
            case ["sehat"]:
                told = json.dumps({"boards": len(self.board.rooms)})
                return await _answer(send, 200, b"application/json", told.encode())
            case ["berkas", name] if name in self.files:
                return await _answer(send, 200, *self.files[name], cache=b"public, max-age=300")
            case [reference] if reference in self.board.rooms:
                return await _answer(send, 200, *self.files["board.html"], cache=b"public, max-age=60")
            case [reference, "keadaan"] if reference in self.board.rooms:
                return await self._state(self.board.rooms[reference], scope, send)
        kind, page = self.files["missing.html"]
        return await _answer(send, 404, kind, page)

    def _list(self) -> bytes:
        rooms = sorted((room.full for room in self.board.rooms.values() if room.full), key=lambda full: full.place)
        items = [ENTRY.format(*map(escape, (full.exam, full.place, full.title))) for full in rooms]
        none = "<li>Belum ada papan skor yang dibuka. Muat ulang halaman ini setelah ujian dimulai.</li>"
        return ("".join(items) or none).encode()

    async def _state(self, room: Room, scope: dict[str, Any], send: Send) -> None:
        headers = dict(scope["headers"])
        tag = b'"%d-%d"' % (self.began, room.version)
        if headers.get(b"if-none-match") == tag:
            return await _answer(send, 304, b"application/json", b"", cache=CACHED, extra=[(b"etag", tag)])
        text, packed = room.whole()
        extra = [(b"etag", tag), (b"vary", b"accept-encoding")]
        if b"gzip" in headers.get(b"accept-encoding", b""):
            body, extra = packed, [*extra, (b"content-encoding", b"gzip")]
        else:
            body = text.encode()
        return await _answer(send, 200, b"application/json", body, cache=CACHED, extra=extra)

    # --- listening sockets -------------------------------------------------------------------------
    async def _socket(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        parts = scope["path"].strip("/").split("/")
        room = self.board.rooms.get(parts[2]) if parts[:2] == ["ws", "papan"] and len(parts) == 3 else None
        await receive()
        if room is None:
            return await send({"type": "websocket.close", "code": 4404})
        await send({"type": "websocket.accept"})
        show = asyncio.create_task(_show(room, send))
        try:
            while (await receive())["type"] != "websocket.disconnect":
                pass  # viewers have nothing to say
        finally:
            show.cancel()
            await asyncio.gather(show, return_exceptions=True)


async def _show(room: Room, send: Send) -> None:
    """Tell one viewer everything, then each change; who is slow gets several changes at once."""
    n = 0
    while not room.gone:
        frames, n = room.since(n), room.version
        for frame in frames:
            await send({"type": "websocket.send", "text": frame})
        if n == room.version:
            await room.moved()
    await send({"type": "websocket.close", "code": 4410})


async def _answer(
    send: Send, status: int, kind: bytes, body: bytes, *, cache: bytes = b"no-cache",
    extra: "list[tuple[bytes, bytes]] | None" = None,
) -> None:  # fmt: skip
    headers = [
        (b"content-type", kind), (b"content-length", b"%d" % len(body)), (b"cache-control", cache),
        (b"content-security-policy", POLICY), (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"), *(extra or []),
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


application = Application()
