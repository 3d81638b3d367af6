"""The lifecycle of an application: which state may follow which, and the one way to move."""

from core.errors import Refusal

#: State → states that may follow. The database refuses the same (a trigger made from this table).
APPLICATION: dict[str, frozenset[str]] = {
    "draft": frozenset({"submitted", "withdrawn"}),
    "submitted": frozenset({"verified_ok", "verified_not_ok", "withdrawn"}),
    "verified_ok": frozenset({"scheduled", "withdrawn"}),
    "verified_not_ok": frozenset({"objected", "withdrawn"}),
    "objected": frozenset({"decided", "withdrawn"}),
    "decided": frozenset({"scheduled", "withdrawn"}),
    "scheduled": frozenset({"carded", "withdrawn"}),
    "carded": frozenset({"withdrawn"}),
    "withdrawn": frozenset(),
}

#: States in which nothing of the application's content may change any more.
FROZEN = frozenset(APPLICATION) - {"draft"}


def transitions() -> list[tuple[str, str]]:
    """Every allowed step as (from, to), in a stable order."""
    return [(start, end) for start, ends in APPLICATION.items() for end in sorted(ends)]


def may_move(current: str, to: str) -> bool:
    """True when ``to`` may follow ``current``; unknown states raise KeyError."""
    return to in APPLICATION[current]


def move(current: str, to: str) -> str:
    """The new state, or :class:`core.errors.Refusal` ``state`` when ``to`` may not follow ``current``."""
    if to not in APPLICATION:
        raise KeyError(to)
    if not may_move(current, to):
        raise Refusal("state", f"{current} → {to}")
    return to
