"""What the scenes measure with: a clock that really went wrong is seen, and only a library that works is used."""

from pathlib import Path

import pytest

from tests.chaos.clock import moved_on_screen
from tests.chaos.faketime import wall_clock, works
from tests.chaos.scenes import stood


def test_a_clock_that_stood_or_ran_ahead_is_seen_and_a_late_word_is_not() -> None:
    before = {1: (60_000, 10.0, 10.2)}
    assert stood(before, {1: (30_000, 40.0, 40.2)}) == {1: 0.0}
    assert stood(before, {1: (30_000, 40.0, 43.0)}) == {1: 0.0}  # the server was slow to say it
    assert stood(before, {1: (30_000, 45.2, 45.4)})[1] == pytest.approx(5.0)
    assert stood(before, {1: (0, 40.0, 40.2)})[1] == pytest.approx(-29.8)


def test_a_jump_of_the_time_shown_is_seen_even_when_it_comes_back() -> None:
    steady = [(0.0, "01:00:02"), (1000.0, "01:00:01"), (2000.0, "01:00:00"), (3000.0, "00:59:59")]
    assert moved_on_screen(steady) == 0
    assert moved_on_screen([*steady[:2], (2000.0, "00:00:00"), steady[3]]) == 3600


def test_a_library_that_does_not_move_the_clock_is_not_used(tmp_path: Path) -> None:
    assert not works(tmp_path / "libnothing.so")


def test_there_is_a_library_that_moves_the_wall_clock_and_lets_a_process_sleep() -> None:
    with wall_clock() as clock:
        if clock is None:
            pytest.skip("no libfaketime here that the servers' account can read")
        assert works(clock.library)
        assert clock.stamp.read_text() == "+0\n"
        clock.jump(-3600)
        assert clock.stamp.read_text() == "-3600\n"
