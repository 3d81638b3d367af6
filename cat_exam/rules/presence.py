"""What is told of a seat's browser to Valkey: connected or gone, since when, and its pre-flight; advice only."""

import json
import re
from dataclasses import dataclass

_CHROMIUM = re.compile(r"Chrom(?:e|ium)/(\d{1,5})")


@dataclass(frozen=True, slots=True)
class Preflight:
    """What a browser reported before the start.

    ``offset_ms``: by how much its wall clock is ahead of the hall; ``latency_ms``: to the hall and back (0: not
    measured); ``browser``: Chromium's major version (0: another browser); the screen is in CSS pixels.
    """

    storage: bool
    width: int
    height: int
    offset_ms: int
    latency_ms: int
    browser: int


@dataclass(frozen=True, slots=True)
class Seen:
    """``connected`` since ``at_ms`` (milliseconds since 1970, hall time), or gone since then."""

    connected: bool
    at_ms: int
    preflight: Preflight | None = None


def chromium_of(agent: str) -> int:
    """Major version of the Chromium behind a ``User-Agent``; 0 for any other browser."""
    found = _CHROMIUM.search(agent)
    return int(found[1]) if found else 0


def write(seen: Seen) -> str:
    """One seat as compact JSON: ``[connected, at_ms]``, then the pre-flight's six in their order where known."""
    told: list[int] = [int(seen.connected), seen.at_ms]
    if seen.preflight:
        one = seen.preflight
        told += [int(one.storage), one.width, one.height, one.offset_ms, one.latency_ms, one.browser]
    return json.dumps(told, separators=(",", ":"))


def read(text: str) -> Seen | None:
    """What :func:`write` wrote; None for anything else (told by another version of this program)."""
    try:
        told = json.loads(text)
    except ValueError:
        return None
    if not isinstance(told, list) or len(told) not in {2, 8} or any(type(part) is not int for part in told):
        return None
    preflight = Preflight(bool(told[2]), *told[3:]) if len(told) == 8 else None
    return Seen(bool(told[0]), told[1], preflight)
