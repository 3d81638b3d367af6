"""What the hall answers to its own pages and to the rooms above."""

from cat_exam.queries.boards import (
    attempt_states,
    board_exams,
    board_seats,
    room_phases,
    sealed_points,
)
from cat_exam.queries.ledger import Ledger, ledgers, over_time
from cat_exam.queries.lines import lines_since
from cat_exam.queries.rooms import (
    Outcome,
    SeatView,
    attempt_for_card,
    exams_for,
    outcomes,
    room_view,
    to_score,
)
from cat_exam.queries.scores import SheetRow, attempt_of, receipt, score_messages, score_sheets

__all__ = [
    "Ledger",
    "Outcome",
    "SeatView",
    "SheetRow",
    "attempt_for_card",
    "attempt_of",
    "attempt_states",
    "board_exams",
    "board_seats",
    "exams_for",
    "ledgers",
    "lines_since",
    "outcomes",
    "over_time",
    "receipt",
    "room_phases",
    "room_view",
    "score_messages",
    "score_sheets",
    "sealed_points",
    "to_score",
]
