"""States of ranking runs and announcements: one table each, one move."""

RUN = {
    "computed": frozenset({"checked", "rejected"}),
    "checked": frozenset({"approved", "rejected"}),
    "approved": frozenset({"rejected"}),
    "rejected": frozenset[str](),
}

ANNOUNCEMENT = {
    "published": frozenset({"superseded"}),
    "superseded": frozenset[str](),
}


class IllegalMove(ValueError):
    """A state change the table does not allow."""


def move(table: dict[str, frozenset[str]], current: str, to: str) -> str:
    """``to`` when the table allows it from ``current``; raises :class:`IllegalMove` otherwise."""
    if to not in table.get(current, frozenset()):
        raise IllegalMove(f"{current} → {to}")
    return to
