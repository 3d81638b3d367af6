"""`make demo`: everything on this machine, until Ctrl-C."""

import fcntl
import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from deploy.launcher import children, logins, places, watch
from deploy.launcher.programs import Program
from deploy.launcher.stack import Stack, port_is_taken
from deploy.launcher.words import Stop, say, tell

STOP_ORDER = ("web", "sweep", "score", "jobs", "tally", "board")


def run(port: int) -> int:
    """Exit code 0 after Ctrl-C; :class:`Stop` when it cannot start."""
    began = time.monotonic()
    private = places.open_run()
    with only_one(private, port):
        stack = Stack(places.data_home(), private, port)
        running: dict[str, subprocess.Popen[bytes]] = {}

        def begin() -> list[watch.Watched]:
            start(stack, running)
            _greet(stack, time.monotonic() - began)
            return stack.watched() + [_watch_program(stack, running, program) for program in stack.parts()]

        def end() -> None:
            watch.end_all(running, STOP_ORDER)
            stack.stop_servers()

        return watch.until_told(begin, end)


@contextmanager
def only_one(private: Path, port: int) -> Iterator[None]:
    """Refuse a second start on the same data, and a port that somebody else holds (0: none is needed).

    The lock is the kernel's: it is gone with the process, however that died.
    """
    with (private / "demo.lock").open("a+") as lock:
        _take(lock)
        if port and port_is_taken(port):
            raise Stop(
                f"Port {port} on 127.0.0.1 is taken by another program."
                f" Stop that one, or choose another port: make demo PORT={port + 1}"
            )
        lock.truncate(0)
        lock.write(json.dumps({"pid": os.getpid(), "url": f"http://127.0.0.1:{port}" if port else ""}))
        lock.flush()
        yield
        lock.truncate(0)


def _take(lock: IO[str]) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        text = lock.read()
        facts = json.loads(text) if text else {"url": "an address it has not told yet", "pid": "?"}
        if not facts["url"]:
            raise Stop(f"Another command works on the demo's data (process {facts['pid']}); let it end.") from None
        raise Stop(
            f"The demo already runs at {facts['url']} (process {facts['pid']})."
            " Use that one, or stop it with Ctrl-C in its terminal."
        ) from None


def start(stack: Stack, running: dict[str, "subprocess.Popen[bytes]"]) -> None:
    """Servers, preparation, processes; back when the web process is ready."""
    tell("Starting PostgreSQL and Valkey …")
    stack.start_servers()
    stack.prepare()
    tell("Starting web, score, sweep, jobs and the live board …")
    for program in stack.parts():
        running[program.name] = stack.spawn(program)
    if not children.wait_until(lambda: _ready(stack, running["web"]), 60, 0.05):
        raise Stop(f"The web process does not answer; its last lines:\n{_web_log(stack)}")


def _ready(stack: Stack, child: "subprocess.Popen[bytes]") -> bool:
    if child.poll() is not None:
        raise Stop(f"The web process ended at once; its last lines:\n{_web_log(stack)}")
    return children.http_status(stack.port, "/readyz") == 200


def _web_log(stack: Stack) -> str:
    return children.tail(stack.logs / "web.log")


def _watch_program(
    stack: Stack, running: dict[str, "subprocess.Popen[bytes]"], program: Program
) -> watch.Watched:
    def begin() -> None:
        running[program.name] = stack.spawn(program)

    def alive() -> bool:
        return running[program.name].poll() is None

    return watch.Watched(
        program.name, program.does, begin, alive, str(stack.logs / f"{program.name}.log")
    )


def _greet(stack: Stack, seconds: float) -> None:
    say()
    say(f"CAT Exam runs at {stack.site.origin}   (ready after {seconds:.1f} s; Ctrl-C stops everything)")
    say("Portal, hall and desk share one web process here; production separates them.")
    say(f"Live boards: {stack.site.board}/papan/")
    say()
    say("Staff sign in at /masuk/petugas/ with e-mail, password and a code (make otp ROLE=…):")
    known = logins.make(stack.private / "logins.json")
    for key, tries in logins.STAFF.items():
        say(f"  {key:<12} {known[key]['email']:<26} {known[key]['password']:<16} {tries}")
    say()
    say(f"Mail:  {stack.site.mail}/        Logs:  {stack.logs}/")
    say("Try: sign up at /daftar/, or follow docs/running.md for the whole road.")
    say()
