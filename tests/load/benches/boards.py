"""The live board before ten thousand viewers: how long after the scorer's word the last of them has heard it."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cat_exam.protocol import State
from cat_exam.protocol import board as wire
from cat_exam.tally import Feed
from deploy.launcher import children, places, programs
from deploy.launcher.stack import free_port
from tests.load.benches.figures import Report, middle
from tests.load.benches.servers import Bench, Serving
from tests.load.crowd import cpu_seconds
from tests.load.line import raise_file_limit

REFERENCE = "papan-uji"
SEATS, MOVED, MESSAGES = 450, 15, 5  # a full room of which each answers once in 30 s, told once a second
SECTIONS = [wire.Section("TWK", 150), wire.Section("TIU", 175), wire.Section("TKP", 225)]


def viewers(report: Report, bench: Bench, size: int, rounds: int) -> None:
    """(j): a change is with the last viewer before the next one may come, a second later."""
    report.head(f"the live board of {SEATS} seats before {size} viewers, median of {rounds}")
    connected, grown, last, used = [], [], [], []
    for _ in range(rounds):
        with board(bench) as (server, feed), crowd(server.port, size) as ask:
            before = server.rss_mb
            connected.append(
                ask({"port": server.port, "path": f"/ws/papan/{REFERENCE}/", "size": size})["connected_s"]
            )
            grown.append((server.rss_mb - before) * 1024 / size)
            told = [tell(server, feed, ask, n) for n in range(2, 2 + MESSAGES)]
        last.append(max(seconds for seconds, _ in told))
        used.append(sum(cpu for _, cpu in told) / MESSAGES)
    report.figure(f"board.{size}.all_connected", round(middle(connected), 2), "s")
    report.figure(f"board.{size}.rss_per_viewer", round(middle(grown), 1), "KB")
    report.figure(f"board.{size}.board_cpu_per_message", round(1000 * middle(used)), "ms")
    report.figure(f"board.{size}.last_heard", round(1000 * middle(last)), "ms", 1000 * wire.PACE_SECONDS, least=False)


def tell(server: Serving, feed: Feed, ask: Any, n: int) -> tuple[float, float]:
    """Message ``n``: seconds until the last viewer heard it, and the board's CPU seconds for it."""
    assert ask(n) == "listening"
    began, cpu = time.monotonic(), cpu_seconds([server.pid])
    feed.tell([wire.dump(wire.Delta(n, REFERENCE, 1_000 + n, 5_000_000, State.RUNNING, rows(n, MOVED)))])
    heard = ask(None)
    assert not heard["lost"], heard
    took = heard["last"] - began
    time.sleep(max(0.0, wire.PACE_SECONDS - took))
    return took, cpu_seconds([server.pid]) - cpu


def rows(n: int, count: int) -> list[wire.Row]:
    """``count`` candidates whose points are those of message ``n``."""
    return [
        wire.Row(place, f"24-0102-{place:06}", "Pe••• No•••", State.RUNNING, [n % 150, n % 175, n % 225])
        for place in range(1, count + 1)
    ]


@contextmanager
def board(bench: Bench) -> Iterator[tuple[Serving, Feed]]:
    """A board process as production starts it, fed with the picture of a full room."""
    port, path = free_port(), Path(bench.harness.sockets) / "papan"
    program = programs.showing(port, path)[0]
    log = bench.harness.home / f"bench-board-{port}.log"
    raise_file_limit()  # the child inherits it
    env = bench.harness.site(bench.database, port=port).env_of(program)
    child = children.spawn(program.argv, log=log, env=env, cwd=places.ROOT)
    feed = Feed(str(path))
    try:
        assert children.wait_until(lambda: children.http_status(port, "/papan/sehat") == 200, 30, 0.1), (
            log.read_text()
        )
        feed.open()
        feed.tell([wire.dump(wire.Full(1, REFERENCE, "Selection", "Room", "Asia/Jakarta", 1_000, 6_000_000,
                                       State.RUNNING, SECTIONS, rows(1, SEATS)))])  # fmt: skip
        page = f"/papan/{REFERENCE}/keadaan"
        assert children.wait_until(lambda: children.http_status(port, page) == 200, 10, 0.1)
        yield Serving(port, child.pid, f"http://127.0.0.1:{port}"), feed
    finally:
        feed.close()
        children.end(child)


@contextmanager
def crowd(port: int, size: int) -> Iterator[Any]:
    """The generator in a process of its own; ``ask(x)`` writes a line where ``x`` is given and reads one."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.load.viewers"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=places.ROOT,
    )  # fmt: skip
    assert child.stdin and child.stdout

    def ask(question: object) -> Any:
        assert child.stdin and child.stdout
        if question is not None:
            child.stdin.write(json.dumps(question) + "\n")
            child.stdin.flush()
        said = child.stdout.readline()
        assert said, f"{size} viewers of port {port} went away"
        return said.strip() if not said.startswith("{") else json.loads(said)

    try:
        yield ask
    finally:
        child.kill()
        child.wait()
