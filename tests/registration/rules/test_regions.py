"""Kind and region from names, and NIK provinces that agree with the same table."""

import csv
from pathlib import Path

import pytest

from registration.rules.regions import Pattern, RegionTable

CSV = Path(__file__).resolve().parents[3] / "registration" / "data" / "regions.csv"


@pytest.fixture(scope="module")
def rows():
    with CSV.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def table(rows):
    return RegionTable(Pattern(row["pattern"], row["agency_kind"], row["region_code"]) for row in rows)


def test_the_table_names_every_province_regency_and_city_once(rows):
    patterns = [row["pattern"] for row in rows]
    assert len(patterns) == len(set(patterns))
    assert len({row["region_code"] for row in rows} - {"00"}) == 38
    assert sum(name.startswith("KABUPATEN ") for name in patterns) == 416
    assert sum(name.startswith("KOTA ") for name in patterns) == 98
    assert all(row["source"] and row["valid_from"] for row in rows)


@pytest.mark.parametrize(
    ("agency", "location", "place"),
    [
        ("Pemerintah Kab. Fak-Fak", "DINAS", ("regional", "92")),
        ("Pemerintah Kab. Gunung Kidul", "DINAS", ("regional", "34")),
        ("Pemerintah Kab. Kep. Mentawai", "DINAS", ("regional", "13")),
        ("Pemerintah Kota Banjar", "DINAS", ("regional", "32")),
        ("Pemerintah Kab. Banjar", "DINAS", ("regional", "63")),
        ("Pemerintah Aceh", "DINAS", ("regional", "11")),
        ("Pemerintah Daerah Daerah Istimewa Yogyakarta", "DINAS", ("regional", "34")),
        ("Pemerintah Provinsi NTT", "DINAS", ("regional", "53")),
        ("Pemerintah Provinsi Papua Tengah", "DINAS", ("regional", "94")),
        ("Badan Pusat Statistik", "BPS PROVINSI KALIMANTAN BARAT | BPS KOTA PONTIANAK", ("central", "61")),
        ("Kementerian Kesehatan", "Poltekkes Kemenkes Sorong | Jurusan Gizi", ("central", "96")),
        ("Badan Pengawas Pemilihan Umum", "Bawaslu Provinsi D.I. Yogyakarta", ("central", "34")),
        ("Kementerian Pertahanan", "TNI AD | DISLITBANGAD", ("central", "00")),
        ("Pemerintah Kab. Wakanda", "DINAS", None),
        ("Pemerintah Jawa Barat", "DINAS", None),
        ("Perusahaan Umum Bulog", "JAKARTA", None),
    ],
)
def test_place_of_a_post(table, agency, location, place):
    assert table.place(agency, location) == place
