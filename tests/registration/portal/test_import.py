"""A catalogue is taken in whole, twice without change, or not at all."""

import csv
import io
import time

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from core.errors import Refusal
from core.models import Agency, TrailEntry
from registration.exchange.catalogue import read_catalogue
from registration.models import Formation, FormationEducation, NeedKind
from registration.rules.catalogue import COLUMNS
from tests.registration.portal.conftest import DEMO, load_demo

pytestmark = pytest.mark.django_db
REAL = settings.CASES / "formations-2024.xlsx"


def workbook(rows, header=COLUMNS) -> bytes:
    book = Workbook()
    book.active.append(list(header))
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def demo_rows() -> list[list[object]]:
    return [list(row) for row in load_workbook(DEMO).active.iter_rows(min_row=2, values_only=True)]


def test_the_demo_catalogue_has_what_a_demo_needs(catalogue):
    rows = Formation.objects.filter(selection=catalogue)
    assert rows.count() >= 60
    assert Agency.objects.count() >= 6
    assert set(Agency.objects.values_list("kind", flat=True)) == {"central", "regional"}
    assert set(rows.values_list("need__name", flat=True)) == set(
        NeedKind.objects.filter(ruleset=catalogue.ruleset).values_list("name", flat=True)
    )
    assert rows.filter(position__regex="PRANATA KOMPUTER|INFORMATIKA").count() >= 8
    assert max(rows.values_list("posts", flat=True)) <= 3


def test_a_second_import_changes_nothing(catalogue):
    report = load_demo(catalogue)
    assert (report.added, report.changed, report.programmes_added, report.agencies_added) == (0, 0, 0, 0)
    assert report.unchanged == report.formations == Formation.objects.count()


def test_a_changed_row_is_the_only_change(catalogue):
    rows = demo_rows()
    for row in rows[:4]:
        row[6] = 9
    found = read_catalogue(workbook(rows), catalogue)
    from core import clock
    from registration import actions

    report = actions.import_catalogue(
        selection=catalogue, formations=found.formations, places=found.places, by=None, now=clock.now()
    )
    assert (report.added, report.changed) == (0, 1)
    assert Formation.objects.get(posts=9).external_id == found.formations[0].external_id
    assert TrailEntry.objects.filter(verb="registration.catalogue_imported").count() == 2


def test_kind_and_region_come_from_the_table(catalogue):
    kinds = dict(Agency.objects.values_list("name", "kind"))
    assert kinds["Badan Kepegawaian Negara"] == "central"
    assert kinds["Pemerintah Kab. Alor"] == "regional"
    places = {
        (f.agency.name, f.region.name) for f in Formation.objects.select_related("agency", "region")
    }
    assert ("Pemerintah Kab. Alor", "Nusa Tenggara Timur") in places
    assert ("Badan Kepegawaian Negara", "Papua") in places
    assert ("Otorita Ibu Kota Nusantara", "Kalimantan Timur") in places


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("formasi_id", "bukan-uuid", "no_uuid"),
        ("ins_nm", "Pemerintah Kab. Entah Berantah", "agency_unknown"),
        ("ins_nm", "Perusahaan Listrik", "agency_unknown"),
        ("formasi_nm", "UMUM KHUSUS", "need_unknown"),
        ("jabatan_nm", "", "empty"),
        ("lokasi_nm", "x" * 501, "too_long"),
        ("jumlah_formasi", 0, "posts_range"),
        ("jumlah_formasi", 1.5, "no_number"),
        ("disable", 2, "zero_or_one"),
        ("gaji_min", "lima juta", "no_number"),
        ("gaji_max", "1", "salary_order"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(selection, column, value, code):
    rows = demo_rows()
    rows[-1][COLUMNS.index("formasi_id")] = "00000000-0000-0000-0000-000000000001"  # a formation of one row
    rows[-1][COLUMNS.index(column)] = value
    found = read_catalogue(workbook(rows), selection)
    assert [(fault.row, fault.column, fault.code) for fault in found.faults] == [(len(rows) + 1, column, code)]
    assert found.formations == []


def test_rows_of_one_formation_must_agree_and_not_repeat(selection):
    rows = demo_rows()
    rows[1][6] = 77
    rows.append(rows[0])
    codes = [(fault.row, fault.code) for fault in read_catalogue(workbook(rows), selection).faults]
    assert codes == [(3, "rows_disagree"), (len(rows) + 1, "programme_twice")]


def test_a_missing_and_an_unknown_column_are_both_named(selection):
    header = ["gaji" if name == "gaji_min" else name for name in COLUMNS]
    found = read_catalogue(workbook(demo_rows(), header), selection)
    assert {(f.column, f.code) for f in found.faults} == {("gaji_min", "column_missing"), ("gaji", "column_unknown")}


@pytest.mark.parametrize("content", [b"", b"bukan excel", b"PK\x03\x04" + b"\0" * 200])
def test_a_broken_file_is_refused_in_words(selection, content):
    with pytest.raises(Refusal) as told:
        read_catalogue(content, selection)
    assert told.value.code == "not_xlsx"


def test_a_cut_off_file_is_refused(selection):
    with pytest.raises(Refusal):
        read_catalogue(DEMO.read_bytes()[:-300], selection)


def test_a_file_without_rows_is_refused(selection):
    with pytest.raises(Refusal) as told:
        read_catalogue(workbook([]), selection)
    assert told.value.code == "no_rows"


def test_the_command_writes_nothing_and_lists_all_faults_when_one_row_is_wrong(selection, tmp_path, capsys):
    rows = demo_rows()
    rows[3][6] = "=1+1|cmd"
    path = tmp_path / "rusak.xlsx"
    path.write_bytes(workbook(rows).replace(b"", b""))
    with pytest.raises(CommandError, match="nothing was written"):
        call_command("import_formations", str(path))
    assert Formation.objects.count() == 0
    assert Agency.objects.count() == 0
    listed = list(csv.reader(io.StringIO((tmp_path / "rusak.errors.csv").read_text())))
    assert listed[0][:2] == ["baris", "kolom"]
    assert listed[1][:2] == ["5", "jumlah_formasi"]


def test_the_command_says_what_it_did(selection, capsys):
    call_command("import_formations", str(DEMO), selection=selection.code)
    call_command("import_formations", str(DEMO))
    out = capsys.readouterr().out
    assert "64 added, 0 changed" in out
    assert "0 added, 0 changed, 64 unchanged" in out


def test_the_command_names_a_selection_that_is_not_there(selection):
    with pytest.raises(CommandError, match="there is no selection besok"):
        call_command("import_formations", str(DEMO), selection="besok")


@pytest.mark.slow
@pytest.mark.skipif(not REAL.exists(), reason="the real catalogue is not here (CAT_CASES)")
def test_the_real_catalogue_is_taken_in_whole_within_half_a_minute(selection, capsys):
    began = time.process_time()
    call_command("import_formations", str(REAL))
    spent = time.process_time() - began  # a busy machine does not make the importer slow
    assert Formation.objects.count() == 10_024
    assert FormationEducation.objects.count() == 46_101
    assert sum(Formation.objects.values_list("posts", flat=True)) == 36_865
    assert Agency.objects.count() == 453
    assert spent < 30
    call_command("import_formations", str(REAL))
    out = capsys.readouterr().out
    print(out)
    assert "0 added, 0 changed, 10024 unchanged; 0 of 46101 programmes added, 0 agencies added" in out
