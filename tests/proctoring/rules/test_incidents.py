"""Words for the minutes and the size of a request for time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refusal
from proctoring.rules.incidents import TEXT_MAX, TEXT_MIN, clean_text, count_kinds, seconds_asked


@pytest.mark.parametrize(("minutes", "seconds"), [(1, 60), (180, 10_800)])
def test_a_request_is_between_one_minute_and_three_hours(minutes: int, seconds: int) -> None:
    assert seconds_asked(minutes) == seconds


@pytest.mark.parametrize("minutes", [0, -5, 181])
def test_a_request_outside_the_range_is_refused(minutes: int) -> None:
    with pytest.raises(Refusal) as refusal:
        seconds_asked(minutes)
    assert (refusal.value.code, refusal.value.field) == ("credit_range", "minutes")


@given(st.text(max_size=1200))
def test_words_are_kept_in_order_and_within_bounds(text: str) -> None:
    try:
        plain = clean_text(text)
    except Refusal as refusal:
        assert refusal.code in {"text_short", "text_long"}
        assert not TEXT_MIN <= len(" ".join(text.split())) <= TEXT_MAX
    else:
        assert plain.split() == text.split()


def test_kinds_are_counted() -> None:
    assert count_kinds(["health", "technical", "health"]) == {"health": 2, "technical": 1}
