"""Hall time: the host's boot clock plus an offset fixed once per boot, so that no wall clock can move an exam."""

import logging
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cat_exam.journal import fix_clock

log = logging.getLogger(__name__)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
TOLERANCE_US = 1_000_000

_offset_us: int | None = None


def boot_id() -> str:
    """The kernel's identity of this boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def fix_offset() -> int:
    """Microseconds to add to ``CLOCK_BOOTTIME``; read from, or fixed once in, the row of this boot."""
    global _offset_us
    if _offset_us is None:
        ours = time.time_ns() - time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        _offset_us = fix_clock(boot_id(), ours, from_us(time.time_ns() // 1000)) // 1000
        if abs(drift_us()) > TOLERANCE_US:
            log.error("hall time and wall time differ by %d ms; hall time is kept", drift_us() // 1000)
    return _offset_us


def now_us() -> int:
    """Hall time in microseconds since 1970; :func:`fix_offset` (or :func:`hall_now`) must have run before."""
    if _offset_us is None:
        raise RuntimeError("hall time is not fixed yet")
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000 + _offset_us


def hall_now() -> datetime:
    """Hall time as an aware datetime."""
    fix_offset()
    return from_us(now_us())


def drift_us() -> int:
    """How far the wall clock is ahead of hall time, in microseconds; a label, never used to measure an exam."""
    return time.time_ns() // 1000 - now_us()


def from_us(moment: int) -> datetime:
    """Microseconds since 1970 as an aware datetime, exactly."""
    return EPOCH + moment * MICROSECOND


def to_us(moment: datetime) -> int:
    """Inverse of :func:`from_us`."""
    return (moment - EPOCH) // MICROSECOND


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970, as the wire carries moments."""
    return to_us(moment) // 1000
