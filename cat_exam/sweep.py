"""The sweep: watches the hall's pulse, then closes attempts whose time is over, without any browser."""

import logging

from cat_exam.actions import expire_attempts, watch_pulse
from cat_exam.hallclock import TOLERANCE_US, drift_us, hall_now
from cat_exam.queries import over_time

log = logging.getLogger(__name__)


def sweep_once() -> int:
    """One round at the hall's present; how many attempts it closed.

    Several sweeps may run: a finish line that another one wrote first takes its place in the primary key.
    """
    now = hall_now()
    watch_pulse(now=now)
    due = over_time(now)
    closed = expire_attempts(attempts=due, now=now) if due else 0
    if abs(drift_us()) > TOLERANCE_US:
        log.error("hall time and wall time differ by %d ms; hall time is kept", drift_us() // 1000)
    return closed
