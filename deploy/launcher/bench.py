"""`make bench`: runs the load bench on servers of its own."""

import subprocess
import sys

from deploy.launcher import harness, places


def run() -> int:
    """Exit code of the bench; its figures are added to ``.run/bench.jsonl``."""
    places.open_run()
    servers = harness.open_harness(fresh=False)
    try:
        command = [sys.executable, "-m", "tests.load.benches"]
        return subprocess.run(command, env=servers.test_env(), cwd=places.ROOT, check=False).returncode
    finally:
        servers.stop()
