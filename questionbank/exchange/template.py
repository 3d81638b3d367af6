"""The XLSX template: instructions, the columns with drop-downs, one example row per section."""

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from questionbank.exchange.sheets import COLUMNS, OPTIONS, POINTS, SHEET
from questionbank.models import Section

_ROWS = 1000
_WIDTHS = {"pokok_soal": 60, "pembahasan": 40, "sumber": 24, "topik": 30, "kode": 14}
_SITUATION = (
    "Antrean loket Anda memanjang, sedangkan seorang rekan belum datang. Apa yang Anda lakukan?",
    (
        "Mengatur antrean menurut keperluan dan mengajak rekan lain membuka loket tambahan.",
        "Melayani lebih cepat sambil meminta warga bersabar.",
        "Melaporkan keadaan kepada atasan dan menunggu arahan.",
        "Melayani seperti biasa karena petugas yang kurang bukan urusan Anda.",
        "Menutup loket sampai rekan Anda datang.",
    ),
    (5, 4, 3, 2, 1),
    "Skor 5 menyelesaikan penyebabnya; skor 1 merugikan warga.",
)


def _example(section: Section) -> tuple[str, tuple[str, ...], tuple[int, ...], str]:
    """Stem, options, points and rationale of an item that would pass every check."""
    if section.scoring == Section.Scoring.SCALED:
        return _SITUATION
    n = section.order + 1
    options = (3 + 4 * n, 7 * n, 4 * n, 5 * n + 2, 7 + n)
    why = f"Perkalian dikerjakan lebih dahulu: 4 × {n} = {4 * n}, lalu 3 + {4 * n} = {3 + 4 * n}."
    return f"Hasil dari $3 + 4 \\times {n}$ adalah ….", tuple(map(str, options)), (5, 0, 0, 0, 0), why


def write_template(sections: Sequence[Section]) -> bytes:
    """The workbook; ``sections`` with their topics fill the drop-downs and examples."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    _head(sheet)
    _examples(sheet, sections)
    _lists(book, sheet, sections)
    _instructions(book.create_sheet(_("Petunjuk"), 0), sections)
    book.active = 1
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _head(sheet: Worksheet) -> None:
    for number, name in enumerate(COLUMNS, start=1):
        cell = sheet.cell(1, number, name)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="12505B")
        column = sheet.column_dimensions[get_column_letter(number)]
        column.width = _WIDTHS.get(name, 24 if name in OPTIONS else 9)
        if name not in POINTS:
            column.number_format = "@"
    sheet.freeze_panes = "B2"


def _examples(sheet: Worksheet, sections: Sequence[Section]) -> None:
    for row, section in enumerate(sections, start=2):
        topic = next(iter(section.topics.all()), None)
        stem, options, points, why = _example(section)
        head = [f"CONTOH-{section.code}", section.code, topic.name if topic else "", "id", stem]
        values: list[str | int] = [*head, *options, *points, why, ""]
        for number, value in enumerate(values, start=1):
            cell = sheet.cell(row, number, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if not isinstance(value, int):
                cell.number_format = "@"


def _lists(book: Workbook, sheet: Worksheet, sections: Sequence[Section]) -> None:
    """Drop-downs: sections; the topics of the row's own section by a named range; languages; points."""
    store = book.create_sheet("Daftar")
    store.sheet_state = "hidden"
    for column, section in enumerate(sections, start=1):
        names = [topic.name for topic in section.topics.all()]
        letter = get_column_letter(column)
        store.cell(1, column, section.code)
        for row, name in enumerate(names, start=2):
            store.cell(row, column, name)
        area = f"Daftar!${letter}$2:${letter}${max(2, len(names) + 1)}"
        book.defined_names.add(DefinedName(f"topik_{section.code}", attr_text=area))
    rules = {
        "bagian": f"=Daftar!$A$1:${get_column_letter(max(1, len(sections)))}$1",
        "topik": '=INDIRECT("topik_"&$B2)',
        "bahasa": '"id,en"',
        **dict.fromkeys(POINTS, '"0,1,2,3,4,5"'),
    }
    for name, formula in rules.items():
        letter = get_column_letter(COLUMNS.index(name) + 1)
        rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True)
        rule.error = _("Pilih salah satu isi daftar.")
        sheet.add_data_validation(rule)
        rule.add(f"{letter}2:{letter}{_ROWS + 1}")


def _instructions(sheet: Worksheet, sections: Sequence[Section]) -> None:
    lines = [
        (_("Templat soal"), ""),
        ("", _("Isi lembar “Soal”, satu soal per baris. Hapus baris contoh (CONTOH-…) sebelum mengunggah.")),
        ("kode", _("Unik, huruf, angka, titik, garis bawah, tanda hubung; paling panjang 40 karakter.")),
        ("bagian", ", ".join(f"{section.code} ({section.name})" for section in sections)),
        ("topik", _("Pilih dari daftar menurut bagiannya.")),
        ("bahasa", _("id untuk bahasa Indonesia, en untuk bahasa Inggris.")),
        ("pokok_soal", _("Teks biasa. Baris kosong memulai paragraf baru. Rumus LaTeX di antara dua tanda $.")),
        (_("Gambar"), _("Tulis ![teks alternatif](nama.svg) dan unggah berkas SVG-nya bersama lembar ini.")),
        ("opsi_a … opsi_e", _("Lima opsi yang berbeda; boleh berupa satu gambar.")),
        ("poin_a … poin_e", _("Satu kunci: 5 dan empat kali 0. TKP: 1 sampai 5, masing-masing sekali.")),
        ("pembahasan", _("Mengapa kuncinya benar dan apa kelemahan opsi lain. Tidak dilihat peserta.")),
        ("sumber", _("Pasal, peraturan, atau buku untuk soal fakta.")),
    ]
    for row, (head, text) in enumerate(lines, start=1):
        sheet.cell(row, 1, head).font = Font(bold=True, size=16 if row == 1 else 11)
        sheet.cell(row, 2, text).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 90
