"""Each numeric TIU key is computed again from its stem, and only the key option has the right value."""

import math
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice

import pytest

from tests.questionbank.sample.bank import LETTERS, Item, letter_of, tiu

BANK = tiu()


def number(text: str) -> Fraction:
    """A number written the Indonesian way: 1.234,5, −7, 3/4 or 15%."""
    text = text.strip().replace("−", "-")
    scale = Fraction(1, 100) if text.endswith("%") else Fraction(1)
    above, _, below = text.rstrip("%").partition("/")
    value = Fraction(above.replace(".", "").replace(",", "."))
    return scale * value / (Fraction(below) if below else 1)


def numbers(text: str) -> list[Fraction]:
    """All numbers of a sentence; the full stop or comma that ends one is not a part of it."""
    return [number(found) for found in re.findall(r"\d+(?:\.\d{3})*(?:,\d+)?(?:/\d+)?%?", text)]


def value(option: str) -> Fraction:
    """The one number of an option such as Rp2.264.400 or 19 orang."""
    found = re.fullmatch(r"(?:Rp)?([−\d.,/]+)(?: (?:orang|menit))?", option)
    assert found, option
    return number(found[1])


def assert_key(item: Item, right: Fraction | int) -> None:
    assert letter_of(item, [value(option) == right for option in item.options]) == item.key


def root(square: Fraction) -> Fraction:
    exact = Fraction(math.isqrt(square.numerator), math.isqrt(square.denominator))
    assert exact**2 == square
    return exact


# --- verbal analogies: the relation behind the key, and only behind the key -------------------------

RELATIONS = {
    "TIU-001": ("menyusun karya", {"kartografer": "peta", "leksikografer": "kamus"}),
    "TIU-002": ("menguat menjadi", {"gerimis": "hujan lebat", "riak": "ombak besar"}),
    "TIU-003": ("mengukur", {"termometer": "suhu", "barometer": "tekanan udara", "timbangan": "berat"}),
    "TIU-004": ("mengurangi", {"rem": "kecepatan", "peredam suara": "kebisingan"}),
    "TIU-005": ("pembuka dan penutup", {"prolog": "epilog", "fajar": "senja"}),
}


@pytest.mark.parametrize("code", RELATIONS)
def test_only_the_key_of_an_analogy_stands_in_the_relation_of_the_stem(code: str) -> None:
    item, relation = BANK[code], RELATIONS[code][1]
    first, second = re.search(r"\n\n([A-Z ]+) : ([A-Z ]+) = … : …$", item.stem).groups()
    assert relation[first.lower()] == second.lower()
    pairs = [option.split(" : ") for option in item.options]
    assert letter_of(item, [relation.get(left) == right for left, right in pairs]) == item.key


# --- arithmetic -------------------------------------------------------------------------------------


def test_tiu_016_percentages_and_powers() -> None:
    item = BANK["TIU-016"]
    assert "37,5% × 640 − 2/5 × 150 + 12²" in item.stem
    a, b, c, d, e = numbers(item.stem)
    assert_key(item, a * b - c * d + e**2)


def test_tiu_017_fractions() -> None:
    item = BANK["TIU-017"]
    assert "(3/4 + 5/6) ÷ 19/24" in item.stem
    a, b, c = numbers(item.stem)
    assert_key(item, (a + b) / c)


def test_tiu_018_equation() -> None:
    item = BANK["TIU-018"]
    assert "3x − 7 = 2(x + 4), nilai x² − 10x" in item.stem
    (x,) = [x for x in range(-1000, 1001) if 3 * x - 7 == 2 * (x + 4)]  # linear: no other real solution
    assert_key(item, x**2 - 10 * x)


def test_tiu_019_roots_and_decimals() -> None:
    item = BANK["TIU-019"]
    assert "√0,0625 + 0,125 × 16" in item.stem
    a, b, c = numbers(item.stem)
    assert_key(item, root(a) + b * c)


def test_tiu_020_defined_operation() -> None:
    item = BANK["TIU-020"]
    assert "a ⊕ b = 3a − 2b + ab" in item.stem
    assert "4 ⊕ (2 ⊕ 1)" in item.stem

    def plus(a: int, b: int) -> int:
        return 3 * a - 2 * b + a * b

    assert_key(item, plus(4, plus(2, 1)))


# --- series: the rule makes every shown term, then the key -------------------------------------------


def double_plus_one() -> Iterator[Fraction]:
    term = Fraction(4)
    while True:
        yield term
        term = 2 * term + 1


def sum_of_two() -> Iterator[Fraction]:
    left, right = Fraction(3), Fraction(4)
    while True:
        yield left
        left, right = right, left + right


def two_in_turn() -> Iterator[Fraction]:
    up, down = Fraction(5), Fraction(60)
    while True:
        yield up
        yield down
        up, down = up + 5, down - 6


def double_plus_growing() -> Iterator[Fraction]:
    term, step = Fraction(1), 1
    while True:
        yield term
        term, step = 2 * term + step, step + 1


def two_thirds() -> Iterator[Fraction]:
    term = Fraction(243)
    while True:
        yield term
        term *= Fraction(2, 3)


