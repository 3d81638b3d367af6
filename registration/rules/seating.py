"""Seating: which candidate sits in which sitting and on which seat, fair and repeatable from a seed.

Per centre the earliest sittings are filled first; each agency's people are dealt evenly over the sittings that
are needed, and inside a sitting they are mixed so that neighbours in the list are not neighbours in the room.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from heapq import heapify, heappop, heappush

from registration.rules import mixing

Span = tuple[datetime, datetime]

NO_SITTING = "no_sitting"
FULL = "full"
OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person to seat: ``order`` is the place in the participants' list, ``group`` the agency applied to.

    ``busy`` are the times of this person's other sittings, half open.
    """

    id: str
    centre: int
    group: int
    order: int
    busy: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Space:
    """A sitting with the labels of its free seats, in the order of the room; ``ends_at`` for the longest paper."""

    id: str
    centre: int
    starts_at: datetime
    ends_at: datetime
    free: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """One candidate on one seat."""

    candidate: str
    sitting: str
    label: str


@dataclass(frozen=True, slots=True)
class Unplaced:
    """One candidate without a seat and why: ``no_sitting``, ``full`` or ``overlap``."""

    candidate: str
    centre: int
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everybody asked for is in exactly one of the two lists."""

    placed: list[Placement] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)


def seat_labels(capacity: int, *, per_row: int = 10) -> list[str]:
    """``A-01`` … ``A-10``, ``B-01`` …: the labels of a room without enrolled stations, row by row."""
    return [f"{_letters(place // per_row)}-{place % per_row + 1:02d}" for place in range(capacity)]


def _letters(number: int) -> str:
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def lot(seed: str, key: str) -> bytes:
    """The lot drawn for ``key`` under ``seed``: the same on every machine and in every version of Python."""
    return blake2b(f"{seed}\0{key}".encode(), digest_size=16).digest()


def overlaps(busy: Iterable[Span], space: Space) -> bool:
    """True when one of the times in ``busy`` touches the sitting's."""
    return any(start < space.ends_at and space.starts_at < end for start, end in busy)


def assign(candidates: Iterable[Candidate], spaces: Sequence[Space], *, seed: str) -> Plan:
    """Seat ``candidates`` at their own centre; nobody twice, no seat twice, everybody placed or reported."""
    plan = Plan()
    people: dict[int, dict[str, Candidate]] = defaultdict(dict)
    for person in candidates:
        people[person.centre].setdefault(person.id, person)
    rooms: dict[int, list[Space]] = defaultdict(list)
    for space in sorted(spaces, key=lambda space: (space.starts_at, space.id)):
        rooms[space.centre].append(space)
    for centre, members in sorted(people.items()):
        _assign_centre(list(members.values()), rooms[centre], seed, plan)
    return plan


def _assign_centre(people: list[Candidate], spaces: list[Space], seed: str, plan: Plan) -> None:
    if not spaces:
        plan.unplaced.extend(Unplaced(person.id, person.centre, NO_SITTING) for person in people)
        return
    drawn = sorted(people, key=lambda person: (person.group, lot(seed, person.id)))
    left = {space.id: len(space.free) for space in spaces}
    chosen: dict[str, list[Candidate]] = {space.id: [] for space in spaces}
    for person in (person for person in drawn if person.busy):
        _first_fit(person, spaces, left, chosen, plan)
    free = [person for person in drawn if not person.busy]
    dealt = _deal(_needed(spaces, left, len(free)), len(free))
    for person, sitting in zip(free, dealt, strict=False):
        chosen[sitting].append(person)
    plan.unplaced.extend(Unplaced(person.id, person.centre, FULL) for person in free[len(dealt) :])
    for space in spaces:
        seated = mixing.mix([(person.id, person.group, person.order) for person in chosen[space.id]], seed=seed)
        plan.placed.extend(
            Placement(person, space.id, label) for person, label in zip(seated, space.free, strict=False)
        )


def _first_fit(
    person: Candidate,
    spaces: Sequence[Space],
    left: dict[str, int],
    chosen: Mapping[str, list[Candidate]],
    plan: Plan,
) -> None:
    """People with another sitting go first: the earliest sitting with a seat that does not overlap theirs."""
    reason = FULL
    for space in spaces:
        if overlaps(person.busy, space):
            reason = OVERLAP
        elif left[space.id]:
            left[space.id] -= 1
            chosen[space.id].append(person)
            return
    plan.unplaced.append(Unplaced(person.id, person.centre, reason))


def _needed(spaces: Sequence[Space], left: Mapping[str, int], number: int) -> list[tuple[str, int]]:
    """The earliest sittings that together hold ``number`` people, with their free seats."""
    needed = []
    for space in spaces:
        if number <= 0:
            break
        if left[space.id]:
            needed.append((space.id, left[space.id]))
            number -= left[space.id]
    return needed


def _deal(seats: Sequence[tuple[str, int]], number: int) -> list[str]:
    """A sitting for each of ``number`` people in turn, every sitting in proportion to its free seats.

    Dealt like cards (the sitting whose share is least used comes next), so that any run of people, such as one
    agency's, spreads over all the sittings.
    """
    used: Counter[str] = Counter()
    heap = [(0, place, sitting, free) for place, (sitting, free) in enumerate(seats) if free]
    heapify(heap)
    dealt: list[str] = []
    while heap and len(dealt) < number:
        _share, place, sitting, free = heappop(heap)
        dealt.append(sitting)
        used[sitting] += 1
        if used[sitting] < free:
            heappush(heap, (used[sitting] * 10**9 // free, place, sitting, free))
    return dealt
