"""Kinds of journal lines and the one byte form a line has in its chain."""

from collections.abc import Iterable
from enum import IntEnum
from hashlib import sha256
from typing import NamedTuple


class Kind(IntEnum):
    """What a line says; the numbers are stored."""

    EPOCH = 1
    START = 2
    ANSWER = 3
    CLEAR = 4
    FLAG = 5
    UNFLAG = 6
    VIEW = 7
    FOCUS_LOST = 8
    RECONNECT = 9
    GRANT = 10
    PAUSE = 11
    RESUME = 12
    FINISH = 13
    LATE = 14
    STRANDED = 15


#: ``response`` of a finish line: who ended the attempt.
BY_CANDIDATE, BY_CLOCK, BY_ROOM = 1, 2, 3


class Line(NamedTuple):
    """One line without its chain; ``received_us`` is hall time in microseconds since 1970."""

    attempt: int
    seq: int
    epoch: int
    device: int
    n: int
    kind: int
    item: int | None
    response: int | None
    shown_ms: int | None
    received_us: int

    def says_the_same(self, other: "Line") -> bool:
        """True when both carry the same content under the same number: such a line is acknowledged again."""
        return (self.kind, self.item, self.response, self.shown_ms) == (
            other.kind, other.item, other.response, other.shown_ms,
        )  # fmt: skip


_TEN = "|".join(["%d"] * 10)


def line_bytes(line: Line) -> bytes:
    """Canonical form: the ten values in order, decimal, empty for none, joined by ``|``."""
    if line[6] is not None and line[7] is not None and line[8] is not None:  # an answer: ten thousand a second
        return (_TEN % line).encode()
    return "|".join(["" if value is None else str(value) for value in line]).encode()


def first_chain(attempt: int) -> bytes:
    """What the first line of an attempt is chained to."""
    return sha256(b"cat-exam journal 1|%d" % attempt).digest()


def next_chain(chain: bytes, line: Line) -> bytes:
    """``sha256(previous chain + canonical line)``, 32 bytes."""
    return sha256(chain + line_bytes(line)).digest()


def broken_at(attempt: int, lines: Iterable[tuple[Line, bytes]]) -> int | None:
    """The first ``seq`` that does not follow from the lines before it; None while the chain holds."""
    chain, expected = first_chain(attempt), 1
    for line, stored in lines:
        chain = next_chain(chain, line)
        if line.seq != expected or line.attempt != attempt or chain != stored:
            return expected
        expected += 1
    return None
