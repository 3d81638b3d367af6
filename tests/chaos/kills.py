"""kill -9 in turn, under a full hall: nothing acknowledged is lost, nothing is stored twice."""

import asyncio
import contextlib
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.chaos.browser import Candidate
from tests.chaos.place import Place
from tests.chaos.sitters import Crowd

TURN = ("web-1", "postmaster", "web-2", "backend", "nginx", "valkey", "score", "board", "sweep", "tally")
BROWSER = "browser"  # a victim only where somebody sits in one


@dataclass
class Killed:
    """What happened: each kill with the seconds until everybody was back."""

    crowd: Crowd
    kills: list[tuple[str, float]] = field(default_factory=list)

    def slowest(self, name: str) -> float:
        """The longest way back after this was killed."""
        return max((seconds for one, seconds in self.kills if one == name), default=0.0)


async def kill_in_turn(
    place: Place, *, size: int, rate: float, kills: int, turn: Sequence[str] = TURN, seed: int = 20,
    calm: float = 0.5, candidate: Candidate | None = None,
) -> Killed:  # fmt: skip
    """``kills`` kills under ``size`` candidates; each is started again after a moment, as systemd would.

    ``candidate`` sits in a real browser beside them, the victim ``browser``.
    """
    crowd, chance = place.crowd(size, rate), random.Random(seed)
    await crowd.start()
    killed = Killed(crowd)
    proctor = asyncio.create_task(place.proctoring())
    try:
        if candidate:
            await candidate.start()
        for at in range(kills):
            name = turn[at % len(turn)]
            for other in set(place.cluster.webs) - {name} if name in place.cluster.webs else ():
                await crowd.until(lambda one=other: place.cluster.ready(one), 60, f"{other} serves")  # type: ignore[misc]
            await asyncio.sleep(calm + chance.random() * calm)
            began = time.monotonic()
            if candidate and name == BROWSER:
                await candidate.kill()
                await asyncio.sleep(0.1 + chance.random() * 0.4)
                await candidate.bring_back()
            else:
                place.kill(name)
                await asyncio.sleep(0.1 + chance.random() * 0.4)
                place.bring_back(name)  # in this thread: a child ends with the thread that started it
            await crowd.until(lambda: all(s.up and s.running for s in crowd.sitters), 60, f"all back after {name}")
            killed.kills.append((name, time.monotonic() - began))
        await crowd.drain(30)
        if candidate:
            await candidate.drain()
    finally:
        if candidate:
            await candidate.stop()
        proctor.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await proctor
        await crowd.stop()
    return killed
