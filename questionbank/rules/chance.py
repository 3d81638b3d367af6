"""Chance that can be repeated: numbers and shuffles from a seed, the same on every machine and version."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

Thing = TypeVar("Thing")


class Chance:
    """A stream of uniform numbers.

    Block ``i`` is SHA-256 of the seed in UTF-8, one zero byte and ``i`` in eight bytes; its eight big-endian 32-bit
    words are used from the last to the first.
    """

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._block = 0
        self._words: list[int] = []

    def _word(self) -> int:
        if not self._words:
            digest = sha256(self._seed + b"\0" + self._block.to_bytes(8)).digest()
            self._words = [int.from_bytes(digest[at : at + 4]) for at in range(0, 32, 4)]
            self._block += 1
        return self._words.pop()

    def below(self, limit: int) -> int:
        """A number from 0 to ``limit`` − 1 (limit ≤ 2³²), every one equally likely (rejection, no modulo bias)."""
        fair = (1 << 32) - (1 << 32) % limit
        while True:
            word = self._word()
            if word < fair:
                return word % limit

    def shuffled(self, things: Sequence[Thing]) -> list[Thing]:
        """The things in a new order (Fisher and Yates)."""
        order = list(things)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order
