"""What changed between two versions, word by word."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

KEPT, GONE, NEW = "kept", "gone", "new"


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs: its label and pieces (kind ``kept``, ``gone`` or ``new``, words)."""

    label: str
    pieces: tuple[tuple[str, str], ...]


def changes(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> list[Change]:
    """The fields that differ, in the order of ``new``; both are (label, text) lists with the same labels."""
    before = dict(old)
    return [
        Change(label, tuple(compare(before.get(label, ""), text)))
        for label, text in new
        if before.get(label, "") != text
    ]


def compare(old: str, new: str) -> list[tuple[str, str]]:
    """Pieces of both texts in reading order; words are never cut."""
    first, second = old.split(), new.split()
    pieces = []
    for step, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if step == "equal":
            pieces.append((KEPT, " ".join(first[a:b])))
            continue
        pieces += [(GONE, " ".join(first[a:b]))] if b > a else []
        pieces += [(NEW, " ".join(second[c:d]))] if d > c else []
    return pieces
