"""The result list of a sitting, as PDF and CSV."""

import csv
import io
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cat_exam.models import Exam
from core import clock
from core.letter import Column, Letter
from proctoring.queries import ResultRow
from proctoring.words import room_title


def headings(sections: list[tuple[str, str]]) -> list[str]:
    """Column heads of the list, in print and in CSV."""
    codes = [code.upper() for code, _name in sections]
    return [_("No. peserta"), _("Nama"), _("Kursi"), *codes, _("Jumlah"), _("Dijawab"), _("Keadaan")]


def cells(row: ResultRow, width: int) -> list[str]:
    """One line; a seat without a sheet shows dashes, never a zero."""
    scores = [str(score) for score in row.scores] if row.scores else ["–"] * width
    total = "–" if row.total is None else str(row.total)
    answered = "–" if row.answered is None else str(row.answered)
    return [row.number, row.name, row.seat, *scores, total, answered, row.word]


@translation.override("id")
def write_results(exam: Exam, rows: list[ResultRow], sections: list[tuple[str, str]], *, made_at: datetime) -> bytes:
    """The list as PDF on the letterhead, with how many have a score."""
    sitting, room = exam.sitting, exam.sitting.room
    zone = room.centre.zone
    letter = Letter(
        title=_("Daftar hasil sesi"),
        number=exam.reference,
        subtitle=f"{sitting.stage.selection.name} · {room_title(sitting.stage.name, sitting.number)}",
        made_at=made_at,
        zone=zone,
        landscape=True,
    )
    scored = sum(row.total is not None for row in rows)
    letter.facts(
        [
            (_("Titik lokasi"), f"{room.centre.name}, {room.name}"),
            (_("Mulai"), clock.write_moment(exam.started_at or sitting.starts_at, zone)),
            (pgettext("banyak", "Kursi"), str(len(rows))),
            (_("Dengan nilai"), str(scored)),
        ]
    )
    letter.table(_columns(sections), (cells(row, len(sections)) for row in rows))
    return letter.build()


def _columns(sections: list[tuple[str, str]]) -> list[Column]:
    shares = [22, 34, 8, *[9] * len(sections), 10, 9, 14]
    aligns = ["start", "start", "start", *["end"] * len(sections), "end", "end", "start"]
    return [
        Column(label, share, align) for label, share, align in zip(headings(sections), shares, aligns, strict=True)
    ]


def write_csv(rows: list[ResultRow], sections: list[tuple[str, str]]) -> str:
    """The list as CSV (UTF-8 with a mark, so that spreadsheets read it); empty cells where there is no sheet."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(headings(sections))
    for row in rows:
        writer.writerow(["" if cell == "–" else _plain(cell) for cell in cells(row, len(sections))])
    return "\ufeff" + target.getvalue()


def _plain(cell: str) -> str:
    """A name that starts like a formula stays text in a spreadsheet."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" else cell
