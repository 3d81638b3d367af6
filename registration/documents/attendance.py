"""The attendance list of a sitting (daftar hadir): by seat, with staggered room to sign."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import IO

from django.utils.translation import gettext as _

from core import clock
from core.letter import Column, Letter
from registration.documents.page import in_indonesian
from registration.models import Sitting
from registration.queries import SeatRow
from registration.rules.numbers import grouped


@in_indonesian
def write_attendance(file: IO[bytes], sitting: Sitting, seats: Sequence[SeatRow], *, made_at: datetime) -> int:
    """The list into an open file; how many people are on it."""
    centre, zone = sitting.room.centre, sitting.room.centre.zone
    letter = Letter(
        title=_("Daftar hadir peserta"), number=f"{sitting.stage_code} · {_('Sesi')} {sitting.number}",
        subtitle=sitting.stage.selection.name, language="id", made_at=made_at, zone=zone,
    )  # fmt: skip
    letter.facts(
        [
            (_("Tahap"), sitting.stage.name),
            (_("Titik lokasi"), f"{centre.name}, {centre.city}"),
            (_("Ruang"), sitting.room.name),
            (_("Hari dan tanggal"), clock.write_date(sitting.starts_at, zone, weekday=True)),
            (_("Mulai pukul"), clock.write_time(sitting.starts_at, zone)),
            (_("Jumlah peserta"), str(len(seats))),
        ]
    )
    columns = [
        Column(_("No."), 5, "right"), Column(_("Kursi"), 9), Column(_("Nomor peserta"), 21), Column(_("Nama"), 33),
        Column(_("Tanda tangan"), 16), Column("", 16),
    ]  # fmt: skip
    letter.table(columns, _rows(seats))
    letter.paragraph(_("Hadir: ........ orang    Tidak hadir: ........ orang"))
    detail = _("Nama dan NIP")
    letter.signatures([(_("Pengawas ruang"), "", detail), (_("Koordinator titik lokasi"), "", detail)])
    file.write(letter.build())
    return len(seats)


def _rows(seats: Sequence[SeatRow]) -> Iterator[tuple[str, ...]]:
    """Odd people sign on the left, even ones on the right, so that each has two lines of room."""
    for place, seat in enumerate(seats, start=1):
        mark = f"{place} ................."
        sign = (mark, "") if place % 2 else ("", mark)
        yield (str(place), seat.label, grouped(seat.number), seat.full_name, *sign)
