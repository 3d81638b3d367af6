"""Orders: whole, inside their sections, and the same for ever."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from cat_exam.rules.ordering import below, permute, words

seeds = st.integers(-(2**63), 2**63 - 1)


@given(seeds, st.lists(st.integers(1, 12), min_size=1, max_size=5), st.integers(2, 10))
def test_items_stay_in_their_section_and_options_in_their_item(seed, sizes, options):
    sections, at = [], 0
    for size in sizes:
        sections.append(list(range(at, at + size)))
        at += size
    made = permute(seed, sections, [options] * at)
    at = 0
    for section in sections:
        assert sorted(made.order[at : at + len(section)]) == section
        at += len(section)
    assert all(sorted(one) == [str(digit) for digit in range(options)] for one in made.options)
    assert permute(seed, sections, [options] * at) == made


def test_a_known_order_never_changes():
    """A later version must give the same papers: these values were written down when the rule was made."""
    made = permute(20261121, [[0, 1, 2, 3], [4, 5, 6]], [5] * 7)
    assert (made.order, made.options) == (KNOWN_ORDER, KNOWN_OPTIONS)


KNOWN_ORDER = [2, 3, 0, 1, 5, 6, 4]
KNOWN_OPTIONS = ["31420", "21340", "14302", "42130", "23014", "30124", "20134"]


def test_every_order_is_as_likely_as_any_other():
    counts = Counter(tuple(permute(seed, [[0, 1, 2, 3]], [2] * 4).order) for seed in range(4800))
    assert len(counts) == 24
    assert sum((count - 200) ** 2 / 200 for count in counts.values()) < 49.7  # chi², 23 degrees, p = 0.001


def test_numbers_below_a_limit_skip_what_would_favour_the_small():
    source = iter([2**32 - 1, 2**32 - 2, 7])
    assert below(3, source) == (2**32 - 2) % 3
    assert next(words(1)) != next(words(2))
