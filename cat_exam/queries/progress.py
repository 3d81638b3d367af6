"""How far each candidate of a room has come; kept in memory, so that each look reads only what is new."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from uuid import UUID

from cat_exam.hallclock import from_us
from cat_exam.models import Exam
from cat_exam.queries.lines import lines_since
from cat_exam.rules.lines import Kind, Line

ROOMS = 64  # rooms remembered by one process; a forgotten one costs one full reading


@dataclass(slots=True)
class _Reached:
    seq: int = 0
    answered: set[int] = field(default_factory=set)
    saved_at: datetime | None = None

    def take(self, line: Line) -> None:
        self.seq, self.saved_at = line.seq, from_us(line.received_us)
        if line.item is not None and line.kind == Kind.ANSWER:
            self.answered.add(line.item)
        elif line.item is not None and line.kind == Kind.CLEAR:
            self.answered.discard(line.item)


_rooms: OrderedDict[UUID, dict[int, _Reached]] = OrderedDict()
_lock = Lock()


def progress(exam: Exam, attempts: Sequence[int]) -> dict[int, tuple[int, datetime | None]]:
    """(answered items, hall time of the last stored line) by attempt. The journal only grows, so what was read stays
    true; one query for the whole room."""
    with _lock:
        room = _rooms.setdefault(exam.pk, {})
        _rooms.move_to_end(exam.pk)
        if len(_rooms) > ROOMS:
            _rooms.popitem(last=False)
        for pk in attempts:
            room.setdefault(pk, _Reached())
        for line in lines_since(exam.day, {pk: room[pk].seq for pk in attempts}):
            room[line.attempt].take(line)
        return {pk: (len(room[pk].answered), room[pk].saved_at) for pk in attempts}
