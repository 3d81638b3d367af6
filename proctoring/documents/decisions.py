"""The part of the minutes that lists what officers decided: overrides, moves, removals, alarms followed up."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cat_exam.models import Removal
from core import clock
from core.letter import Column, Letter
from proctoring.models import Alarm, IdentityOverride

Row = dict[str, Any]


def credit_scope(row: Row) -> str:
    """Whom a credit was for; minutes sealed before scopes were written say nothing."""
    names = {"candidate": str(row.get("seat", "")), "room": _("Seluruh ruang"), "centre": _("Seluruh titik lokasi")}
    return names.get(row.get("scope", ""), "")


def write_decisions(letter: Letter, document: Row, zone: str) -> None:
    """One table a kind; a kind without rows is left out."""
    whats: dict[str, tuple[str, Callable[[Row], str]]] = {
        "overrides": (_("Pengecualian identitas"), lambda row: str(IdentityOverride.Fault(row["fault"]).label)),
        "moves": (_("Pindah komputer"), lambda row: f"{row['from'] or '–'} → {row['to']}"),
        "removals": (_("Diskualifikasi dan ujian ulang"), lambda row: str(Removal.To(row["to"]).label)),
    }
    for name, (title, what) in whats.items():
        rows = document.get(name, [])
        if rows:
            letter.heading(title)
            letter.table(_columns(), (_cells(row, what(row), zone) for row in rows))
    _alarms(letter, document.get("alarms", []), zone)


def _columns() -> list[Column]:
    return [
        Column(_("Waktu"), 12, "start"), Column(_("Kursi"), 9, "start"), Column(_("Keputusan"), 24, "start"),
        Column(_("Alasan"), 31, "start"), Column(_("Diminta dan diputus oleh"), 24, "start"),
    ]  # fmt: skip


def _cells(row: Row, what: str, zone: str) -> list[str]:
    word = _("Disetujui") if row["confirmed"] else _("Tidak disetujui")
    at = clock.write_time(datetime.fromisoformat(row["at"]), zone)
    return [at, row["seat"], f"{what}. {word}", row["reason"], f"{row['asked_by']}; {row['decided_by']}"]


def _alarms(letter: Letter, rows: list[Row], zone: str) -> None:
    if not rows:
        return
    letter.heading(_("Peringatan yang ditindaklanjuti"))
    columns = [
        Column(_("Waktu"), 12, "start"), Column(_("Kursi"), 14, "start"),
        Column(pgettext("integritas", "Peringatan"), 24, "start"), Column(_("Tindak lanjut"), 32, "start"),
        Column(_("Dicatat oleh"), 18, "start"),
    ]  # fmt: skip
    letter.table(
        columns,
        (
            [
                clock.write_time(datetime.fromisoformat(row["at"]), zone),
                f"{row['seat']}, {row['other']}" if row["other"] else row["seat"],
                str(Alarm.Kind(row["kind"]).label),
                row["note"],
                row["by"],
            ]
            for row in rows
        ),
    )
