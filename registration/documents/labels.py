"""Seat labels of a sitting: an A4 sheet of 3 × 7 labels to cut, each with seat, participant number and QR."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO

from django.utils.translation import gettext as _

from core import clock
from registration.documents.page import BOLD, GREY, HEIGHT, WIDTH, Page, in_indonesian, mm
from registration.models import Sitting
from registration.queries import SeatRow
from registration.rules.numbers import grouped

COLUMNS, ROWS = 3, 7
_WIDE, _HIGH = 63 * mm, 38 * mm
_LEFT, _TOP = (WIDTH - COLUMNS * _WIDE) / 2, HEIGHT - (HEIGHT - ROWS * _HIGH) / 2


@in_indonesian
def write_labels(file: IO[bytes], sitting: Sitting, seats: Sequence[SeatRow], *, made_at: datetime) -> int:
    """One label per carded seat in the order of seats; how many labels were written."""
    page = Page(file, title=_("Label kursi"), language="id")
    zone = sitting.room.centre.zone
    when = f"{clock.write_date(sitting.starts_at, zone)}, {clock.write_time(sitting.starts_at, zone)}"
    place = f"{sitting.room.name} · {_('Sesi')} {sitting.number}"
    for start in range(0, len(seats), COLUMNS * ROWS):
        for spot, seat in enumerate(seats[start : start + COLUMNS * ROWS]):
            x = _LEFT + spot % COLUMNS * _WIDE
            y = _TOP - (spot // COLUMNS + 1) * _HIGH
            _label(page, x, y, seat, place, when)
        page.next()
    if not seats:
        page.text(20 * mm, HEIGHT - 40 * mm, _("Belum ada kartu yang terbit untuk sesi ini."), size=11)
        page.next()
    page.save()
    return len(seats)


def _label(page: Page, x: float, y: float, seat: SeatRow, place: str, when: str) -> None:
    page.box(x, y, _WIDE, _HIGH, line=0.3)
    qr, room = 25 * mm, _WIDE - 25 * mm - 6 * mm
    page.text(x + 3 * mm, y + _HIGH - 11 * mm, seat.label, size=24, font=BOLD, room=room)
    page.text(x + 3 * mm, y + 16.5 * mm, _("Nomor peserta"), size=6, colour=GREY)
    page.text(x + 3 * mm, y + 12.5 * mm, grouped(seat.number), size=9, font=BOLD, room=room)
    page.text(x + 3 * mm, y + 6.5 * mm, place, size=6.5, room=room)
    page.text(x + 3 * mm, y + 3 * mm, when, size=6.5, room=_WIDE - 6 * mm)
    page.qr(x + _WIDE - qr - 1 * mm, y + _HIGH - qr - 1 * mm, qr, seat.card_number)
