"""What one tile of the seat map says: the kind of a seat from the facts about it, and when it needs a person."""

from dataclasses import dataclass
from enum import StrEnum

from cat_exam.rules.presence import Preflight

#: A seat disconnected for longer than this needs a person (seconds).
DISCONNECTED_SECONDS = 30
#: Wrong PINs after which the seat is blocked until a proctor issues a new one.
PIN_TRIES = 5
#: What a PC must show before the start: least Chromium, least width in CSS pixels, most milliseconds to the hall and
#: back, most milliseconds between its wall clock and the hall's (the hall's alone counts; a wrong one is a sick PC).
BROWSER_LEAST = 109
WIDTH_LEAST = 1024
LATENCY_MOST = 1000
OFFSET_MOST = 120_000


def faults_of(seen: Preflight) -> tuple[str, ...]:
    """Codes of what a pre-flight shows to be wrong, gravest first; what was not measured is not wrong."""
    wrong = {
        "storage": not seen.storage,
        "browser": 0 < seen.browser < BROWSER_LEAST,
        "screen": seen.width < WIDTH_LEAST,
        "network": seen.latency_ms > LATENCY_MOST,
        "clock": abs(seen.offset_ms) > OFFSET_MOST,
    }
    return tuple(code for code, is_wrong in wrong.items() if is_wrong)



class SeatKind(StrEnum):
    """Kinds of seats in the order the counts are drawn."""

    AWAITED = "awaited"
    CHECKED_IN = "checked_in"
    BLOCKED = "blocked"
    CHECKING = "checking"
    PREFLIGHT_FAILED = "preflight_failed"
    READY = "ready"
    WORKING = "working"
    PAUSED = "paused"
    DISCONNECTED = "disconnected"
    FINISHED = "finished"
    SCORED = "scored"
    ABSENT = "absent"
    DISQUALIFIED = "disqualified"
    VOIDED = "voided"


#: Tone of each kind; the shape follows the tone, the word is written beside it.
TONES: dict[SeatKind, str] = {
    SeatKind.AWAITED: "muted",
    SeatKind.CHECKED_IN: "info",
    SeatKind.BLOCKED: "stop",
    SeatKind.CHECKING: "info",
    SeatKind.PREFLIGHT_FAILED: "stop",
    SeatKind.READY: "ok",
    SeatKind.WORKING: "now",
    SeatKind.PAUSED: "warn",
    SeatKind.DISCONNECTED: "stop",
    SeatKind.FINISHED: "ok",
    SeatKind.SCORED: "ok",
    SeatKind.ABSENT: "muted",
    SeatKind.DISQUALIFIED: "stop",
    SeatKind.VOIDED: "stop",
}
#: Shape of each kind where the tone's own shape would be shared by neighbours of another meaning.
SHAPES: dict[SeatKind, str] = {
    SeatKind.AWAITED: "ring",
    SeatKind.CHECKED_IN: "person",
    SeatKind.BLOCKED: "lock",
    SeatKind.CHECKING: "clock",
    SeatKind.PREFLIGHT_FAILED: "warn",
    SeatKind.READY: "check",
    SeatKind.WORKING: "pen",
    SeatKind.PAUSED: "pause",
    SeatKind.DISCONNECTED: "cross",
    SeatKind.FINISHED: "flag",
    SeatKind.SCORED: "sign",
    SeatKind.ABSENT: "dot",
    SeatKind.DISQUALIFIED: "stop",
    SeatKind.VOIDED: "trash",
}
_ENDED: dict[str, SeatKind] = {
    "submitted": SeatKind.FINISHED,
    "expired": SeatKind.FINISHED,
    "scored": SeatKind.SCORED,
    "absent": SeatKind.ABSENT,
    "disqualified": SeatKind.DISQUALIFIED,
    "voided": SeatKind.VOIDED,
}


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """What is known of a seat; ``connected`` and ``preflight`` are None where nobody could say.

    ``entered`` is true once the candidate got into the hall with the PIN; ``gone_seconds`` is how long the
    browser has been away; ``wrong_station`` that the PC in use has another label than the seat.
    """

    state: str
    entered: bool = False
    connected: bool | None = None
    preflight: bool | None = None
    pin_tries: int = 0
    gone_seconds: int | None = None
    wrong_station: bool = False


def kind_of(facts: SeatFacts) -> SeatKind:
    """The kind of a seat; an unknown state of an attempt raises KeyError."""
    if facts.state == "expected":
        return SeatKind.AWAITED
    if facts.state == "admitted":
        return _before_the_start(facts)
    if facts.state in {"running", "paused"}:
        if facts.connected is False:
            return SeatKind.DISCONNECTED
        return SeatKind.WORKING if facts.state == "running" else SeatKind.PAUSED
    return _ENDED[facts.state]


def _before_the_start(facts: SeatFacts) -> SeatKind:
    if facts.pin_tries >= PIN_TRIES:
        return SeatKind.BLOCKED
    if not facts.entered:
        return SeatKind.CHECKED_IN
    if facts.connected is False:
        return SeatKind.DISCONNECTED
    if facts.preflight is False:
        return SeatKind.PREFLIGHT_FAILED
    # Where nobody can say who is connected (no Valkey), whoever entered counts as ready.
    return SeatKind.CHECKING if facts.connected and facts.preflight is None else SeatKind.READY


def calls_for(facts: SeatFacts) -> list[str]:
    """Codes of what needs a person at this seat now, most pressing first."""
    kind = kind_of(facts)
    calls = []
    if kind == SeatKind.DISCONNECTED and (facts.gone_seconds or 0) > DISCONNECTED_SECONDS:
        calls.append("disconnected")
    if kind == SeatKind.BLOCKED:
        calls.append("blocked")
    if kind == SeatKind.PREFLIGHT_FAILED:
        calls.append("preflight")
    if facts.wrong_station and facts.state in {"admitted", "running", "paused"}:
        calls.append("wrong_station")
    return calls
