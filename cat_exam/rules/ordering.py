"""Each candidate's own order of items and options, from the seed of the attempt, the same for ever."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

_DOMAIN = b"cat-exam ordering 1"


@dataclass(frozen=True, slots=True)
class Ordering:
    """``order[i]``: position in the form of the i-th item shown; ``options[i]``: its option positions as digits."""

    order: list[int]
    options: list[str]


def words(seed: int) -> Iterator[int]:
    """32-bit words: SHA-256 of domain, seed (8 bytes, big endian, two's complement) and block counter (4 bytes)."""
    head = _DOMAIN + seed.to_bytes(8, "big", signed=True)
    counter = 0
    while True:
        block = sha256(head + counter.to_bytes(4, "big")).digest()
        yield from (int.from_bytes(block[at : at + 4], "big") for at in range(0, 32, 4))
        counter += 1


def below(limit: int, source: Iterator[int]) -> int:
    """A number in [0, limit), every one equally likely: words beyond the last whole multiple are skipped."""
    top = 2**32 - 2**32 % limit
    word = next(source)
    while word >= top:
        word = next(source)
    return word % limit


def shuffled(values: Sequence[int], source: Iterator[int]) -> list[int]:
    """Fisher–Yates from the end."""
    drawn = list(values)
    for last in range(len(drawn) - 1, 0, -1):
        other = below(last + 1, source)
        drawn[last], drawn[other] = drawn[other], drawn[last]
    return drawn


def permute(seed: int, sections: Sequence[Sequence[int]], option_counts: Sequence[int]) -> Ordering:
    """Items move inside their section, options inside their item.

    ``sections`` holds the positions of each section's items in the form, in the form's order; ``option_counts``
    the number of options (at most 10) of the item at each position.
    """
    source = words(seed)
    order = [position for section in sections for position in shuffled(section, source)]
    options = ["".join(map(str, shuffled(range(option_counts[position]), source))) for position in order]
    return Ordering(order, options)
