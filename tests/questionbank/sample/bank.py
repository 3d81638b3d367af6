"""Reads the sample bank's CSV files and figures without Django, for the tests of its content."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

BANK = Path(__file__).resolve().parents[3] / "questionbank" / "sample"
FIGURES = BANK / "figures"
LETTERS = "ABCDE"
COLUMNS = (
    ["kode", "bagian", "topik", "bahasa", "pokok_soal"]
    + [f"opsi_{letter}" for letter in "abcde"]
    + [f"poin_{letter}" for letter in "abcde"]
    + ["pembahasan", "sumber"]
)
FIGURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]*)\)")


@dataclass(frozen=True)
class Item:
    """One row of a bank file; options and points are in the order A to E."""

    code: str
    section: str
    topic: str
    language: str
    stem: str
    options: tuple[str, ...]
    points: tuple[str, ...]
    discussion: str
    source: str

    @property
    def key(self) -> str:
        """The letter of the best option (5 points)."""
        return LETTERS[self.points.index("5")]

    @property
    def texts(self) -> list[str]:
        """Stem and options."""
        return [self.stem, *self.options]


def header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file, strict=True))


def read(path: Path) -> list[Item]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))[1:]
    return [Item(*row[:5], tuple(row[5:10]), tuple(row[10:15]), *row[15:17]) for row in rows]


def files() -> list[Path]:
    return sorted(BANK.glob("*.csv"))


def tiu() -> dict[str, Item]:
    return {item.code: item for item in read(BANK / "tiu.csv")}


def letter_of(item: Item, holds: list[bool]) -> str:
    """The one letter whose option holds; fails when none or several do."""
    right = [letter for letter, hold in zip(LETTERS, holds, strict=True) if hold]
    assert len(right) == 1, f"{item.code}: options that hold: {right or 'none'}"
    return right[0]
