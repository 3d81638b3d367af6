"""Child processes that never outlive their parent and are always reaped."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from deploy.launcher.places import Account

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(sign: int) -> Callable[[], None]:
    """A ``preexec_fn``: the kernel sends ``sign`` to the child when its parent is gone, even by kill -9."""
    parent = os.getpid()

    def ask() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, sign)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def spawn(
    argv: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    cwd: Path | str = "/",
    when_orphaned: int = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start ``argv`` in a session of its own (Ctrl-C does not reach it), writing to ``log``."""
    if not log.exists():
        log.touch(mode=0o600)
    who: dict[str, object] = {}
    if account is not None:
        who = {"user": account.uid, "group": account.gid, "extra_groups": []}
    with log.open("ab") as out:
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=dict(env) if env is not None else None,
            cwd=str(cwd),
            start_new_session=True,
            preexec_fn=die_with_parent(when_orphaned),
            **who,
        )


def end(child: subprocess.Popen[bytes], *, by: int = signal.SIGTERM, patience: float = 10) -> None:
    """Ask ``child`` to end, insist after ``patience`` seconds, and reap it."""
    if child.poll() is None:
        child.send_signal(by)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            child.kill()
    child.wait()


def wait_until(true: Callable[[], bool], seconds: float, step: float = 0.02) -> bool:
    """Poll ``true`` for at most ``seconds``; False when it never held."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(step)
    return true()


def http_status(port: int, path: str, seconds: float = 2) -> int | None:
    """Status code of a GET on a loopback port; None when nobody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, for an error message."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def session_of(leader: int, program: str) -> list[int]:
    """Processes called ``program`` in the session that ``leader`` opened, also when it is gone itself."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.getsid(int(entry.name)) == leader and (entry / "comm").read_text().strip() == program:
                found.append(int(entry.name))
    return found


def kill_pid(pid: int) -> None:
    """kill -9; a process that is gone already is fine."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
