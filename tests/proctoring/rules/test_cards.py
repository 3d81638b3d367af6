"""The card number is found in whatever a person types or a scanner reads."""

import pytest

from core.errors import Refusal
from proctoring.rules.cards import came_from_scanner, read_card
from registration.rules.numbers import card_number, grouped

NUMBER = card_number(123_456_789_012_345)


@pytest.mark.parametrize(
    "text",
    [NUMBER, grouped(NUMBER), f"  {grouped(NUMBER)}\n", "-".join(NUMBER[i : i + 4] for i in range(0, 16, 4)),
     f"https://contoh.invalid/kartu/{NUMBER}?v=1", f"CATEXAM:{NUMBER}"],
)  # fmt: skip
def test_a_card_number_is_read_however_it_is_written(text: str) -> None:
    assert read_card(text) == NUMBER


@pytest.mark.parametrize("place", range(16))
def test_one_wrong_digit_is_always_noticed(place: int) -> None:
    wrong = NUMBER[:place] + str((int(NUMBER[place]) + 1) % 10) + NUMBER[place + 1 :]
    with pytest.raises(Refusal) as refusal:
        read_card(wrong)
    assert refusal.value.code == "card_check_digit"


@pytest.mark.parametrize("place", [place for place in range(15) if NUMBER[place] != NUMBER[place + 1]])
def test_two_swapped_neighbours_are_always_noticed(place: int) -> None:
    wrong = NUMBER[:place] + NUMBER[place + 1] + NUMBER[place] + NUMBER[place + 2 :]
    with pytest.raises(Refusal) as refusal:
        read_card(wrong)
    assert refusal.value.code == "card_check_digit"


@pytest.mark.parametrize(("text", "code"), [("", "card_empty"), ("siapa?", "card_empty"), ("1234", "card_length")])
def test_what_is_no_card_number_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_card(text)
    assert refusal.value.code == code


def test_digits_alone_may_be_typed_but_a_payload_was_scanned() -> None:
    assert not came_from_scanner(grouped(NUMBER))
    assert came_from_scanner(f"https://contoh.invalid/{NUMBER}")
