"""Counters of the hall in this process: touched once a commit, a refusal or a beat, never once an answer."""

import time

from prometheus_client import Counter, Histogram

#: From the arrival of a commit's oldest line to its durable end: what a candidate waits on the server.
COMMIT = Histogram(
    "cat_hall_commit_seconds",
    "Seconds from the arrival of the oldest line of a commit until it was durable",
    buckets=(0.001, 0.002, 0.003, 0.005, 0.01, 0.015, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
FAILED = Counter("cat_hall_commit_failures", "Commits that failed and were tried again")
REFUSED = Counter("cat_hall_refused", "Lines and messages refused, by code of the protocol", ["code"])
LATE = Counter("cat_hall_late", "Lines that came after the end and were kept as evidence")

_beat_at: float | None = None


def beat() -> None:
    """This process has just said in the database that the hall is alive."""
    global _beat_at
    _beat_at = time.monotonic()


def beat_age() -> float:
    """Seconds since the last :func:`beat`; ``nan`` in a process that never beat."""
    return float("nan") if _beat_at is None else time.monotonic() - _beat_at