@pytest.mark.parametrize(
    ("code", "rule", "wanted"),
    [
        ("TIU-021", double_plus_one, 1),
        ("TIU-022", sum_of_two, 1),
        ("TIU-023", two_in_turn, 1),
        ("TIU-024", double_plus_growing, 1),
        ("TIU-025", two_thirds, 2),
    ],
)
def test_only_the_key_continues_the_series(code: str, rule: Callable[[], Iterator[Fraction]], wanted: int) -> None:
    item = BANK[code]
    line = item.stem.split("\n\n")[0]
    assert line.endswith(", …" * wanted)
    shown = [number(term) for term in line.removesuffix(", …" * wanted).split(", ")]
    assert len(shown) >= 4
    terms = list(islice(rule(), len(shown) + wanted))
    assert terms[: len(shown)] == shown
    answers = [[number(part) for part in option.split(" dan ")] for option in item.options]
    assert letter_of(item, [answer == terms[len(shown) :] for answer in answers]) == item.key


# --- comparisons: each option is a statement about all values the stem allows ------------------------


def statement(option: str) -> Callable[[list[tuple[Fraction, Fraction]]], bool]:
    """Whether an option such as x > y, x = 2y or 'tidak dapat ditentukan' holds for all possible pairs."""
    if re.fullmatch(r"Hubungan \w dan \w tidak dapat ditentukan\.", option):
        return lambda pairs: len({(a > b) - (a < b) for a, b in pairs}) > 1
    sign, times = re.fullmatch(r"\w ([<=>]) (2?)\w", option).groups()
    factor = int(times or 1)
    holds = {
        "<": lambda a, b: a < factor * b,
        "=": lambda a, b: a == factor * b,
        ">": lambda a, b: a > factor * b,
    }[sign]
    return lambda pairs: all(holds(a, b) for a, b in pairs)


def assert_comparison(item: Item, pairs: list[tuple[Fraction, Fraction]]) -> None:
    assert pairs
    assert letter_of(item, [statement(option)(pairs) for option in item.options]) == item.key


def test_tiu_026_parts_of_two_numbers() -> None:
    item = BANK["TIU-026"]
    assert item.stem.startswith("x = 3/7 dari 84\n\ny = 45% dari 80\n\n")
    a, b, c, d = numbers(item.stem)
    assert_comparison(item, [(a * b, c * d)])


def test_tiu_027_a_square_has_two_roots() -> None:
    item = BANK["TIU-027"]
    assert "bilangan bulat dengan a² = 36.\n\nb = 5\n\n" in item.stem
    pairs = [(Fraction(a), Fraction(5)) for a in range(-36, 37) if a**2 == 36]
    assert_comparison(item, pairs)


def test_tiu_028_ratio_of_ages() -> None:
    item = BANK["TIU-028"]
    son, mother, total, years = numbers(item.stem)
    share = total / (son + mother)
    later = (son * share + years) / (mother * share + years)
    ratios = [Fraction(*map(int, option.split(" : "))) for option in item.options]
    assert letter_of(item, [ratio == later for ratio in ratios]) == item.key
    assert math.gcd(*map(int, item.options[LETTERS.index(item.key)].split(" : "))) == 1


def test_tiu_029_more_people_fewer_days() -> None:
    item = BANK["TIU-029"]
    people, days, fewer = numbers(item.stem)
    assert_key(item, people * days / fewer - people)


def test_tiu_030_equal_outlines_unequal_areas() -> None:
    item = BANK["TIU-030"]
    square, outline, length = numbers(item.stem)
    assert_comparison(item, [((square / 4) ** 2, length * (outline / 2 - length))])


# --- problems in words ------------------------------------------------------------------------------


def test_tiu_031_two_counters() -> None:
    item = BANK["TIU-031"]
    _one, every_a, _one, every_b, people = numbers(item.stem.replace("satu", "1"))
    served = 0
    for minute in range(1, 1001):  # counted minute by minute, not by a formula
        served += (minute % every_a == 0) + (minute % every_b == 0)
        if served >= people:
            break
    assert_key(item, minute)


def test_tiu_032_discount_then_tax() -> None:
    item = BANK["TIU-032"]
    price, discount, tax = numbers(item.stem)
    assert_key(item, price * (1 - discount) * (1 + tax))


def test_tiu_033_mean_without_two_marks() -> None:
    item = BANK["TIU-033"]
    people, mean, first, second = numbers(item.stem)
    assert_key(item, (people * mean - first - second) / (people - 2))


def test_tiu_034_the_second_car_catches_up() -> None:
    item = BANK["TIU-034"]
    times = [int(hour) * 60 + int(minute) for hour, minute in re.findall(r"(\d\d)\.(\d\d)", item.stem)]
    slow, fast = map(Fraction, re.findall(r"(\d+) km/jam", item.stem))
    meeting = next(t for t in range(times[1], 1440) if slow * (t - times[0]) <= fast * (t - times[1]))
    assert slow * (meeting - times[0]) == fast * (meeting - times[1])
    clock = [int(option[:2]) * 60 + int(option[3:]) for option in item.options]
    assert letter_of(item, [time == meeting for time in clock]) == item.key


def test_tiu_035_people_in_both_courses() -> None:
    item = BANK["TIU-035"]
    total, first, second, neither = map(int, numbers(item.stem))
    both = [
        n for n in range(total + 1) if (first - n) + (second - n) + n + neither == total and n <= min(first, second)
    ]
    assert len(both) == 1
    assert_key(item, both[0])
