"""What is written into the minutes: incidents in plain words, and what each request for time may ask."""

from core.errors import Refusal

TEXT_MIN = 10
TEXT_MAX = 1000
#: Minutes one request may ask; a longer outage is a new request with its own reason.
CREDIT_MINUTES = range(1, 181)


def clean_text(text: str, *, field: str = "text", most: int = TEXT_MAX) -> str:
    """``text`` with single spaces; :class:`core.errors.Refusal` ``text_short`` or ``text_long``."""
    plain = " ".join(text.split())
    if len(plain) < TEXT_MIN:
        raise Refusal("text_short", str(TEXT_MIN), field=field)
    if len(plain) > most:
        raise Refusal("text_long", str(most), field=field)
    return plain


def seconds_asked(minutes: int) -> int:
    """Seconds of a request; :class:`core.errors.Refusal` ``credit_range`` outside 1 to 180 minutes."""
    if minutes not in CREDIT_MINUTES:
        raise Refusal("credit_range", f"{CREDIT_MINUTES.start}–{CREDIT_MINUTES.stop - 1}", field="minutes")
    return minutes * 60


def count_kinds(kinds: list[str]) -> dict[str, int]:
    """How many incidents of each kind, kinds in the order of their first appearance."""
    counts: dict[str, int] = {}
    for kind in kinds:
        counts[kind] = counts.get(kind, 0) + 1
    return counts
