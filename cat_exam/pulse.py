"""The thread by which a web process of the hall says every second that it is alive."""

import logging
import threading
import time

from django.db import Error, connection

from cat_exam import metrics
from cat_exam.actions import beat
from cat_exam.hallclock import hall_now

log = logging.getLogger(__name__)

SECOND = 1.0
_started = threading.Event()


def start() -> None:
    """Start the thread, once a process."""
    if not _started.is_set():
        _started.set()
        threading.Thread(target=_run, name="hall-pulse", daemon=True).start()


def _run() -> None:
    while True:
        began = time.monotonic()
        try:
            _beat()
        except Exception:  # this thread's outermost door: it must beat again, come what may
            log.exception("pulse: not written")
        time.sleep(max(0.1, SECOND - (time.monotonic() - began)))


def _beat() -> None:
    try:
        beat(now=hall_now())
        metrics.beat()
    except (Error, OSError) as error:
        log.warning("pulse: not written: %s", type(error).__name__)
        connection.close()
