"""Figural TIU keys: the rule is applied to the drawings, and words and drawings say the same."""

import itertools
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.questionbank.sample.bank import Item, letter_of, tiu
from tests.questionbank.sample.drawing import (
    ARROW,
    CIRCLE,
    COMPASS,
    ELBOW,
    Cell,
    Shape,
    option_cells,
    option_words,
    stem_cells,
    stem_words,
)

BANK = {code: item for code, item in tiu().items() if item.topic.startswith("figural")}
COUNTS = ("tidak ada", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh")
SQUARES = (
    "kiri atas", "tengah atas", "kanan atas", "kiri tengah", "pusat", "kanan tengah",
    "kiri bawah", "tengah bawah", "kanan bawah",
)  # fmt: skip

# --- what a cell shows, as symbols and in words -----------------------------------------------------


def size(shape: Shape) -> str:
    return "besar" if shape.radius > 50 else "kecil"


def nest(cell: Cell) -> tuple:
    """Shapes inside each other, from the outside in: (kind, black)."""
    assert all(outer.radius > inner.radius for outer, inner in itertools.pairwise(cell))
    assert all(math.dist((a.x, a.y), (b.x, b.y)) < 20 for a in cell for b in cell)
    return tuple((shape.kind, shape.black) for shape in cell)


def sized_nest(cell: Cell) -> tuple:
    nest(cell)
    return tuple((shape.kind, shape.black, size(shape)) for shape in cell)


def say_sized(cell: Cell) -> str:
    return " yang memuat ".join(f"{s.name} {size(s)} {s.colour}" for s in cell)


def say_pair(cell: Cell) -> str:
    return " yang memuat ".join(f"{s.name} {s.colour}" for s in cell)


def framed_arrow(cell: Cell) -> tuple:
    frame, arrow = cell
    assert arrow.kind == ARROW and not frame.black
    return frame.kind, arrow.turn, arrow.black


def say_framed_arrow(cell: Cell) -> str:
    frame, arrow = cell
    return f"panah {arrow.colour} yang menunjuk ke {COMPASS[arrow.turn]} di dalam {frame.name} {frame.colour}"


def crowd(cell: Cell) -> tuple:
    """Equal shapes side by side: (kind, black ones, white ones)."""
    assert len({shape.kind for shape in cell}) == 1
    assert all(math.dist((a.x, a.y), (b.x, b.y)) > 40 for a in cell for b in cell if a is not b)
    return cell[0].kind, sum(s.black for s in cell), sum(not s.black for s in cell)


def say_crowd(cell: Cell) -> str:
    _, black, white = crowd(cell)
    parts = [f"{COUNTS[n]} {cell[0].name} {c}" for n, c in ((black, "hitam"), (white, "putih")) if n]
    return " dan ".join(parts)


def places(cell: Cell) -> frozenset:
    """Shapes and the corner each stands in."""
    assert all(shape.compass % 2 == 1 for shape in cell)
    return frozenset((shape.kind, shape.black, shape.compass) for shape in cell)


def say_places(cell: Cell) -> str:
    in_reading_order = sorted(cell, key=lambda shape: (7, 1, 5, 3).index(shape.compass))
    words = [f"{s.name} {s.colour} di {COMPASS[s.compass]}" for s in in_reading_order]
    return ", ".join(words[:-1]) + ", dan " + words[-1]


def dotted(cell: Cell) -> tuple:
    """A frame with dots inside: (sides, dots, dots are black)."""
    frame, *dots = cell
    assert len({dot.black for dot in dots}) == 1
    assert all(dot.kind == CIRCLE and dot.radius < 10 and not frame.black for dot in dots)
    return frame.kind, len(dots), dots[0].black


def say_dotted(cell: Cell) -> str:
    return f"{cell[0].name} putih yang memuat {COUNTS[len(cell) - 1]} titik {cell[1].colour}"


def elbow(cell: Cell) -> tuple:
    """(direction of the long arm, whether the elbow is mirrored)."""
    (shape,) = cell
    assert shape.kind == ELBOW
    return shape.turn, shape.mirrored


def say_elbow(cell: Cell) -> str:
    turn, mirrored = elbow(cell)
    short = COMPASS[(turn + (-2 if mirrored else 2)) % 8]
    return f"siku dengan lengan panjang ke {COMPASS[turn]} dan lengan pendek ke {short}"


def ring(cell: Cell) -> tuple:
    """A circle with a black and a white dot on it: their directions."""
    circle, black, white = cell
    assert black.black and not white.black and {s.kind for s in cell} == {CIRCLE}
    assert all(abs(math.dist((dot.x, dot.y), (circle.x, circle.y)) - circle.radius) < 1 for dot in cell[1:])
    return black.compass, white.compass


def say_ring(cell: Cell) -> str:
    black, white = ring(cell)
    return f"lingkaran dengan titik hitam di {COMPASS[black]} dan titik putih di {COMPASS[white]}"


def arrow(cell: Cell) -> tuple:
    (shape,) = cell
    assert shape.kind == ARROW
    return shape.turn, shape.black


def say_arrow(cell: Cell) -> str:
    return f"panah {cell[0].colour} menunjuk ke {COMPASS[cell[0].turn]}"


def grid(cell: Cell) -> frozenset:
    """The black squares of a grid of three by three, numbered 0 to 8 in reading order."""
    assert all(shape.kind == 4 and shape.black for shape in cell)
    return frozenset(round((s.y - 36) / 44) * 3 + round((s.x - 36) / 44) for s in cell)


def words_of_grid(text: str) -> frozenset:
    """Squares named in words; their order in the sentence is free."""
    count, names = text.removeprefix("kisi tiga kali tiga dengan ").split(" sel hitam: ")
    squares = [SQUARES.index(name) for name in names.replace(", dan ", ", ").replace(" dan ", ", ").split(", ")]
    assert COUNTS.index(count) == len(squares) == len(set(squares))
    return frozenset(squares)


def say_nest(cell: Cell) -> str:
    return "dari luar ke dalam " + ", ".join(f"{s.name} {s.colour}" for s in cell)


SAID: dict[str, Callable[[Cell], str]] = {
    "TIU-036": say_sized, "TIU-037": say_framed_arrow, "TIU-038": say_crowd, "TIU-039": say_places,
    "TIU-040": say_sized, "TIU-041": say_dotted, "TIU-042": say_elbow, "TIU-043": say_pair,
    "TIU-044": say_ring, "TIU-045": say_crowd, "TIU-046": say_arrow, "TIU-047": say_dotted,
    "TIU-048": say_ring, "TIU-050": say_nest,
}  # fmt: skip


@pytest.mark.parametrize("code", SAID)
def test_the_alternative_texts_say_what_is_drawn(code: str) -> None:
    item, say = BANK[code], SAID[code]
    shown = [cell for cell in stem_cells(item) if cell is not None]
    assert stem_words(item)[: len(shown)] == [say(cell) for cell in shown]
    assert option_words(item) == [say(cell) for cell in option_cells(item)]


def test_tiu_049_the_alternative_texts_say_what_is_drawn() -> None:
    item = BANK["TIU-049"]
    shown = [grid(cell) for cell in stem_cells(item) if cell is not None]
    assert [words_of_grid(words) for words in stem_words(item)[: len(shown)]] == shown
    assert [words_of_grid(words) for words in option_words(item)] == [grid(cell) for cell in option_cells(item)]


# --- analogies: what the first cell becomes, the third becomes --------------------------------------


def swap_inside_out(cell: tuple) -> tuple:
    (outer, outer_black), (inner, inner_black) = cell
    return (inner, outer_black), (outer, inner_black)


def quarter_turn_and_ink(cell: tuple) -> tuple:
    frame, turn, black = cell
    return frame, (turn + 2) % 8, not black


def one_side_and_one_shape_more(cell: tuple) -> tuple:
    kind, black, white = cell
    return kind + 1, black and black + 1, white and white + 1


def mirror(cell: frozenset) -> frozenset:
    return frozenset((kind, black, -compass % 8) for kind, black, compass in cell)


def keep_the_inner_one_large(cell: tuple) -> tuple:
    _, (kind, black, _) = cell
    return ((kind, black, "besar"),)


@pytest.mark.parametrize(
    ("code", "read", "rule"),
    [
        ("TIU-036", nest, swap_inside_out),
        ("TIU-037", framed_arrow, quarter_turn_and_ink),
        ("TIU-038", crowd, one_side_and_one_shape_more),
        ("TIU-039", places, mirror),
        ("TIU-040", sized_nest, keep_the_inner_one_large),
    ],
)
def test_only_the_key_completes_the_analogy(code: str, read: Callable, rule: Callable) -> None:
    item = BANK[code]
    first, second, third, asked = stem_cells(item)
    assert asked is None
    assert rule(read(first)) == read(second)
    assert letter_of(item, [read(option) == rule(read(third)) for option in option_cells(item)]) == item.key


# --- the odd one out: all examples and four options keep the rule ------------------------------------


@pytest.mark.parametrize(
    ("code", "read", "keeps"),
    [
        ("TIU-041", dotted, lambda cell: cell[0] == cell[1]),
        ("TIU-042", elbow, lambda cell: not cell[1]),
        ("TIU-043", nest, lambda cell: cell[0][0] - cell[1][0] == 1),
        ("TIU-044", ring, lambda cell: (cell[1] - cell[0]) % 8 == 3),
        ("TIU-045", crowd, lambda cell: cell[1] == cell[2]),
    ],
)
def test_only_the_key_breaks_the_rule_of_the_examples(code: str, read: Callable, keeps: Callable) -> None:
    item = BANK[code]
    examples = [read(cell) for cell in stem_cells(item)]
    options = [read(cell) for cell in option_cells(item)]
    assert len(examples) == 4 and all(map(keeps, examples))
    assert not set(examples) & set(options), "an example repeated as an option can be crossed out unread"
    assert letter_of(item, [not keeps(option) for option in options]) == item.key


@pytest.mark.parametrize(("code", "read"), [("TIU-041", dotted), ("TIU-043", nest), ("TIU-045", crowd)])
def test_the_odd_one_does_not_stand_out_by_a_feature_that_is_not_the_rule(code: str, read: Callable) -> None:
    item = BANK[code]
    options = option_cells(item)
    odd = options["ABCDE".index(item.key)]
    for feature in (lambda c: read(c)[0], lambda c: c[-1].kind, lambda c: c[-1].colour):
        seen = Counter(feature(cell) for cell in [*options, *stem_cells(item)])
        assert seen[feature(odd)] > 1


# --- series: the step holds from cell to cell and leads to the key -----------------------------------


def eighth_turn_and_ink(cell: tuple) -> tuple:
    return (cell[0] + 1) % 8, not cell[1]


def one_side_more_one_dot_less(cell: tuple) -> tuple:
    return cell[0] + 1, cell[1] - 1, cell[2]


def one_forward_two_back(cell: tuple) -> tuple:
    return (cell[0] + 1) % 8, (cell[1] - 2) % 8


def next_square_of_the_edge(cell: frozenset) -> frozenset:
    edge = (0, 1, 2, 5, 8, 7, 6, 3)
    assert cell == set(edge[: len(cell)])
    return cell | {edge[len(cell)]}


def innermost_outside(cell: tuple) -> tuple:
    kinds = [kind for kind, _ in cell]
    return tuple(zip([kinds[-1], *kinds[:-1]], [black for _, black in cell], strict=True))


@pytest.mark.parametrize(
    ("code", "read", "step"),
    [
        ("TIU-046", arrow, eighth_turn_and_ink),
        ("TIU-047", dotted, one_side_more_one_dot_less),
        ("TIU-048", ring, one_forward_two_back),
        ("TIU-049", grid, next_square_of_the_edge),
        ("TIU-050", nest, innermost_outside),
    ],
)
def test_only_the_key_continues_the_row(code: str, read: Callable, step: Callable) -> None:
    item = BANK[code]
    *shown, asked = stem_cells(item)
    assert asked is None
    row = [read(cell) for cell in shown]
    assert len(row) == 4
    assert all(step(cell) == after for cell, after in itertools.pairwise(row))
    assert letter_of(item, [read(option) == step(row[-1]) for option in option_cells(item)]) == item.key


# --- all of them -------------------------------------------------------------------------------------


def test_every_figural_item_is_checked_here() -> None:
    assert set(BANK) == {*SAID, "TIU-049"}
    assert len(BANK) == 15


@pytest.mark.parametrize("item", BANK.values(), ids=BANK)
def test_no_two_options_are_the_same_drawing(item: Item) -> None:
    rounded = [
        frozenset(replace(s, radius=round(s.radius), x=round(s.x), y=round(s.y)) for s in cell)
        for cell in option_cells(item)
    ]
    assert len(set(rounded)) == 5


@pytest.mark.parametrize("item", BANK.values(), ids=BANK)
def test_no_shape_leaves_its_cell(item: Item) -> None:
    for cell in [*stem_cells(item), *option_cells(item)]:
        for shape in cell or ():
            left, top, right, bottom = shape.box
            assert min(left, top) >= 4 and max(right, bottom) <= 156
