"""Importing sheets: the template comes back whole, faults are named by row and column, everything or nothing."""

import csv
import io
import zipfile
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from core import clock
from core.errors import Refusal
from questionbank import actions, content, queries
from questionbank.exchange import sheets, template
from questionbank.models import Item, ItemVersion

pytestmark = pytest.mark.django_db

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="5" height="5"/></svg>'


def row(code="TWK-1", **changes) -> dict[str, str]:
    good = {
        "kode": code, "bagian": "TWK", "topik": "integritas", "bahasa": "id", "pokok_soal": f"Soal {code}?",
        "pembahasan": "Karena.", "sumber": "",
    }  # fmt: skip
    good |= {f"opsi_{letter}": f"jawaban {letter}" for letter in "abcde"}
    return good | {f"poin_{letter}": "5" if letter == "b" else "0" for letter in "abcde"} | changes


def as_csv(*rows: dict[str, str], columns=sheets.COLUMNS) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue().encode()


def as_xlsx(*rows: dict[str, str], columns=sheets.COLUMNS) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(columns)
    for one in rows:
        sheet.append([int(one[name]) if one[name].isdigit() else one[name] for name in columns])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def take(drafts, hands):
    return actions.import_items(drafts=drafts, by=hands.writer, now=clock.now())


def test_the_template_is_a_sheet_that_imports_without_a_problem(sections, hands):
    data = template.write_template(list(queries.sections()))
    plan = take(sheets.read_xlsx(data, {}), hands)
    assert plan.count("new") == 4
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames[:2] == ["Petunjuk", "Soal"]
    assert [cell.value for cell in book["Soal"][1]] == sheets.COLUMNS
    lists = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in book["Soal"].data_validations.dataValidation}
    assert lists["B2"].startswith("=Daftar!")
    assert lists["C2"] == '=INDIRECT("topik_"&$B2)'
    assert lists["K2"] == '"0,1,2,3,4,5"'


@pytest.mark.parametrize(("write", "read"), [(as_csv, sheets.read_csv), (as_xlsx, sheets.read_xlsx)])
def test_both_kinds_of_sheet_give_the_same_drafts_of_the_one_who_imports(write, read, sections, hands):
    plan = take(read(write(row("A-1"), row("A-2")), {}), hands)
    assert plan.count("new") == 2
    versions = ItemVersion.objects.filter(item__code__in=["A-1", "A-2"])
    assert {(one.state, one.writer) for one in versions} == {("draft", hands.writer)}


def test_importing_again_changes_nothing_and_other_words_make_a_new_version(make_item, hands):
    version = make_item()
    draft = content.to_draft(version, content.open_version(version))
    assert take([draft], hands).count("same") == 1
    assert ItemVersion.objects.count() == 1
    changed = replace(draft, stem="Kata baru?")
    assert take([changed], hands).count("version") == 1
    assert ItemVersion.objects.get(number=2).state == "draft"
    other = make_item()
    draft_of_other = content.to_draft(other, content.open_version(other))
    assert take([replace(draft_of_other, points=(5, 0, 0, 0, 0))], hands).count("version") == 1
    with pytest.raises(actions.ImportRefused) as refused:
        take([replace(draft, stem="Kata ketiga?")], hands)
    assert [problem.code for problem in refused.value.plan.problems] == ["code_open"]


def test_one_bad_row_keeps_every_row_out_and_is_named_by_row_column_and_reason(sections, hands):
    rows = [
        row("A-1"), row("A-2", opsi_c="Jawaban A"), row("A-3", poin_b="lima"), row("A-4", bagian="XYZ"),
        row("A-5", topik="terbang"), row("A-1"), row("A-7", bahasa="xx"), row("A-8", pokok_soal="Soal A-1?"),
        row("A-9", pokok_soal="![gambar](hilang.svg)"), row("A-10", pokok_soal="$\\left( x$"),
    ]  # fmt: skip
    with pytest.raises(actions.ImportRefused) as refused:
        take(sheets.read_csv(as_csv(*rows), {}), hands)
    found = {(one.place, one.field, one.code) for one in refused.value.plan.problems}
    assert found >= {
        ("Baris 3", "opsi_c", "same_option"), ("Baris 4", "poin_b", "points_unread"),
        ("Baris 5", "bagian", "section_unknown"), ("Baris 6", "topik", "topic_unknown"),
        ("Baris 7", "kode", "code_twice"), ("Baris 8", "bahasa", "language_unknown"),
        ("Baris 9", "pokok_soal", "same_content"), ("Baris 10", "pokok_soal", "figure_missing"),
        ("Baris 11", "pokok_soal", "formula"),
    }  # fmt: skip
    lines = refused.value.lines()
    assert "Baris 3, Opsi C: Sama dengan opsi A. Setiap opsi harus berbeda." in lines
    assert not Item.objects.exists()


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (70 * 1024 * 1024))
    return target.getvalue()


