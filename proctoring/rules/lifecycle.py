"""The life of an alarm: one table; the step itself is the hall's ``move``."""

from collections.abc import Mapping

#: ``dismissed`` → ``new``: the same thing went on and became twice as strong.
ALARM: Mapping[str, frozenset[str]] = {
    "new": frozenset({"seen", "followed", "dismissed"}),
    "seen": frozenset({"followed", "dismissed"}),
    "followed": frozenset({"dismissed"}),
    "dismissed": frozenset({"followed", "new"}),
}
