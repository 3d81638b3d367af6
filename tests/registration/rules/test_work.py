"""Long work: how far, how fast, when nobody is at it, and which state may follow which."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Refusal
from registration.rules import work

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", work.STEPS)
def test_the_shares_of_the_steps_make_the_whole(kind):
    assert sum(share for _step, share in work.STEPS[kind]) == 100


@pytest.mark.parametrize(
    ("kind", "step", "done", "total", "shown"),
    [
        ("catalogue", "", 0, 0, 0),
        ("catalogue", "reading", 0, 46_101, 0),
        ("catalogue", "reading", 23_051, 46_101, 25),
        ("catalogue", "reading", 46_101, 46_101, 50),
        ("catalogue", "writing", 1, 2, 75),
        ("schedule", "numbering", 0, 9, 80),
        ("cards", "sealing", 1999, 2000, 99),
        ("cards", "sealing", 2000, 2000, 99),
        ("cards", "sealing", 5000, 2000, 99),
    ],
)
def test_percent_rises_through_the_steps_and_never_says_done_too_early(kind, step, done, total, shown):
    assert work.percent(kind, step, done, total) == shown


def test_percent_never_falls_while_a_work_goes_on():
    seen = [
        work.percent("schedule", step, done, 37) for step, _share in work.STEPS["schedule"] for done in range(38)
    ]
    assert seen == sorted(seen)


def test_a_running_work_is_lost_after_a_long_silence_only():
    assert not work.is_lost("running", NOW - work.SILENCE, NOW)
    assert work.is_lost("running", NOW - work.SILENCE - timedelta(seconds=1), NOW)
    assert not work.is_lost("waiting", None, NOW + timedelta(days=1))
    assert not work.is_lost("done", NOW - timedelta(days=1), NOW)


def test_a_work_nobody_takes_is_told_after_a_while():
    assert not work.waits_long("waiting", NOW, NOW + work.PATIENCE)
    assert work.waits_long("waiting", NOW, NOW + work.PATIENCE + timedelta(seconds=1))
    assert not work.waits_long("running", NOW, NOW + timedelta(hours=1))


def test_the_pace_says_things_a_second_and_seconds_left():
    assert work.pace(2000, 10_000, NOW - timedelta(seconds=4), NOW) == (500, 16)
    assert work.pace(0, 10, NOW - timedelta(seconds=4), NOW) == (0, None)
    assert work.pace(5, 10, NOW, NOW) == (0, None)
    assert work.pace(5, 10, None, NOW) == (0, None)


def test_an_ended_work_never_moves_again():
    assert work.move("waiting", "running") == "running"
    for end in ("done", "refused", "failed", "cancelled"):
        for other in work.WORK:
            with pytest.raises(Refusal):
                work.move(end, other)
    with pytest.raises(KeyError):
        work.move("waiting", "gone")