@pytest.mark.parametrize(
    ("read", "data", "code"),
    [
        (sheets.read_xlsx, b"bukan xlsx", "xlsx_broken"),
        (sheets.read_xlsx, as_xlsx(row())[:900], "xlsx_broken"),
        (sheets.read_xlsx, as_xlsx(row(), columns=sheets.COLUMNS[:-1]), "columns"),
        (sheets.read_csv, as_csv(row(), columns=[*sheets.COLUMNS, "kunci"]), "columns"),
        (sheets.read_csv, as_csv(row(), columns=[*sheets.COLUMNS, "kode"]), "columns"),
        (sheets.read_csv, as_csv(), "no_rows"),
        (sheets.read_csv, b"", "no_header"),
        (sheets.read_csv, "kode;é".encode("latin-1"), "csv_encoding"),
        (sheets.read_csv, b'kode,"bagian', "csv_broken"),
        (sheets.read_csv, b"x" * (sheets.MAX_BYTES + 1), "too_big"),
        (sheets.read_csv, as_csv(*[row(f"A-{n}") for n in range(sheets.MAX_ROWS + 1)]), "too_many_rows"),
    ],
)
def test_files_that_cannot_be_read_are_refused_in_words(read, data, code):
    with pytest.raises(Refusal) as refused:
        read(data, {})
    assert refused.value.code == code
    assert refused.value.field == "file"
    assert len(str(refused.value)) > 25


def test_an_xlsx_bomb_is_refused():
    with pytest.raises(Refusal) as refused:
        sheets.read_xlsx(bomb(), {})
    assert refused.value.code == "zip_bomb"


def test_a_wrong_column_is_named():
    with pytest.raises(Refusal) as refused:
        sheets.read_csv(as_csv(row(), columns=[*sheets.COLUMNS[:-1], "sumbr"]), {})
    assert "Kolom yang tidak ada: sumber." in str(refused.value)
    assert "Kolom yang tidak dikenal: sumbr." in str(refused.value)


@pytest.mark.parametrize(
    "svg",
    [
        '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        '<svg xmlns="http://www.w3.org/2000/svg"><a href="javascript:alert(1)"><rect/></a></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://jahat.example/x.png"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><rect fill="url(http://jahat.example/)"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><foreignObject/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><style>@import url(x)</style></svg>',
        '<!DOCTYPE svg [<!ENTITY a "a">]><svg xmlns="http://www.w3.org/2000/svg"/>',
    ],
)
def test_a_figure_that_does_more_than_draw_is_refused(svg, sections, hands):
    drafts = sheets.read_csv(as_csv(row(pokok_soal="![kotak hitam](a.svg)")), {"a.svg": svg})
    with pytest.raises(actions.ImportRefused) as refused:
        take(drafts, hands)
    assert refused.value.plan.problems[0].code in {"svg_active", "svg_broken"}
    assert not Item.objects.exists()


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_the_pages_check_first_and_store_on_the_second_post(people, hands, sections):
    client = people.client(hands.writer)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("gambar/a.svg", SVG)
    data = {"file": upload("s.csv", as_csv(row("A-1", pokok_soal="![kotak hitam](a.svg)"), row("A-2"))),
            "figures": upload("g.zip", zipped.getvalue())}  # fmt: skip
    answer = client.post(reverse("questionbank:import"), data)
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "2 soal dapat disimpan" in page
    assert not Item.objects.exists()
    assert people.client(people.staff("writer", 2)).post(answer.url, follow=True).status_code == 200
    assert not Item.objects.exists()
    client.post(answer.url)
    assert Item.objects.count() == 2
    assert client.get(answer.url).url == reverse("questionbank:import")


def test_the_page_lists_problems_and_offers_no_saving(people, hands, sections):
    client = people.client(hands.writer)
    url = client.post(reverse("questionbank:import"), {"file": upload("s.csv", as_csv(row(opsi_a="")))}).url
    page = client.get(url).content.decode()
    assert "Baris 2" in page
    assert "Belum diisi." in page
    assert "Simpan semua" not in page
    client.post(url)
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xlsx", b"PK\x03\x04", "bukan XLSX"),
        ("a.docx", b"x", "tidak dikenal"),
        ("a.zip", bomb(), "terlalu besar"),
        ("a.xml", b"<!DOCTYPE a><a/>", "DOCTYPE"),
    ],
)  # fmt: skip
def test_the_page_says_what_is_wrong_with_a_file(name, data, said, people, hands, sections):
    answer = people.client(hands.writer).post(reverse("questionbank:import"), {"file": upload(name, data)})
    assert answer.status_code == 200
    assert said in answer.content.decode()
