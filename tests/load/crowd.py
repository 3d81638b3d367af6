"""The load generator: many candidates in one process on a light WebSocket client, plain asyncio.

``python -m tests.load.crowd`` reads one JSON object from standard input and writes one of figures. ``kind`` says what
the candidates do once everybody who has to be there is there:

``answers``  for ``seconds`` (after ``warm``): with ``rate`` 0 each sends its next answer as soon as the last one is
             acknowledged (the closed loop), otherwise ``rate`` answers a second are offered evenly;
``arrive``   all connect within ``arrive`` seconds and then answer once in ``every`` seconds each, as people do;
``start``    wait for the start of the exam: a line ``ready`` on standard error, then the moment of each key;
``idle``     stay connected and silent until standard input says ``done``;
``message``  wait for one message of the room: ``ready`` on standard error, then the moment each one heard it.

``pids`` are the servers whose CPU time is taken over the same seconds, with the present children of ``families``;
``ports`` are shared out evenly. Moments are
``CLOCK_MONOTONIC``, which all processes of a machine share.
"""

import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvloop

from tests.load.line import Line, raise_file_limit

PATIENCE = 120  # seconds until everybody has to be there


class Candidate(Line):
    """One candidate's socket."""

    def __init__(self, crowd: "Crowd", which: int) -> None:
        super().__init__(crowd.host, crowd.origin, "/ws/ujian/")
        self.crowd, self.which = crowd, which
        self.n = 0
        self.began = time.monotonic()
        self.sent_at = 0.0
        self.busy = False

    def connection_lost(self, error: Exception | None) -> None:
        self.crowd.lost += 1

    def on_open(self) -> None:
        ticket = self.crowd.tickets[self.which]
        self.send(b'{"t":"hello","v":1,"ticket":"%s","device":%d}' % (ticket.encode(), self.which + 1))

    def answer(self) -> None:
        """Send the next answer."""
        item, option = self.crowd.answers[(self.n + self.which) % len(self.crowd.answers)]
        self.n += 1
        self.busy, self.sent_at = True, time.monotonic()
        self.send(b'{"t":"answer","n":%d,"item":%d,"option":%d,"shown_ms":1000}' % (self.n, item, option))

    def on_text(self, text: bytes) -> None:
        crowd = self.crowd
        if text.startswith(b'{"t":"saved"'):
            self.busy = False
            crowd.saved(self)
        elif text.startswith(b'{"t":"welcome"'):
            self.n = json.loads(text)["highest_n"]
            crowd.welcomed += 1
        elif text.startswith(b'{"t":"start"'):
            crowd.started.append(time.monotonic())
            crowd.took.append(crowd.started[-1] - self.began)
        elif text.startswith(b'{"t":"notice"'):
            crowd.told.append(time.monotonic())
        elif text.startswith(b'{"t":"refused"'):
            crowd.refused[text.decode()] = crowd.refused.get(text.decode(), 0) + 1
            self.busy = False


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of processes and of their ended children so far: when a child of one of them ends between
    two looks, its time passes to its parent, and the sum stays whole."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except FileNotFoundError:
            continue
        total += sum(map(int, fields[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """A process and its present children."""
    found = [pid]
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            child, _, rest = path.read_text().partition(" ")
        except OSError:  # it ended meanwhile
            continue
        if int(rest.rsplit(")", 1)[1].split()[1]) == pid:
            found.append(int(child))
    return found


def percentiles(times: list[float]) -> dict[str, float]:
    """p50, p95, p99 and the most, in milliseconds."""
    ordered = sorted(times) or [0.0]
    found = {f"p{p}_ms": ordered[min(len(ordered) - 1, len(ordered) * p // 100)] for p in (50, 95, 99)}
    return {name: round(1000 * value, 2) for name, value in (found | {"most_ms": ordered[-1]}).items()}


class Crowd:
    """All candidates and what they measured."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.host, self.origin, self.ports = plan["host"], plan["origin"], plan["ports"]
        self.tickets, self.answers, self.pids = plan["tickets"], plan["items"], plan["pids"]
        self.lost = self.total = self.welcomed = 0
        self.refused: dict[str, int] = {}
        self.times: list[float] = []
        self.started: list[float] = []
        self.took: list[float] = []
        self.told: list[float] = []
        self.people: list[Candidate] = []
        self.counting = self.looping = False

    def saved(self, one: Candidate) -> None:
        self.total += 1
        if self.counting:
            self.times.append(time.monotonic() - one.sent_at)
        if self.looping:
            one.answer()

    async def _connect(self, which: int) -> Candidate:
        loop, port = asyncio.get_running_loop(), self.ports[which % len(self.ports)]
        one = (await loop.create_connection(lambda: Candidate(self, which), "127.0.0.1", port))[1]
        self.people.append(one)
        return one

    async def _all_connect(self, there: Callable[[], int]) -> float:
        """Connect quickly, some at a time; seconds until everybody is ``there``."""
        began = time.monotonic()
        for which in range(len(self.tickets)):
            await self._connect(which)
            if which % 50 == 49:
                await asyncio.sleep(0.01)
        await self._until(lambda: there() >= len(self.tickets))
        return time.monotonic() - began

    async def _until(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            await asyncio.sleep(0.005)
            assert time.monotonic() < end, (self.welcomed, len(self.started), len(self.told), self.lost, self.refused)

    async def run(self) -> dict[str, Any]:
        found = await getattr(self, f"_{self.plan['kind']}")()
        return {"connections": len(self.people), "lost": self.lost, "refused": self.refused, **found}

    async def _measured(self, seconds: float) -> dict[str, Any]:
        """Count for ``seconds`` from now on."""
        pids = self.pids + [pid for root in self.plan.get("families", ()) for pid in family(root)]
        before, start, used = self.total, time.monotonic(), cpu_seconds(pids)
        self.counting = True
        await asyncio.sleep(seconds)
        self.counting = self.looping = False
        took, count, used = time.monotonic() - start, self.total - before, cpu_seconds(pids) - used
        return {
            "acks_per_s": round(count / took, 1), "server_cpu": round(used / took, 3),
            "acks_per_cpu_s": round(count / used) if used else 0, **percentiles(self.times),
        }  # fmt: skip

    # --- what they do ------------------------------------------------------------------------------
    async def _answers(self) -> dict[str, Any]:
        connected, rate = await self._all_connect(lambda: len(self.started)), self.plan["rate"]
        self.looping = not rate
        pace = asyncio.create_task(self._pace(rate)) if rate else None
        for one in self.people if not rate else ():
            one.answer()
        await asyncio.sleep(self.plan["warm"])
        found = await self._measured(self.plan["seconds"])
        if pace:
            pace.cancel()
        return {"connected_s": round(connected, 3), **found}

    async def _pace(self, rate: int) -> None:
        """Offer ``rate`` answers a second, evenly; a candidate that still waits is passed over."""
        start, sent, at = time.monotonic(), 0, 0
        while True:
            due = int((time.monotonic() - start) * rate)
            while sent < due:
                one = self.people[at % len(self.people)]
                at += 1
                sent += 1
                if not one.busy:
                    one.answer()
            await asyncio.sleep(0.001)

    async def _arrive(self) -> dict[str, Any]:
        self.counting, dice = True, random.Random(7)
        tasks = [asyncio.create_task(self._person(which, dice.random())) for which in range(len(self.tickets))]
        await asyncio.sleep(self.plan["arrive"])
        await self._until(lambda: len(self.started) >= len(self.tickets))
        found = await self._measured(self.plan["seconds"])
        for task in tasks:
            task.cancel()
        return {"item_1_most_ms": round(1000 * max(self.took)), **found}

    async def _person(self, which: int, luck: float) -> None:
        await asyncio.sleep(self.plan["arrive"] * which / len(self.tickets))
        one = await self._connect(which)
        await asyncio.sleep(self.plan["every"] * luck)
        while True:
            if not one.busy:
                one.answer()
            await asyncio.sleep(self.plan["every"])

    async def _start(self) -> dict[str, Any]:
        await self._all_connect(lambda: self.welcomed)
        print("ready", file=sys.stderr, flush=True)
        await self._until(lambda: len(self.started) >= len(self.tickets))
        return {"first": min(self.started), "last": max(self.started)}

    async def _message(self) -> dict[str, Any]:
        await self._all_connect(lambda: len(self.started))
        await asyncio.sleep(1)
        self.told.clear()
        print("ready", file=sys.stderr, flush=True)
        await self._until(lambda: len(self.told) >= len(self.tickets))
        return {"first": min(self.told), "last": max(self.told)}

    async def _idle(self) -> dict[str, Any]:
        connected = await self._all_connect(lambda: self.welcomed)
        print("ready", file=sys.stderr, flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        return {"connected_s": round(connected, 3)}


if __name__ == "__main__":
    raise_file_limit()
    uvloop.install()
    print(json.dumps(asyncio.run(Crowd(json.loads(sys.stdin.readline())).run())))
