"""What happens to a full hall, scene by scene; each seats its own crowd, and counts at the end."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from cat_exam import actions
from cat_exam.hallclock import hall_now
from cat_exam.rules.lines import Kind
from deploy.launcher import places
from deploy.launcher.harness import Harness
from tests.chaos import browser, kills
from tests.chaos.place import Place, opened, own_servers, run_here
from tests.chaos.report import Report
from tests.chaos.sitters import Crowd

SIZE, RATE, KILLS = 500, 250.0, 33
#: Seconds from the end of a database's absence until everything is acknowledged.
BACK = 2.0


@asynccontextmanager
async def seated(place: Place, size: int = SIZE, rate: float = RATE, **more: object) -> AsyncIterator[Crowd]:
    """A crowd at work, and a proctor who resumes after an outage of ours."""
    crowd = place.crowd(size, rate, **more)
    proctor = asyncio.create_task(place.proctoring())
    try:
        await crowd.start()
        yield crowd
    finally:
        proctor.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await proctor
        await crowd.stop()


def kill_everything(harness: Harness, report: Report) -> None:
    """33 kills under 500 candidates and one who sits in a real browser."""
    away = browser.missing()
    turn = kills.TURN if away else (*kills.TURN, kills.BROWSER)
    with own_servers(harness) as own, opened(own, size=SIZE + 1, screens=not away) as place:
        candidate = None if away else browser.Candidate(place, SIZE)
        done = asyncio.run(
            kills.kill_in_turn(place, size=SIZE, rate=RATE, kills=KILLS, turn=turn, candidate=candidate)
        )
        report.figure("kills.number", len(done.kills), "kills", least=30)
        report.figure("kills.candidates", SIZE, "", least=500)
        report.count("kills", place.count(done.crowd))
        for name in turn:
            report.figure(f"kills.all_back_after.{name}", round(done.slowest(name), 2), "s")
        final = {code: n for code, n in done.crowd.refused.items() if code not in {"paused", "busy", "try_again"}}
        report.figure("kills.refused_for_good", sum(final.values()), "answers", most=0)
        if candidate is None:
            report.skipped("kills.browser", away)
        else:
            _tell_browser(candidate, report)


def _tell_browser(candidate: browser.Candidate, report: Report) -> None:
    report.figure("kills.browser.kills", candidate.kills, "kills", least=1)
    report.figure("kills.browser.started_after", round(max(candidate.starts), 2), "s")
    report.figure("kills.browser.back_after", round(max(candidate.ways_back), 2), "s")
    report.figure("kills.browser.asked_for_pin", candidate.asked_pin, "sign-ins")
    report.figure("kills.browser.chosen", len(candidate.used), "answers")
    report.figure("kills.browser.said_stored", len(candidate.said), "answers", least=1)
    report.figure("kills.browser.lost", len(candidate.lost()), "answers", most=0)
    report.figure("kills.browser.same_item", candidate.same_item, "kills", least=candidate.kills)


def lose_on_purpose(harness: Harness, report: Report) -> None:
    """The control: with commits that are not durable the same kill and the same count must find a loss."""

    async def play(place: Place) -> Crowd:
        crowd = place.crowd(SIZE, 1000.0)
        await crowd.start()
        await asyncio.sleep(1.5)
        place.kill("postmaster")
        await asyncio.sleep(0.3)
        await crowd.stop()
        return crowd

    lost = 0
    for _ in range(3):
        loose = "tests.chaos.loose:application"
        with own_servers(harness) as own, opened(own, size=SIZE, asgi=loose) as place:
            crowd = asyncio.run(play(place))
            own.postgres.start()
            count = place.count(crowd)
            lost = count.lost
            if lost:
                break
    report.figure("control.acknowledged", count.acknowledged, "answers", least=1)
    report.figure("control.lost_without_durable_commit", lost, "answers", least=1)


def stop_the_database(harness: Harness, report: Report) -> None:
    """Ten seconds without PostgreSQL; then everything is acknowledged within two."""

    async def play(place: Place) -> Crowd:
        async with seated(place) as crowd:
            await asyncio.sleep(2)
            place.harness.postgres.stop()
            await asyncio.sleep(10)
            place.harness.postgres.start()
            back = time.monotonic()
            made = sum(len(s.waiting) for s in crowd.sitters)
            report.figure("database_away.waiting", made, "answers", least=1)
            await crowd.until(lambda: not any(m <= back for s in crowd.sitters for m in s.made.values()), 30, "acked")
            report.figure("database_away.all_acknowledged_after", round(crowd.late_after(back), 2), "s", most=BACK)
            report.figure("database_away.told_delayed", crowd.heard["delayed"], "messages", least=1)
            await crowd.drain(20)
        return crowd

    with own_servers(harness) as own, opened(own, size=SIZE) as place:
        report.count("database_away", place.count(asyncio.run(play(place))))


def lose_valkey(harness: Harness, report: Report) -> None:
    """A minute without Valkey: answers go on, and a message still reaches everybody."""

    def send(place: Place, text: str) -> float:
        run_here(
            lambda: actions.send_message(exam=place.sat.exam, text=text, by=place.proctor, now=hall_now())
        )
        return time.monotonic()

    async def told(place: Place, crowd: Crowd, text: str) -> float:
        before = len(crowd.told)
        sent = await asyncio.to_thread(send, place, text)
        await crowd.until(lambda: len(crowd.told) >= before + SIZE, 30, f"everybody was told: {text}")
        return max(at for _, _, at in crowd.told[before:]) - sent

    async def play(place: Place) -> Crowd:
        async with seated(place) as crowd:
            await asyncio.sleep(1)
            report.figure("valkey_away.message_before", round(await told(place, crowd, "sebelum"), 3), "s")
            place.kill("valkey")
            gone, first = time.monotonic(), len(crowd.times)
            await asyncio.sleep(25)
            report.figure("valkey_away.message_meanwhile", round(await told(place, crowd, "tanpa"), 3), "s", most=2.5)
            await asyncio.sleep(max(0.0, 60 - (time.monotonic() - gone)))
            took = sorted(done - made for made, done in list(crowd.times)[first:])
            report.figure("valkey_away.minute", round(time.monotonic() - gone, 1), "s", least=60)
            report.figure("valkey_away.ack_p99", round(1000 * took[len(took) * 99 // 100], 1), "ms", most=500)
            place.bring_back("valkey")
            await asyncio.sleep(6)
            report.figure("valkey_away.message_after", round(await told(place, crowd, "sesudah"), 3), "s", most=1.5)
            report.figure("valkey_away.reconnects", sum(len(s.offline) - 1 for s in crowd.sitters), "", most=0)
            await crowd.drain(20)
        return crowd

    with own_servers(harness) as own, opened(own, size=SIZE) as place:
        report.count("valkey_away", place.count(asyncio.run(play(place))))


def fill_the_disk(harness: Harness, report: Report) -> None:
    """The database's disk is full: nothing is acknowledged that is not stored, and all of it once there is room."""
    if os.geteuid() != 0:
        report.skipped("disk_full", "only root can mount a small disk")
        return
    disk = Path(tempfile.mkdtemp(prefix="cat-disk-"))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=220m,mode=0711", "tmpfs", str(disk)], check=False)
    if mounted.returncode:
        disk.rmdir()
        report.skipped("disk_full", "no small disk can be mounted here")
        return
    try:
        home = disk / "home"
        home.mkdir()
        home.chmod(0o711)
        with own_servers(harness, home) as own, opened(own, size=SIZE) as place:
            report.count("disk_full", place.count(asyncio.run(_full(place, disk, report))))
    finally:
        subprocess.run(["umount", str(disk)], check=False)
        disk.rmdir()


