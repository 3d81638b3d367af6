"""``make bench``: all figures, or those whose letters ``BENCH_ONLY`` names; the median of ``BENCH_ROUNDS`` runs.

Figures go to standard output and, one JSON line each, to ``.run/bench.jsonl``. The generator runs in a process of
its own on the same machine. A missed goal is printed as missed; nothing here is bent to make one hold.
"""

import os
import sys
from collections.abc import Callable

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import override_settings  # noqa: E402

from cat_exam import pulse  # noqa: E402
from deploy.launcher.harness import ENVIRONMENT, Harness  # noqa: E402
from tests.fixtures.databases import connected_to, fresh_name  # noqa: E402
from tests.load.benches import answers, behind, boards, rooms  # noqa: E402
from tests.load.benches.figures import Report, hardware  # noqa: E402
from tests.load.benches.servers import Bench  # noqa: E402
from tests.load.crowd_exam import Sat, sit_down  # noqa: E402

ONLY = os.environ.get("BENCH_ONLY", "abcdefghijk")
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SIZES = (500, 1000, 2000, 4000)


def parts(report: Report, bench: Bench, sat: Sat) -> dict[str, Callable[[], None]]:
    """What each letter measures."""

    def against(name: str) -> Callable[[], None]:
        def measure() -> None:
            for size in (200, 1000):
                answers.against_the_ceiling(report, bench, sat, name, size, ROUNDS)

        return measure

    return {
        "a": against("uvicorn"),
        "b": lambda: answers.offered(report, bench, sat, 3000, 5000, ROUNDS, 15),
        "c": lambda: answers.realistic(report, bench, sat.people, 3000, ROUNDS),
        "d": lambda: rooms.start(report, bench, sat.people, 1000, ROUNDS),
        "e": lambda: rooms.idle(report, bench, sat.people, 10_000, ROUNDS),
        "f": lambda: rooms.message(report, bench, sat, 3000, 4, ROUNDS),
        "g": lambda: behind.two_against_one(report, bench, sat, 1000, ROUNDS),
        "h": lambda: answers.growth(report, bench, sat, SIZES),
        "i": against("daphne"),
        "k": lambda: rooms.screen(report, bench, sat, 450, ROUNDS),
        "j": lambda: boards.viewers(report, bench, 10_000, ROUNDS),
    }


def main() -> int:
    """Everything that was asked for, on a database of the bench's own."""
    print(hardware(), flush=True)
    harness = Harness.described(os.environ[ENVIRONMENT])
    bench, report = Bench(harness, fresh_name("bench")), Report()
    harness.clone(bench.database)
    try:
        with connected_to(harness, bench.database), override_settings(PASSWORD_HASHERS=["tests.people.QuickArgon2"]):
            pulse.start()  # the hall lives while no server of the bench does: its clocks must not stop between parts
            sat = sit_down(max(SIZES))
            for letter, measure in parts(report, bench, sat).items():
                if letter in ONLY:
                    measure()
            connection.close()
    finally:
        harness.drop(bench.database)
    print(f"missed: {', '.join(report.missed)}" if report.missed else "every goal holds", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
