"""Wall clocks that jump: of the servers, then of a candidate's own PC; hall time and the time shown do not follow."""

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from cat_exam.hallclock import hall_now
from deploy.launcher.harness import Harness
from tests.chaos import browser
from tests.chaos.faketime import WallClock, wall_clock
from tests.chaos.place import Place, opened, own_servers
from tests.chaos.report import Report
from tests.chaos.scenes import everybody_again, seated, stood
from tests.chaos.sitters import Crowd

SIZE, RATE = 100, 100.0
STORED_WITHIN = 15.0  # seconds on a busy machine
JUMPS = (("ahead", 3600), ("back", -3600), ("right", 0))
#: Keeps what the page shows as remaining time: [monotonic milliseconds, text] at each change.
WATCH = """() => {
  const clock = document.getElementById("clock");
  window.shown = [];
  const note = () => window.shown.push([performance.now(), clock.textContent]);
  new MutationObserver(note).observe(clock, { childList: true, characterData: true, subtree: true });
}"""


def jump_the_clock(harness: Harness, report: Report) -> None:
    """Wall clocks of web processes, workers, PostgreSQL and a candidate's PC jump an hour: nobody's time moves."""
    with wall_clock() as servers, wall_clock() as pc:
        if servers is None or pc is None:
            report.skipped("clock", "no libfaketime here that moves the wall clock and leaves the others alone")
            return
        away = browser.missing()
        with ExitStack() as open_until_the_end:
            with _started_under(servers):
                own = open_until_the_end.enter_context(own_servers(harness))
            place = open_until_the_end.enter_context(opened(own, size=SIZE + 1, more=servers.env, screens=not away))
            candidate = None if away else browser.Candidate(place, SIZE, pc.browser_env)
            report.count("clock", place.count(asyncio.run(_play(place, servers, pc, candidate, report))))
            _tell_state(place, report)
            if candidate is None:
                report.skipped("clock.client", away)
            else:
                report.figure("clock.client.said_stored", len(candidate.said), "answers", least=3)
                report.figure("clock.client.lost", len(candidate.lost()), "answers", most=0)


@contextmanager
def _started_under(clock: WallClock) -> Iterator[None]:
    """PostgreSQL and Valkey take this process's environment when they start."""
    kept = {name: os.environ.get(name) for name in clock.env}
    os.environ.update(clock.env)
    try:
        yield
    finally:
        for name, value in kept.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _tell_state(place: Place, report: Report) -> None:
    ended = place.sql("SELECT count(*) FROM cat_exam_attempt WHERE state <> 'running'")[0][0]
    report.figure("clock.ended_by_a_jump", ended, "attempts", most=0)
    pauses = place.sql("SELECT began_at::time(1)::text, ended_at::time(1)::text FROM cat_exam_pause")
    report.figure("clock.pauses", len(pauses), f"{pauses or ''}", most=0)
    down = [name for name in place.cluster.names if not place.cluster.alive(name)]
    report.figure("clock.processes_ended", len(down), " ".join(down), most=0)


async def _play(
    place: Place, servers: WallClock, pc: WallClock, candidate: browser.Candidate | None, report: Report
) -> Crowd:
    pulse, machine = Pulse(place), Machine(place.harness.home)
    machine.start()
    async with seated(place, SIZE, RATE) as crowd:
        listening = asyncio.create_task(pulse.listen())
        try:
            await _jump_servers(place, crowd, servers, report)
            if candidate:
                await _jump_client(candidate, pc, report)
        finally:
            machine.going = False
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
            if candidate:
                await candidate.stop()
        await crowd.drain(20)
    machine.join(10)
    report.figure("clock.pulse_silent_most", round(pulse.silent, 2), f"s until {pulse.at:%H:%M:%S}")
    report.figure("clock.machine_stood_most", round(machine.most, 2), f"s until {machine.at:%H:%M:%S}")
    return crowd


