"""Integration of SKD and SKB into the final score, and the final order, in exact decimals.

Source: Permen PANRB 27/2021 art. 48 and 6/2024 art. 45 (40 % SKD, 60 % SKB, ties by SKD total, TKP, TIU, TWK, GPA,
older age); the rounding chain was read off 3,687 published rows: each weighted part is rounded on its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Weights:
    """How two stages become one score: the raw maximum of each (points) and its share, which add up to one."""

    skd_max: Decimal
    skb_max: Decimal
    skd_share: Decimal
    skb_share: Decimal
    decimals: int = 3

    def __post_init__(self) -> None:
        if self.skd_share + self.skb_share != 1:
            raise ValueError(f"the shares add up to {self.skd_share + self.skb_share}, not to 1")
        if self.skd_max <= 0 or self.skb_max <= 0:
            raise ValueError("the maximum of a stage must be positive")


#: 2024: SKD out of 550, SKB already on 0–100.
WEIGHTS_2024 = Weights(Decimal(550), HUNDRED, Decimal("0.4"), Decimal("0.6"))

#: 2018: both stages out of 500.
WEIGHTS_2018 = Weights(Decimal(500), Decimal(500), Decimal("0.4"), Decimal("0.6"))


def half_up(value: Decimal, decimals: int) -> Decimal:
    """``value`` with exactly ``decimals`` places, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _checked(name: str, value: object, top: Decimal) -> Decimal:
    if not isinstance(value, Decimal | int) or isinstance(value, bool):
        raise TypeError(f"{name} must be Decimal or int, never {type(value).__name__}")
    score = Decimal(value)
    if not 0 <= score <= top:
        raise ValueError(f"{name} {score} lies outside 0–{top}")
    return score


def final_score(skd: Decimal | int, skb: Decimal | int, weights: Weights) -> Decimal:
    """The final score, 0–100: ``r(r(SKD on 0–100) × share) + r(SKB on 0–100 × share)``, r = half up.

    Only the SKD is rounded after scaling, before its share is taken; the SKB is scaled and weighted in one step.
    Raises TypeError for a float and ValueError for a score outside its scale.
    """
    scaled = half_up(_checked("SKD", skd, weights.skd_max) * HUNDRED / weights.skd_max, weights.decimals)
    other = _checked("SKB", skb, weights.skb_max) * HUNDRED / weights.skb_max
    return half_up(scaled * weights.skd_share, weights.decimals) + half_up(
        other * weights.skb_share, weights.decimals
    )


@dataclass(frozen=True, slots=True)
class Integrated:
    """One candidate after integration; ``key`` is whatever the caller knows the candidate by."""

    key: str
    final: Decimal
    skd: int
    tkp: int
    tiu: int
    twk: int
    gpa: Decimal
    born: date

    def order(self) -> tuple[Decimal, int, int, int, int, Decimal, int]:
        """Sorts best first: final score, SKD total, TKP, TIU, TWK, GPA, then the older."""
        return (-self.final, -self.skd, -self.tkp, -self.tiu, -self.twk, -self.gpa, self.born.toordinal())


def final_order(candidates: Iterable[Integrated]) -> list[Integrated]:
    """Candidates best first; those alike to the day of birth follow their key, so that a run can be repeated."""
    return sorted(candidates, key=lambda candidate: (candidate.order(), candidate.key))
