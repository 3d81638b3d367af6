"""Reads a catalogue of formations from an XLSX file: whole and right, or a list of what is wrong."""

import csv
import io
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from core.errors import Refusal
from registration import queries
from registration.models import Selection
from registration.rules import catalogue as rules
from registration.rules.regions import RegionTable

#: Called with (rows done, rows in all) now and then.
Progress = Callable[[int, int], None]
MOST_FAULTS = 1000
_STEP = 2000


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a file holds: formations when it is right, else the faults (at most ``MOST_FAULTS``)."""

    rows: int
    formations: list[rules.FormationRow]
    places: dict[UUID, tuple[str, str]]
    faults: list[rules.Fault]


def read_catalogue(source: Path | bytes, selection: Selection, progress: Progress | None = None) -> Catalogue:
    """Read a catalogue for ``selection``. Raises Refusal ``not_xlsx``, ``no_rows``."""
    sheet = _open(source)
    faults = rules.header_faults(sheet[0])
    if faults:
        return Catalogue(len(sheet) - 1, [], {}, faults)
    needs = {need.name: need.pk for need in selection.ruleset.need_kinds.all()}
    columns = {str(name).strip().lower(): place for place, name in enumerate(sheet[0])}
    formations: dict[UUID, rules.FormationRow] = {}
    for number, cells in enumerate(sheet[1:], start=2):
        row, wrong = rules.read_row(number, {name: cells[place] for name, place in columns.items()}, needs)
        faults += wrong or (rules.join_row(formations, row) if row else [])
        if progress and number % _STEP == 0:
            progress(number - 1, len(sheet) - 1)
        if len(faults) >= MOST_FAULTS:
            break
    places = _places(formations.values(), faults)
    if progress:
        progress(len(sheet) - 1, len(sheet) - 1)
    kept = [] if faults else list(formations.values())
    return Catalogue(len(sheet) - 1, kept, places, sorted(faults, key=lambda fault: fault.row)[:MOST_FAULTS])


def _open(source: Path | bytes) -> Sequence[Sequence[object]]:
    try:
        workbook = (
            CalamineWorkbook.from_path(str(source)) if isinstance(source, Path)
            else CalamineWorkbook.from_filelike(io.BytesIO(source))
        )  # fmt: skip
        sheet = workbook.get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, IndexError) as broken:
        text = _("Berkas ini bukan XLSX yang utuh (%(why)s). Simpan ulang sebagai .xlsx lalu coba lagi.")
        raise Refusal("not_xlsx", text % {"why": str(broken)[:120]}, field="file") from broken
    if len(sheet) < 2:
        raise Refusal("no_rows", _("Berkas ini tidak berisi baris setelah baris judul."), field="file")
    return sheet


def _places(formations: Iterable[rules.FormationRow], faults: list[rules.Fault]) -> dict[UUID, tuple[str, str]]:
    table: RegionTable = queries.region_table()
    found: dict[UUID, tuple[str, str]] = {}
    known: dict[tuple[str, str], tuple[str, str] | None] = {}
    for row in formations:
        key = (row.agency, row.location)
        if key not in known:
            known[key] = table.place(*key)
        place = known[key]
        if place is None:
            faults.append(rules.Fault(row.row, "ins_nm", "agency_unknown", row.agency[:60]))
        else:
            found[row.external_id] = place
    return found


def reason(fault: rules.Fault) -> str:
    """The fault in words: what is wrong and what to do."""
    texts = {
        "column_missing": _("Kolom ini tidak ada. Tambahkan kolom dengan nama persis ini."),
        "column_unknown": _("Kolom ini tidak dikenal. Hapus, atau perbaiki namanya."),
        "column_twice": _("Kolom ini ada dua kali. Hapus salah satu."),
        "empty": _("Kosong. Isilah sel ini."),
        "too_long": _("Terlalu panjang. Persingkat isinya."),
        "no_number": _("Bukan bilangan bulat. Tulis dengan angka saja."),
        "no_uuid": _("Bukan nomor formasi (UUID)."),
        "need_unknown": _(
            "Jenis kebutuhan ini tidak ada dalam aturan seleksi. Perbaiki ejaannya atau tambahkan ke aturan."
        ),
        "posts_range": _("Jumlah formasi harus 1 sampai 100.000."),
        "zero_or_one": _("Isilah 1 (boleh) atau 0 (tidak)."),
        "salary_order": _("Gaji tertinggi lebih kecil daripada gaji terendah."),
        "rows_disagree": _(
            "Berbeda dengan baris %(value)s dari formasi yang sama. Samakan semua kolom selain pendidikan."
        ),
        "programme_twice": _(
            "Program studi ini sudah ada pada formasi yang sama (baris %(value)s). Hapus baris ini."
        ),
        "agency_unknown": _("Instansi ini tidak ada dalam tabel wilayah. Perbaiki namanya atau tambahkan ke tabel."),
    }  # fmt: skip
    return texts[fault.code] % {"value": fault.value}


def write_faults(faults: Iterable[rules.Fault]) -> str:
    """The list of faults as CSV text: row, column, reason, value."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_("baris"), _("kolom"), _("alasan"), _("nilai")])
    writer.writerows([fault.row, fault.column, reason(fault), safe_cell(fault.value)] for fault in faults)
    return out.getvalue()


def safe_cell(text: str) -> str:
    """Text that a spreadsheet program will not run as a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def bar(done: int, total: int, began: float, width: int = 30) -> str:
    """``[######------] 23.000/46.101 · 95.000/dtk · sisa 0.00.01``; ``began`` by ``time.monotonic()``."""
    spent = max(time.monotonic() - began, 1e-6)
    rate = done / spent
    left = timedelta(seconds=round((total - done) / rate)) if rate else "?"
    marks = "#" * (width * done // max(total, 1))
    counts = f"{done:,}/{total:,}".replace(",", ".")
    return f"[{marks:-<{width}}] {counts} · {rate:,.0f}".replace(",", ".") + _(
        "/dtk · sisa %(left)s"
    ) % {"left": left}
