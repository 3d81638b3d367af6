"""The wire of the live board: the scorer tells the board, and the board tells everybody the same frames.

One way only, numbered without a gap by one scorer. A reader that misses a number waits for the next full picture,
which comes at least every :data:`FULL_SECONDS`. Places are seats' numbers within their exam; names are masked before
they come here, and no frame holds a key, an answer or an item.
"""

from dataclasses import dataclass
from typing import Annotated, cast, get_args

from cat_exam.protocol import Count, Moment, Number, State, Text
from cat_exam.rules import frames
from cat_exam.rules.frames import Range

FULL_SECONDS = 10
PACE_SECONDS = 1.0
MAX_FRAME = 4_000_000  # a sitting of 5,000 seats in one full picture is half a megabyte

Reference = Annotated[str, Range(1, 32, r"[A-Za-z0-9_-]+")]
Label = Annotated[str, Range(0, 200)]


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate: ``points`` by section in the order of ``Full.sections``, empty while they are not shown."""

    place: Number
    number: Label
    name: Label
    state: State
    points: Annotated[list[Count], Range(0, 20)]


@dataclass(frozen=True, slots=True)
class Section:
    """A column: its code and the most points it can give."""

    code: Label
    max: Count


@dataclass(frozen=True, slots=True)
class Full:
    """The whole board of one exam; ``remaining_ms`` is the room's own clock at ``at`` (it stands when ``paused``)."""

    n: Number
    exam: Reference
    title: Text
    place: Text
    zone: Label
    at: Moment
    remaining_ms: Count
    state: State
    sections: Annotated[list[Section], Range(0, 20)]
    rows: Annotated[list[Row], Range(0, 20_000)]


@dataclass(frozen=True, slots=True)
class Delta:
    """Rows that changed since message ``n`` - 1."""

    n: Number
    exam: Reference
    at: Moment
    remaining_ms: Count
    state: State
    rows: Annotated[list[Row], Range(0, 20_000)]


@dataclass(frozen=True, slots=True)
class Gone:
    """The exam has no board any more."""

    n: Number
    exam: Reference


Message = Full | Delta | Gone
_TAGS = {kind: frames.tag(kind) for kind in get_args(Message)}
_read = frames.one_of({name: kind for kind, name in _TAGS.items()})
_write = frames.writer(_TAGS)


def parse(raw: str | bytes) -> Message:
    """The message of a frame; raises :class:`cat_exam.protocol.BadFrame` for anything else."""
    return cast("Message", _read(frames.load(raw, MAX_FRAME)))


def dump(message: Message) -> str:
    """The frame of a message: one line of compact JSON."""
    return _write(message)
