"""The letterhead writer: what stands on the pages, on how many, and that long lists stay small."""

import io
import re
import subprocess
import sys
from datetime import UTC, datetime

import pikepdf
import pytest
from PIL import Image

from core.letter import Column, Letter

MADE = datetime(2026, 11, 21, 1, 5, tzinfo=UTC)
CHECK = "https://cat.contoh.go.id/hasil/periksa/7k3mqx2t"


def letter(**changes):
    return Letter(
        **({"title": "Kartu Peserta", "number": "24-1001-000147", "verify_url": CHECK, "made_at": MADE} | changes)
    )


def words_of(pdf: bytes) -> list[str]:
    """The text of each page as it is stored, forms shown on the page included."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [_text(page.obj, page.obj.Resources) for page in document.pages]


def _text(thing, resources) -> str:
    shown = []
    for operands, operator in pikepdf.parse_content_stream(thing):
        if str(operator) == "Tj":
            shown.append(bytes(operands[0]).decode("latin-1"))
        elif str(operator) == "Do":
            form = resources.XObject[str(operands[0])]
            if form.get("/Subtype") == "/Form":
                shown.append(_text(form, form.Resources))
    return " ".join(shown)


def rows(count: int):
    return ((str(place), f"24-1001-{place:06d}", f"Peserta {place}") for place in range(1, count + 1))


COLUMNS = [Column("No", 1, "right"), Column("Nomor", 3), Column("Nama", 5)]


def test_every_page_says_which_of_how_many_and_where_to_check():
    paper = letter()
    paper.table(COLUMNS, rows(120))
    pages = words_of(paper.build())
    assert len(pages) == 4
    for place, page in enumerate(pages, start=1):
        assert f"Halaman {place} dari 4" in page
        assert CHECK in page
        assert "Dibuat 21 November 2026, 08.05 WIB" in page
        assert "24-1001-000147" in page
    assert "PANITIA SELEKSI NASIONAL" in pages[0]
    assert "PANITIA" not in pages[1]


def test_the_head_of_a_table_repeats_and_no_row_is_lost():
    paper = letter()
    paper.table(COLUMNS, rows(250))
    pages = words_of(paper.build())
    assert all("Nama" in page for page in pages)
    found = re.findall(r"24-1001-(\d{6}) Peserta", " ".join(pages))
    assert [int(number) for number in found] == list(range(1, 251))


def test_a_long_cell_wraps_to_four_lines_and_ends_in_an_ellipsis():
    paper = letter()
    paper.table([Column("Nama", 1), Column("Alamat", 1)], [("Siti", "Jalan Panjang Sekali Nomor Seratus " * 20)])
    page = words_of(paper.build())[0]
    assert page.count("Jalan Panjang") < 10
    assert re.search(r"[\x00-\x1f\x80-\xff]", page)


def test_a_row_with_a_missing_cell_is_refused_rather_than_shifted():
    with pytest.raises(ValueError, match="2 cells in a table of 3"):
        letter().table(COLUMNS, [("1", "24-1001-000001")])


def test_the_file_knows_its_title_language_and_reading_order_and_embeds_all_its_fonts():
    paper = letter(subtitle="Sesi 2")
    paper.heading("Tata tertib")
    paper.paragraph("Datang lebih awal.")
    with pikepdf.open(io.BytesIO(paper.build())) as pdf:
        assert str(pdf.Root.Lang) == "id"
        assert str(pdf.docinfo["/Title"]) == "Kartu Peserta"
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261121010500Z"
        assert pdf.Root.MarkInfo.Marked
        kinds = [str(part.S) for part in pdf.Root.StructTreeRoot.K[0].K]
        assert kinds == ["/P", "/H1", "/P", "/P", "/H2", "/P"]
        fonts = list(pdf.pages[0].Resources.Font.values())
        assert fonts
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)


def test_english_papers_use_english_words_and_dates():
    page = words_of(letter(language="en", title="Exam card").build())[0]
    assert "Page 1 of 1" in page
    assert "21 November 2026, 08.05 WIB" in page


def test_names_with_letters_the_face_lacks_lose_accents_not_letters():
    paper = letter()
    paper.paragraph("Nguyễn Thị Ánh, Łukasz Šimić, 李")
    page = words_of(paper.build())[0]
    assert "Nguyen Thi" in page
    assert "?" in page


def test_parentheses_and_backslashes_in_a_name_do_not_break_the_page():
    paper = letter()
    paper.facts([("Nama", r"Ani \ (alm.) Budi)")])
    assert r"Ani \ (alm.) Budi)" in words_of(paper.build())[0]


def test_the_same_calls_give_the_same_bytes():
    def make() -> bytes:
        paper = letter()
        paper.table(COLUMNS, rows(10))
        paper.qr(CHECK, "Periksa")
        paper.signatures([("Ketua", "Sri Wahyuni", "NIP 1978")])
        return paper.build()

    assert make() == make()


def test_a_photo_stands_beside_its_facts():
    picture = io.BytesIO()
    Image.new("RGB", (300, 400), (180, 30, 30)).save(picture, "JPEG")
    paper = letter()
    paper.photo(picture.getvalue(), facts=[("Nama", "Siti Aminah")])
    pdf = paper.build()
    assert "Siti Aminah" in words_of(pdf)[0]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert any(image.Width == 300 for image in document.pages[0].get_images().values())


@pytest.mark.slow
def test_a_hundred_thousand_rows_stay_within_a_hundred_megabytes():
    script = """
import resource, django; django.setup()
from datetime import datetime, UTC
from core.letter import Column, Letter
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
paper = Letter(title="Daftar", made_at=datetime(2026, 11, 21, tzinfo=UTC))
paper.table([Column("No", 1), Column("Nama", 5)], ((str(n), f"Peserta {n}") for n in range(100_000)))
paper.build()
print(paper.pages, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    pages, megabytes = map(int, done.stdout.split()[-2:])
    assert pages > 1500
    assert megabytes < 100
