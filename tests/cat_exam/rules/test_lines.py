"""Chains, replays and lives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat_exam.models import JournalLine
from cat_exam.rules import lifecycle
from cat_exam.rules.lines import Kind, Line, broken_at, first_chain, line_bytes, next_chain
from cat_exam.rules.scoring import read, replay

items, options = st.integers(1, 5), st.integers(1, 5)
steps = st.lists(st.tuples(st.sampled_from(list(Kind)), st.none() | items, st.none() | options), max_size=40)


def chained(number: int = 4) -> list[tuple[Line, bytes]]:
    chain, made = first_chain(9), []
    for seq in range(1, number + 1):
        line = Line(9, seq, 1, 7, seq, Kind.ANSWER, seq, 3, None, 1_790_000_000_000_000 + seq)
        chain = next_chain(chain, line)
        made.append((line, chain))
    return made


def test_a_line_has_one_byte_form():
    assert line_bytes(chained(1)[0][0]) == b"9|1|1|7|1|3|1|3||1790000000000001"


def test_a_whole_chain_holds():
    assert broken_at(9, chained()) is None


@pytest.mark.parametrize("field", Line._fields)
def test_a_changed_value_breaks_the_chain_where_it_is(field):
    lines = chained()
    line, chain = lines[1]
    lines[1] = (line._replace(**{field: (getattr(line, field) or 0) + 1}), chain)
    assert broken_at(9, lines) == 2


def test_a_missing_or_moved_line_breaks_the_chain():
    lines = chained()
    assert broken_at(9, lines[:1] + lines[2:]) == 2
    assert broken_at(9, [lines[1], lines[0], *lines[2:]]) == 1
    assert broken_at(8, lines) == 1


@given(steps)
def test_the_current_answer_is_the_last_line_that_counts(lines):
    expected = {}
    for kind, item, response in lines:
        if kind == Kind.ANSWER and item is not None and response is not None:
            expected[item] = response
        elif kind == Kind.CLEAR:
            expected.pop(item, None)
    assert replay(lines) == expected


def test_late_lines_count_only_when_a_credit_covers_them_and_stranded_ones_never():
    lines = [(Kind.ANSWER, 1, 1), (Kind.FINISH, None, 2), (Kind.LATE, 2, 2), (Kind.STRANDED, 3, 3)]
    assert replay(lines) == {1: 1}
    assert replay(lines, late_counts=True) == {1: 1, 2: 2}
    assert read(lines).finished


def test_kinds_are_the_numbers_that_are_stored():
    assert {kind.name: kind.value for kind in Kind} == {kind.name: kind.value for kind in JournalLine.Kind}


def test_moves_follow_the_table():
    assert lifecycle.move(lifecycle.EXAM, "prepared", "open") == "open"
    with pytest.raises(lifecycle.NotAllowed):
        lifecycle.move(lifecycle.EXAM, "prepared", "running")
    assert lifecycle.before(lifecycle.ATTEMPT, "absent") == ["admitted", "expected"]
    for table in (lifecycle.EXAM, lifecycle.ATTEMPT):
        assert {to for following in table.values() for to in following} <= set(table)
