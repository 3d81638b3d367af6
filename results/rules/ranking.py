"""Ranking within one formation and the cut for the next stage: plain values in, one line per candidate out.

Source: Permen PANRB 27/2021 art. 40(5) (at most 3 × posts, highest totals among those over the grade); letter
B/III/M.SM.01.00/2020 (ties at the cut by TKP, TIU, TWK; all equal at the limit go on).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

ADVANCES, OVER_GRADE, BELOW, ABSENT, DISQUALIFIED = "P/L", "P", "TL", "TH", "DIS"
CODES = (ADVANCES, OVER_GRADE, BELOW, ABSENT, DISQUALIFIED)


@dataclass(frozen=True, slots=True)
class CutRule:
    """The cut of a rule set: ``factor`` × posts go on; ``tie_order`` names what decides, best first."""

    factor: int
    tie_order: tuple[str, ...]
    all_equal_advance: bool


@dataclass(frozen=True, slots=True)
class Entrant:
    """One candidate of a formation.

    ``outcome`` is ``present``, ``absent`` or ``disqualified``; ``scores`` holds points by lower-case section code;
    ``shortfalls`` names what of the passing grade is missed (empty: the grade is met).
    """

    key: str
    number: str
    outcome: str
    scores: Mapping[str, int]
    shortfalls: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.scores.values())

    def value(self, name: str) -> int:
        """``total`` or the points of one section; a section that was not sat counts 0."""
        return self.total if name == "total" else self.scores.get(name, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """The outcome of one entrant: ``rank`` counts from 1 among those over the grade, equal scores share it."""

    entrant: Entrant
    code: str
    rank: int | None
    reasons: tuple[str, ...]


def rank_formation(entrants: Iterable[Entrant], posts: int, rule: CutRule) -> list[Line]:
    """Lines of one formation: advancing and ranked first, then below the grade, absent, disqualified.

    The order of the input never matters. Raises ValueError when ``posts`` is not positive.
    """
    if posts < 1:
        raise ValueError("a formation has at least one post")
    field = sorted(entrants, key=lambda entrant: (_merit(entrant, rule), entrant.number, entrant.key))
    over = [one for one in field if one.outcome == "present" and not one.shortfalls]
    cut = _cut(over, posts * rule.factor, rule)
    lines = list(_ranked(over, cut, rule))
    lines += [Line(one, BELOW, None, _missed(one)) for one in field if one.outcome == "present" and one.shortfalls]
    lines += [Line(one, ABSENT, None, ("absent",)) for one in field if one.outcome == "absent"]
    lines += [Line(one, DISQUALIFIED, None, ("disqualified",)) for one in field if one.outcome == "disqualified"]
    return lines


def _merit(entrant: Entrant, rule: CutRule) -> tuple[int, ...]:
    return tuple(-entrant.value(name) for name in rule.tie_order)


def _missed(entrant: Entrant) -> tuple[str, ...]:
    return tuple(f"below:{name}" for name in entrant.shortfalls)


def _cut(over: Sequence[Entrant], places: int, rule: CutRule) -> int:
    """How many of ``over`` (best first) go on: the places, and everybody equal to the last of them."""
    if len(over) <= places or not rule.all_equal_advance:
        return min(len(over), places)
    last = _merit(over[places - 1], rule)
    return places + len(list(takewhile(lambda one: _merit(one, rule) == last, over[places:])))


def _ranked(over: Sequence[Entrant], cut: int, rule: CutRule) -> Iterable[Line]:
    rank, previous = 0, None
    for place, entrant in enumerate(over, start=1):
        merit = _merit(entrant, rule)
        rank = rank if merit == previous else place
        previous = merit
        if place <= cut:
            yield Line(entrant, ADVANCES, rank, ("within_cut",))
        else:
            yield Line(entrant, OVER_GRADE, rank, ("outside_cut", _decided_by(entrant, over[cut - 1], rule)))


def _decided_by(entrant: Entrant, last: Entrant, rule: CutRule) -> str:
    """What put this entrant behind the last who went on: the first key of the tie order that differs."""
    for name in rule.tie_order:
        if entrant.value(name) != last.value(name):
            return f"decided:{name}"
    return "decided:number"
