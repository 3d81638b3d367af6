"""Passing grades (nilai ambang batas): what a candidate must reach, per section or as TIU and total."""

from collections.abc import Mapping
from dataclasses import dataclass

TOTAL = "TOTAL"
SECTIONS = ("TWK", "TIU", "TKP")


@dataclass(frozen=True, slots=True)
class Grade:
    """The least scores of one category; ``None`` means that nothing is asked there."""

    category: str
    decree: str
    min_twk: int | None = None
    min_tiu: int | None = None
    min_tkp: int | None = None
    min_total: int | None = None

    def minimums(self) -> dict[str, int]:
        """What is asked, by section code (``TWK``, ``TIU``, ``TKP``) and ``TOTAL``, in that order."""
        asked = {"TWK": self.min_twk, "TIU": self.min_tiu, "TKP": self.min_tkp, TOTAL: self.min_total}
        return {section: least for section, least in asked.items() if least is not None}


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One minimum that was not reached: ``missing`` points too few."""

    section: str
    minimum: int
    score: int

    @property
    def missing(self) -> int:
        return self.minimum - self.score


def total_of(scores: Mapping[str, int]) -> int:
    """The sum of the three sections; a ``TOTAL`` given beside them is not trusted."""
    return sum(scores[section] for section in SECTIONS)


def shortfalls(grade: Grade, scores: Mapping[str, int]) -> list[Shortfall]:
    """Every minimum of ``grade`` that ``scores`` (points by section code) does not reach.

    Raises KeyError when a section that the grade asks for has no score: a missing score is never a zero.
    """
    short = []
    for section, least in grade.minimums().items():
        score = total_of(scores) if section == TOTAL else scores[section]
        if score < least:
            short.append(Shortfall(section, least, score))
    return short


def meets(grade: Grade, scores: Mapping[str, int]) -> bool:
    """True when every minimum of ``grade`` is reached; equal is enough."""
    return not shortfalls(grade, scores)
