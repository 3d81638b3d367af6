"""What in one candidate's journal a person should look at: plain lines in, findings out; nothing here decides.

The remote-solved sheet is the pattern of the 2021 selection: about thirty items were shown for some 7 s each while
somebody elsewhere read them, and then answered in some 8 s each, where an honest candidate needs 50 s and more.

Method. Response times of honest people are lognormal (van der Linden, W. J. (2006), A lognormal model for response
times on test items, Journal of Educational and Behavioral Statistics 31(2), 181-204), and a stretch of answers that
follows another law is found by adding up log likelihood ratios and keeping the best stretch (Page, E. S. (1954),
Continuous inspection schemes, Biometrika 41; for response times: van der Linden & van Krimpen-Stoop (2003),
Psychometrika 68(2), 251-265; van der Linden & Guo (2008), Psychometrika 73(3), 365-384). No answer key is used: the
process that watches holds none. Numbers are integers: milliseconds, microseconds, thousandths of a nat.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import log
from typing import NamedTuple

from cat_exam.rules.lines import Kind, Line

SECOND_US = 1_000_000
NEVER = 2**62


class Sign(StrEnum):
    """Kinds of findings; the words are stored."""

    REMOTE = "remote"
    TWINS = "twins"
    FOCUS = "focus"
    PLACE = "place"
    SOCKETS = "sockets"
    BROWSER = "browser"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at. ``strength`` only grows while the same thing goes on; ``facts`` are plain numbers."""

    sign: Sign
    attempt: int
    other: int | None
    first_us: int
    last_us: int
    strength: int
    facts: dict[str, int] = field(default_factory=dict)


class Law(NamedTuple):
    """A lognormal law of times: ``typical_ms`` is its median, ``spread`` its sigma in thousandths."""

    typical_ms: int
    spread: int


