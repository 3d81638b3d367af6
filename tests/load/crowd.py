"""The load generator: many candidates in one process on a light WebSocket client, plain asyncio.

``python -m tests.load.crowd`` reads ``{"host", "port", "origin", "pid", "tickets", "seconds", "warm", "rate",
"items"}`` from standard input and writes one JSON object of figures; ``pid`` is the server whose CPU time is taken
over the same seconds. ``rate`` 0 is the closed loop: each candidate sends its next answer as soon as the last one is
acknowledged.
"""

import asyncio
import base64
import json
import os
import struct
import sys
import time
from pathlib import Path

import uvloop

HEADER = struct.Struct("!BB")


def frame(text: bytes) -> bytes:
    """A masked client frame; the mask is zero, which the protocol allows and costs nothing to make."""
    size = len(text)
    if size < 126:
        return HEADER.pack(0x81, 0x80 | size) + b"\0\0\0\0" + text
    return HEADER.pack(0x81, 0x80 | 126) + struct.pack("!H", size) + b"\0\0\0\0" + text


class Candidate(asyncio.Protocol):
    """One socket; ``on_text`` is called for every text frame of the server."""

    def __init__(self, crowd: "Crowd", which: int) -> None:
        self.crowd, self.which = crowd, which
        self.buffer = b""
        self.upgraded = False
        self.n = 0
        self.sent_at = 0.0
        self.busy = False
        self.started = False

    def connection_made(self, transport) -> None:
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET /ws/ujian/ HTTP/1.1\r\nHost: {self.crowd.host}:{self.crowd.port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Origin: {self.crowd.origin}\r\n\r\n".encode()
        )

    def connection_lost(self, error) -> None:
        self.crowd.lost += 1

    def data_received(self, data: bytes) -> None:
        buffer = self.buffer + data
        if not self.upgraded:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                self.buffer = buffer
                return
            assert buffer.startswith(b"HTTP/1.1 101"), buffer[:200]
            self.upgraded = True
            buffer = buffer[end + 4 :]
            ticket = self.crowd.tickets[self.which]
            self.send(b'{"t":"hello","v":1,"ticket":"%s","device":%d}' % (ticket.encode(), self.which + 1))
        at, size = 0, len(buffer)
        while size - at >= 2:
            length, start = buffer[at + 1] & 0x7F, at + 2
            if length == 126:
                if size - at < 4:
                    break
                length, start = struct.unpack_from("!H", buffer, at + 2)[0], at + 4
            elif length == 127:
                if size - at < 10:
                    break
                length, start = struct.unpack_from("!Q", buffer, at + 2)[0], at + 10
            if size < start + length:
                break
            self.on_text(buffer[start : start + length])
            at = start + length
        self.buffer = buffer[at:]

    def send(self, text: bytes) -> None:
        self.transport.write(frame(text))

    def answer(self) -> None:
        """Send the next answer."""
        item, option = self.crowd.answers[(self.n + self.which) % len(self.crowd.answers)]
        self.n += 1
        self.busy, self.sent_at = True, time.perf_counter()
        self.send(b'{"t":"answer","n":%d,"item":%d,"option":%d,"shown_ms":1000}' % (self.n, item, option))

    def on_text(self, text: bytes) -> None:
        if text.startswith(b'{"t":"saved"'):
            self.crowd.saved(self)
        elif text.startswith(b'{"t":"welcome"'):
            self.n = json.loads(text)["highest_n"]
        elif text.startswith(b'{"t":"start"'):
            self.started = True
            self.crowd.ready += 1
        elif text.startswith(b'{"t":"refused"'):
            self.crowd.refused[text.decode()] = self.crowd.refused.get(text.decode(), 0) + 1
            self.busy = False


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Crowd:
    """All candidates and what they measured."""

    def __init__(self, told: dict) -> None:
        self.host, self.port, self.origin = told["host"], told["port"], told["origin"]
        self.tickets, self.answers = told["tickets"], told["items"]
        self.pid = told["pid"]
        self.seconds, self.warm, self.rate = told["seconds"], told["warm"], told["rate"]
        self.ready = self.lost = self.total = 0
        self.refused: dict[str, int] = {}
        self.times: list[float] = []
        self.counting = self.going = False

    def saved(self, one: Candidate) -> None:
        one.busy = False
        self.total += 1
        if self.counting:
            self.times.append(time.perf_counter() - one.sent_at)
        if self.going and not self.rate:
            one.answer()

    async def run(self) -> dict:
        loop = asyncio.get_running_loop()
        began = time.perf_counter()
        people = []
        for which in range(len(self.tickets)):
            people.append((await loop.create_connection(lambda w=which: Candidate(self, w), self.host, self.port))[1])
            if which % 50 == 49:
                await asyncio.sleep(0.01)
        while self.ready < len(people):
            await asyncio.sleep(0.02)
            assert time.perf_counter() - began < 60, (self.ready, self.lost, self.refused)
        connected = time.perf_counter() - began
        self.going = True
        pace = asyncio.create_task(self._pace(people)) if self.rate else None
        for one in people if not self.rate else ():
            one.answer()
        await asyncio.sleep(self.warm)
        self.counting, before, start, used = True, self.total, time.perf_counter(), cpu_seconds(self.pid)
        await asyncio.sleep(self.seconds)
        took, count, used = time.perf_counter() - start, self.total - before, cpu_seconds(self.pid) - used
        self.counting = self.going = False
        if pace:
            pace.cancel()
        times = sorted(self.times) or [0.0]
        return {
            "connections": len(people), "connected_s": round(connected, 3), "acks_per_s": round(count / took, 1),
            "server_cpu": round(used / took, 3), "acks_per_cpu_s": round(count / used) if used else 0,
            "lost": self.lost, "refused": self.refused,
            **{f"p{p}_ms": round(1000 * times[min(len(times) - 1, len(times) * p // 100)], 2) for p in (50, 95, 99)},
        }  # fmt: skip

    async def _pace(self, people: list[Candidate]) -> None:
        """Offer ``rate`` answers a second, evenly; a candidate that still waits is passed over."""
        start, sent, at = time.perf_counter(), 0, 0
        while True:
            due = int((time.perf_counter() - start) * self.rate)
            while sent < due:
                one = people[at % len(people)]
                at += 1
                sent += 1
                if not one.busy:
                    one.answer()
            await asyncio.sleep(0.001)


if __name__ == "__main__":
    uvloop.install()
    print(json.dumps(asyncio.run(Crowd(json.load(sys.stdin)).run())))
