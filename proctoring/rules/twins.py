"""Two candidates who walk the same path at the same time: same items in the same order, same options, a small lag.

Every candidate gets the items in an order of their own, so honest paths share next to no order. All pairs of a
country are 364 million; none of them is compared. Three answers in a row (items and options) within one and a half
minutes make a key; only two candidates who meet under several keys are compared, item by item (the hashing idea of
near-duplicate search: Broder (1997), On the resemblance and containment of documents).

The comparison is the generalised binomial test (van der Linden, W. J. & Sotaridona, L. (2006), Detecting answer
copying when the regular response process follows a known response model, Journal of Educational and Behavioral
Statistics 31(3), 283-304), the alternative to Wollack's omega (Wollack, J. A. (1997), A nominal response model
approach for detecting answer copying, Applied Psychological Measurement 21(4), 307-320): how likely are so many equal
answers if both worked alone. The chance of one equal answer is the share of that option among everybody's answers so
far, so that a wrong option few people take weighs most; times are added as in Gorney & Wollack (2024) by asking that
the answers also came together. Paths are compared within one form only: ids mean nothing across forms.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import log10

from proctoring.rules.anomaly import SECOND_US, Finding, Sign, median

Key = int


@dataclass(frozen=True, slots=True)
class TwinLimits:
    """``bucket_s``: answers nearer than this meet (also across the edge of two buckets). ``keep_s``: how long a key
    is remembered, so memory follows minutes, not the day. ``crowd``: under a key that so many share nobody stands
    out. ``meetings``: keys in common before a pair is compared. ``lag_s`` and ``spread_s``: the second follows the
    first by at most this, and by about the same (who begins late catches up). ``together``: the chance, in
    thousandths, that two honest people answer one item within that spread: 180 s of 6,000 are 30, and sections in
    one order double it at most. ``fewest`` equal answers. ``evidence``: minus the decimal logarithm of the chance,
    times 100: 12 leaves 0.0004 expected honest pairs among all the pairs of a country.
    """

    bucket_s: int = 90
    keep_s: int = 600
    crowd: int = 40
    meetings: int = 4
    lag_s: int = 180
    spread_s: int = 90
    together: int = 60
    fewest: int = 12
    evidence: int = 1_200


TWIN_LIMITS = TwinLimits()


class _Path:
    """Answers of one candidate in order, 16 bytes each."""

    __slots__ = ("items", "options", "times")

    def __init__(self) -> None:
        self.items, self.options, self.times = array("i"), array("i"), array("q")

    def last(self) -> dict[int, tuple[int, int]]:
        """item → (option, second) of the last answer."""
        return {i: (o, t) for i, o, t in zip(self.items, self.options, self.times, strict=True)}


class Paths:
    """All paths through one form; answers are taken roughly in the order of time (within ``keep_s``)."""

    def __init__(self, limits: TwinLimits = TWIN_LIMITS) -> None:
        self.limits = limits
        self.compared = 0
        self._paths: defaultdict[int, _Path] = defaultdict(_Path)
        self._keys: dict[int, dict[Key, list[int]]] = {}
        self._met: defaultdict[tuple[int, int], int] = defaultdict(int)
        self._shares: defaultdict[int, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
        self._fresh: set[tuple[int, int]] = set()

    def take(self, attempt: int, item: int, option: int, at_us: int) -> None:
        """One answer."""
        path, second = self._paths[attempt], at_us // SECOND_US
        path.items.append(item)
        path.options.append(option)
        path.times.append(second)
        self._shares[item][option] += 1
        if len(path.items) >= 3 and second - path.times[-3] <= self.limits.keep_s:
            self._meet(attempt, self._key(path), second // self.limits.bucket_s)

    def _key(self, path: _Path) -> Key:
        return hash((*path.items[-3:], *path.options[-3:]))

    def _meet(self, attempt: int, key: Key, bucket: int) -> None:
        for near in (bucket - 1, bucket, bucket + 1):
            others = self._keys.get(near, {}).get(key, ())
            if len(others) < self.limits.crowd:
                for other in others:
                    if other != attempt:
                        pair = (attempt, other) if attempt < other else (other, attempt)
                        self._met[pair] += 1
                        if self._met[pair] >= self.limits.meetings:
                            self._fresh.add(pair)
        self._keys.setdefault(bucket, {}).setdefault(key, []).append(attempt)

    def forget(self, now_us: int) -> None:
        """Drop keys that nothing new can meet."""
        oldest = (now_us // SECOND_US - self.limits.keep_s) // self.limits.bucket_s
        for bucket in [bucket for bucket in self._keys if bucket < oldest]:
            del self._keys[bucket]

    def findings(self) -> Iterator[Finding]:
        """Pairs that met again since the last time and are too alike."""
        fresh, self._fresh = self._fresh, set()
        for pair in sorted(fresh):
            self.compared += 1
            found = self._compare(*pair)
            if found is not None:
                yield found

    def _compare(self, one: int, two: int) -> Finding | None:
        first, second = self._paths[one].last(), self._paths[two].last()
        both = first.keys() & second.keys()
        near = [
            second[item][1] - first[item][1] for item in both
            if first[item][0] == second[item][0] and abs(second[item][1] - first[item][1]) <= self.limits.lag_s
        ]  # fmt: skip
        lag = median(near)
        same = [
            item for item in both
            if first[item][0] == second[item][0]
            and abs(second[item][1] - first[item][1] - lag) <= self.limits.spread_s
        ]  # fmt: skip
        if len(same) < self.limits.fewest:
            return None
        evidence = self._unlikely(sorted(both), len(same), first)
        if evidence < self.limits.evidence:
            return None
        rare = [item for item in same if 10 * self._shares[item][first[item][0]] < 3 * self._answers(item)]
        times = [moment for item in same for moment in (first[item][1], second[item][1])]
        facts = {"items": len(same), "common": len(both), "lag_s": lag, "rare": len(rare), "evidence": evidence,
                 "meetings": self._met[one, two]}  # fmt: skip
        return Finding(Sign.TWINS, one, two, min(times) * SECOND_US, max(times) * SECOND_US, len(same), facts)

    def _answers(self, item: int) -> int:
        return sum(self._shares[item].values())

    def _unlikely(self, items: list[int], equal: int, first: dict[int, tuple[int, int]]) -> int:
        """-100 · log10 P(at least ``equal`` of ``items`` equal and together), the sum over all ways (Poisson's
        binomial law)."""
        ways = [1.0]
        for item in items:
            share = (self._shares[item][first[item][0]] + 1) / (self._answers(item) + 5)
            chance = min(1.0, share) * self.limits.together / 1000
            ways = [
                (ways[k] * (1 - chance) if k < len(ways) else 0.0) + (ways[k - 1] * chance if k else 0.0)
                for k in range(len(ways) + 1)
            ]
        tail = sum(ways[equal:])
        return round(-100 * log10(tail)) if tail > 0 else 30_000