class Machine(threading.Thread):
    """What this machine alone does to somebody who only sleeps and writes: how long it stood still at most.

    No hall is in it. A disk or a processor that stands for seconds is silence for the hall too, and stops the
    clocks as it should.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.path, self.going = folder / "stalls", True
        self.most, self.at = 0.0, hall_now()

    def run(self) -> None:
        """Until :attr:`going` is taken away; it writes as PostgreSQL commits."""
        with self.path.open("wb", buffering=0) as out:
            while self.going:
                began = time.monotonic()
                time.sleep(0.05)
                out.write(b"x" * 8192)
                os.fdatasync(out.fileno())
                if (stood := time.monotonic() - began - 0.05) > self.most:
                    self.most, self.at = stood, hall_now()
        self.path.unlink()


class Pulse:
    """Looks at the hall's heartbeat beside the scene; ``silent`` is the longest, in seconds, that nothing beat."""

    def __init__(self, place: Place) -> None:
        self.place, self.silent, self.at = place, 0.0, hall_now()

    async def listen(self) -> None:
        """Until it is cancelled; hall time on both sides, which no jump moves."""
        last = None
        while True:
            [(beat,)] = await asyncio.to_thread(self.place.sql, "SELECT beat_at FROM cat_exam_heartbeat")
            gap = max(beat - (last or beat), timedelta(0) if beat != last else hall_now() - beat).total_seconds()
            if gap > self.silent:
                self.silent, self.at = gap, hall_now()
            last = beat
            await asyncio.sleep(0.25)


async def _jump_servers(place: Place, crowd: Crowd, clock: WallClock, report: Report) -> None:
    moved = 0.0
    for name, offset in JUMPS:
        await asyncio.sleep(2)
        before = crowd.clocks()
        clock.jump(offset)
        report.figure(f"clock.jump.{name}", hall_now().time().isoformat("seconds"), "UTC")
        await asyncio.sleep(3)
        told = place.sql("SELECT extract(epoch FROM clock_timestamp())::float8")[0][0] - time.time()
        report.figure(f"clock.database_off_by.{name}", round(told), "s")
        assert abs(told - offset) < 5, "the clock did not jump"
        await everybody_again(crowd)
        moved = max([moved, *map(abs, stood(before, crowd.clocks()).values())])
    report.figure("clock.time_moved_most", round(moved, 2), "s", most=1)


async def _jump_client(candidate: browser.Candidate, clock: WallClock, report: Report) -> None:
    """The PC's own clock jumps while the paper is open."""
    await candidate.start()
    page = candidate.page
    before = await page.evaluate("performance.now() - Date.now()")
    await page.evaluate(WATCH)
    stored = works = 0
    for name, offset in JUMPS:
        await asyncio.sleep(2)
        clock.jump(offset)
        await asyncio.sleep(3)
        off = (await page.evaluate("Date.now() - performance.now()") + before) / 1000
        report.figure(f"clock.client.off_by.{name}", round(off), "s")
        assert abs(off - offset) < 5, "the browser's clock did not jump"
        stored += await _goes_on(candidate)
        works += (await candidate.read())["open"]
    shown = await page.evaluate("window.shown")
    await candidate.drain()
    report.figure("clock.client.shown_moved_most", round(moved_on_screen(shown), 2), "s", most=1)
    report.figure("clock.client.shown_changes", len(shown), "", least=15)
    report.figure("clock.client.hall_open", works, "jumps", least=len(JUMPS))
    report.figure("clock.client.answer_stored_after", stored, "jumps", least=len(JUMPS))


async def _goes_on(candidate: browser.Candidate) -> bool:
    """True when an answer chosen from now on is stored, by the screen's own words."""
    chosen, until = set(candidate.used), time.monotonic() + STORED_WITHIN
    while time.monotonic() < until:
        if candidate.said - chosen:
            return True
        await asyncio.sleep(0.1)
    return False


def moved_on_screen(shown: list[tuple[float, str]]) -> float:
    """By how many seconds the remaining time on the screen was ever off, measured on the monotonic clock."""
    (first, text), *others = shown
    left = _seconds(text)
    return max((abs((at - first) / 1000 - (left - _seconds(now))) for at, now in others), default=0.0)


def _seconds(text: str) -> int:
    hours, minutes, seconds = map(int, text.split(":"))
    return hours * 3600 + minutes * 60 + seconds
