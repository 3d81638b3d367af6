"""One sheet after another: letterhead, running head, foot with page numbers and check address."""

import io
import zlib
from typing import Any

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.pagesizes import landscape as turned
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas

from core.letter.ink import Ink, font

MARGIN, FOOT = 48.0, 74.0
BRAND, GREY, BLACK, SHADE = (0.039, 0.337, 0.357), (0.28, 0.34, 0.33), (0.0, 0.0, 0.0), (0.945, 0.96, 0.957)


class Sheets:
    """A canvas with a cursor ``y`` that moves down; blocks are marked for the structure tree as they are written."""

    def __init__(self, *, landscape: bool, language: str) -> None:
        self.size: tuple[float, float] = turned(A4) if landscape else A4
        self._file = io.BytesIO()
        canvas: Any = Canvas(self._file, pagesize=self.size, pageCompression=1, invariant=1, lang=language)
        self.canvas = canvas
        document: Any = canvas._doc
        self._document = document
        self.plain = Ink(font("CatPlain", "Vera.ttf"), document)
        self.bold = Ink(font("CatBold", "VeraBd.ttf"), document)
        # The first font of a canvas would stay in the file although nothing is written with it.
        canvas._preamble = "1 0 0 1 0 0 cm"
        document.fontMapping.clear()
        self.page = 1
        self.y = 0.0
        #: Per page, the structure types of its marked blocks in order (``H1``, ``P``, …).
        self.marks: list[list[str]] = [[]]

    @property
    def left(self) -> float:
        return MARGIN

    @property
    def right(self) -> float:
        return self.size[0] - MARGIN

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def top(self) -> float:
        return self.size[1] - 40

    def put(self, *operators: str) -> None:
        """Add operators to the page."""
        for operator in operators:
            self.canvas.addLiteral(operator)

    def open_block(self, kind: str) -> None:
        """Everything until :meth:`close_block` is one piece of content for a screen reader."""
        self.put(f"/{kind} <</MCID {len(self.marks[-1])}>> BDC")
        self.marks[-1].append(kind)

    def close_block(self) -> None:
        self.put("EMC")

    def open_artifact(self) -> None:
        """Decoration and running lines, which a screen reader skips."""
        self.put("/Artifact BMC")

    def ink(self, colour: tuple[float, float, float]) -> str:
        """The operator that fills with ``colour``."""
        return f"{colour[0]:.3f} {colour[1]:.3f} {colour[2]:.3f} rg"

    def text(self, ink: Ink, text: str, x: float, y: float, size: float, align: str = "left") -> None:
        """One line of text."""
        clean = ink.clean(text)
        if align != "left":
            wide = ink.width(clean, size)
            x = x - wide if align == "right" else x - wide / 2
        self.put(f"BT {ink.at(clean, x, y, size)} ET")

    def rule(self, y: float, weight: float, colour: tuple[float, float, float] = BRAND) -> None:
        """A line across the page."""
        self.put(f"{self.ink(colour)} {self.left:.2f} {y:.2f} {self.width:.2f} {weight:.2f} re f {self.ink(BLACK)}")

    def keep_form(self, name: str, wide: float, high: float, operators: list[str]) -> None:
        """A drawing kept once in the file and shown on many pages by :meth:`show_form`."""
        self.canvas.beginForm(name, 0, 0, wide, high)
        self.put(*operators)
        self.canvas.endForm()

    def show_form(self, name: str, x: float, y: float) -> None:
        self.canvas.saveState()
        self.canvas.translate(x, y)
        self.canvas.doForm(name)
        self.canvas.restoreState()

    def picture(self, data: bytes, x: float, y: float, wide: float, high: float) -> None:
        """An image inside a frame, its proportions kept."""
        reader = ImageReader(io.BytesIO(data))
        self.canvas.drawImage(reader, x, y, wide, high, preserveAspectRatio=True, anchor="c", mask=None)
        self.put(f"q 0.5 w {x:.2f} {y:.2f} {wide:.2f} {high:.2f} re S Q")

    def end_page(self) -> None:
        """Close the page and pack its content at once, so that a long list stays small in memory."""
        self.canvas.showPage()
        page = self._document.Pages[-1]
        packed = zlib.compress(page.stream.encode("latin-1"))
        page.Contents = PDFStream(PDFDictionary({"Filter": PDFName("FlateDecode")}), packed, [])
        page.stream = None

    def finish(self) -> bytes:
        self.canvas.save()
        return self._file.getvalue()


def qr_operators(data: str, side: float) -> list[str]:
    """A QR code (error level M) as filled squares, ``side`` points wide with its quiet zone."""
    rows = [list(row) for row in segno.make(data, error="m", micro=False).matrix_iter(border=2)]
    step = side / len(rows)
    squares = [
        f"{column * step:.3f} {side - (line + 1) * step:.3f} {length * step + 0.02:.3f} {step + 0.02:.3f} re"
        for line, row in enumerate(rows)
        for column, length in _runs(row)
    ]
    return ["0 0 0 rg", *squares, "f"]


def _runs(row: list[int]) -> list[tuple[int, int]]:
    found, start = [], -1
    for column, dark in enumerate([*row, 0]):
        if dark and start < 0:
            start = column
        elif not dark and start >= 0:
            found.append((start, column - start))
            start = -1
    return found
