"""Long work: its lifecycle, how far it is, and when nobody is at it any more."""

from datetime import datetime, timedelta

from core.errors import Refusal

#: State → states that may follow. The database refuses the same (a trigger made from this table).
WORK: dict[str, frozenset[str]] = {
    "waiting": frozenset({"running", "failed", "cancelled"}),
    "running": frozenset({"done", "refused", "failed", "cancelled"}),
    "done": frozenset(),
    "refused": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
}
OPEN = ("waiting", "running")

#: Kind → its steps with their share of the bar in percent, together 100.
STEPS: dict[str, tuple[tuple[str, int], ...]] = {
    "catalogue": (("reading", 50), ("writing", 50)),
    "schedule": (("placing", 20), ("seating", 60), ("numbering", 20)),
    "cards": (("sealing", 100),),
}
#: A running work tells every second or so; after this long without a word its process is gone.
SILENCE = timedelta(minutes=3)
#: A waiting work is taken within a second where the process for it runs.
PATIENCE = timedelta(seconds=20)


def transitions() -> list[tuple[str, str]]:
    """Every allowed step as (from, to), in a stable order."""
    return [(start, end) for start, ends in WORK.items() for end in sorted(ends)]


def move(current: str, to: str) -> str:
    """The new state, or :class:`core.errors.Refusal` ``state`` when ``to`` may not follow ``current``."""
    if to not in WORK:
        raise KeyError(to)
    if to not in WORK[current]:
        raise Refusal("state", f"{current} → {to}")
    return to


def percent(kind: str, step: str, done: int, total: int) -> int:
    """How much of the whole is done, 0–100, rounded down; 99 at most until the work is over."""
    reached = 0
    for name, share in STEPS[kind]:
        if name == step:
            return min(99, reached + (share * min(done, total) // total if total else 0))
        reached += share
    return 0


def is_lost(state: str, beat_at: datetime | None, now: datetime) -> bool:
    """True when a running work has been silent for so long that nobody can be at it any more."""
    return state == "running" and beat_at is not None and now - beat_at > SILENCE


def waits_long(state: str, asked_at: datetime, now: datetime) -> bool:
    """True when nobody has taken a work that should have been taken at once."""
    return state == "waiting" and now - asked_at > PATIENCE


def pace(done: int, total: int, since: datetime | None, now: datetime) -> tuple[int, int | None]:
    """Things per second, and seconds left at that pace (None while it cannot be told)."""
    spent = (now - since) // timedelta(milliseconds=1) if since else 0
    if spent < 1000 or done <= 0:
        return 0, None
    return done * 1000 // spent, max(total - done, 0) * spent // (done * 1000)
