"""The reader of running rooms: each look reads only journal lines that are new, and tells what stands out.

The journal of an attempt only grows and has no gaps, so the last ``seq`` read is all a reader has to remember; what
was read stays in memory. A process that starts anew reads the running rooms once from their beginning. Nothing here
is told in logs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from cat_exam import queries as hall
from cat_exam.hallclock import to_us
from cat_exam.models import Attempt, BrowserSeen, Exam
from cat_exam.queries.browsers import KEPT_OUT
from cat_exam.rules.lines import Kind, Line
from core.models import TrailEntry
from proctoring.rules.anomaly import LIMITS, Finding, Limits, Sighting, Trace, places, unlocked
from proctoring.rules.twins import TWIN_LIMITS, Paths, TwinLimits

#: A browser seen while the last look was under way may have been committed after it.
OVERLAP = timedelta(seconds=30)


@dataclass(slots=True)
class _Room:
    """What was read of one exam."""

    day: date
    traces: dict[int, Trace] = field(default_factory=dict)
    forms: dict[int, UUID] = field(default_factory=dict)
    looked_at: datetime | None = None


class Watcher:
    """Looks at every running room; :attr:`lines` counts what was read so far."""

    def __init__(self, limits: Limits = LIMITS, twins: TwinLimits = TWIN_LIMITS) -> None:
        self.lines = 0
        self._limits, self._twins = limits, twins
        self._rooms: dict[UUID, _Room] = {}
        self._paths: dict[UUID, Paths] = {}
        self._told: dict[tuple[str, int, int | None], int] = {}

    def look(self, now: datetime) -> list[Finding]:
        """What is new or has become stronger since the last look; a room that has closed is looked at once more."""
        running = dict(Exam.objects.filter(state=Exam.State.RUNNING).values_list("pk", "day"))
        fresh: list[Line] = []
        found: list[Finding] = []
        for pk in running.keys() | self._rooms.keys():
            room = self._rooms.setdefault(pk, _Room(running.get(pk, now.date())))
            lines = self._read(pk, room)
            fresh += [line for line in lines if line.kind == Kind.ANSWER]
            found += self._in_room(pk, room, {line.attempt for line in lines}, now)
            room.looked_at = now
        found += self._walked(fresh)
        for pk in [pk for pk in self._rooms if pk not in running]:
            del self._rooms[pk]
        if not self._rooms:
            self._paths.clear()
            self._told.clear()
        return [one for one in found if self._grew(one)]

    def _grew(self, one: Finding) -> bool:
        key = (one.sign.value, one.attempt, one.other)
        if self._told.get(key, -1) >= one.strength:
            return False
        self._told[key] = one.strength
        return True

    # --- one room ----------------------------------------------------------------------------------
    def _read(self, exam: UUID, room: _Room) -> list[Line]:
        started = Attempt.objects.filter(exam=exam, started_at__isnull=False).values_list("pk", "paper_id")
        for attempt, form in started:
            if attempt not in room.traces:
                room.traces[attempt], room.forms[attempt] = Trace(attempt, self._limits), form
        lines = hall.lines_since(room.day, {pk: trace.seq for pk, trace in room.traces.items()})
        for line in lines:
            room.traces[line.attempt].take(line)
        self.lines += len(lines)
        return lines

    def _in_room(self, exam: UUID, room: _Room, changed: set[int], now: datetime) -> Iterator[Finding]:
        seen = self._browsers(exam, room)
        moved = {pk for pk in changed if len({device for _, device, _ in room.traces[pk].epochs}) > 1}
        approved = self._approved(moved | {pk for pk, rows in seen.items() if len(rows) > 1})
        for pk, ledger in hall.ledgers(changed).items():
            moment = ledger.finished_at or now
            closes = to_us(moment + ledger.phase(now).remaining)
            yield from room.traces[pk].findings(closes, approved.get(pk, ()))
        for pk, rows in seen.items():
            for one in (places(rows, approved.get(pk, ())), unlocked(rows)):
                if one is not None:
                    yield one

    def _browsers(self, exam: UUID, room: _Room) -> dict[int, list[Sighting]]:
        """Every browser of the attempts that showed one since the last look."""
        rows = BrowserSeen.objects.filter(attempt__exam=exam)
        if room.looked_at is not None:
            recent = rows.filter(last_at__gte=room.looked_at - OVERLAP)
            rows = rows.filter(attempt__in=recent.values("attempt"))
        facts = rows.order_by("attempt", "first_at").values_list(
            "attempt", "address", "agent", "verdict", "first_at", "last_at"
        )
        sightings = [
            Sighting(pk, address or "", agent, verdict not in KEPT_OUT, to_us(first), to_us(last))
            for pk, address, agent, verdict, first, last in facts
        ]
        return {pk: list(group) for pk, group in groupby(sightings, key=lambda row: row.attempt)}

    def _approved(self, attempts: Iterable[int]) -> dict[int, list[int]]:
        """When the room gave out each PIN: from then on another PC is its own decision."""
        asked = [str(pk) for pk in attempts]
        found: dict[int, list[int]] = {}
        if asked:
            issued = TrailEntry.objects.filter(
                thing="cat_exam.attempt", thing_id__in=asked, verb="cat_exam.pin_issued"
            )
            for pk, at in issued.values_list("thing_id", "at"):
                found.setdefault(int(pk), []).append(to_us(at))
        return found

    # --- all rooms ---------------------------------------------------------------------------------
    def _walked(self, answers: list[Line]) -> Iterator[Finding]:
        """Paths are compared across rooms, within one form."""
        forms = {pk: form for room in self._rooms.values() for pk, form in room.forms.items()}
        used: dict[UUID, Paths] = {}
        for line in sorted(answers, key=lambda line: line.received_us):
            form = forms[line.attempt]
            paths = used.setdefault(form, self._paths.setdefault(form, Paths(self._twins)))
            paths.take(line.attempt, line.item or 0, line.response or 0, line.received_us)
        for paths in used.values():
            yield from paths.findings()
            paths.forget((answers and max(line.received_us for line in answers)) or 0)
