"""The lives of an exam and of an attempt: one table each, one ``move``."""

from collections.abc import Mapping

EXAM: Mapping[str, frozenset[str]] = {
    "prepared": frozenset({"open"}),
    "open": frozenset({"running", "closed"}),
    "running": frozenset({"closed"}),
    "closed": frozenset(),
}
ATTEMPT: Mapping[str, frozenset[str]] = {
    "expected": frozenset({"admitted", "absent", "disqualified", "voided"}),
    "admitted": frozenset({"running", "absent", "disqualified", "voided"}),
    "running": frozenset({"paused", "submitted", "expired", "disqualified", "voided"}),
    "paused": frozenset({"running", "submitted", "expired", "disqualified", "voided"}),
    "submitted": frozenset({"scored", "disqualified", "voided"}),
    "expired": frozenset({"scored", "disqualified", "voided"}),
    "scored": frozenset({"disqualified", "voided"}),
    "absent": frozenset({"disqualified", "voided"}),
    "disqualified": frozenset({"voided"}),
    "voided": frozenset(),
}
#: The attempt still takes answers, or will.
OPEN = frozenset({"admitted", "running", "paused"})
#: The attempt has ended and waits for its score, or has it.
ENDED = frozenset({"submitted", "expired", "scored"})


class NotAllowed(ValueError):
    """A step the table does not have."""


def move(table: Mapping[str, frozenset[str]], current: str, to: str) -> str:
    """``to`` when the table allows it after ``current``; raises :class:`NotAllowed` otherwise."""
    if to not in table[current]:
        raise NotAllowed(f"{current} → {to}")
    return to


def before(table: Mapping[str, frozenset[str]], to: str) -> list[str]:
    """Every state from which ``to`` may follow, for set-based updates."""
    return sorted(state for state, following in table.items() if to in following)


def steps(table: Mapping[str, frozenset[str]]) -> list[tuple[str, str]]:
    """Every allowed step as (from, to); the database's guard is made of these."""
    return sorted((state, to) for state, following in table.items() for to in following)
