"""Time is a ledger: what is left is what was granted less what was consumed outside pauses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WAITING, RUNNING, PAUSED, OVER = "waiting", "running", "paused", "over"
ZERO = timedelta(0)


@dataclass(frozen=True, slots=True)
class Grant:
    """``seconds`` given, in force from ``since`` on."""

    seconds: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop of the clock, [began_at, ended_at); open while ``ended_at`` is None."""

    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Phase:
    """``waiting`` | ``running`` | ``paused`` | ``over``, and the time left."""

    state: str
    remaining: timedelta

    @property
    def remaining_ms(self) -> int:
        """Whole milliseconds left, rounded down."""
        return self.remaining // timedelta(milliseconds=1)


def granted(now: datetime, grants: Iterable[Grant]) -> timedelta:
    """The sum of all grants in force."""
    return timedelta(seconds=sum(grant.seconds for grant in grants if grant.since <= now))


def stood(start: datetime, now: datetime, pauses: Iterable[Stop]) -> timedelta:
    """How long the clock stood within [start, now]; overlapping pauses count once."""
    total, until = ZERO, start
    for stop in sorted(pauses, key=lambda stop: stop.began_at):
        begin = max(stop.began_at, until)
        end = now if stop.ended_at is None else min(stop.ended_at, now)
        if end > begin:
            total += end - begin
            until = end
    return total


def phase(
    now: datetime,
    opens_at: datetime | None,
    started_at: datetime | None,
    grants: Sequence[Grant],
    pauses: Sequence[Stop],
) -> Phase:
    """State and time left at ``now`` (hall time); before ``opens_at`` nothing runs, whatever was started."""
    if started_at is None or now < started_at or (opens_at is not None and now < opens_at):
        return Phase(WAITING, granted(now, grants))
    consumed = now - started_at - stood(started_at, now, pauses)
    left = max(granted(now, grants) - consumed, ZERO)
    if left == ZERO:
        return Phase(OVER, ZERO)
    stands = any(stop.began_at <= now and (stop.ended_at is None or now < stop.ended_at) for stop in pauses)
    return Phase(PAUSED if stands else RUNNING, left)


def closes_at(
    now: datetime, started_at: datetime | None, grants: Sequence[Grant], pauses: Sequence[Stop]
) -> datetime | None:
    """The instant the attempt closes if nothing changes any more; None while it waits or is paused."""
    found = phase(now, None, started_at, grants, pauses)
    return now + found.remaining if found.state == RUNNING else None
