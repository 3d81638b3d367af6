"""Servers under measurement, and the crowd that measures them, each in processes of their own."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.launcher import children, places, programs
from deploy.launcher.harness import Harness
from deploy.launcher.stack import free_port
from tests.load.crowd_exam import Sat
from tests.load.line import raise_file_limit

SECONDS, WARM = float(os.environ.get("BENCH_SECONDS", "5")), 2.0
HERE = "tests.load.app:application"  # the hall's socket with the journal that the environment names
WHOLE = "deploy.asgi:application"


@dataclass(frozen=True, slots=True)
class Bench:
    """Where everything runs."""

    harness: Harness
    database: str

    @property
    def postmaster(self) -> int:
        """Process id of the database's first process."""
        return int((self.harness.postgres.data / "postmaster.pid").read_text().split()[0])


@dataclass(frozen=True, slots=True)
class Serving:
    """A running server: where it listens, who it is, and the origin its pages have."""

    port: int
    pid: int
    origin: str

    @property
    def rss_mb(self) -> float:
        """Resident memory."""
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0


def argv(name: str, port: int, application: str) -> list[str]:
    """Daphne as the demo runs it, or uvicorn as production does."""
    if name == "daphne":
        return [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "--no-server-name",
                "--websocket_timeout", "-1", "-v", "0", application]  # fmt: skip
    told = programs.production_web(port).argv
    return [part if part != WHOLE else application for part in told]


@contextmanager
def serving(
    bench: Bench, name: str = "uvicorn", *, journal: str = "real", application: str = WHOLE, origin: str = ""
) -> Iterator[Serving]:
    """A server process over the bench's database."""
    port = free_port()
    site = bench.harness.site(bench.database, port=port)
    env = site.env_of(programs.web(port)) | {"BENCH_JOURNAL": journal, "CAT_LOG_LEVEL": "ERROR"}
    if origin:
        env["CAT_PUBLIC_ORIGIN"] = origin
    log = bench.harness.home / f"bench-{name}-{port}.log"
    raise_file_limit()  # the child inherits it
    child = children.spawn(argv(name, port, application), log=log, env=env, cwd=places.ROOT)
    try:
        assert children.wait_until(lambda: children.http_status(port, "/readyz") == 200, 60, 0.1), log.read_text()
        yield Serving(port, child.pid, origin or f"http://127.0.0.1:{port}")
    finally:
        children.end(child)


def gather(
    sat: Sat,
    kind: str,
    size: int,
    servers: Sequence[Serving],
    *,
    when_ready: Callable[[], Any] | None = None,
    pids: Sequence[int] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One run of the generator; ``when_ready`` is called when everybody is there, its value is kept as ``did``."""
    plan = {
        "kind": kind, "host": servers[0].origin.removeprefix("http://"), "origin": servers[0].origin,
        "ports": [one.port for one in servers],
        "pids": [one.pid for one in servers] if pids is None else list(pids),
        "tickets": sat.tickets(size), "items": sat.answers, "seconds": SECONDS, "warm": WARM, "rate": 0, **more,
    }  # fmt: skip
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.load.crowd"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, cwd=places.ROOT,
    )  # fmt: skip
    assert child.stdin and child.stdout and child.stderr
    child.stdin.write(json.dumps(plan) + "\n")
    child.stdin.flush()
    did = None
    try:
        if when_ready:
            said = child.stderr.readline()
            assert said == "ready\n", said + child.stderr.read()
            did = when_ready()
            child.stdin.write("done\n")
        out, trouble = child.communicate(timeout=240)
    finally:
        if child.poll() is None:
            child.kill()
    assert child.returncode == 0, trouble[:3000]
    found = {"did": did, "rss_mb": [one.rss_mb for one in servers], **json.loads(out)}
    assert not found["lost"], f"{found['lost']} sockets were closed by the server"
    return found
