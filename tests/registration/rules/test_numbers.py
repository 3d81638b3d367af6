"""Card and participant numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.rules import numbers


def test_the_check_digit_is_damms():
    assert numbers.check_digit("572") == "4"  # the published example


@given(st.integers(0, 10**15 - 1))
def test_a_card_number_reads_back_however_it_is_typed(part):
    number = numbers.card_number(part)
    assert len(number) == 16
    assert numbers.is_card_number(number)
    assert numbers.is_card_number(f" {numbers.grouped(number)} ")
    assert numbers.plain(numbers.grouped(number).replace(" ", "-")) == number


@given(st.integers(0, 10**15 - 1), st.integers(0, 15), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(part, place, shift):
    number = numbers.card_number(part)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert not numbers.is_card_number(wrong)


@given(st.integers(0, 10**15 - 1), st.integers(0, 14))
def test_every_swap_of_neighbours_is_found(part, place):
    number = numbers.card_number(part)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert numbers.is_card_number(swapped) == (swapped == number)


@pytest.mark.parametrize("text", ["", "abc", "1234", "１２３４５６７８９０１２３４５６", "1" * 17])
def test_other_texts_are_no_card_numbers(text):
    assert not numbers.is_card_number(text)


def test_a_participant_number_is_structured():
    assert numbers.participant_number(year=2024, selection=1, agency=453, running=27) == "2024010453000027"


def test_numbers_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="fifteen"):
        numbers.card_number(10**15)
    with pytest.raises(ValueError, match="start at 1"):
        numbers.participant_number(year=2024, selection=1, agency=1, running=0)
