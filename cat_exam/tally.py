"""The scorer's second task: counts running points from the journal as it grows, and tells the live boards.

A row is never ahead of the store, because only stored lines are read; a sealed sheet stands above any running sum.
"""

import logging
import socket
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from cat_exam import hallclock, queries
from cat_exam.protocol import State
from cat_exam.protocol import board as wire
from cat_exam.queries.boards import BoardExam, BoardSeat
from cat_exam.queries.forms import answer_key
from cat_exam.rules.masking import mask_name
from cat_exam.rules.tally import Form, Tally

log = logging.getLogger(__name__)

MAX_INT = 2**31 - 1
#: Who has a row: nobody before he is there, and nobody who was shut out (a full picture leaves him out).
SHOWN = frozenset({"admitted", "running", "paused", "submitted", "expired", "scored"})


class Feed:
    """One board's ear: a Unix socket that is written to and never read."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._socket: socket.socket | None = None

    def open(self) -> bool:
        """Connect where that is needed; True when this connection is new and has to hear everything."""
        if self._socket is not None:
            return False
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(2.0)
        try:
            line.connect(self.path)
        except OSError:
            line.close()
            return False
        self._socket = line
        log.info("board: %s listens", self.path)
        return True

    def tell(self, frames: Iterable[str]) -> None:
        """Write frames; a board that does not take them is left alone until the next round."""
        if self._socket is None:
            return
        try:
            self._socket.sendall("".join(frame + "\n" for frame in frames).encode())
        except OSError as error:
            log.warning("board: %s is away (%s)", self.path, type(error).__name__)
            self.close()

    def close(self) -> None:
        """Hang up; the next :meth:`open` starts anew."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


class _Seat:
    __slots__ = ("attempt", "name", "number", "place", "sealed", "state", "tally")

    def __init__(self, seat: BoardSeat, form: Form) -> None:
        self.attempt, self.place, self.number, self.name = seat.attempt, seat.place, seat.number, mask_name(seat.name)
        self.state, self.sealed = "", False
        self.tally = Tally(form)


class _Board:
    """One exam's board: its seats, the number of the last message, and when everything was told last."""

    def __init__(self, exam: BoardExam) -> None:
        self.exam = exam
        self.n = 0
        self.full_at: datetime | None = None
        self.told: tuple[str, str] = ("", "")
        forms: dict[UUID, Form] = {}
        self.seats: dict[int, _Seat] = {}
        for seat in queries.board_seats(exam.id):
            if seat.paper not in forms:
                forms[seat.paper] = Form(answer_key(seat.paper))
            self.seats[seat.attempt] = _Seat(seat, forms[seat.paper])
        self.form = next(iter(forms.values()), None)

    @property
    def shows_points(self) -> bool:
        return self.exam.board == "live" or self.exam.state == "closed"

    def due(self, now: datetime) -> bool:
        """Whether everything is to be told again."""
        return self.full_at is None or (now - self.full_at).total_seconds() >= wire.FULL_SECONDS

    def unsealed(self, now: datetime) -> bool:
        """Whether sealed sums have to be read: somebody was scored, or a closed exam's sheets may have successors."""
        if self.exam.state == "closed" and self.due(now):
            return True
        return any(seat.state == "scored" and not seat.sealed for seat in self.seats.values())

    def rows(self, attempts: Iterable[int]) -> list[wire.Row]:
        chosen = [self.seats[pk] for pk in attempts]
        return [
            wire.Row(seat.place, seat.number, seat.name, State(seat.state),
                     seat.tally.points if self.shows_points else [])
            for seat in chosen
            if seat.state in SHOWN
        ]  # fmt: skip


class Boards:
    """All boards of this scorer; :meth:`round` says what has to be told since the last one."""

    def __init__(self) -> None:
        self._boards: dict[UUID, _Board] = {}

    def round(self, now: datetime, *, everything: bool = False) -> list[str]:
        """Frames for the boards at ``now`` (hall time): full pictures where they are due or where ``everything`` is
        asked for, otherwise what changed."""
        exams = queries.board_exams(now)
        frames = [self._gone(pk) for pk in self._boards.keys() - {exam.id for exam in exams}]
        for exam in exams:
            if exam.id not in self._boards:
                self._boards[exam.id] = _Board(exam)
            self._boards[exam.id].exam = exam
        changed = self._look([exam.id for exam in exams], now)
        phases = queries.room_phases(exams, now)
        for exam in exams:
            board, phase = self._boards[exam.id], phases.get(exam.id)
            state = State.SCORED if phase is None else State.PAUSED if phase.state == "paused" else State.RUNNING
            left = 0 if phase is None else min(phase.remaining_ms, MAX_INT)
            frames += self._told(board, changed[exam.id], now, state, left, everything=everything)
        return frames

    def _gone(self, exam: UUID) -> str:
        board = self._boards.pop(exam)
        return wire.dump(wire.Gone(board.n + 1, board.exam.reference))

    def _look(self, exams: list[UUID], now: datetime) -> dict[UUID, set[int]]:
        """Read states, lines and sheets; the attempts whose row is another one now, by exam."""
        changed: dict[UUID, set[int]] = {exam: set() for exam in exams}
        whose = {pk: exam for exam in exams for pk in self._boards[exam].seats}
        for pk, state in queries.attempt_states(exams).items():
            seat = self._boards[whose[pk]].seats[pk]
            if seat.state != state:
                seat.state = state
                changed[whose[pk]].add(pk)
        self._count(exams, whose, changed)
        self._settle([exam for exam in exams if self._boards[exam].unsealed(now)], whose, changed)
        return changed

    def _count(self, exams: list[UUID], whose: dict[int, UUID], changed: dict[UUID, set[int]]) -> None:
        days = defaultdict(dict)  # type: ignore[var-annotated]
        for exam in exams:
            board = self._boards[exam]
            if board.exam.board == "live" and board.exam.state == "running":
                days[board.exam.day] |= {pk: seat.tally.seq for pk, seat in board.seats.items()}
        for day, known in days.items():
            found = defaultdict(list)
            for line in queries.lines_since(day, known):
                found[line.attempt].append((line.seq, line.kind, line.item, line.response))
            for pk, lines in found.items():
                if self._boards[whose[pk]].seats[pk].tally.take(lines):
                    changed[whose[pk]].add(pk)

    def _settle(self, exams: list[UUID], whose: dict[int, UUID], changed: dict[UUID, set[int]]) -> None:
        for pk, sections in queries.sealed_points(exams).items() if exams else ():
            seat = self._boards[whose[pk]].seats[pk]
            seat.sealed = True
            if seat.tally.settle([sections[code] for code in seat.tally.form.sections]):
                changed[whose[pk]].add(pk)

    def _told(
        self, board: _Board, changed: set[int], now: datetime, state: State, left: int, *, everything: bool
    ) -> list[str]:
        exam, at = board.exam, hallclock.to_ms(now)
        full = everything or board.due(now) or board.told != (exam.board, exam.state)
        if not full and not changed:
            return []
        board.n += 1
        if not full:
            return [wire.dump(wire.Delta(board.n, exam.reference, at, left, state, board.rows(sorted(changed))))]
        board.full_at, board.told = now, (exam.board, exam.state)
        form = board.form
        sections = [wire.Section(*pair) for pair in zip(form.sections, form.maxima, strict=True)] if form else []
        return [
            wire.dump(wire.Full(board.n, exam.reference, exam.title, exam.place, exam.zone, at, left, state, sections,
                                board.rows(board.seats)))
        ]  # fmt: skip
