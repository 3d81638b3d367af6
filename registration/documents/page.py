"""A plain A4 page to draw on: text that always fits, boxes, dashed lines, QR codes and photos."""

import io
import unicodedata
from collections.abc import Callable
from functools import wraps
from typing import IO, Any, ParamSpec, TypeVar

import segno
from django.utils.translation import override
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

PLAIN, BOLD = "CatCard", "CatCard-Bold"
INK, GREY, BRAND = (0, 0, 0), (0.32, 0.38, 0.38), (0.039, 0.337, 0.357)
WIDTH, HEIGHT = A4

__all__ = ["BOLD", "BRAND", "GREY", "HEIGHT", "INK", "PLAIN", "WIDTH", "Page", "in_indonesian", "mm"]

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def in_indonesian(write: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Papers of record are written in Indonesian, whoever asks; each call switches for itself."""

    @wraps(write)
    def written(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        with override("id"):
            return write(*args, **kwargs)

    return written


class Page:
    """A canvas with words of its own; lengths in points, the origin at the lower left."""

    def __init__(self, file: IO[bytes], *, title: str, language: str = "id") -> None:
        for name, source in ((PLAIN, "Vera.ttf"), (BOLD, "VeraBd.ttf")):
            if name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(name, source, asciiReadable=True))
        face: Any = pdfmetrics.getFont(PLAIN)
        self._known = face.face.charToGlyph
        options: dict[str, Any] = {"lang": language, "initialFontName": PLAIN}
        self.canvas: Any = Canvas(file, pagesize=A4, pageCompression=1, **options)
        self.canvas.setTitle(title)
        self.canvas.setAuthor("Panitia Seleksi Nasional")
        self.canvas.setCreator("CAT Exam")

    def clean(self, text: str) -> str:
        """Letters the face lacks lose their accents; others become a question mark."""
        if text.isascii():
            return text
        plain = (unicodedata.normalize("NFKD", sign)[0] for sign in text)
        return "".join(
            sign if ord(sign) in self._known else base if ord(base) in self._known else "?"
            for sign, base in zip(text, plain, strict=True)
        )

    @staticmethod
    def width(text: str, size: float, font: str = PLAIN) -> float:
        """Points that ``text`` takes."""
        return float(pdfmetrics.stringWidth(text, font, size))

    def text(
        self, x: float, y: float, text: str, *, size: float = 9, font: str = PLAIN, align: str = "left",
        room: float = 0, colour: tuple[float, float, float] = INK,
    ) -> None:  # fmt: skip
        """One line; with ``room`` it shrinks to 70 % at most, then ends in an ellipsis."""
        shown = self.clean(str(text))
        least = size * 0.7
        while room and size > least and self.width(shown, size, font) > room:
            size = max(size * 0.95, least)
        if room and self.width(shown, size, font) > room:
            while shown and self.width(shown + "…", size, font) > room:
                shown = shown[:-1]
            shown = shown.rstrip() + "…"
        self.canvas.setFillColorRGB(*colour)
        self.canvas.setFont(font, size)
        draw = {"left": self.canvas.drawString, "center": self.canvas.drawCentredString,
                "right": self.canvas.drawRightString}[align]  # fmt: skip
        draw(x, y, shown)

    def wrapped(
        self, x: float, y: float, text: str, *, room: float, size: float = 9, font: str = PLAIN, lines: int = 3,
        lead: float = 1.3,
    ) -> float:  # fmt: skip
        """Up to ``lines`` lines; gives the y below the last one."""
        words, rows, row = self.clean(str(text)).split(), [], ""
        for word in words:
            longer = f"{row} {word}".strip()
            if row and self.width(longer, size, font) > room:
                rows.append(row)
                longer = word
            row = longer
        rows.append(row)
        if len(rows) > lines:
            rows = [*rows[: lines - 1], " ".join(rows[lines - 1 :])]
        for line in rows:
            self.text(x, y, line, size=size, font=font, room=room)
            y -= size * lead
        return y

    def rule(self, y: float, left: float, right: float, *, width: float = 0.6, dash: bool = False) -> None:
        """A horizontal line, dashed where one cuts."""
        self.canvas.setLineWidth(width)
        self.canvas.setStrokeColorRGB(*INK)
        self.canvas.setDash([3, 3] if dash else [])
        self.canvas.line(left, y, right, y)
        self.canvas.setDash([])

    def box(self, x: float, y: float, width: float, height: float, *, line: float = 0.8) -> None:
        """An empty box from its lower left corner."""
        self.canvas.setLineWidth(line)
        self.canvas.setStrokeColorRGB(*INK)
        self.canvas.rect(x, y, width, height)

    def qr(self, x: float, y: float, side: float, data: str) -> None:
        """A QR code (error level M) with its quiet zone inside ``side``."""
        matrix = list(segno.make(data, error="m", micro=False).matrix)
        step = side / (len(matrix) + 8)
        self.canvas.setFillColorRGB(0, 0, 0)
        path = self.canvas.beginPath()
        for row, line in enumerate(matrix):
            for column, dark in enumerate(line):
                if dark:
                    path.rect(x + (column + 4) * step, y + side - (row + 5) * step, step, step)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def photo(self, x: float, y: float, width: float, height: float, data: bytes | None, missing: str) -> None:
        """A photo cut to the middle of its frame; without one, the frame with ``missing`` in it."""
        self.box(x, y, width, height)
        if data is None:
            self.text(x + width / 2, y + height / 2, missing, size=7, align="center", colour=GREY, room=width - 6)
            return
        image = ImageReader(io.BytesIO(data))
        wide, high = image.getSize()
        scale = max(width / wide, height / high)
        self.canvas.saveState()
        frame = self.canvas.beginPath()
        frame.rect(x, y, width, height)
        self.canvas.clipPath(frame, stroke=0, fill=0)
        left, low = x - (wide * scale - width) / 2, y - (high * scale - height) / 2
        self.canvas.drawImage(image, left, low, wide * scale, high * scale)
        self.canvas.restoreState()
        self.box(x, y, width, height)

    def next(self) -> None:
        """End this page and begin another."""
        self.canvas.showPage()

    def save(self) -> None:
        """Finish the document."""
        self.canvas.save()
