"""How far each candidate of a room has come; kept in memory, so that each look reads only what is new."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from uuid import UUID

from django.db import connection

from cat_exam.models import Exam
from cat_exam.rules.lines import Kind

ROOMS = 64  # rooms remembered by one process; a forgotten one costs one full reading

SINCE = """
SELECT j.attempt, j.seq, j.kind, j.item, j.received_at
  FROM unnest(%s::bigint[], %s::int[]) AS known (attempt, seq)
  JOIN cat_exam_journalline j ON j.day = %s AND j.attempt = known.attempt AND j.seq > known.seq
 ORDER BY j.attempt, j.seq
"""


@dataclass(slots=True)
class _Reached:
    seq: int = 0
    answered: set[int] = field(default_factory=set)
    saved_at: datetime | None = None

    def take(self, seq: int, kind: int, item: int | None, at: datetime) -> None:
        self.seq, self.saved_at = seq, at
        if item is not None and kind == Kind.ANSWER:
            self.answered.add(item)
        elif item is not None and kind == Kind.CLEAR:
            self.answered.discard(item)


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
        with connection.cursor() as cursor:
            cursor.execute(SINCE, [list(attempts), [room[pk].seq for pk in attempts], exam.day])
            for attempt, *facts in cursor.fetchall():
                room[attempt].take(*facts)
        return {pk: (len(room[pk].answered), room[pk].saved_at) for pk in attempts}
