"""Drawing: the blueprint is satisfied exactly, evenly, without enemies, and repeatably."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionbank.rules.chance import Chance
from questionbank.rules.draw import Candidate, NotEnough, Part, draw, supply


def pool_of(**topics: int) -> list[Candidate]:
    """``pool_of(TWK_a=3)``: three items of topic ``a`` of section TWK."""
    found = []
    for name, count in topics.items():
        section, topic = name.split("_")
        found += [Candidate(f"{name}-{number}", section, topic) for number in range(count)]
    return found


@given(
    counts=st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 9), min_size=1),
    share=st.floats(0, 1),
    seed=st.text(max_size=8),
)
def test_a_whole_section_is_spread_evenly_over_its_topics(counts, share, seed):
    pool = pool_of(**{f"TWK_{topic}": count for topic, count in counts.items()})
    wanted = 1 + int(share * (len(pool) - 1))
    drawn = draw([Part("TWK", None, wanted)], pool, seed)
    assert len(set(drawn)) == wanted
    taken = Counter(one.split("-")[0].removeprefix("TWK_") for one in drawn)
    top = max(taken.values())
    for topic, count in counts.items():
        assert taken[topic] >= min(count, top - 1), (taken, counts)


@given(st.integers(0, 5), st.integers(0, 5), st.text(max_size=5))
def test_a_part_with_a_topic_is_served_before_the_whole_section(named, rest, seed):
    pool = pool_of(TWK_a=5, TWK_b=5)
    parts = [part for part in (Part("TWK", None, rest), Part("TWK", "a", named)) if part.items]
    drawn = draw(parts, pool, seed)
    assert len(set(drawn)) == named + rest
    assert sum(one.startswith("TWK_a") for one in drawn) >= named


def test_sections_stay_together_in_the_order_of_the_parts():
    pool = pool_of(TWK_a=4, TKP_b=4, TIU_c=4)
    parts = [Part("TKP", None, 2), Part("TWK", "a", 1), Part("TKP", "b", 1), Part("TIU", None, 2)]
    sections = [one[:3] for one in draw(parts, pool, "x")]
    assert sections == ["TKP", "TKP", "TKP", "TWK", "TIU", "TIU"]


def test_each_part_that_lacks_items_is_named_with_its_number():
    parts = [Part("TWK", None, 5), Part("TIU", "c", 2), Part("TKP", None, 1)]
    with pytest.raises(NotEnough) as short:
        draw(parts, pool_of(TWK_a=3, TIU_c=1, TIU_d=9, TKP_b=1), "x")
    found = [(lack.section, lack.topic, lack.missing) for lack in short.value.lacks]
    assert sorted(found, key=str) == [("TIU", "c", 1), ("TWK", None, 2)]


@given(st.text(max_size=8))
def test_of_a_group_of_enemies_at_most_one_is_drawn(seed):
    groups = ["x", "x", "x", "y", "y", "", "", ""]
    pool = [Candidate(str(number), "TWK", "ab"[number % 2], group) for number, group in enumerate(groups)]
    drawn = draw([Part("TWK", None, 5)], pool, seed)
    used = Counter(groups[int(one)] for one in drawn)
    assert used["x"] <= 1
    assert used["y"] <= 1
    assert len(drawn) == 5


def test_too_many_enemies_are_a_lack():
    pool = [Candidate(str(number), "TWK", "a", "x") for number in range(4)]
    with pytest.raises(NotEnough) as short:
        draw([Part("TWK", None, 2)], pool, "s")
    assert short.value.lacks[0].found == 1
    assert supply([Part("TWK", None, 2), Part("TWK", "a", 1)], pool) == [
        (Part("TWK", None, 2), 1),
        (Part("TWK", "a", 1), 1),
    ]


def test_the_same_seed_gives_the_same_form_whatever_order_the_pool_has():
    pool = pool_of(TWK_a=9, TWK_b=9)
    parts = [Part("TWK", None, 6)]
    assert draw(parts, pool, "7") == draw(parts, pool[::-1], "7")
    assert len({tuple(draw(parts, pool, str(seed))) for seed in range(20)}) > 15


def test_every_item_is_drawn_about_as_often_as_every_other():
    pool = pool_of(TWK_a=10)
    times = Counter(one for seed in range(2000) for one in draw([Part("TWK", None, 3)], pool, str(seed)))
    assert all(480 < count < 720 for count in times.values())  # 600 expected, about 20 is one sigma


def test_chance_is_uniform_and_does_not_change_between_versions():
    chance = Chance("cat")
    counts = Counter(chance.below(6) for _ in range(6000))
    assert set(counts) == set(range(6))
    assert all(850 < count < 1150 for count in counts.values())
    assert Chance("tetap").shuffled(range(8)) == [2, 0, 6, 3, 4, 1, 5, 7]  # computed apart from this code
