"""Plays the scenes one after the other; ``python -m deploy.launcher chaos [--only a,b]`` gives it servers.

Figures go to standard output and, one JSON line each, to ``.run/chaos.jsonl``. The exit code is 1 when a goal was
missed or a scene could not be played to its end.
"""

import os
import platform
import subprocess
import sys
import time
import traceback
from collections.abc import Callable

import django

django.setup()

from deploy.launcher import nginx, places  # noqa: E402
from deploy.launcher.harness import ENVIRONMENT, Harness  # noqa: E402
from tests.chaos import clock, scenes  # noqa: E402
from tests.chaos.report import Report  # noqa: E402

Scene = Callable[[Harness, Report], None]
SCENES: dict[str, Scene] = {
    "kills": scenes.kill_everything,
    "control": scenes.lose_on_purpose,
    "database": scenes.stop_the_database,
    "valkey": scenes.lose_valkey,
    "disk": scenes.fill_the_disk,
    "clock": clock.jump_the_clock,
    "race": scenes.race_for_one_attempt,
    "protocol": scenes.say_anything,
    "network": scenes.lose_packets,
}
MOST_SECONDS = 600  # a scene that takes longer is ended


def main(only: str = "") -> int:
    """Play the named scenes, or all of them."""
    names = [name for name in only.split(",") if name] or list(SCENES)
    unknown = set(names) - set(SCENES)
    if unknown:
        print(f"No such scene: {', '.join(sorted(unknown))}. Choose from {', '.join(SCENES)}.", file=sys.stderr)
        return 2
    nginx.need()
    print(f"{platform.processor() or platform.machine()} × {os.cpu_count()}, Linux {platform.release()},"
          f" load before {os.getloadavg()[0]:.2f}", flush=True)  # fmt: skip
    failed = [name for name in names if not (_elsewhere(name) if name == "network" else _play(name))]
    print(f"{len(names) - len(failed)} of {len(names)} scenes hold{'; not: ' * bool(failed)}{', '.join(failed)}")
    return 1 if failed else 0


def _play(name: str) -> bool:
    """True when the scene came to its end and every goal held."""
    report, began = Report(), time.monotonic()
    print(f"{name}: {(SCENES[name].__doc__ or '').strip()}", flush=True)
    try:
        SCENES[name](Harness.described(os.environ[ENVIRONMENT]), report)
    except Exception:  # noqa: BLE001 - the others are still to be played; this one is reported as failed
        traceback.print_exc()
        report.figure(f"{name}.came_to_its_end", 0, "", least=1)
    report.figure(f"{name}.took", round(time.monotonic() - began, 1), "s", most=MOST_SECONDS)
    return not report.missed


def _elsewhere(name: str) -> bool:
    """Play a scene in a network namespace of its own, where packets may be dropped without anybody noticing."""
    command = [sys.executable, "-m", "tests.chaos.run", f"inside:{name}"]
    if os.geteuid() != 0:
        return _play(name)
    done = subprocess.run(
        ["unshare", "--net", *command], env=os.environ | {"CHAOS_NETWORK": "own"}, cwd=places.ROOT, check=False,
        timeout=MOST_SECONDS,
    )  # fmt: skip
    return done.returncode == 0


if __name__ == "__main__":
    words = sys.argv[1] if len(sys.argv) > 1 else ""
    if words.startswith("inside:"):
        sys.exit(0 if _play(words.removeprefix("inside:")) else 1)
    sys.exit(main(words))