async def _full(place: Place, disk: Path, report: Report) -> Crowd:
    async with seated(place) as crowd:
        await asyncio.sleep(1)
        filler = disk / "filler"
        _fill(filler)
        full = time.monotonic()
        while time.monotonic() - full < 15:
            await asyncio.sleep(0.5)
            _fill(filler)
            if not place.harness.postgres.alive():
                break
        before = len(crowd.times)
        await asyncio.sleep(3)
        report.figure("disk_full.acknowledged_while_full", len(crowd.times) - before, "answers", most=0)
        report.figure("disk_full.database_ended", int(not place.harness.postgres.alive()), "")
        filler.unlink()
        if not place.harness.postgres.alive():
            place.harness.postgres.kill()
            place.harness.postgres.start()
        roomy = time.monotonic()
        await crowd.until(lambda: not any(m <= roomy for s in crowd.sitters for m in s.made.values()), 40, "acked")
        report.figure("disk_full.all_acknowledged_after", round(crowd.late_after(roomy), 2), "s", most=10)
        await crowd.drain(20)
    return crowd


def _fill(path: Path) -> None:
    with contextlib.suppress(OSError), path.open("ab", buffering=0) as out:
        while True:
            out.write(b"\0" * 65536)


def stood(
    before: dict[int, tuple[int, float, float]], after: dict[int, tuple[int, float, float]]
) -> dict[int, float]:
    """By how many seconds each place's clock went slower than real time between two tellings.

    The server spoke somewhere between question and receipt; what such a delay explains is not counted.
    """
    found = {}
    for which, (left, asked, told) in after.items():
        was, asked_before, told_before = before[which]
        went = (was - left) / 1000
        least, most = asked - told_before, told - asked_before
        found[which] = least - went if went < least else min(0.0, most - went)
    return found


