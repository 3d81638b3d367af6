"""Blank slips for the registration desk: seat, name, number and an empty box for the PIN, eight on an A4 sheet."""

import io
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from cat_exam.models import Attempt, Exam
from core import clock
from proctoring.words import room_title

FONT, FONT_BOLD = "RoomPlain", "RoomBold"
pdfmetrics.registerFont(TTFont(FONT, "Vera.ttf"))
pdfmetrics.registerFont(TTFont(FONT_BOLD, "VeraBd.ttf"))
COLUMNS, ROWS = 2, 4
MARGIN = 8 * mm
WIDTH, HEIGHT = (A4[0] - 2 * MARGIN) / COLUMNS, (A4[1] - 2 * MARGIN) / ROWS
INSET = 6 * mm


@translation.override("id")
def write_envelopes(exam: Exam, attempts: list[Attempt], *, made_at: datetime) -> bytes:
    """One slip per attempt, in the order given; never a PIN, it does not exist before check-in."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, pageCompression=1, lang="id")
    canvas.setTitle(_("Slip kursi tanpa PIN"))
    head = _head(exam)
    for index, attempt in enumerate(attempts):
        place = index % (COLUMNS * ROWS)
        if index and not place:
            canvas.showPage()
        left = MARGIN + (place % COLUMNS) * WIDTH
        top = A4[1] - MARGIN - (place // COLUMNS) * HEIGHT
        _slip(canvas, left, top, head, attempt)
    if not attempts:
        canvas.setFont(FONT, 12)
        canvas.drawString(MARGIN, A4[1] - 30 * mm, _("Sesi ini belum mempunyai kursi."))
    canvas.save()
    return target.getvalue()


def _head(exam: Exam) -> tuple[str, str]:
    sitting = exam.sitting
    zone = sitting.room.centre.zone
    return (
        room_title(sitting.stage.name, sitting.number),
        f"{sitting.room.centre.name}, {sitting.room.name} · {clock.write_moment(sitting.starts_at, zone)}",
    )


def _fit(text: str, font: str, size: float, width: float) -> str:
    """``text``, cut with an ellipsis where it would leave the slip."""
    if pdfmetrics.stringWidth(text, font, size) <= width:
        return text
    while text and pdfmetrics.stringWidth(text + "…", font, size) > width:
        text = text[:-1]
    return text + "…"


def _slip(canvas: Canvas, left: float, top: float, head: tuple[str, str], attempt: Attempt) -> None:
    inner = WIDTH - 2 * INSET
    canvas.setDash(2, 2)
    canvas.rect(left, top - HEIGHT, WIDTH, HEIGHT)
    canvas.setDash()
    name = attempt.application.applicant.full_name
    lines = [
        (FONT_BOLD, 9.0, head[0], 8), (FONT, 7.0, head[1], 12), (FONT_BOLD, 26.0, attempt.seat.label, 24),
        (FONT_BOLD, 11.0, name, 31), (FONT, 9.0, attempt.application.number or "", 36),
    ]  # fmt: skip
    for font, size, text, down in lines:
        canvas.setFont(font, size)
        canvas.drawString(left + INSET, top - down * mm, _fit(text, font, size, inner))
    box_top = top - 42 * mm
    canvas.setFont(FONT, 8)
    canvas.drawString(left + INSET, box_top - 6 * mm, "PIN")
    for place in range(6):
        canvas.rect(left + INSET + (11 + place * 10) * mm, box_top - 10 * mm, 8 * mm, 10 * mm)
    canvas.setFont(FONT, 7)
    words = _("PIN ditulis setelah identitas cocok. Jangan bawa keluar ruang.")
    canvas.drawString(left + INSET, box_top - 16 * mm, words)