SOLVED, EXPERT = Law(10_000, 450), Law(14_000, 600)


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds, each with its reason; a committee may replace them as a whole.

    ``skim``: a look without an answer this long may be somebody else's reading: under 1.5 s is paging through, over
    20 s an honest person is thinking about the item. ``run``: so many such looks together (single answers between
    them do not end it); who leaves out single hard items rarely leaves five. ``solved``: time from the item's coming
    back to its answer when the answer comes from outside (8 s in 2021). ``expert``: the same for the quickest people
    who think, after an earlier look; used while nothing is known of a person's own pace. ``own``: from so many
    answers without an earlier look on, that person's pace is the measure instead: ``share`` percent of its median,
    for half of the thinking may have been done at the look. ``lone``: what an answer that was not prepared by a run
    of looks takes away. ``end_ms``: guesses in the last minutes are haste, not help. ``evidence``: the sum that is
    shown to a person. ``fewest``: and never fewer answers than these.
    """

    skim: tuple[int, int] = (1_500, 20_000)
    run: int = 5
    solved: Law = SOLVED
    expert: Law = EXPERT
    own: int = 12
    share: int = 90
    slowest_ms: int = 40_000
    spread: int = 800
    most: int = 2_500
    least: int = -2_500
    lone: int = -600
    end_ms: int = 480_000
    evidence: int = 10_000
    fewest: int = 8
    #: Leaving the page: a system's window or a slip is short and rare.
    away_count: int = 5
    away_ms: int = 60_000


LIMITS = Limits()


class Step(NamedTuple):
    """The first answer to an item: when, how long the item had been looked at before, how long it took this time."""

    item: int
    at_us: int
    read_ms: int
    solve_ms: int
    run: int


def weight(limits: Limits, solve_ms: int, thought: Law) -> int:
    """How much better ``solved`` explains a time than ``thought`` does, in thousandths of a nat, within bounds."""
    seen = log(max(solve_ms, 300) / 1000)

    def fit(law: Law) -> float:
        far = (seen - log(law.typical_ms / 1000)) * 1000 / law.spread
        return -log(law.spread / 1000) - far * far / 2

    # The floats end here: one integer a time, the same on every machine.
    return max(limits.least, min(limits.most, round(1000 * (fit(limits.solved) - fit(thought)))))


class Trace:
    """One attempt as its lines come in, in order; :meth:`findings` may be asked at any time.

    Lines that came late in one parcel carry the moment of the parcel: time between two of them is not known and
    never counts as a quick look; the time an answer took is the browser's own (``shown_ms``).
    """

    __slots__ = (
        "attempt",
        "away",
        "away_first",
        "away_last",
        "away_ms",
        "between",
        "epochs",
        "last_us",
        "limits",
        "open_at",
        "open_item",
        "read",
        "run_now",
        "run_of",
        "runs",
        "seen",
        "seq",
        "steps",
        "stranded",
    )  # fmt: skip

    def __init__(self, attempt: int, limits: Limits = LIMITS) -> None:
        self.attempt, self.limits = attempt, limits
        self.seq = 0
        self.last_us = 0
        self.open_item: int | None = None
        self.open_at = 0
        self.read: dict[int, int] = {}
        self.run_of: dict[int, int] = {}
        self.runs: list[int] = [0]
        self.run_now = self.between = 0
        self.seen: set[int] = set()
        self.steps: list[Step] = []
        self.away = self.away_ms = self.away_first = self.away_last = 0
        self.stranded = 0
        self.epochs: list[tuple[int, int, int]] = []

    def take(self, line: Line) -> None:
        """The next line of this attempt."""
        self.seq = line.seq
        kind, at = line.kind, line.received_us
        if kind == Kind.VIEW and line.item is not None:
            self._leave(at)
            self.open_item, self.open_at = line.item, at
        elif kind == Kind.ANSWER and line.item is not None:
            self._answer(line.item, at, line.shown_ms or 0)
        elif kind == Kind.FOCUS_LOST:
            self._away(at, line.shown_ms or 0)
        elif kind == Kind.EPOCH and line.response is not None:
            self.epochs.append((at, line.response, self.last_us))
        elif kind == Kind.STRANDED:
            self.stranded += 1
        if line.device:
            self.last_us = at

    def _leave(self, at: int) -> None:
        """The item on the screen goes without an answer: a look."""
        item, self.open_item = self.open_item, None
        if item is None or item in self.seen:
            return
        look_ms = (at - self.open_at) // 1000
        self.read[item] = self.read.get(item, 0) + look_ms
        low, high = self.limits.skim
        if not low <= look_ms <= high:
            self.run_now = 0 if look_ms > high else self.run_now
            return
        self.between = 0
        if not self.run_now:
            self.runs.append(0)
            self.run_now = len(self.runs) - 1
        self.runs[self.run_now] += 1
        self.run_of.setdefault(item, self.run_now)

    def _answer(self, item: int, at: int, shown_ms: int) -> None:
        self.between += 1
        if self.between > 1:
            self.run_now = 0
        if item in self.seen:
            return
        self.seen.add(item)
        if self.open_item == item:
            self.open_item = None
        self.steps.append(Step(item, at, self.read.get(item, 0), shown_ms, self.run_of.get(item, 0)))

    def _away(self, at: int, ms: int) -> None:
        self.away += 1
        self.away_ms += ms
        self.away_first = self.away_first or at
        self.away_last = at

    # --- what stands out ---------------------------------------------------------------------------
    def findings(self, closes_us: int | None = None, approved: Sequence[int] = ()) -> list[Finding]:
        """Everything that stands out so far. ``closes_us``: when this candidate's time ends, as far as known;
        ``approved``: moments at which the room let this candidate go on at another PC."""
        found = [self.remote(closes_us), self.focus(), self.sockets(approved)]
        return [one for one in found if one is not None]

    def remote(self, closes_us: int | None = None) -> Finding | None:
        """The best stretch of answers that came as if solved elsewhere (Page's sum, see above)."""
        if max(self.runs) < self.limits.run:  # most people never look at so many items in a row
            return None
        best, stretch = best_stretch(self.steps, self.runs, self.limits, closes_us)
        if best < self.limits.evidence or len(stretch) < self.limits.fewest:
            return None
        facts = {
            "items": len(stretch),
            "read_ms": median([step.read_ms for step in stretch]),
            "solve_ms": median([step.solve_ms for step in stretch]),
            "evidence": best,
        }
        return Finding(Sign.REMOTE, self.attempt, None, stretch[0].at_us, stretch[-1].at_us, len(stretch), facts)

    def focus(self) -> Finding | None:
        """Away from the page often, or long."""
        if self.away < self.limits.away_count and self.away_ms < self.limits.away_ms:
            return None
        facts = {"times": self.away, "away_ms": self.away_ms}
        strength = self.away_ms // 1000 + self.away
        return Finding(Sign.FOCUS, self.attempt, None, self.away_first, self.away_last, strength, facts)

    def sockets(self, approved: Sequence[int] = ()) -> Finding | None:
        """Another browser took the pen, and the room had approved nothing since the one before had it."""
        moments = sorted(approved)
        changes, first, last, closest = 0, 0, 0, NEVER
        for (_, before, _), (at, device, wrote) in zip(self.epochs, self.epochs[1:], strict=False):
            if device == before or bisect_right(moments, at) > bisect_right(moments, self._taken(before, at)):
                continue
            changes, first, last = changes + 1, first or at, at
            closest = min(closest, (at - wrote) // 1000) if wrote else closest
        if not changes:
            return None
        facts = {"changes": changes, "browsers": len({device for _, device, _ in self.epochs}),
                 "stranded": self.stranded, "gap_ms": -1 if closest == NEVER else closest}  # fmt: skip
        return Finding(Sign.SOCKETS, self.attempt, None, first, last, changes + self.stranded, facts)

    def _taken(self, device: int, before: int) -> int:
        """When ``device`` last took the pen before ``before``."""
        return max((at for at, who, _ in self.epochs if who == device and at < before), default=0)


def best_stretch(
    steps: Sequence[Step], runs: Sequence[int], limits: Limits, closes_us: int | None
) -> tuple[int, list[Step]]:
    """The largest sum of weights over answers in a row, and the prepared answers in it."""
    until = NEVER if closes_us is None else closes_us - limits.end_ms * 1000
    calm = [step for step in steps if step.at_us <= until]
    thought = pace(calm, runs, limits)
    best, best_from, best_to, total, start = 0, 0, 0, 0, 0
    for place, step in enumerate(calm):
        total += weight(limits, step.solve_ms, thought) if runs[step.run] >= limits.run else limits.lone
        if total <= 0:
            total, start = 0, place + 1
        elif total > best:
            best, best_from, best_to = total, start, place + 1
    return best, [step for step in calm[best_from:best_to] if runs[step.run] >= limits.run]


def pace(steps: Sequence[Step], runs: Sequence[int], limits: Limits) -> Law:
    """How long this person takes when nobody can have helped; the quickest expert's law while that is unknown."""
    alone = [step.read_ms + step.solve_ms for step in steps if runs[step.run] < limits.run]
    if len(alone) < limits.own:
        return limits.expert
    typical = median(alone) * limits.share // 100
    return Law(max(limits.expert.typical_ms, min(limits.slowest_ms, typical)), limits.spread)


def median(values: Sequence[int]) -> int:
    """The middle value (the lower one of two); 0 of nothing."""
    return sorted(values)[(len(values) - 1) // 2] if values else 0


class Sighting(NamedTuple):
    """A browser as it asked for a ticket: where from and which, and whether the locked browser's keys held."""

    attempt: int
    address: str
    agent: str
    held: bool
    first_us: int
    last_us: int


def places(sightings: Iterable[Sighting], approved: Sequence[int] = ()) -> Finding | None:
    """One attempt from several addresses or browsers since the room last let the candidate take a PC."""
    since = max(approved, default=0)
    rows = [row for row in sightings if row.last_us >= since]
    addresses, agents = {row.address for row in rows}, {row.agent for row in rows}
    if len(addresses) < 2 and len(agents) < 2:
        return None
    ordered = sorted(row.first_us for row in rows)
    facts = {"addresses": len(addresses), "agents": len(agents)}
    last = max(row.last_us for row in rows)
    return Finding(Sign.PLACE, rows[0].attempt, None, ordered[1], last, len(addresses) + len(agents) - 1, facts)


def unlocked(sightings: Iterable[Sighting]) -> Finding | None:
    """A browser that did not prove the locked browser where the sitting demands it; each kind counts once."""
    rows = [row for row in sightings if not row.held]
    if not rows:
        return None
    first, last = min(row.first_us for row in rows), max(row.last_us for row in rows)
    return Finding(Sign.BROWSER, rows[0].attempt, None, first, last, len(rows), {"refused": len(rows)})
