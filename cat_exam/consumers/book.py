"""The head of one attempt's journal in this process: tip, chain, epoch, numbers and what the lines say so far."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

from cat_exam.rules.lines import Kind, Line, first_chain, next_chain
from cat_exam.rules.scoring import Sheet

#: (device, n, kind, item, response, shown_ms) of a line that is to be written.
Draft = tuple[int, int, int, int | None, int | None, int | None]


class Book:
    """Shared by all sockets of an attempt in this process; write only while holding ``lock``."""

    __slots__ = (
        "attempt", "chain", "day", "epoch", "highest", "holder", "holders", "lock", "seq", "sheet", "users", "writer",
    )  # fmt: skip

    def __init__(self, attempt: int, day: date) -> None:
        self.attempt, self.day = attempt, day
        self.seq, self.epoch = 0, 0
        self.chain = first_chain(attempt)
        self.highest: dict[int, int] = {}
        self.holders: set[int] = set()  # devices that held the pen
        self.holder = 0
        self.sheet = Sheet()
        self.lock = asyncio.Lock()
        self.writer: Any = None
        self.users = 0

    def draft(
        self, drafts: Sequence[Draft], received_us: int, *, epoch: int | None = None
    ) -> tuple[list[Line], list[bytes]]:
        """The next lines after the tip, and their chain values."""
        seq, chain = self.seq, self.chain
        lines, chains = [], []
        for device, n, kind, item, response, shown_ms in drafts:
            seq += 1
            line = Line(
                self.attempt, seq, self.epoch if epoch is None else epoch, device, n, kind, item, response, shown_ms,
                received_us,
            )  # fmt: skip
            chain = next_chain(chain, line)
            lines.append(line)
            chains.append(chain)
        return lines, chains

    def take(self, lines: Sequence[Line], chains: Sequence[bytes]) -> None:
        """Lines that are durable, ours or another's; those already known are passed over."""
        for line, chain in zip(lines, chains, strict=True):
            if line.seq != self.seq + 1:
                continue
            self.seq, self.chain, self.epoch = line.seq, chain, line.epoch
            if line.device:
                if line.n > self.highest.get(line.device, 0):
                    self.highest[line.device] = line.n
            elif line.kind == Kind.EPOCH and line.response is not None:
                self.holder = line.response
                self.holders.add(line.response)
            self.sheet.take(line.kind, line.item, line.response)
