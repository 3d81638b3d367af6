"""Keeps the processes running: a child that dies is started again, with a growing pause."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from deploy.launcher import children
from deploy.launcher.words import say, tell

_CALM = 60.0  # seconds a process must live before its next death counts as the first
_LONGEST = 30.0


@dataclass(slots=True)
class Watched:
    """One thing to keep alive: how to start it, whether it lives, and when to try again."""

    name: str
    does: str
    start: Callable[[], None]
    alive: Callable[[], bool]
    log: str
    deaths: int = 0
    began: float = field(default_factory=time.monotonic)
    again_at: float | None = None

    def look(self, now: float) -> None:
        """Start it again when it died and its pause is over."""
        if self.again_at is not None:
            if now >= self.again_at:
                self.again_at, self.began = None, now
                self.start()
                tell(f"{self.name} runs again.")
            return
        if self.alive():
            return
        self.deaths = 1 if now - self.began > _CALM else self.deaths + 1
        pause = min(2.0 ** (self.deaths - 1) - 0.5, _LONGEST)
        self.again_at = now + pause
        tell(f"{self.name} ({self.does}) ended; starting it again in {pause:.0f} s. Its log: {self.log}")


class Interrupted(Exception):
    """Somebody asked us to stop (Ctrl-C, or a polite signal)."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal raise :class:`Interrupted` inside, once."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise Interrupted

    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, interrupt) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def undisturbed() -> Iterator[None]:
    """A second Ctrl-C does not tear the orderly stop apart."""
    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def forever(things: list[Watched]) -> None:
    """Look after everything until interrupted."""
    while True:
        now = time.monotonic()
        for thing in things:
            thing.look(now)
        time.sleep(0.3)


def until_told(begin: Callable[[], list[Watched]], end: Callable[[], None]) -> int:
    """Look after what ``begin`` gives until somebody asks us to stop, then ``end`` in order; the exit code."""
    with interruptible():
        try:
            forever(begin())
        except Interrupted:
            say()
            tell("Stopping …")
        finally:
            with undisturbed():
                end()
    tell("Everything is stopped; the data stays for the next start.")
    return 0


def end_all(running: dict[str, "subprocess.Popen[bytes]"], order: tuple[str, ...]) -> None:
    """End processes one after the other, politely first."""
    for name in order:
        child = running.pop(name, None)
        if child is not None:
            children.end(child, patience=8)
