"""The letter: letterhead, headings, paragraphs, pairs, long tables, QR, photo and signatures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from core import clock
from core.letter.ink import Ink
from core.letter.sheet import BLACK, BRAND, FOOT, GREY, SHADE, Sheets, qr_operators
from core.letter.structure import finish

BODY, SMALL, TINY = 9.5, 8.0, 7.0
ROW, PAD, LINES = 10.5, 3.0, 4
_SIDES = {"left": "left", "start": "left", "right": "right", "end": "right", "center": "center", "middle": "center"}


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: its head, its share of the width, ``left``, ``right`` or ``center``."""

    label: str
    width_share: float
    align: str = "left"


class Letter:
    """A paper with the committee's letterhead; content flows down and over pages in the order of the calls.

    ``language`` (``id`` or ``en``) governs our own words and dates, ``zone`` the clock; ``verify_url`` stands as
    QR and text in the foot of every page. The same calls give the same bytes.
    """

    def __init__(
        self, *, title: str, number: str = "", subtitle: str = "", agency: str = "Panitia Seleksi Nasional",
        language: str = "id", verify_url: str = "", made_at: datetime, zone: str = clock.WIB, landscape: bool = False,
    ) -> None:  # fmt: skip
        self._title, self._number, self._agency = str(title), str(number), str(agency)
        self._language, self._verify_url, self._made_at = language, verify_url, made_at
        self._sheets = Sheets(landscape=landscape, language=language)
        with override(language):
            self._made = _("Dibuat %(moment)s") % {"moment": clock.write_moment(made_at, zone)}
            self._page_word = pgettext("kaki surat", "Halaman")
            self._of_word = pgettext("kaki surat", "dari")
            self._check_word = _("Periksa keaslian:")
            self._selection = _("Seleksi Calon Pegawai Negeri Sipil")
        if verify_url:
            self._sheets.keep_form("check", 40, 40, qr_operators(verify_url, 40))
        self._built: bytes | None = None
        self._head(str(subtitle))

    # --- frame --------------------------------------------------------------------------------------
    def _head(self, subtitle: str) -> None:
        sheets = self._sheets
        middle = sheets.size[0] / 2
        y = sheets.top
        sheets.open_block("P")
        sheets.put(sheets.ink(BRAND))
        sheets.text(sheets.bold, self._agency.upper(), middle, y - 10, 13, "center")
        sheets.put(sheets.ink(BLACK))
        sheets.text(sheets.plain, self._selection, middle, y - 24, BODY, "center")
        sheets.close_block()
        sheets.open_artifact()
        sheets.rule(y - 34, 2.2)
        sheets.rule(y - 37, 0.6)
        sheets.close_block()
        sheets.y = y - 60
        sheets.canvas.bookmarkPage("title")
        sheets.canvas.addOutlineEntry(self._title, "title", 0)
        sheets.open_block("H1")
        self._centred(sheets.bold, self._title, 14)
        sheets.close_block()
        for text in filter(None, (self._number, subtitle)):
            sheets.open_block("P")
            self._centred(sheets.plain, text, BODY + 0.5)
            sheets.close_block()
        sheets.y -= 10

    def _centred(self, ink: Ink, text: str, size: float) -> None:
        sheets = self._sheets
        for line in ink.wrap(ink.clean(text), size, sheets.width):
            sheets.text(ink, line, sheets.size[0] / 2, sheets.y, size, "center")
            sheets.y -= size * 1.35

    def _foot(self) -> None:
        sheets = self._sheets
        sheets.open_artifact()
        sheets.rule(FOOT - 12, 0.6, GREY)
        sheets.put(sheets.ink(GREY))
        x = sheets.left
        if self._verify_url:
            sheets.show_form("check", x, FOOT - 58)
            x += 46
            sheets.text(sheets.plain, self._check_word, x, FOOT - 25, TINY)
            shown = sheets.plain.clip(sheets.plain.clean(self._verify_url), TINY, sheets.width - 190)
            sheets.text(sheets.plain, shown, x, FOOT - 34, TINY)
            sheets.text(sheets.plain, self._made, x, FOOT - 45, TINY)
        else:
            sheets.text(sheets.plain, self._made, x, FOOT - 25, TINY)
        words = f"{self._page_word} {sheets.page} {self._of_word}"
        room = 24.0
        sheets.text(sheets.plain, words, sheets.right - room - 3, FOOT - 25, SMALL, "right")
        sheets.show_form("pages", sheets.right - room, FOOT - 25)
        sheets.put(sheets.ink(BLACK))
        sheets.close_block()

    def _new_page(self) -> None:
        sheets = self._sheets
        self._foot()
        sheets.end_page()
        sheets.page += 1
        sheets.marks.append([])
        sheets.open_artifact()
        sheets.put(sheets.ink(GREY))
        title = sheets.plain.clip(sheets.plain.clean(self._title), SMALL, sheets.width * 0.66)
        sheets.text(sheets.plain, title, sheets.left, sheets.top, SMALL)
        sheets.text(sheets.plain, self._number, sheets.right, sheets.top, SMALL, "right")
        sheets.rule(sheets.top - 6, 0.6, GREY)
        sheets.close_block()
        sheets.y = sheets.top - 26

    def _need(self, height: float) -> None:
        if self._sheets.y - height < FOOT:
            self._new_page()

    # --- content ------------------------------------------------------------------------------------
    def heading(self, text: str) -> None:
        """A heading; it never stands alone at the foot of a page."""
        sheets = self._sheets
        lines = sheets.bold.wrap(sheets.bold.clean(str(text)), 11, sheets.width)
        self._need(len(lines) * 14 + 50)
        sheets.y -= 8
        sheets.open_block("H2")
        for line in lines:
            sheets.text(sheets.bold, line, sheets.left, sheets.y, 11)
            sheets.y -= 14
        sheets.close_block()
        sheets.y -= 3

    def paragraph(self, text: str) -> None:
        """A paragraph; line breaks in ``text`` start new lines."""
        sheets = self._sheets
        lines = [
            line
            for part in str(text).splitlines() or [""]
            for line in sheets.plain.wrap(sheets.plain.clean(part), BODY, sheets.width)
        ]
        for line in lines:
            self._need(13)
            sheets.open_block("P")
            sheets.text(sheets.plain, line, sheets.left, sheets.y, BODY)
            sheets.close_block()
            sheets.y -= 13
        sheets.y -= 5

    def facts(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Pairs of label and value, one under the other."""
        self._pairs(pairs, self._sheets.left)
        self._sheets.y -= 6

    def _pairs(self, pairs: Iterable[tuple[str, str]], x: float) -> None:
        sheets = self._sheets
        gap = min(150.0, (sheets.right - x) * 0.36)
        for label, value in pairs:
            names = sheets.plain.wrap(sheets.plain.clean(str(label)), BODY, gap - 10)
            lines = [
                line
                for part in str(value).splitlines() or [""]
                for line in sheets.bold.wrap(sheets.bold.clean(part), BODY, sheets.right - x - gap - 8)
            ]
            self._need(13 * max(len(names), len(lines)))
            sheets.open_block("P")
            for place, name in enumerate(names):
                sheets.text(sheets.plain, name, x, sheets.y - 13 * place, BODY)
            for place, line in enumerate(lines):
                sheets.text(
                    sheets.bold, f": {line}" if place == 0 else f"  {line}", x + gap, sheets.y - 13 * place, BODY
                )
            sheets.close_block()
            sheets.y -= 13 * max(len(names), len(lines)) + 1.5

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str]], *, repeat_head: bool = True) -> None:
        """A table of any length; its rows are written as they come and not kept.

        Long cells wrap to four lines, then end in an ellipsis. The head repeats on every page.
        """
        _Table(self, columns).write(rows, repeat_head=repeat_head)
        self._sheets.y -= 8

    def qr(self, data: str, caption: str = "") -> None:
        """A QR code, 30 mm, with ``caption`` and its text beside it."""
        sheets, side = self._sheets, 85.0
        self._need(side + 8)
        bottom = sheets.y - side + 8
        sheets.open_block("P")
        sheets.put(f"q 1 0 0 1 {sheets.left:.2f} {bottom:.2f} cm", *qr_operators(data, side), "Q")
        y = bottom + side - 16
        for text, ink in ((caption, sheets.bold), (data, sheets.plain)):
            for line in ink.wrap(ink.clean(str(text)), BODY, sheets.width - side - 14) if text else []:
                sheets.text(ink, line, sheets.left + side + 12, y, BODY)
                y -= 13
        sheets.close_block()
        sheets.y = bottom - 10

    def photo(
        self,
        data: bytes,
        *,
        caption: str = "",
        facts: Iterable[tuple[str, str]] = (),
        width: float = 85.0,
        height: float = 113.0,
    ) -> None:
        """A framed photo (30 × 40 mm unless told), with ``facts`` to its right; JPEG or PNG bytes."""
        sheets = self._sheets
        self._need(height + 24)
        top, page = sheets.y + 9, sheets.page
        sheets.open_block("Figure")
        sheets.picture(data, sheets.left, top - height, width, height)
        sheets.close_block()
        if caption:
            sheets.open_block("P")
            sheets.text(sheets.plain, caption, sheets.left + width / 2, top - height - 10, TINY, "center")
            sheets.close_block()
        self._pairs(facts, sheets.left + width + 16)
        below = top - height - (22 if caption else 12)
        sheets.y = min(sheets.y - 6, below) if sheets.page == page else sheets.y - 6

    def signatures(self, signers: Sequence[tuple[str, str, str]]) -> None:
        """Blocks to sign, up to three beside each other: role, name, detail (a number or a date)."""
        sheets = self._sheets
        for start in range(0, len(signers), 3):
            group = signers[start : start + 3]
            self._need(104)
            share = sheets.width / max(len(group), 2)
            for place, (role, name, detail) in enumerate(group):
                x = sheets.right - share * (len(group) - place) + 6
                self._signature(x, share - 12, str(role), str(name), str(detail))
            sheets.y -= 104

    def _signature(self, x: float, width: float, role: str, name: str, detail: str) -> None:
        sheets = self._sheets
        sheets.open_block("P")
        for place, line in enumerate(sheets.plain.wrap(sheets.plain.clean(role), BODY, width, 2)):
            sheets.text(sheets.plain, line, x, sheets.y - 8 - 12 * place, BODY)
        shown = sheets.bold.clip(sheets.bold.clean(name), BODY, width)
        sheets.text(sheets.bold, shown, x, sheets.y - 76, BODY)
        sheets.put(f"0.5 w {x:.2f} {sheets.y - 80:.2f} m {x + width:.2f} {sheets.y - 80:.2f} l S")
        sheets.text(
            sheets.plain, sheets.plain.clip(sheets.plain.clean(detail), SMALL, width), x, sheets.y - 91, SMALL
        )
        sheets.close_block()

    @property
    def pages(self) -> int:
        """How many pages there are so far."""
        return self._sheets.page

    # --- result -------------------------------------------------------------------------------------
    def build(self) -> bytes:
        """The finished PDF; nothing can be added afterwards."""
        if self._built is None:
            sheets = self._sheets
            self._foot()
            sheets.end_page()
            shown = f"BT {sheets.plain.at(str(sheets.page), 0, 0, SMALL)} ET"
            sheets.keep_form("pages", 40, 12, [sheets.ink(GREY), shown])
            self._built = finish(
                sheets.finish(), sheets.marks, title=self._title, number=self._number, agency=self._agency,
                made_at=self._made_at,
            )  # fmt: skip
        return self._built

    def write(self, file: BinaryIO) -> None:
        """Write the finished PDF into an open file."""
        file.write(self.build())


class _Table:
    """One table while it is written."""

    def __init__(self, letter: Letter, columns: Sequence[Column]) -> None:
        self.letter, self.sheets = letter, letter._sheets
        total = sum(column.width_share for column in columns) or 1
        self.widths = [self.sheets.width * column.width_share / total for column in columns]
        starts = [0.0, *accumulate(self.widths)]
        self.lefts = [self.sheets.left + start for start in starts[:-1]]
        self.sides = [_SIDES[column.align] for column in columns]
        self.labels = [str(column.label) for column in columns]

    def write(self, rows: Iterable[Sequence[str]], *, repeat_head: bool) -> None:
        self.letter._need(60)
        self._head()
        pending: list[str] = []
        for place, row in enumerate(rows):
            cells = self._cells(self.sheets.plain, row)
            height = max(len(lines) for lines in cells) * ROW + 2 * PAD
            if self.sheets.y - height < FOOT:
                self._flush(pending)
                self.letter._new_page()
                if repeat_head:
                    self._head()
            pending.append(self._row(self.sheets.plain, cells, height, shade=place % 2 == 1))
        self._flush(pending)
        self.sheets.open_artifact()
        self.sheets.rule(self.sheets.y, 0.8)
        self.sheets.close_block()
        self.sheets.y -= 8

    def _cells(self, ink: Ink, row: Sequence[str]) -> list[list[str]]:
        if len(row) != len(self.widths):
            raise ValueError(f"a row of {len(row)} cells in a table of {len(self.widths)} columns")
        return [
            ink.wrap(ink.clean(str(text)), SMALL, width - 2 * PAD, LINES)
            for text, width in zip(row, self.widths, strict=True)
        ]

    def _head(self) -> None:
        cells = self._cells(self.sheets.bold, self.labels)
        height = max(len(lines) for lines in cells) * ROW + 2 * PAD
        self.sheets.open_artifact()
        self.sheets.rule(self.sheets.y, 0.8)
        self.sheets.close_block()
        self._flush([self._row(self.sheets.bold, cells, height, shade=False)])
        self.sheets.open_artifact()
        self.sheets.rule(self.sheets.y, 0.8)
        self.sheets.close_block()

    def _row(self, ink: Ink, cells: list[list[str]], height: float, *, shade: bool) -> str:
        y = self.sheets.y
        parts = []
        if shade:
            box = f"{self.sheets.left:.2f} {y - height:.2f} {self.sheets.width:.2f} {height:.2f} re f"
            parts.append(f"{self.sheets.ink(SHADE)} {box} {self.sheets.ink(BLACK)}")
        parts.append("BT")
        for lines, left, width, side in zip(cells, self.lefts, self.widths, self.sides, strict=True):
            for place, line in enumerate(lines):
                if side == "left":
                    x = left + PAD
                else:
                    room = width - PAD - ink.width(line, SMALL)
                    x = left + (room if side == "right" else (room + PAD) / 2)
                parts.append(ink.at(line, x, y - PAD - 8 - place * ROW, SMALL))
        parts.append("ET")
        self.sheets.y = y - height
        return "\n".join(parts)

    def _flush(self, pending: list[str]) -> None:
        if pending:
            self.sheets.open_block("P")
            self.sheets.put("\n".join(pending))
            self.sheets.close_block()
            pending.clear()
