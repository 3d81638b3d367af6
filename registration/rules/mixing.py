"""Mixing the people of one sitting: next to each other sit no two from one agency and no two list neighbours."""

from collections import defaultdict
from collections.abc import Sequence
from hashlib import blake2b
from heapq import heapify, heappop, heappush

#: A person to mix: id, group (agency) and place in the participants' list.
Person = tuple[str, int, int]

#: Below this number some list neighbours must sit together (1 2 3 has no such order).
LEAST = 4
#: Lots drawn anew when list neighbours stay together; after the last one agencies have to give way.
TURNS = 24


def mix(people: Sequence[Person], *, seed: str) -> list[str]:
    """The ids in the order of the seats.

    List neighbours (next to each other when all are sorted by their place in the list) never sit side by side
    from four people on; people of one group do so only when the group is the larger half.
    """
    if len(people) < 2:
        return [person[0] for person in people]
    listed = sorted(people, key=lambda person: (person[2], person[0]))
    rank = {person[0]: place for place, person in enumerate(listed)}
    group = {person[0]: person[1] for person in listed}
    for turn in range(TURNS):
        row = _apart(people, f"{seed}\0{turn}" if turn else seed)
        _repair(row, rank, group)
        if len(row) < LEAST or _first_clash(row, rank) is None:
            return row
    return _comb(listed, seed)


def _apart(people: Sequence[Person], seed: str) -> list[str]:
    """An order in which the largest group left goes next, never twice in a row while another is left."""
    members: dict[int, list[str]] = defaultdict(list)
    for person, group, _place in people:
        members[group].append(person)
    heap = []
    for group, ids in members.items():
        ids.sort(key=lambda person: _lot(seed, person))
        heap.append((-len(ids), _lot(seed, f"group {group}"), group))
    heapify(heap)
    row: list[str] = []
    waiting: tuple[int, bytes, int] | None = None
    while heap or waiting:
        if not heap:
            assert waiting is not None
            row.extend(members[waiting[2]])
            break
        left, key, group = heappop(heap)
        row.append(members[group].pop())
        if waiting:
            heappush(heap, waiting)
        waiting = (left + 1, key, group) if left + 1 else None
    return row


def _lot(seed: str, key: str) -> bytes:
    return blake2b(f"{seed}\0{key}".encode(), digest_size=16).digest()


def _clash(row: Sequence[str], place: int, rank: dict[str, int]) -> bool:
    """True when the person at ``place`` and the next one are neighbours in the list."""
    return 0 <= place < len(row) - 1 and abs(rank[row[place]] - rank[row[place + 1]]) == 1


def _first_clash(row: Sequence[str], rank: dict[str, int]) -> int | None:
    return next((place for place in range(len(row) - 1) if _clash(row, place, rank)), None)


def _bad(row: Sequence[str], places: set[int], rank: dict[str, int], group: dict[str, int]) -> tuple[int, int]:
    """Clashes of the list, then of groups, at the pairs that begin at ``places``."""
    pairs = [place for place in places if 0 <= place < len(row) - 1]
    listed = sum(_clash(row, place, rank) for place in pairs)
    return listed, sum(group[row[place]] == group[row[place + 1]] for place in pairs)


def _repair(row: list[str], rank: dict[str, int], group: dict[str, int]) -> None:
    """Swap people who clash with somebody further on, where that helps and puts no group together."""
    for place in range(len(row) - 1):
        if not _clash(row, place, rank):
            continue
        for other in range(len(row)):
            if other in (place, place + 1):
                continue
            touched = {place, place + 1, other - 1, other}
            before = _bad(row, touched, rank, group)
            row[place + 1], row[other] = row[other], row[place + 1]
            if _bad(row, touched, rank, group)[0] < before[0] and _bad(row, touched, rank, group)[1] <= before[1]:
                break
            row[place + 1], row[other] = row[other], row[place + 1]


def _comb(listed: Sequence[Person], seed: str) -> list[str]:
    """Every second of the list, then the others: neighbours of the list are never side by side (four or more)."""
    ids = [person[0] for person in listed]
    row = ids[1::2] + ids[0::2]
    return row[::-1] if _lot(seed, "direction")[0] % 2 else row
