"""Seats that follow one solver are found among honest ones, without comparing everybody with everybody."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random

import pytest

from cat_exam.rules.lines import Kind
from proctoring.rules.anomaly import Finding, Sign
from proctoring.rules.twins import TWIN_LIMITS, Paths, TwinLimits
from tests.proctoring.rules.simulator import START_US, TUNING_SEEDS, Sheet, follower, honest, make_form, make_ring

Answer = tuple[int, int, int, int]
Pair = tuple[int, int | None]


def room(seed: int, seats: int, rings: int) -> tuple[list[Sheet], set[Pair]]:
    """Honest seats, and ``rings`` of three that listen to the same solver; the pairs that should be found."""
    assert seed not in TUNING_SEEDS
    random = Random(seed)
    form = make_form(random)
    sheets = [honest(number, form, random) for number in range(seats)]
    pairs: set[Pair] = set()
    for ring in range(rings):
        told = make_ring(form, random, random.randint(24, 40))
        ids = range(seats + 3 * ring, seats + 3 * ring + 3)
        sheets += [follower(number, form, random, told) for number in ids]
        pairs |= {(one, two) for one in ids for two in ids if one < two}
    return sheets, pairs


def answers(sheets: Iterable[Sheet]) -> list[Answer]:
    """(moment, attempt, item, option) in the order in which the hall stored them."""
    return sorted(
        (line.received_us, line.attempt, line.item or 0, line.response or 0)
        for sheet in sheets for line in sheet.lines if line.kind == Kind.ANSWER
    )  # fmt: skip


def watch(paths: Paths, events: list[Answer], step: int = 1_000) -> dict[Pair, Finding]:
    """As the reader does: some lines, then a look, again and again."""
    found: dict[Pair, Finding] = {}
    for start in range(0, len(events), step):
        for at, attempt, item, option in events[start : start + step]:
            paths.take(attempt, item, option, at)
        found |= {(one.attempt, one.other): one for one in paths.findings()}
        paths.forget(events[min(start + step, len(events)) - 1][0])
    return found


def test_rings_in_a_room_of_450_are_found_and_nobody_else() -> None:
    pairs: set[Pair] = set()
    found: dict[Pair, Finding] = {}
    compared = 0
    for seed in (1011, 1012):
        sheets, expected = room(seed, 441, 3)
        paths = Paths()
        shift = {(one + seed * 1_000, (two or 0) + seed * 1_000) for one, two in expected}
        told = watch(paths, answers(sheets))
        found |= {(one + seed * 1_000, (two or 0) + seed * 1_000): what for (one, two), what in told.items()}
        pairs, compared = pairs | shift, compared + paths.compared
    print(f"\npaths: {len(pairs & found.keys())} of {len(pairs)} pairs found, {len(found.keys() - pairs)} others, "
          f"{compared} comparisons instead of {2 * 450 * 449 // 2}")  # fmt: skip
    assert not found.keys() - pairs
    assert len(pairs & found.keys()) >= 0.95 * len(pairs)
    assert all(one.sign == Sign.TWINS and one.facts["items"] >= TWIN_LIMITS.fewest for one in found.values())


@pytest.mark.parametrize(
    "broken",
    [
        replace(
            TWIN_LIMITS, evidence=0, fewest=1, meetings=1, keep_s=10**5, bucket_s=10**5, lag_s=10**6, spread_s=10**6
        ),
        replace(TWIN_LIMITS, meetings=200),
    ],
    ids=["everybody alike", "nobody alike"],
)
def test_a_broken_comparison_is_noticed(broken: TwinLimits) -> None:
    sheets, pairs = room(1013, 120, 2)
    assert watch(Paths(), answers(sheets)).keys() == pairs
    assert watch(Paths(broken), answers(sheets)).keys() != pairs


def alone(random: Random, people: int, items: int) -> Iterator[Answer]:
    """Honest answers in an order of one's own, at scale: 25–60 s an item, the popular option in two of three."""
    for attempt in range(people):
        order, at = list(range(items)), START_US
        random.shuffle(order)
        for item in order:
            at += random.randint(25_000_000, 60_000_000)
            yield at, attempt, item, item * 10 + (0 if random.random() < 0.66 else random.randint(1, 4))


def test_work_grows_with_answers_not_with_pairs() -> None:
    """Nationwide 27,000 people are 364 million pairs; the keys leave next to none to compare."""
    counts = {}
    for people in (500, 4_000):
        paths = Paths()
        assert not watch(paths, sorted(alone(Random(1014), people, 40)), step=20_000)
        counts[people] = paths.compared
    print(f"\ncomparisons among honest people: {counts} (pairs: {500 * 499 // 2}, {4_000 * 3_999 // 2})")
    assert counts[4_000] < 100


def test_the_same_options_in_another_order_or_hours_apart_are_no_path() -> None:
    order = list(range(40))
    for shift_s, other in ((3_600, order), (20, order[::-1])):
        paths = Paths()
        events = [(START_US + place * 30_000_000, 1, item, item) for place, item in enumerate(order)]
        events += [(START_US + (place * 30 + shift_s) * 1_000_000, 2, item, item) for place, item in enumerate(other)]
        assert not watch(paths, sorted(events))


def test_a_common_wrong_option_weighs_less_than_a_rare_one() -> None:
    evidence = {}
    for popular in (True, False):
        paths = Paths()
        for other in range(100, 140):  # what everybody else takes, long before
            for item in range(20):
                paths.take(other, item, item if popular else 1_000 + other % 3, START_US - 10**10)
        events = [(START_US + (p * 30 + lag) * 1_000_000, 1 + (lag > 0), p, p) for p in range(20) for lag in (0, 9)]
        evidence[popular] = watch(paths, sorted(events))[1, 2].facts["evidence"]
    assert evidence[False] > evidence[True]


def test_keys_are_forgotten_so_memory_follows_minutes() -> None:
    paths = Paths()
    events = sorted(alone(Random(1015), 200, 60))
    watch(paths, events)
    kept = sum(len(bucket) for bucket in paths._keys.values())
    assert kept < len(events) / 2
