"""Classical item statistics from whole-number sums, exact until the last division."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

FOUR = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over ``n`` candidates: x = points of the item, y = points of the rest of its section."""

    n: int
    x: int
    y: int
    xx: int
    yy: int
    xy: int


def mean(total: int, n: int) -> Decimal:
    """``total / n`` with four decimals, half up."""
    return (Decimal(total) / n).quantize(FOUR, ROUND_HALF_UP)


def item_rest(sums: Sums) -> Decimal | None:
    """Corrected item–total correlation (the item against the rest of its section), four decimals, half up.

    None where it is not defined: fewer than two candidates, or everybody has the same points.
    """
    spread_x = sums.n * sums.xx - sums.x * sums.x
    spread_y = sums.n * sums.yy - sums.y * sums.y
    if sums.n < 2 or spread_x == 0 or spread_y == 0:
        return None
    with localcontext() as context:
        context.prec = 60
        ratio = Decimal(sums.n * sums.xy - sums.x * sums.y) / (Decimal(spread_x) * Decimal(spread_y)).sqrt()
    return ratio.quantize(FOUR, ROUND_HALF_UP)
