"""The bench: acknowledged answers a second against the ceiling without a write, on Daphne and uvicorn.

Run by ``make bench``. Figures go to standard output and, one JSON line each, to ``.run/bench.jsonl`` (name, value,
unit, goal, holds). The generator runs in a process of its own on the same machine.
"""

import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import override_settings  # noqa: E402

from deploy.launcher import children, places, programs  # noqa: E402
from deploy.launcher.harness import ENVIRONMENT, Harness  # noqa: E402
from tests.fixtures.databases import connected_to, fresh_name  # noqa: E402
from tests.fixtures.sites import free_port  # noqa: E402
from tests.load.crowd_exam import Sat, sit_down  # noqa: E402

SECONDS, WARM = float(os.environ.get("BENCH_SECONDS", "5")), 2.0
SIZES = tuple(int(size) for size in os.environ.get("BENCH_SIZES", "200,1000").split(","))
SERVERS = os.environ.get("BENCH_SERVERS", "uvicorn,daphne").split(",")
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "1"))


def server_argv(name: str, port: int) -> list[str]:
    if name == "daphne":
        return [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "--no-server-name",
                "--websocket_timeout", "-1", "-v", "0", "tests.load.app:application"]  # fmt: skip
    return [sys.executable, "-m", "uvicorn", "--host", "127.0.0.1", "--port", str(port), "--loop", "uvloop",
            "--ws", "websockets-sansio", "--ws-max-size", "65536", "--ws-per-message-deflate", "false",
            "--backlog", "4096", "--lifespan", "off", "--log-level", "warning", "--no-access-log",
            "tests.load.app:application"]  # fmt: skip


def rss_mb(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


@contextmanager
def serving(harness: Harness, database: str, name: str, journal: str) -> Iterator[tuple[int, int]]:
    """A server process on the bench's ASGI entry: (port, pid)."""
    port = free_port()
    site = harness.site(database, port=port)
    env = site.env_of(programs.web(port)) | {"BENCH_JOURNAL": journal, "CAT_LOG_LEVEL": "ERROR"}
    log = harness.home / f"bench-{name}-{journal}.log"
    child = children.spawn(server_argv(name, port), log=log, env=env, cwd=places.ROOT)
    try:
        assert children.wait_until(lambda: listening(port), 60, 0.1), log.read_text()
        yield port, child.pid
    finally:
        children.end(child)


def listening(port: int) -> bool:
    import socket

    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def crowd(sat: Sat, port: int, pid: int, size: int, rate: int = 0) -> dict[str, Any]:
    """One run of the generator."""
    told = {
        "host": "127.0.0.1", "port": port, "pid": pid, "origin": f"http://127.0.0.1:{port}",
        "tickets": sat.tickets(size), "seconds": SECONDS, "warm": WARM, "rate": rate, "items": sat.answers,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.load.crowd"], input=json.dumps(told), capture_output=True, text=True,
        cwd=places.ROOT, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout))


def measure(
    harness: Harness, database: str, sat: Sat, name: str, journal: str, size: int, rate: int = 0
) -> dict[str, Any]:
    """One server, one crowd; adds the server's memory."""
    with serving(harness, database, name, journal) as (port, pid):
        return crowd(sat, port, pid, size, rate) | {"server_rss_mb": round(rss_mb(pid), 1)}


