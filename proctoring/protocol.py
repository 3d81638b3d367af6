"""The wire of the room screen: what the listening socket and the polled snapshot say; the browser never writes.

Moments are integers, milliseconds since 1970 in hall time (UTC). A socket opens with ``Full``; then ``Change``
carries only tiles that differ, at most one a second; ``Refused`` with the words comes before every close.
"""

from dataclasses import dataclass
from enum import IntEnum

from cat_exam.rules import frames

SOCKET_PATH = "/ws/ruang/{reference}/"
#: Least seconds between two frames of one socket.
PACE_SECONDS = 1.0
#: How often a listening person's right to listen is looked up again (seconds).
RECHECK_SECONDS = 30.0


class Close(IntEnum):
    """WebSocket close codes."""

    NOT_SIGNED_IN = 4401
    NOT_ALLOWED = 4403
    UNKNOWN_ROOM = 4404


@dataclass(frozen=True, slots=True)
class Tile:
    """One seat: ``kind`` as in ``rules.seats``; ``saved`` last stored answer; ``ends`` when the time runs out while
    it runs, ``left`` milliseconds while it stands; ``gone`` since when the browser is away; ``station`` the label
    of the PC in use where it is not the seat's, ``moved`` where two officers agreed to that; ``faults`` what its
    pre-flight found wrong, before the start."""

    ref: str
    label: str
    number: str
    name: str
    kind: str
    answered: int
    saved: int | None
    ends: int | None
    left: int | None
    gone: int | None
    station: str
    calls: tuple[str, ...] = ()
    moved: str = ""
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """Something that needs a person: a seat (``ref``), a request for time (``id``), or the room itself."""

    code: str
    ref: str
    label: str
    id: str
    at: int


@dataclass(frozen=True, slots=True)
class Room:
    """State of the exam; ``paused`` is empty, ``room`` or ``outage``."""

    state: str
    paused: str
    started: int | None


@dataclass(frozen=True, slots=True)
class Full:
    """Everything, once."""

    now: int
    room: Room
    seats: tuple[Tile, ...]
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What differs from the frame before; ``room`` and ``calls`` are None where they do not."""

    now: int
    room: Room | None
    seats: tuple[Tile, ...]
    calls: tuple[Call, ...] | None


@dataclass(frozen=True, slots=True)
class Refused:
    """An expected no: ``code`` for the program, ``text`` for the person."""

    code: str
    text: str


_write = frames.writer({Full: "room", Change: "change", Refused: "refused"})


def dump(frame: Full | Change | Refused) -> str:
    """The frame as compact JSON with its type in ``"t"``."""
    return _write(frame)


def changes(before: Full, after: Full) -> Change | None:
    """What a browser that shows ``before`` must hear to show ``after``; None when nothing differs.

    Seats never appear or vanish within an exam, so a tile is found by its reference.
    """
    known = {tile.ref: tile for tile in before.seats}
    seats = tuple(tile for tile in after.seats if known.get(tile.ref) != tile)
    room = after.room if after.room != before.room else None
    calls = after.calls if after.calls != before.calls else None
    if not seats and room is None and calls is None:
        return None
    return Change(now=after.now, room=room, seats=seats, calls=calls)
