"""Lifecycles of an item version and of a paper: state → allowed next states."""

VERSION: dict[str, frozenset[str]] = {
    "draft": frozenset({"in_review", "retired"}),
    "in_review": frozenset({"draft", "approved"}),
    "approved": frozenset({"in_use", "retired"}),
    "in_use": frozenset({"retired"}),
    "retired": frozenset(),
}
PAPER: dict[str, frozenset[str]] = {
    "drawn": frozenset({"sealed", "withdrawn"}),
    "sealed": frozenset({"withdrawn"}),
    "withdrawn": frozenset(),
}


class WrongMove(ValueError):
    """The lifecycle does not know this step."""


def move(current: str, to: str, *, table: dict[str, frozenset[str]] = VERSION) -> str:
    """``to``, when ``table`` allows it after ``current``; raises :class:`WrongMove` otherwise."""
    if to not in table[current]:
        raise WrongMove(f"{current} → {to}")
    return to


def steps(table: dict[str, frozenset[str]]) -> list[tuple[str, str]]:
    """Every allowed step as (from, to); the database's triggers are made of these."""
    return [(state, to) for state, allowed in table.items() for to in sorted(allowed)]
