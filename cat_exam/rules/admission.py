"""When a PIN may still be given, and how often it may be wrong."""

from datetime import datetime, timedelta

TRIES = 5
CLOSES_BEFORE = timedelta(minutes=5)


def pin_is_issued_until(starts_at: datetime, opened_at: datetime | None) -> datetime:
    """The first instant at which no new PIN is given: 5 minutes before the start.

    A room that was opened by hand after that instant (a sitting moved, a rehearsal) keeps its own hour: then PINs
    are given for 60 minutes from the opening.
    """
    planned = starts_at - CLOSES_BEFORE
    if opened_at is not None and opened_at >= planned:
        return opened_at + timedelta(minutes=60)
    return planned
