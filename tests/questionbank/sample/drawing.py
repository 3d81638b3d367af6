"""Reads a sample figure back into the shapes it shows, so that a rule can be checked on the drawing itself."""

import math
import re
from dataclasses import dataclass, field

from lxml import etree

from tests.questionbank.sample.bank import FIGURE, FIGURES, Item

SVG = "{http://www.w3.org/2000/svg}"
COMPASS = ("atas", "kanan atas", "kanan", "kanan bawah", "bawah", "kiri bawah", "kiri", "kiri atas")
CIRCLE, ARROW, ELBOW = 0, -1, -2  # other kinds are the number of sides
NAMES = {
    CIRCLE: "lingkaran", 3: "segitiga", 4: "persegi", 5: "segi lima", 6: "segi enam", 7: "segi tujuh",
    8: "segi delapan", ARROW: "panah", ELBOW: "siku",
}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """One drawn shape; x and y are its middle in a cell of 160 × 160, turn counts steps of 45° clockwise."""

    kind: int
    radius: float
    black: bool
    x: float
    y: float
    turn: int = 0
    mirrored: bool = False
    box: tuple[float, float, float, float] = field(default=(0, 0, 0, 0), compare=False)  # left … bottom

    @property
    def name(self) -> str:
        return NAMES[self.kind]

    @property
    def colour(self) -> str:
        return "hitam" if self.black else "putih"

    @property
    def compass(self) -> int:
        """Direction from the middle of the cell, 0 = up, in steps of 45° clockwise."""
        return round(math.degrees(math.atan2(self.x - 80, 80 - self.y)) / 45) % 8


Cell = tuple[Shape, ...]  # in the order drawn, so an outer shape stands before an inner one


def points(text: str) -> list[tuple[float, float]]:
    return [tuple(map(float, pair.split(","))) for pair in text.split()]


def box(corners: list[tuple[float, float]], x: float, y: float, degrees: int) -> tuple[float, ...]:
    """Left, top, right and bottom of corners turned by degrees around, and moved to, x and y."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    across = [x + a * cos - b * sin for a, b in corners]
    down = [y + a * sin + b * cos for a, b in corners]
    return min(across), min(down), max(across), max(down)


def shape(group: etree._Element) -> Shape:
    found = re.fullmatch(r"translate\((\S+) (\S+)\)(?: rotate\((\d+)\))?", group.get("transform"))
    x, y, degrees = float(found[1]), float(found[2]), int(found[3] or 0)
    assert degrees % 45 == 0
    (child,) = group
    black = child.get("fill") == "#000"
    if child.tag == f"{SVG}circle":
        r = float(child.get("r"))
        return Shape(CIRCLE, r, black, x, y, box=(x - r, y - r, x + r, y + r))
    corners = points(child.get("points"))
    edges = box(corners, x, y, degrees)
    reach = [math.hypot(*corner) for corner in corners]
    if child.tag == f"{SVG}polyline":
        return Shape(ELBOW, max(reach), True, x, y, degrees // 45, not clockwise(corners), edges)
    if max(reach) - min(reach) < 0.2:  # regular
        return Shape(len(corners), max(reach), black, x, y, box=edges)
    assert len(corners) == 7, "an arrow has seven corners"
    assert corners[0] == (0, min(corner[1] for corner in corners)), "an arrow is drawn pointing up"
    return Shape(ARROW, max(reach), black, x, y, degrees // 45, box=edges)


def clockwise(corners: list[tuple[float, float]]) -> bool:
    """Whether an elbow's short arm lies clockwise of its long arm."""
    (ax, ay), (bx, by), (cx, cy) = corners
    assert math.dist(corners[0], corners[1]) > 1.5 * math.dist(corners[1], corners[2]), "one arm is longer"
    return (ax - bx) * (cy - by) - (ay - by) * (cx - bx) > 0


def cells(file: str) -> list[Cell | None]:
    """The cells of a figure from left to right; None for the empty, dashed cell in question."""
    found: list[Cell | None] = []
    for group in etree.parse(FIGURES / file).getroot().iter(f"{SVG}g"):
        if "scale(" in group.get("transform"):
            frame = group.find(f"{SVG}rect")
            empty = frame is not None and "stroke-dasharray" in frame.attrib
            found.append(None if empty else tuple(shape(part) for part in group.findall(f"{SVG}g")))
    return found


def stem_cells(item: Item) -> list[Cell | None]:
    (mark,) = FIGURE.finditer(item.stem)
    return cells(mark[2])


def option_cells(item: Item) -> list[Cell]:
    drawn = [cells(FIGURE.fullmatch(option)[2]) for option in item.options]
    assert all(len(option) == 1 for option in drawn)
    return [option[0] for option in drawn]


def stem_words(item: Item) -> list[str]:
    """What the stem's alternative text says of each shown cell, in order."""
    (mark,) = FIGURE.finditer(item.stem)
    said = re.findall(r"(?:Kotak|Contoh) \w+: (.*?)\.(?= |$)", mark[1])
    return [words for words in said if words]


def option_words(item: Item) -> list[str]:
    words = [FIGURE.fullmatch(option)[1].removesuffix(".") for option in item.options]
    return [word[0].lower() + word[1:] for word in words]
