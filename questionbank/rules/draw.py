"""Drawing a form: the items that satisfy every part of a blueprint, chosen by a seed from the approved pool."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from questionbank.rules.chance import Chance

_TRIES = 64


@dataclass(frozen=True, slots=True)
class Part:
    """``items`` items of ``section``; of ``topic`` alone where one is named."""

    section: str
    topic: str | None
    items: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """One item version that may be drawn; of a group of ``enemies`` at most one stands in a form."""

    id: str
    section: str
    topic: str
    enemies: str = ""


@dataclass(frozen=True, slots=True)
class Lack:
    """A part that cannot be filled: ``needed`` items, ``found`` drawable."""

    section: str
    topic: str | None
    needed: int
    found: int

    @property
    def missing(self) -> int:
        return self.needed - self.found


class NotEnough(Exception):
    """The pool cannot satisfy the blueprint; ``lacks`` names every part and how many items it lacks."""

    def __init__(self, lacks: Sequence[Lack]) -> None:
        super().__init__(lacks)
        self.lacks = list(lacks)


def draw(parts: Sequence[Part], pool: Iterable[Candidate], seed: str) -> list[str]:
    """Ids of the drawn items, part after part; sections stay together in the order of the parts.

    Parts that name a topic choose first, so that a part naming only a section cannot take their items. Raises
    :class:`NotEnough`. Enemy groups can make one order of choosing fail, so up to 64 orders are tried.
    """
    stock = sorted(pool, key=lambda one: one.id)
    lacks: list[Lack] = []
    for turn in range(_TRIES):
        chosen, lacks = _attempt(parts, stock, Chance(f"{seed}/{turn}"))
        if not lacks:
            return _in_section_order(parts, chosen)
        if not any(one.enemies for one in stock):
            break
    raise NotEnough(lacks)


def _attempt(
    parts: Sequence[Part], stock: Sequence[Candidate], chance: Chance
) -> tuple[dict[int, list[str]], list[Lack]]:
    by_topic: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for one in chance.shuffled(stock):
        by_topic[one.section, one.topic].append(one)
    fought: set[str] = set()
    chosen: dict[int, list[str]] = {}
    lacks = []
    for at in sorted(range(len(parts)), key=lambda at: parts[at].topic is None):
        part = parts[at]
        piles = [
            by_topic[key] for key in sorted(by_topic) if key[0] == part.section and part.topic in (None, key[1])
        ]
        chosen[at] = _take(chance.shuffled(piles), part.items, fought)
        if len(chosen[at]) < part.items:
            lacks.append(Lack(part.section, part.topic, part.items, len(chosen[at])))
    return chosen, lacks


def _take(piles: list[list[Candidate]], wanted: int, fought: set[str]) -> list[str]:
    """One item of each topic in turn until there are enough; used items leave their pile."""
    taken: list[str] = []
    while len(taken) < wanted and any(piles):
        for pile in piles:
            while pile and pile[-1].enemies and pile[-1].enemies in fought:
                pile.pop()
            if pile and len(taken) < wanted:
                one = pile.pop()
                taken.append(one.id)
                fought |= {one.enemies} - {""}
    return taken


def _in_section_order(parts: Sequence[Part], chosen: dict[int, list[str]]) -> list[str]:
    sections = list(dict.fromkeys(part.section for part in parts))
    order = sorted(range(len(parts)), key=lambda at: (sections.index(parts[at].section), at))
    return [one for at in order for one in chosen[at]]


def supply(parts: Sequence[Part], pool: Iterable[Candidate]) -> list[tuple[Part, int]]:
    """For every part: how many items of its topic or section the pool holds (items of enemy groups count once)."""
    heads: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in pool:
        heads[one.section, one.topic].add(f"group:{one.enemies}" if one.enemies else one.id)
    count: Counter[tuple[str, str | None]] = Counter({key: len(ids) for key, ids in heads.items()})
    for section in {key[0] for key in heads}:
        count[section, None] = len(set().union(*(ids for key, ids in heads.items() if key[0] == section)))
    return [(part, count[part.section, part.topic]) for part in parts]
