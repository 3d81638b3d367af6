"""`make chaos`: kills everything in turn under a full hall, on servers of its own."""

import subprocess
import sys

from deploy.launcher import harness, places


def run(only: str) -> int:
    """Exit code of the scenes; their figures are added to ``.run/chaos.jsonl``."""
    places.open_run()
    servers = harness.open_harness(fresh=False)
    try:
        command = [sys.executable, "-m", "tests.chaos.run", *([only] if only else [])]
        return subprocess.run(command, env=servers.test_env(), cwd=places.ROOT, check=False).returncode
    finally:
        servers.stop()
