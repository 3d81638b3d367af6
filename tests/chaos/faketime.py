"""The wall clock of chosen processes, moved by libfaketime while they run; monotonic clocks stay as they are."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deploy.launcher import places

DEBIAN = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
OURS = "lib/*/site-packages/libfaketime/vendor/libfaketime/src/libfaketime.so.1"
#: What a library must leave alone: Debian 12's takes the wall clock's hour off a monotonic sleep, which then fails.
PROBE = """
import sys, time
began = time.monotonic()
time.sleep(0.05)
slept = time.monotonic() - began
sys.exit(not (0.05 <= slept < 2 and 3000 < time.time() - float(sys.argv[1]) < 4000))
"""


@dataclass(frozen=True, slots=True)
class WallClock:
    """A library and the file it reads the offset from; ``env`` puts a process under it."""

    library: Path
    stamp: Path

    @property
    def env(self) -> dict[str, str]:
        """For a server process; the file is read again after a second, as reading it at each look costs too much."""
        return {"LD_PRELOAD": str(self.library), "FAKETIME_TIMESTAMP_FILE": str(self.stamp),
                "FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}  # fmt: skip

    @property
    def browser_env(self) -> dict[str, str]:
        """For Chromium, whose many threads wait on monotonic conditions the library must leave alone as well."""
        return self.env | {"FAKETIME_FORCE_MONOTONIC_FIX": "0"}

    def jump(self, seconds: int) -> None:
        """The wall clock is so many seconds off from now on; no reader ever sees half a file."""
        fresh = self.stamp.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}\n")
        fresh.chmod(0o644)
        fresh.replace(self.stamp)


@contextmanager
def wall_clock() -> Iterator[WallClock | None]:
    """A clock that is right at first; None where no library does what it should."""
    library = _library()
    folder = Path(tempfile.mkdtemp(prefix="cat-clock-"))
    folder.chmod(0o711)
    try:
        if library is None:
            yield None
            return
        clock = WallClock(library, folder / "offset")
        clock.jump(0)
        yield clock
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def _library() -> Path | None:
    """The library of the package beside us, or Debian's: one that PostgreSQL's account can read and that works."""
    found = [*(places.ROOT / ".venv").glob(OURS), Path(DEBIAN)]
    return next((path for path in found if path.exists() and places.can_reach(path) and works(path)), None)


def works(library: Path) -> bool:
    """True when a Python under ``library`` sees another hour and still sleeps as long as it asked for."""
    env = os.environ | {"LD_PRELOAD": str(library), "FAKETIME": "+3600", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    real = subprocess.run(["date", "+%s"], capture_output=True, text=True, check=True).stdout.strip()
    done = subprocess.run([sys.executable, "-c", PROBE, real], env=env, capture_output=True, check=False, timeout=30)
    return done.returncode == 0
