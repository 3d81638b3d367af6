"""Running points are the sealed ones at every moment, and names on a board are masked."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cat_exam.rules.lines import Kind
from cat_exam.rules.masking import mask_name
from cat_exam.rules.scoring import replay
from cat_exam.rules.tally import Form, Tally
from questionbank.rules.scoring import AnswerKey, ItemKey, points


def worth(item: int, at: int) -> int:
    """Items 5 to 8 give 1 to 5 points, the others 5 for the third option."""
    return at + 1 if item > 4 else 5 * (at == 2)


ITEMS = {
    item: ItemKey("TKP" if item > 4 else "TWK", {item * 10 + at: worth(item, at) for at in range(5)})
    for item in range(1, 9)
}
KEY = AnswerKey(paper="p", sections=("TWK", "TKP"), items=ITEMS)
LINE = some.tuples(
    some.sampled_from([Kind.ANSWER, Kind.CLEAR, Kind.VIEW, Kind.FLAG, Kind.LATE, Kind.STRANDED, Kind.EPOCH]),
    some.integers(1, 8), some.integers(0, 4),
)  # fmt: skip


@given(some.lists(LINE, max_size=60), some.integers(1, 7))
def test_the_running_sum_is_what_the_scorer_would_seal(lines, chunk) -> None:
    told = [(kind, item, item * 10 + at) for kind, item, at in lines]
    tally = Tally(Form(KEY))
    for start in range(0, len(told), chunk):
        part = told[start : start + chunk]
        before = list(tally.points)
        changed = tally.take((start + at + 1, *line) for at, line in enumerate(part))
        sealed = points(KEY, replay(told[: start + chunk]))
        assert dict(zip(KEY.sections, tally.points, strict=True)) == sealed
        assert changed == (before != tally.points)
    assert tally.seq == len(told)


def test_a_sealed_sum_stands_above_the_running_one() -> None:
    tally = Tally(Form(KEY))
    tally.take([(1, Kind.ANSWER, 1, 12)])
    assert tally.points == [5, 0]
    assert tally.settle([0, 3])
    assert not tally.settle([0, 3])
    assert tally.points == [0, 3]
    assert Form(KEY).maxima == (20, 20)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Budi Santoso", "Bu••• Sa•••"),
        ("Siti  Nur Aisyah", "Si••• Nu••• Ai•••"),
        ("Al", "A•••"),
        ("M. Yusuf", "M••• Yu•••"),
        ("", ""),
    ],
)
def test_a_name_is_masked_to_two_letters_a_part(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_masking_tells_nothing_of_the_length() -> None:
    letters = random.Random(1).choices("abcdefgh", k=20)
    names = {mask_name("Ra" + "".join(letters[:length])) for length in range(1, 20)}
    assert names == {"Ra•••"}