def middle(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The run with the median rate."""
    return sorted(runs, key=lambda run: run["acks_per_s"])[len(runs) // 2]


def hardware() -> str:
    cpu = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    packages = ("daphne", "uvicorn", "uvloop", "psycopg", "channels", "django")
    return (
        f"{cpu[1] if cpu else platform.processor()} × {os.cpu_count()}, {int(memory[1]) // 1024 if memory else 0} MB,"
        f" Linux {platform.release()}, Python {platform.python_version()},"
        f" {', '.join(f'{p} {version(p)}' for p in packages)}, load before {os.getloadavg()[0]:.2f}"
    )


class Report:
    """Prints, and keeps one JSON line per figure."""

    def __init__(self) -> None:
        self.path = places.RUN / "bench.jsonl"
        self.at = datetime.now(UTC).isoformat(timespec="seconds")

    def figure(self, name: str, value: float, unit: str, goal: float | None = None, *, least: bool = True) -> None:
        holds = None if goal is None else (value >= goal if least else value <= goal)
        line = {"name": name, "value": value, "unit": unit, "goal": goal, "holds": holds, "at": self.at}
        with self.path.open("a") as out:
            out.write(json.dumps(line) + "\n")
        mark = "" if holds is None else f"   goal {'≥' if least else '≤'} {goal}: {'holds' if holds else 'MISSED'}"
        print(f"  {name:58} {value:>12} {unit}{mark}", flush=True)


def main() -> int:
    print(hardware(), flush=True)
    harness = Harness.described(os.environ[ENVIRONMENT])
    database = fresh_name("bench")
    harness.clone(database)
    report = Report()
    try:
        with connected_to(harness, database), override_settings(PASSWORD_HASHERS=["tests.people.QuickArgon2"]):
            sat = sit_down(max(SIZES))
            for name in SERVERS:
                for size in SIZES:
                    compare(report, harness, database, sat, name, size)
            offered(report, harness, database, sat)
            connection.close()
    finally:
        harness.drop(database)
    return 0


def compare(report: Report, harness: Harness, database: str, sat: Sat, name: str, size: int) -> None:
    """Durable against the ceiling, one after the other."""
    print(f"{name}, {size} candidates, closed loop, {SECONDS:g} s:", flush=True)
    pairs = [
        (measure(harness, database, sat, name, "real", size), measure(harness, database, sat, name, "none", size))
        for _ in range(ROUNDS)
    ]
    real, none = middle([pair[0] for pair in pairs]), middle([pair[1] for pair in pairs])
    ratios = sorted(pair[0]["acks_per_s"] / pair[1]["acks_per_s"] for pair in pairs)
    head = f"{name}.{size}"
    serious = name == "uvicorn" and size == 1000
    report.figure(f"{head}.durable_acks_per_s", real["acks_per_s"], "1/s", 12_000 if serious else None)
    report.figure(f"{head}.ceiling_acks_per_s", none["acks_per_s"], "1/s")
    report.figure(f"{head}.durable_to_ceiling", round(ratios[len(ratios) // 2], 3), "", 0.65 if serious else None)
    for part in ("p50_ms", "p95_ms", "p99_ms"):
        goal = 200 if serious and part == "p99_ms" else None
        report.figure(f"{head}.durable_{part}", real[part], "ms", goal, least=False)
    report.figure(f"{head}.durable_acks_per_server_cpu_s", real["acks_per_cpu_s"], "1/s", 12_000 if serious else None)
    report.figure(f"{head}.ceiling_acks_per_server_cpu_s", none["acks_per_cpu_s"], "1/s")
    report.figure(f"{head}.server_cpu", real["server_cpu"], "cores")
    report.figure(f"{head}.all_connected", real["connected_s"], "s")
    report.figure(f"{head}.server_rss", real["server_rss_mb"], "MB")
    report.figure(f"{head}.refused_or_lost", real["lost"] + sum(real["refused"].values()), "", 0, least=False)
    if real["refused"]:
        print(f"  refused: {real['refused']}")


def offered(report: Report, harness: Harness, database: str, sat: Sat) -> None:
    """Latency where the load is given, not the greatest possible."""
    print("uvicorn, 1000 candidates, 2000 answers/s offered:", flush=True)
    found = measure(harness, database, sat, "uvicorn", "real", max(SIZES), 2000)
    report.figure("uvicorn.1000.offered_2000.acks_per_s", found["acks_per_s"], "1/s")
    for part in ("p50_ms", "p95_ms", "p99_ms"):
        report.figure(f"uvicorn.1000.offered_2000.{part}", found[part], "ms")


if __name__ == "__main__":
    sys.exit(main())
