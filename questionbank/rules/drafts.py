"""What a writer hands in for one item, before it is rendered, checked and stored."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

LETTERS = "ABCDE"
KEYED, SCALED = "keyed", "scaled"


@dataclass(frozen=True, slots=True)
class Draft:
    """Source text of an item: ``markup`` is ``text`` (plain text, ``$formula$``, ``![alt](figure.svg)``) or ``html``.

    ``points`` holds None where a cell held no whole number; ``figures`` maps file names to SVG source;
    ``place`` says where it came from (a row of a sheet, a file of a package).
    """

    code: str
    section: str
    topic: str
    stem: str
    options: tuple[str, ...]
    points: tuple[int | None, ...]
    language: str = "id"
    rationale: str = ""
    source: str = ""
    enemies: str = ""
    markup: str = "text"
    figures: Mapping[str, str] = dataclasses.field(default_factory=lambda: MappingProxyType({}))
    place: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one ``field`` (a column such as ``opsi_b``); ``code`` and ``facts`` make the sentence."""

    field: str
    code: str
    facts: Mapping[str, str | int] = dataclasses.field(default_factory=lambda: MappingProxyType({}))
    place: str = ""
