"""Time is a ledger: properties that hold whatever happened."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cat_exam.rules.timing import Grant, Stop, closes_at, phase, stood

START = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
offsets = st.integers(0, 20_000).map(lambda seconds: timedelta(seconds=seconds))
moments = offsets.map(lambda offset: START + offset)
grants = st.lists(st.builds(Grant, st.integers(1, 7200), st.one_of(st.just(START), moments)), max_size=4)


@st.composite
def stops(draw):
    began = draw(moments)
    ended = draw(st.one_of(st.none(), offsets.map(lambda more: began + more)))
    return Stop(began, ended)


pauses = st.lists(stops(), max_size=4)


def slow_remaining(now, given_grants, given_pauses):
    """Second by second, as one would count by hand."""
    consumed = sum(
        not any(p.began_at <= at and (p.ended_at is None or at < p.ended_at) for p in given_pauses)
        for at in (START + timedelta(seconds=n) for n in range(int((now - START).total_seconds())))
    )
    return max(0, sum(g.seconds for g in given_grants if g.since <= now) - consumed)


@given(st.integers(0, 600).map(lambda s: START + timedelta(seconds=s)), grants, pauses)
def test_remaining_is_granted_less_consumed_counted_by_hand(now, some_grants, some_pauses):
    found = phase(now, None, START, some_grants, some_pauses)
    assert found.remaining == timedelta(seconds=slow_remaining(now, some_grants, some_pauses))


@given(moments, grants, pauses)
def test_running_exactly_until_it_closes(now, some_grants, some_pauses):
    closes = closes_at(now, START, some_grants, some_pauses)
    if closes is None:
        return
    later = [p for p in some_pauses if p.began_at > now] or [g for g in some_grants if g.since > now]
    if later:  # something still to happen changes the instant
        return
    microsecond = timedelta(microseconds=1)
    assert phase(closes - microsecond, None, START, some_grants, some_pauses).state == "running"
    assert phase(closes, None, START, some_grants, some_pauses).state == "over"


@given(moments, grants, pauses)
def test_a_paused_clock_stands(now, some_grants, some_pauses):
    found = phase(now, None, START, some_grants, [*some_pauses, Stop(now, None)])
    later = phase(now + timedelta(hours=2), None, START, [g for g in some_grants if g.since <= now],
                  [*some_pauses, Stop(now, None)])  # fmt: skip
    assert found.state in {"paused", "over"} and later.remaining == found.remaining


@given(moments, grants, pauses, st.integers(1, 3600))
def test_a_credit_gives_exactly_its_seconds(now, some_grants, some_pauses, seconds):
    before = phase(now, None, START, some_grants, some_pauses)
    after = phase(now, None, START, [*some_grants, Grant(seconds, START)], some_pauses)
    if before.state != "over":
        assert after.remaining - before.remaining == timedelta(seconds=seconds)


@given(pauses, moments)
def test_overlapping_pauses_count_once(some, now):
    assert stood(START, now, some) == stood(START, now, [*some, *some]) <= now - START


def test_nothing_runs_before_it_was_started_or_opened():
    grant = [Grant(6000, START)]
    assert phase(START, None, None, grant, []).state == "waiting"
    assert phase(START, None, START + timedelta(seconds=1), grant, []).state == "waiting"
    assert phase(START, START + timedelta(seconds=1), START, grant, []).state == "waiting"
    assert phase(START, START, START, grant, []) == phase(START, None, START, grant, [])


def test_the_last_millisecond():
    grant = [Grant(1, START)]
    assert phase(START + timedelta(milliseconds=999), None, START, grant, []).remaining_ms == 1
    assert phase(START + timedelta(milliseconds=1000), None, START, grant, []).state == "over"
