"""Sheets of items: the columns of the template, read from XLSX and CSV into drafts."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, WorksheetNotFound

from core.errors import Refusal
from questionbank.exchange import archives
from questionbank.rules.drafts import LETTERS, Draft

OPTIONS = [f"opsi_{letter.lower()}" for letter in LETTERS]
POINTS = [f"poin_{letter.lower()}" for letter in LETTERS]
COLUMNS = ["kode", "bagian", "topik", "bahasa", "pokok_soal", *OPTIONS, *POINTS, "pembahasan", "sumber"]
SHEET = "Soal"
MAX_ROWS = 5000
MAX_BYTES = 20 * 1024 * 1024


def read_csv(data: bytes, figures: Mapping[str, str]) -> list[Draft]:
    """Drafts of a UTF-8 CSV file (RFC 4180); Refusal names what is wrong with the file as a whole."""
    _check_size(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        line = data[: broken.start].count(b"\n") + 1
        said = _("Berkas CSV bukan UTF-8 (baris %(line)s). Simpan ulang sebagai “CSV UTF-8”.") % {"line": line}
        raise Refusal("csv_encoding", said, field="file") from None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as broken:
        said = _("Berkas CSV tidak dapat dibaca: %(why)s. Periksa tanda petiknya.") % {"why": broken}
        raise Refusal("csv_broken", said, field="file") from None
    return _drafts(rows, figures)


def read_xlsx(data: bytes, figures: Mapping[str, str]) -> list[Draft]:
    """Drafts of the sheet “Soal” (or the only sheet) of a workbook; Refusal as for CSV."""
    _check_size(data)
    archives.check_zip(data, code="xlsx_broken", text=_broken_xlsx())
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        name = SHEET if SHEET in book.sheet_names else book.sheet_names[0]
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except PasswordError:
        text = _("Berkas XLSX ini berkata sandi. Simpan tanpa kata sandi.")
        raise Refusal("xlsx_locked", text, field="file") from None
    except (CalamineError, WorksheetNotFound, IndexError, OSError):
        raise Refusal("xlsx_broken", _broken_xlsx(), field="file") from None
    return _drafts([[_cell(value) for value in row] for row in rows], figures)


def read_folder(folder: Path) -> list[Draft]:
    """Drafts of every CSV file of a folder, its figures beside them in ``figures/``."""
    figures = {path.name: path.read_text(encoding="utf-8") for path in sorted((folder / "figures").glob("*.svg"))}
    return [draft for path in sorted(folder.glob("*.csv")) for draft in read_csv(path.read_bytes(), figures)]


def _broken_xlsx() -> str:
    return _("Berkas ini bukan XLSX yang utuh. Buka dan simpan ulang sebagai “Excel Workbook (.xlsx)”.")


def _check_size(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        text = _("Berkas ini lebih besar dari %(limit)s MB. Bagi menjadi beberapa berkas.")
        raise Refusal("too_big", text % {"limit": MAX_BYTES // 1024 // 1024}, field="file")


def _cell(value: object) -> str:
    """A cell as text; a whole number loses the ``.0`` that spreadsheets give it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if value is not None else ""


def _drafts(rows: Sequence[Sequence[str]], figures: Mapping[str, str]) -> list[Draft]:
    if not rows or not any(rows[0]):
        raise Refusal("no_header", _("Baris pertama kosong. Baris pertama harus berisi nama kolom."), field="file")
    places = _columns(rows[0])
    full = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)]
    if not full:
        raise Refusal("no_rows", _("Tidak ada soal di bawah baris judul kolom."), field="file")
    if len(full) > MAX_ROWS:
        text = _("Ada %(count)s baris, batasnya %(limit)s. Bagi menjadi beberapa berkas.")
        raise Refusal("too_many_rows", text % {"count": len(full), "limit": MAX_ROWS}, field="file")
    return [_draft(number, row, places, figures) for number, row in full]


def _columns(head: Sequence[str]) -> dict[str, int]:
    names = [cell.strip().lower() for cell in head]
    missing = [name for name in COLUMNS if name not in names]
    unknown = [name for name in names if name and name not in COLUMNS]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if missing or unknown or twice:
        said = [
            (missing, _("Kolom yang tidak ada: %(names)s.")),
            (unknown, _("Kolom yang tidak dikenal: %(names)s.")),
            (twice, _("Kolom yang tertulis dua kali: %(names)s.")),
        ]
        text = " ".join(line % {"names": ", ".join(wrong)} for wrong, line in said if wrong)
        fix = _("Pakai templat yang dapat diunduh di halaman ini.")
        raise Refusal("columns", f"{text} {fix}", field="file")
    return {name: names.index(name) for name in COLUMNS}


def _draft(number: int, row: Sequence[str], places: dict[str, int], figures: Mapping[str, str]) -> Draft:
    def cell(name: str) -> str:
        return row[places[name]].replace("\r\n", "\n") if places[name] < len(row) else ""

    return Draft(
        code=cell("kode").strip(), section=cell("bagian").strip(), topic=cell("topik").strip(),
        language=cell("bahasa").strip() or "id", stem=cell("pokok_soal"),
        options=tuple(cell(name) for name in OPTIONS), points=tuple(_whole(cell(name)) for name in POINTS),
        rationale=cell("pembahasan"), source=cell("sumber"), figures=figures,
        place=_("Baris %(number)s") % {"number": number},
    )  # fmt: skip


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def read_figures(files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Figures by file name from SVG files and ZIP archives of them; Refusal for anything else."""
    figures: dict[str, str] = {}
    for name, data in files:
        if zipfile.is_zipfile(io.BytesIO(data)):
            inner = archives.read_zip(data)
            found = {Path(path).name: body for path, body in inner.items() if path.lower().endswith(".svg")}
        elif name.lower().endswith(".svg"):
            found = {Path(name).name: data}
        else:
            text = _("Berkas gambar “%(name)s” bukan SVG atau ZIP berisi SVG.")
            raise Refusal("figure_kind", text % {"name": name}, field="figures")
        for key, body in found.items():
            figures[key] = archives.as_text(body, key)
    return figures
