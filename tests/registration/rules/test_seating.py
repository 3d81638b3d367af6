"""Seating: nobody twice, capacity kept, everybody placed or reported, neighbours apart, repeatable."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from registration.rules import mixing
from registration.rules.seating import (
    FULL,
    NO_SITTING,
    OVERLAP,
    Candidate,
    Space,
    assign,
    overlaps,
    seat_labels,
)

DAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def space(name, centre=1, seats=10, hour=0):
    start = DAY + timedelta(hours=hour)
    return Space(name, centre, start, start + timedelta(minutes=130), tuple(seat_labels(seats)))


def person(number, centre=1, group=1, busy=()):
    return Candidate(f"p{number}", centre, group, number, busy)


@st.composite
def problems(draw):
    spaces = [
        space(f"s{n}", draw(st.integers(1, 3)), draw(st.integers(0, 12)), draw(st.integers(0, 6)))
        for n in range(draw(st.integers(0, 6)))
    ]
    people = []
    for n in range(draw(st.integers(0, 60))):
        busy = ()
        if draw(st.integers(0, 4)) == 0:
            start = DAY + timedelta(hours=draw(st.integers(0, 6)))
            busy = ((start, start + timedelta(hours=2)),)
        people.append(person(n, draw(st.integers(1, 4)), draw(st.integers(1, 5)), busy))
    return people, spaces


@settings(max_examples=200, deadline=None)
@given(problems(), st.text(max_size=5))
def test_everybody_is_placed_once_or_reported_once_and_no_seat_is_given_twice(problem, seed):
    people, spaces = problem
    plan = assign(people, spaces, seed=seed)
    ids = [p.candidate for p in plan.placed] + [u.candidate for u in plan.unplaced]
    assert sorted(ids) == sorted(p.id for p in people)
    assert len({(p.sitting, p.label) for p in plan.placed}) == len(plan.placed)
    by_id, by_name = {p.id: p for p in people}, {s.id: s for s in spaces}
    for placement in plan.placed:
        sitting = by_name[placement.sitting]
        assert placement.label in sitting.free
        assert sitting.centre == by_id[placement.candidate].centre
        assert not overlaps(by_id[placement.candidate].busy, sitting)


@settings(max_examples=200, deadline=None)
@given(problems(), st.text(max_size=5))
def test_nobody_is_left_out_while_a_seat_they_could_take_is_free(problem, seed):
    people, spaces = problem
    plan = assign(people, spaces, seed=seed)
    taken = Counter(p.sitting for p in plan.placed)
    by_id = {p.id: p for p in people}
    for left in plan.unplaced:
        who = by_id[left.candidate]
        here = [s for s in spaces if s.centre == who.centre]
        assert (left.reason == NO_SITTING) == (not here)
        if not who.busy:
            assert all(taken[s.id] == len(s.free) for s in here)


@settings(max_examples=100, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_the_same_seed_gives_the_same_seats_whatever_the_order_of_input(problem, random):
    people, spaces = problem
    first = assign(people, spaces, seed="x")
    people, spaces = list(people), list(spaces)
    random.shuffle(people)
    random.shuffle(spaces)
    again = assign(people, spaces, seed="x")
    assert set(first.placed) == set(again.placed)
    assert {(u.candidate, u.reason) for u in first.unplaced} == {(u.candidate, u.reason) for u in again.unplaced}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=4, max_size=60), st.text(max_size=4))
def test_neighbours_in_the_list_are_never_neighbours_in_the_room(groups, seed):
    people = [(f"p{n}", group, n) for n, group in enumerate(sorted(groups))]
    row = mixing.mix(people, seed=seed)
    assert sorted(row) == sorted(p[0] for p in people)
    rank = {p[0]: p[2] for p in people}
    assert all(abs(rank[a] - rank[b]) != 1 for a, b in pairwise(row))


@settings(max_examples=200, deadline=None)
@example([1, 1, 1, 2, 3, 3, 3, 4, 4], "\x8e")  # the first lot leaves list neighbours together
@given(st.lists(st.integers(1, 6), min_size=8, max_size=60), st.text(max_size=4))
def test_one_agencys_people_do_not_sit_together_when_no_agency_is_a_third_of_the_room(groups, seed):
    groups = [g for g in groups if groups.count(g) <= len(groups) // 3]
    if len(groups) < 8 or max(Counter(groups).values()) > len(groups) // 3:
        return
    people = [(f"p{n}", group, n) for n, group in enumerate(sorted(groups))]
    group = {p[0]: p[1] for p in people}
    row = mixing.mix(people, seed=seed)
    together = sum(group[a] == group[b] for a, b in pairwise(row))
    assert together == 0


def test_an_agencys_people_are_dealt_over_all_sittings_that_are_needed():
    people = [person(n, group=n // 30) for n in range(90)]
    sittings = [space("a", seats=30), space("b", seats=30, hour=3), space("c", seats=30, hour=6)]
    plan = assign(people, sittings, seed="1")
    seen = defaultdict(Counter)
    for p in plan.placed:
        seen[int(p.candidate[1:]) // 30][p.sitting] += 1
    assert all(set(counts.values()) == {10} for counts in seen.values())


def test_later_sittings_stay_empty_until_they_are_needed():
    plan = assign([person(n) for n in range(10)], [space("late", hour=5), space("early")], seed="1")
    assert {p.sitting for p in plan.placed} == {"early"}


def test_a_full_centre_reports_who_has_no_seat():
    plan = assign([person(n) for n in range(12)], [space("a", seats=10)], seed="1")
    assert len(plan.placed) == 10
    assert [u.reason for u in plan.unplaced] == [FULL, FULL]


def test_a_person_is_not_seated_into_their_other_sitting():
    busy = ((DAY, DAY + timedelta(hours=2)),)
    plan = assign([person(1, busy=busy)], [space("same"), space("later", hour=3)], seed="1")
    assert [p.sitting for p in plan.placed] == ["later"]
    plan = assign([person(1, busy=busy)], [space("same")], seed="1")
    assert [u.reason for u in plan.unplaced] == [OVERLAP]


def test_sittings_that_touch_do_not_overlap():
    assert not overlaps(((DAY - timedelta(hours=2), DAY),), space("a"))


def test_another_seed_gives_another_order():
    people = [person(n, group=n % 7) for n in range(40)]
    plans = [assign(people, [space("a", seats=40)], seed=str(seed)) for seed in range(5)]
    orders = {tuple(p.candidate for p in plan.placed) for plan in plans}
    assert len(orders) == 5


@pytest.mark.parametrize(
    ("capacity", "last"), [(1, "A-01"), (10, "A-10"), (11, "B-01"), (260, "Z-10"), (433, "AR-03")]
)
def test_labels_run_row_by_row(capacity, last):
    labels = seat_labels(capacity)
    assert labels[-1] == last
    assert len(set(labels)) == capacity
