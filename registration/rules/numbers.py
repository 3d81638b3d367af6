"""Numbers printed on cards: the participant number (structured) and the card number (unguessable)."""

#: Damm's quasigroup of order 10: finds every single wrong digit and every swap of neighbours.
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
CARD_DIGITS = 16


def check_digit(digits: str) -> str:
    """Damm's check digit of a string of digits."""
    state = 0
    for digit in digits:
        state = int(_DAMM[state][int(digit)])
    return str(state)


def card_number(random_part: int) -> str:
    """A card number: 15 digits from a random integer in [0, 10^15) and a check digit."""
    if not 0 <= random_part < 10 ** (CARD_DIGITS - 1):
        raise ValueError("fifteen digits are needed")
    digits = f"{random_part:0{CARD_DIGITS - 1}d}"
    return digits + check_digit(digits)


def plain(text: str) -> str:
    """The digits of what a person typed or a scanner read: spaces, dots and hyphens taken away."""
    return "".join(sign for sign in text.strip() if sign not in " .-\t\u00a0")


def is_card_number(text: str) -> bool:
    """True when ``text`` (grouped or not) has the form of a card number and its check digit is right."""
    digits = plain(text)
    return len(digits) == CARD_DIGITS and digits.isascii() and digits.isdigit() and check_digit(digits) == "0"


def grouped(number: str) -> str:
    """``1234 5678 9012 3456``: as printed, in groups of four."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def participant_prefix(*, year: int, selection: int, agency: int) -> str:
    """The fixed part of a participant number: year (4), selection (2), agency (4 digits, more when needed)."""
    return f"{year:04d}{selection:02d}{agency:04d}"


def participant_number(*, year: int, selection: int, agency: int, running: int) -> str:
    """``2024 01 0453 000027`` without the spaces: the ``running``-th candidate of an agency in a selection."""
    if running < 1:
        raise ValueError("running numbers start at 1")
    return f"{participant_prefix(year=year, selection=selection, agency=agency)}{running:06d}"
