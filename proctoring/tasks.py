"""Work of the rooms that nobody waits for, done by the ``jobs`` process."""

from threading import Lock

from django.db import connection
from procrastinate.contrib.django import app

from cat_exam.hallclock import hall_now
from proctoring import actions
from proctoring.queries.watching import Watcher

#: What this process has read so far; another process reads for itself and raises nothing twice.
WATCHER = Watcher()
#: One look at a time in this process. A lock of the queue would outlive a process that was killed, and end all looks.
LOOKING = Lock()


@app.periodic(cron="* * * * * */10")
@app.task(name="proctoring.watch_rooms", queueing_lock="proctoring.watch_rooms")
def watch_rooms(timestamp: int) -> None:
    """Every ten seconds: read what is new in the running rooms and raise what a person should look at."""
    if not LOOKING.acquire(blocking=False):
        return  # the look before is still under way
    try:
        if not connection.in_atomic_block:  # a connection kept since the last job may be dead
            connection.close_if_unusable_or_obsolete()
        now = hall_now()
        actions.raise_alarms(findings=WATCHER.look(now), now=now)
    finally:
        LOOKING.release()
