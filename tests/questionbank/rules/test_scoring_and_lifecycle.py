"""Points of a form, steps of the lifecycles, words that changed, and statistics by the closed formula."""

from decimal import Decimal
from itertools import product
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionbank.rules import lifecycle, psychometrics
from questionbank.rules.compare import changes, compare
from questionbank.rules.scoring import AnswerKey, ItemKey, highest, points

KEY = AnswerKey(
    "p", ("TWK", "TKP", "TIU"),
    {1: ItemKey("TWK", {11: 0, 12: 5}), 2: ItemKey("TKP", {21: 1, 22: 4}), 3: ItemKey("TKP", {31: 5, 32: 2})},
)  # fmt: skip


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        ({}, {"TWK": 0, "TKP": 0, "TIU": 0}),
        ({1: 12}, {"TWK": 5, "TKP": 0, "TIU": 0}),
        ({1: 11, 2: 21, 3: 32}, {"TWK": 0, "TKP": 3, "TIU": 0}),
        ({1: 12, 2: 22, 3: 31}, {"TWK": 5, "TKP": 9, "TIU": 0}),
    ],
)
def test_points_by_section_with_no_penalty_and_nothing_for_blanks(responses, expected):
    assert points(KEY, responses) == expected
    assert highest(KEY) == {"TWK": 5, "TKP": 9, "TIU": 0}


@pytest.mark.parametrize("responses", [{9: 12}, {1: 22}, {1: 0}])
def test_an_answer_that_is_not_of_the_form_is_loud(responses):
    with pytest.raises(ValueError, match="paper p"):
        points(KEY, responses)


@pytest.mark.parametrize("table", [lifecycle.VERSION, lifecycle.PAPER])
def test_only_the_steps_of_the_table_are_allowed(table):
    for old, new in product(table, table):
        if (old, new) in lifecycle.steps(table):
            assert lifecycle.move(old, new, table=table) == new
        else:
            with pytest.raises(lifecycle.WrongMove):
                lifecycle.move(old, new, table=table)


def test_the_states_of_the_models_are_those_of_the_tables():
    from questionbank.models import ItemVersion, Paper

    assert set(lifecycle.VERSION) == set(ItemVersion.State.values)
    assert set(lifecycle.PAPER) == set(Paper.State.values)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 200)), min_size=2, max_size=60))
def test_item_rest_correlation_equals_the_textbook_formula(pairs):
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    n = len(pairs)
    sums = psychometrics.Sums(
        n, sum(xs), sum(ys), sum(x * x for x in xs), sum(y * y for y in ys), sum(x * y for x, y in pairs)
    )
    found = psychometrics.item_rest(sums)
    mean_x, mean_y = sum(xs) / n, sum(ys) / n
    spread = sqrt(sum((x - mean_x) ** 2 for x in xs)) * sqrt(sum((y - mean_y) ** 2 for y in ys))
    if len(set(xs)) == 1 or len(set(ys)) == 1:
        assert found is None
    else:
        expected = sum((x - mean_x) * (y - mean_y) for x, y in pairs) / spread
        assert abs(float(found) - expected) < 0.00006


def test_means_round_half_up():
    assert psychometrics.mean(1, 8) == Decimal("0.1250")
    assert psychometrics.mean(1, 32) == Decimal("0.0313")


def test_a_comparison_keeps_whole_words_and_says_what_went_and_came():
    assert compare("dua ekor kucing", "dua ekor anjing besar") == [
        ("kept", "dua ekor"),
        ("gone", "kucing"),
        ("new", "anjing besar"),
    ]
    assert changes([("A", "x"), ("B", "y")], [("A", "x"), ("B", "z")])[0].label == "B"
