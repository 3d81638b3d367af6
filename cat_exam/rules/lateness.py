"""Which late lines count: those within the clock's time, had every approved credit been in force from the start.

Architecture: an answer made before the deadline and delivered late because of an outage counts only if a credit that
covers the outage was approved. Who ended the exam himself, or was ended by the room, gets nothing more.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cat_exam.rules import timing
from cat_exam.rules.lines import BY_CLOCK, Kind, Line
from cat_exam.rules.scoring import Told
from cat_exam.rules.timing import Grant, Stop

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def covered(
    lines: Sequence[Line], started_at: datetime, grants: Sequence[Grant], pauses: Sequence[Stop]
) -> list[int]:
    """``seq`` of every late line that counts, ascending; empty where the clock did not end the attempt.

    ``grants`` are all that were approved, whenever that was; a line at the very second of the deadline is too late.
    """
    if not any(line.kind == Kind.FINISH and line.response == BY_CLOCK for line in lines):
        return []
    whole = [Grant(grant.seconds, started_at) for grant in grants]
    return [
        line.seq
        for line in lines
        if line.kind == Kind.LATE
        and timing.phase(_moment(line), None, started_at, whole, pauses).state != timing.OVER
    ]


def told(lines: Sequence[Line], counted: Sequence[int]) -> list[Told]:
    """The lines as the score reads them: late ones in ``counted`` are answers, the others are left out."""
    among = set(counted)
    return [
        (Kind.ANSWER if line.kind == Kind.LATE else line.kind, line.item, line.response)
        for line in lines
        if line.kind != Kind.LATE or line.seq in among
    ]


def _moment(line: Line) -> datetime:
    return EPOCH + timedelta(microseconds=line.received_us)