async def everybody_again(crowd: Crowd) -> None:
    """Every line is cut; back when everybody is in again."""
    for sitter in crowd.sitters:
        if sitter.line:
            sitter.line.transport.abort()
    await asyncio.sleep(0.1)
    await crowd.until(lambda: all(s.up and s.running for s in crowd.sitters), 20, "everybody is back")


def race_for_one_attempt(harness: Harness, report: Report) -> None:
    """Two PCs want one attempt 200 times, through two web processes: only who holds the pen writes."""

    async def play(place: Place) -> list[Crowd]:
        crowds = [place.crowd(1, 0, port=place.cluster.ports[name]) for name in place.cluster.webs]
        for at, crowd in enumerate(crowds):
            crowd.sitters[0].device = 71 + at
        proctor = asyncio.create_task(_answer_all_the_time(crowds))
        try:
            for crowd in crowds:
                await crowd.start()
            for at in range(200):
                crowd, times = crowds[at % 2], len(crowds[at % 2].sitters[0].offline)
                if (line := crowd.sitters[0].line) is not None:
                    line.transport.abort()
                if at % 3:
                    await asyncio.sleep(0.01 * (at % 7))
                else:
                    other = crowds[(at + 1) % 2].sitters[0].line
                    if other is not None:
                        other.transport.abort()
                await _back(crowd, times)
        finally:
            proctor.cancel()
            for crowd in crowds:
                await crowd.stop()
        return crowds

    with own_servers(harness) as own, opened(own, size=1, parts=("web-1", "web-2", "nginx")) as place:
        crowds = asyncio.run(play(place))
        count = place.count(*crowds, kinds=(Kind.ANSWER, Kind.STRANDED))
        report.figure("race.kept_as_evidence", place.count(*crowds).lost - count.lost, "answers")
        wrong, takes = _written_without_the_pen(place)
        report.figure("race.takeovers", takes, "", least=200)
        report.figure("race.lines_without_the_pen", wrong, "lines", most=0)
        report.figure("race.answers", count.acknowledged, "answers", least=200)
        report.figure("race.lost", count.lost, "answers", most=0)
        report.figure("race.doubled", count.doubled, "answers", most=0)
        report.figure("race.broken_chains", count.broken_chains, "attempts", most=0)


async def _back(crowd: Crowd, times: int) -> None:
    await crowd.until(lambda: len(crowd.sitters[0].offline) > times, 20, "back")


async def _answer_all_the_time(crowds: list[Crowd]) -> None:
    while True:
        await asyncio.sleep(0.004)
        for crowd in crowds:
            sitter = crowd.sitters[0]
            if sitter.up and sitter.running and len(sitter.waiting) < 5:
                sitter.answer()


