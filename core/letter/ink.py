"""Text on a page: measuring, wrapping and writing with an embedded TrueType subset, without a layout engine."""

import unicodedata
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from reportlab.pdfbase.ttfonts import TTFont

NBSP, ELLIPSIS = "\u00a0", "…"
_SPECIAL = {ord("("): "\\(", ord(")"): "\\)", ord("\\"): "\\\\"}


@cache
def font(name: str, file: str) -> TTFont:
    """A face that ships with reportlab (Bitstream Vera); ASCII stays readable in the file."""
    return TTFont(name, file, asciiReadable=True)


class _Widths(dict[str, float]):
    """Width of each letter in thousandths; filled on first use."""

    def __init__(self, face: TTFont) -> None:
        super().__init__()
        self._face = face.face

    def __missing__(self, sign: str) -> float:
        wide: float = self._face.charWidths.get(ord(sign), self._face.defaultWidth)
        self[sign] = wide
        return wide


class _Codes(dict[int, str]):
    """How each letter is written in the first subset of a document; letters of later subsets are in ``beyond``."""

    def __init__(self, face: TTFont, document: Any) -> None:
        super().__init__()
        self._font, self._document = face, document
        self.beyond: set[str] = set()

    def __missing__(self, code: int) -> str:
        subset, shown = self.write(code)
        if subset:
            self.beyond.add(chr(code))
        self[code] = shown
        return shown

    def write(self, code: int) -> tuple[int, str]:
        """The subset of a letter and its escaped byte."""
        subset, written = self._font.splitString(chr(code), self._document)[0]
        byte = written[0]
        plain = chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"
        return subset, _SPECIAL.get(byte, plain)


class Ink:
    """One face in one document; turns text into page operators.

    Reportlab's own ``drawString`` costs about 20 µs a cell; ready-made tables of codes and widths make it a few.
    Letters the face lacks lose their accents rather than becoming boxes.
    """

    def __init__(self, face: TTFont, document: Any) -> None:
        self._font = face
        self._document = document
        self._glyphs = face.face.charToGlyph
        self._widths = _Widths(face)
        self._codes = _Codes(face, document)
        self._names: dict[int, str] = {}

    def clean(self, text: str) -> str:
        """``text`` with only letters the face has."""
        text = text.replace(NBSP, " ")
        if text.isascii():
            return text if text.isprintable() else "".join(sign if sign.isprintable() else " " for sign in text)
        return "".join(sign if ord(sign) in self._glyphs else self._nearest(sign) for sign in text)

    def _nearest(self, sign: str) -> str:
        plain = "".join(part for part in unicodedata.normalize("NFKD", sign) if ord(part) in self._glyphs)
        return plain or ("?" if sign.isprintable() else " ")

    def width(self, text: str, size: float) -> float:
        """Points that ``text`` takes in ``size``."""
        return sum(map(self._widths.__getitem__, text)) * size / 1000

    def clip(self, text: str, size: float, width: float) -> str:
        """``text`` cut to ``width`` with an ellipsis where it is too long."""
        if self.width(text, size) <= width:
            return text
        room = width - self.width(ELLIPSIS, size)
        kept = text
        while kept and self.width(kept, size) > room:
            kept = kept[:-1]
        return kept.rstrip() + ELLIPSIS

    def wrap(self, text: str, size: float, width: float, limit: int = 0) -> list[str]:
        """Lines of at most ``width``; over ``limit`` lines the last one ends in an ellipsis (0: no limit)."""
        if self.width(text, size) <= width:
            return [text]
        lines, line = [], ""
        for word in self._pieces(text, size, width):
            longer = f"{line} {word}" if line else word
            if self.width(longer, size) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            line = word
        lines.append(line)
        if limit and len(lines) > limit:
            rest = " ".join(lines[limit - 1 :])
            lines = [*lines[: limit - 1], self.clip(rest, size, width)]
        return lines

    def _pieces(self, text: str, size: float, width: float) -> list[str]:
        pieces = []
        for word in text.split():
            while self.width(word, size) > width and len(word) > 1:
                cut = len(word) - 1
                while cut > 1 and self.width(word[:cut], size) > width:
                    cut -= 1
                pieces.append(word[:cut])
                word = word[cut:]
            pieces.append(word)
        return pieces

    def _name(self, subset: int) -> str:
        name = self._names.get(subset)
        if name is None:
            name = self._names[subset] = self._font.getSubsetInternalName(subset, self._document)
        return name

    def at(self, text: str, x: float, y: float, size: float) -> str:
        """Operators that write ``text`` (already clean) at ``x``, ``y``; to stand between ``BT`` and ``ET``."""
        shown = text.translate(self._codes)
        if self._codes.beyond.isdisjoint(text):
            return f"1 0 0 1 {x:.2f} {y:.2f} Tm {self._name(0)} {size:g} Tf ({shown}) Tj"
        parts = [f"1 0 0 1 {x:.2f} {y:.2f} Tm"]
        for subset, run in groupby((self._codes.write(ord(sign)) for sign in text), key=itemgetter(0)):
            letters = "".join(written for _subset, written in run)
            parts.append(f"{self._name(subset)} {size:g} Tf ({letters}) Tj")
        return " ".join(parts)
