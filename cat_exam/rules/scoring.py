"""What a journal says in the end: the current answer of an item is its last line that counts."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cat_exam.rules.lines import BY_CANDIDATE, Kind

#: (kind, item, response) of a line, ascending ``seq``.
Told = tuple[int, int | None, int | None]


@dataclass(slots=True)
class Sheet:
    """Answers by item, flagged items, the item last on the screen, who ended the attempt (0: nobody yet)."""

    answers: dict[int, int] = field(default_factory=dict)
    flags: set[int] = field(default_factory=set)
    last_item: int | None = None
    started: bool = False
    ended_by: int = 0

    @property
    def finished(self) -> bool:
        """Whether a finish line was met."""
        return self.ended_by > 0

    def take(self, kind: int, item: int | None, response: int | None, *, late_counts: bool = False) -> None:
        """Apply one line; ``late`` lines count only when a credit covers the outage, ``stranded`` ones never."""
        if kind == Kind.ANSWER or (kind == Kind.LATE and late_counts):
            if item is not None and response is not None:
                self.answers[item] = response
                self.last_item = item
        elif kind == Kind.CLEAR and item is not None:
            self.answers.pop(item, None)
        elif kind == Kind.VIEW:
            self.last_item = item
        elif kind == Kind.FLAG and item is not None:
            self.flags.add(item)
        elif kind == Kind.UNFLAG and item is not None:
            self.flags.discard(item)
        elif kind == Kind.START:
            self.started = True
        elif kind == Kind.FINISH:
            self.ended_by = response or BY_CANDIDATE


def read(lines: Iterable[Told], *, late_counts: bool = False) -> Sheet:
    """The whole state of an attempt's paper after ``lines``."""
    sheet = Sheet()
    for kind, item, response in lines:
        sheet.take(kind, item, response, late_counts=late_counts)
    return sheet


def replay(lines: Iterable[Told], *, late_counts: bool = False) -> dict[int, int]:
    """``{item: option}`` as it counts for the score."""
    return read(lines, late_counts=late_counts).answers
