"""What an able candidate knows: the points of every option of the sample bank, found by the words on the screen."""

import csv
import re
from pathlib import Path
from random import Random

from lxml import html

SAMPLE = Path(__file__).resolve().parents[3] / "questionbank" / "sample"
LETTERS = "abcde"
_FIGURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")


class Unknown(LookupError):
    """An item or option on the screen that the sample bank does not hold."""


def _plain(text: str) -> str:
    return " ".join(_FIGURE.sub(r" \1 ", text).split()).casefold()


def seen(markup: str) -> str:
    """The words of served HTML, alternative texts of figures included."""
    tree = html.fragment_fromstring(markup, create_parent="div")
    for figure in tree.iter("img"):
        figure.tail = f" {figure.get('alt', '')} {figure.tail or ''}"
    return _plain(" ".join(tree.itertext()))


class Oracle:
    """Stem (plain words) → option (plain words) → points."""

    def __init__(self) -> None:
        self.points: dict[tuple[str, frozenset[str]], dict[str, int]] = {}
        for path in SAMPLE.glob("*.csv"):
            with path.open(newline="", encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    options = {_plain(row[f"opsi_{letter}"]): int(row[f"poin_{letter}"]) for letter in LETTERS}
                    self.points[_plain(row["pokok_soal"]), frozenset(options)] = options

    def of(self, stem: str, options: dict[int, str]) -> dict[int, int]:
        """Option id → points for an item as served; :class:`Unknown` when it is none of the sample bank's."""
        words = {key: seen(markup) for key, markup in options.items()}
        found = self.points.get((seen(stem), frozenset(words.values())))
        if found is None:
            raise Unknown(seen(stem)[:120])
        return {key: found[word] for key, word in words.items()}


def decide(points: dict[int, int], *, scaled: bool, ability: int, care: int, dice: Random) -> int | None:
    """The option a person of this ability takes, None for a blank; only the dice and the points decide."""
    if dice.randrange(100) < 2:
        return None
    if scaled:
        wanted = max(1, min(5, round(dice.gauss(4.0 + care / 30, 0.9))))
    else:
        wanted = 5 if dice.randrange(100) < ability else 0
    fitting = sorted(key for key, worth in points.items() if worth == wanted)
    return dice.choice(fitting)