def _written_without_the_pen(place: Place) -> tuple[int, int]:
    """Answers whose device did not hold the pen at their place in the journal; and how often it changed hands."""
    rows = place.sql("SELECT kind, device, response, epoch FROM cat_exam_journalline ORDER BY attempt, seq")
    holder = epoch = wrong = takes = 0
    for kind, device, response, line_epoch in rows:
        if kind == Kind.EPOCH:
            holder, epoch, takes = response, line_epoch, takes + 1
        elif kind == Kind.ANSWER and (device != holder or line_epoch != epoch):
            wrong += 1
    return wrong, takes


def say_anything(harness: Harness, report: Report) -> None:
    """Two browsers of two candidates in any order, again, forged, foreign, too late: the sheet is a model's."""
    machine = [sys.executable, "-m", "pytest", "-q", "tests/cat_exam/test_machine.py"]
    done = subprocess.run(machine, cwd=places.ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout[-4000:])
    report.figure("protocol.sheet_is_the_models", int(done.returncode == 0), "", least=1)


def lose_packets(harness: Harness, report: Report) -> None:
    """In a network of its own: a fifth of all packets lost, then a cable pulled for 20 s for half of the people."""
    if os.geteuid() != 0 or not shutil.which("nft") or not shutil.which("unshare"):
        report.skipped("network", "needs root, nft and unshare")
        return
    if os.environ.get("CHAOS_NETWORK") != "own":
        raise RuntimeError("this scene is played in a network namespace of its own; see tests/chaos/run.py")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with own_servers(harness) as own, opened(own, size=100) as place:
        report.count("network", place.count(*asyncio.run(_network(place, report))))
        pauses = place.sql("SELECT count(*) FROM cat_exam_pause")[0][0]
        report.figure("network.clocks_stopped_by_a_cable", pauses, "pauses", most=0)


def _nft(*words: str) -> None:
    subprocess.run(["nft", *words], check=True)


async def _network(place: Place, report: Report) -> list[Crowd]:
    port = str(place.cluster.ports["nginx"])
    _nft("add", "table", "inet", "chaos")
    _nft("add", "chain", "inet", "chaos", "in", "{ type filter hook input priority 0; }")
    async with seated(place, 50, 50.0, local=("127.0.0.2", 0)) as far:
        near = place.crowd(50, 50.0, local=("127.0.0.3", 0), first=50)
        await near.start()
        for way in ("dport", "sport"):
            a_fifth = ("numgen", "random", "mod", "100", "<", "20", "drop")
            _nft("add", "rule", "inet", "chaos", "in", "tcp", way, port, *a_fifth)
        first = len(far.times)
        await asyncio.sleep(20)
        took = sorted(done - made for made, done in list(far.times)[first:])
        report.figure("network.loss.acknowledged", len(took), "answers", least=1)
        report.figure("network.loss.ack_p50", round(1000 * took[len(took) // 2]), "ms")
        report.figure("network.loss.ack_p99", round(1000 * took[len(took) * 99 // 100]), "ms")
        _nft("flush", "chain", "inet", "chaos", "in")
        await asyncio.sleep(3)
        before = far.clocks()
        _nft("add", "rule", "inet", "chaos", "in", "ip", "saddr", "127.0.0.2", "drop")
        _nft("add", "rule", "inet", "chaos", "in", "ip", "daddr", "127.0.0.2", "drop")
        there = len(near.times)
        await asyncio.sleep(20)
        report.figure("network.cable.others_acknowledged", len(near.times) - there, "answers", least=500)
        _nft("flush", "chain", "inet", "chaos", "in")
        plugged = time.monotonic()
        await far.until(lambda: not any(m <= plugged for s in far.sitters for m in s.made.values()), 40, "acked")
        report.figure("network.cable.all_acknowledged_after", round(far.late_after(plugged), 2), "s", most=15)
        await everybody_again(far)
        moved = max(map(abs, stood(before, far.clocks()).values()))
        report.figure("network.cable.clock_stood", round(moved, 2), "s", most=1)
        await far.drain(20)
        await near.drain(20)
        await near.stop()
    return [far, near]
