"""ruff, djlint and mypy over the project; each counts as one test."""

import os
import subprocess
import sys
import time

from deploy.launcher import places, stamps
from deploy.launcher.words import complain, tell

_ROOMS = [*stamps.ROOMS, "deploy"]
_TOOLS: dict[str, list[str]] = {
    "ruff": ["-m", "ruff", "check", "--no-cache", "."],
    "djlint": ["-m", "djlint", "--quiet", "--lint", *_ROOMS],
    "mypy": ["-m", "mypy", *_ROOMS, "manage.py"],
}


def run() -> tuple[int, int]:
    """How many of the tools passed and failed; what they found is printed."""
    places.open_run()
    passed = failed = 0
    for name, command in _TOOLS.items():
        began = time.monotonic()
        env = {key: value for key, value in os.environ.items() if not key.startswith("CAT_")}
        done = subprocess.run(
            [sys.executable, *command], cwd=places.ROOT, env=env, capture_output=True, text=True, check=False
        )
        good = done.returncode == 0
        tell(f"{name}: {'clean' if good else 'FAILED'} ({time.monotonic() - began:.1f} s)")
        if good:
            passed += 1
        else:
            failed += 1
            complain((done.stdout + done.stderr).strip())
    return passed, failed
