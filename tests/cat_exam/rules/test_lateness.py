"""Which late lines count: those within the time that approved credits add to the clock that ended the attempt."""

from datetime import timedelta

import pytest

from cat_exam.rules.lateness import EPOCH, covered, told
from cat_exam.rules.lines import BY_CANDIDATE, BY_CLOCK, BY_ROOM, Kind, Line
from cat_exam.rules.scoring import replay
from cat_exam.rules.timing import Grant, Stop

START = EPOCH + timedelta(days=20_000)
BASE = Grant(600, START)


def line(seq: int, kind: Kind, seconds: float, item: int | None = None, response: int | None = None) -> Line:
    at = (START - EPOCH + timedelta(seconds=seconds)) // timedelta(microseconds=1)
    return Line(1, seq, 1, 7, seq, kind, item, response, None, at)


def journal(ended_by: int = BY_CLOCK, late: float = 720) -> list[Line]:
    return [
        line(1, Kind.ANSWER, 5, 1, 11),
        line(2, Kind.FINISH, 600, None, ended_by),
        line(3, Kind.LATE, late, 1, 12),
        line(4, Kind.LATE, late + 60, 2, 21),
        line(5, Kind.STRANDED, late, 3, 31),
    ]


@pytest.mark.parametrize(
    ("credit", "counted"), [(0, []), (119, []), (120, []), (121, [3]), (180, [3]), (181, [3, 4]), (3600, [3, 4])]
)
def test_a_late_line_counts_when_the_credit_reaches_past_it(credit: int, counted: list[int]) -> None:
    grants = [BASE, Grant(credit, START + timedelta(hours=1))]
    assert covered(journal(), START, grants, []) == counted


def test_what_stood_still_is_not_counted_twice() -> None:
    """A pause moved the deadline already; a credit adds to that."""
    stop = Stop(START, START + timedelta(seconds=100))
    assert covered(journal(late=720), START, [BASE, Grant(30, START)], [stop]) == [3]
    assert covered(journal(late=730), START, [BASE, Grant(30, START)], [stop]) == []


@pytest.mark.parametrize("ended_by", [BY_CANDIDATE, BY_ROOM])
def test_only_the_clock_ends_an_attempt_too_early(ended_by: int) -> None:
    assert covered(journal(ended_by), START, [BASE, Grant(3600, START)], []) == []


def test_the_score_reads_counted_late_lines_as_answers_and_leaves_out_the_others() -> None:
    assert replay(told(journal(), [])) == {1: 11}
    assert replay(told(journal(), [3])) == {1: 12}
    assert replay(told(journal(), [3, 4])) == {1: 12, 2: 21}
