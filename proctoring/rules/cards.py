"""The card number in what a proctor typed, a wedge scanner typed or a camera read."""

import re

from core.errors import Refusal
from registration.rules import numbers

_RUN = re.compile(r"\d[\d .\-]*\d")


def read_card(text: str) -> str:
    """The plain card number in ``text``: grouped digits, or a QR payload that holds it.

    Raises :class:`core.errors.Refusal` ``card_empty``, ``card_length`` or ``card_check_digit``.
    """
    runs = [numbers.plain(found) for found in _RUN.findall(text)]
    for digits in runs:
        if numbers.is_card_number(digits):
            return digits
    if not runs:
        raise Refusal("card_empty", "", field="number")
    longest = max(runs, key=len)
    code = "card_check_digit" if len(longest) == numbers.CARD_DIGITS else "card_length"
    raise Refusal(code, longest, field="number")


def came_from_scanner(text: str) -> bool:
    """True when ``text`` cannot have been copied from the print by hand: a QR payload around the number."""
    return any(sign.isalpha() for sign in text)
