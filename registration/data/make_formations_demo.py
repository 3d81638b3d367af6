"""Writes formations-demo.xlsx: a small catalogue in the format of the real one, of our own making.

Run ``python registration/data/make_formations_demo.py``; the same file comes out each time but for its time stamps.
"""

from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from openpyxl import Workbook

COLUMNS = (
    "formasi_id", "ins_nm", "jp_nama", "formasi_nm", "jabatan_nm", "lokasi_nm", "jumlah_formasi", "disable",
    "gaji_min", "gaji_max", "jenjang_studi", "program_studi",
)  # fmt: skip
S1, D3, D4, SLTA = "S-1/Sarjana", "Diploma III/Sarjana Muda", "Diploma IV", "SLTA"
GENERAL, DISABILITY, OAP, NON_OAP = "UMUM", "PENYANDANG DISABILITAS", "ORANG ASLI PAPUA (OAP)", "UMUM (NON OAP)"
PAPUA, KALIMANTAN = "PUTRA/PUTRI PAPUA DAN PAPUA BARAT", "PUTRA/PUTRI KALIMANTAN"
CUMLAUDE, REMOTE, DIASPORA = "LULUSAN TERBAIK", "PUTRA/PUTRI DAERAH TERTINGGAL", "DIASPORA"

#: Position → salary range in rupiah and the programmes it accepts.
POSITIONS: dict[str, tuple[int, int, list[tuple[str, str]]]] = {
    "PRANATA KOMPUTER AHLI PERTAMA": (5_000_000, 8_500_000, [
        (S1, "S-1 TEKNIK INFORMATIKA"), (S1, "S-1 SISTEM INFORMASI"), (S1, "S-1 ILMU KOMPUTER"),
        (D4, "D-IV TEKNIK INFORMATIKA")]),
    "PRANATA KOMPUTER TERAMPIL": (4_200_000, 6_500_000, [
        (D3, "D-III MANAJEMEN INFORMATIKA"), (D3, "D-III TEKNIK KOMPUTER")]),
    "MANGGALA INFORMATIKA AHLI PERTAMA": (5_200_000, 9_000_000, [
        (S1, "S-1 TEKNIK INFORMATIKA"), (S1, "S-1 KEAMANAN SIBER")]),
    "ANALIS KEBIJAKAN AHLI PERTAMA": (5_000_000, 8_000_000, [
        (S1, "S-1 ADMINISTRASI PUBLIK"), (S1, "S-1 ILMU PEMERINTAHAN"), (S1, "S-1 EKONOMI PEMBANGUNAN")]),
    "AUDITOR AHLI PERTAMA": (5_000_000, 8_200_000, [(S1, "S-1 AKUNTANSI"), (D4, "D-IV AKUNTANSI SEKTOR PUBLIK")]),
    "ARSIPARIS TERAMPIL": (4_000_000, 6_000_000, [(D3, "D-III KEARSIPAN"), (D3, "D-III ILMU PERPUSTAKAAN")]),
    "PERAWAT TERAMPIL": (4_100_000, 6_200_000, [(D3, "D-III KEPERAWATAN")]),
    "GURU AHLI PERTAMA": (4_500_000, 7_000_000, [
        (S1, "S-1 PENDIDIKAN BAHASA INDONESIA"), (S1, "S-1 PENDIDIKAN GURU SEKOLAH DASAR")]),
    "PENGELOLA LAYANAN OPERASIONAL": (3_200_000, 4_800_000, [(SLTA, "SLTA SEDERAJAT"), (SLTA, "SMA IPS")]),
    "STATISTISI AHLI PERTAMA": (5_000_000, 8_000_000, [(S1, "S-1 STATISTIKA"), (S1, "S-1 MATEMATIKA")]),
}
#: Agency → the offices posts are in, west to east over the three zones.
OFFICES: dict[str, list[str]] = {
    "Badan Kepegawaian Negara": ["KEDEPUTIAN BIDANG SISTEM INFORMASI | JAKARTA", "KANTOR REGIONAL IV | MAKASSAR",
                                 "KANTOR REGIONAL IX | JAYAPURA"],
    "Kementerian Keuangan": ["DIREKTORAT JENDERAL PAJAK | JAKARTA", "KANTOR WILAYAH | PROVINSI BALI"],
    "Badan Riset dan Inovasi Nasional": ["DEPUTI BIDANG RISET | JAKARTA", "KAWASAN SAINS | SAMARINDA"],
    "Otorita Ibu Kota Nusantara": ["SEKRETARIAT | IBU KOTA NUSANTARA"],
    "Pemerintah Provinsi Jawa Barat": ["DINAS KOMUNIKASI DAN INFORMATIKA", "DINAS KESEHATAN"],
    "Pemerintah Kota Makassar": ["DINAS PENDIDIKAN", "INSPEKTORAT"],
    "Pemerintah Kab. Alor": ["DINAS KESEHATAN", "BADAN KEPEGAWAIAN DAN PENGEMBANGAN SUMBER DAYA MANUSIA"],
    "Pemerintah Provinsi Papua": ["DINAS KOMUNIKASI DAN INFORMATIKA", "DINAS PENDIDIKAN"],
    "Pemerintah Provinsi Maluku": ["INSPEKTORAT", "DINAS KESEHATAN"],
}
#: (agency, office, position, kind of need, posts, disability allowed)
POSTS: list[tuple[str, int, str, str, int, int]] = [
    ("Badan Kepegawaian Negara", 0, "PRANATA KOMPUTER AHLI PERTAMA", GENERAL, 3, 1),
    ("Badan Kepegawaian Negara", 0, "PRANATA KOMPUTER AHLI PERTAMA", CUMLAUDE, 1, 0),
    ("Badan Kepegawaian Negara", 0, "PRANATA KOMPUTER AHLI PERTAMA", DISABILITY, 1, 1),
    ("Badan Kepegawaian Negara", 0, "MANGGALA INFORMATIKA AHLI PERTAMA", GENERAL, 2, 0),
    ("Badan Kepegawaian Negara", 1, "PRANATA KOMPUTER TERAMPIL", GENERAL, 2, 1),
    ("Badan Kepegawaian Negara", 1, "ANALIS KEBIJAKAN AHLI PERTAMA", GENERAL, 2, 1),
    ("Badan Kepegawaian Negara", 2, "PRANATA KOMPUTER AHLI PERTAMA", OAP, 1, 0),
    ("Badan Kepegawaian Negara", 2, "ARSIPARIS TERAMPIL", PAPUA, 1, 1),
    ("Kementerian Keuangan", 0, "AUDITOR AHLI PERTAMA", GENERAL, 3, 1),
    ("Kementerian Keuangan", 0, "AUDITOR AHLI PERTAMA", CUMLAUDE, 1, 0),
    ("Kementerian Keuangan", 0, "AUDITOR AHLI PERTAMA", DISABILITY, 1, 1),
    ("Kementerian Keuangan", 0, "PRANATA KOMPUTER AHLI PERTAMA", GENERAL, 2, 1),
    ("Kementerian Keuangan", 0, "STATISTISI AHLI PERTAMA", GENERAL, 1, 1),
    ("Kementerian Keuangan", 1, "ANALIS KEBIJAKAN AHLI PERTAMA", GENERAL, 2, 1),
    ("Kementerian Keuangan", 1, "ARSIPARIS TERAMPIL", GENERAL, 1, 1),
    ("Kementerian Keuangan", 1, "AUDITOR AHLI PERTAMA", PAPUA, 1, 0),
    ("Badan Riset dan Inovasi Nasional", 0, "STATISTISI AHLI PERTAMA", DIASPORA, 2, 0),
    ("Badan Riset dan Inovasi Nasional", 0, "MANGGALA INFORMATIKA AHLI PERTAMA", DIASPORA, 1, 0),
    ("Badan Riset dan Inovasi Nasional", 0, "STATISTISI AHLI PERTAMA", GENERAL, 2, 1),
    ("Badan Riset dan Inovasi Nasional", 0, "PRANATA KOMPUTER AHLI PERTAMA", PAPUA, 1, 0),
    ("Badan Riset dan Inovasi Nasional", 1, "PRANATA KOMPUTER TERAMPIL", KALIMANTAN, 2, 1),
    ("Badan Riset dan Inovasi Nasional", 1, "ANALIS KEBIJAKAN AHLI PERTAMA", KALIMANTAN, 1, 1),
    ("Badan Riset dan Inovasi Nasional", 1, "ARSIPARIS TERAMPIL", GENERAL, 1, 1),
    ("Otorita Ibu Kota Nusantara", 0, "PRANATA KOMPUTER AHLI PERTAMA", KALIMANTAN, 2, 0),
    ("Otorita Ibu Kota Nusantara", 0, "MANGGALA INFORMATIKA AHLI PERTAMA", GENERAL, 1, 1),
    ("Otorita Ibu Kota Nusantara", 0, "ANALIS KEBIJAKAN AHLI PERTAMA", KALIMANTAN, 2, 1),
    ("Otorita Ibu Kota Nusantara", 0, "PENGELOLA LAYANAN OPERASIONAL", GENERAL, 3, 1),
    ("Otorita Ibu Kota Nusantara", 0, "AUDITOR AHLI PERTAMA", GENERAL, 1, 1),
    ("Pemerintah Provinsi Jawa Barat", 0, "PRANATA KOMPUTER AHLI PERTAMA", GENERAL, 2, 1),
    ("Pemerintah Provinsi Jawa Barat", 0, "PRANATA KOMPUTER TERAMPIL", GENERAL, 2, 1),
    ("Pemerintah Provinsi Jawa Barat", 0, "PRANATA KOMPUTER AHLI PERTAMA", DISABILITY, 1, 1),
    ("Pemerintah Provinsi Jawa Barat", 0, "ARSIPARIS TERAMPIL", GENERAL, 1, 1),
    ("Pemerintah Provinsi Jawa Barat", 1, "PERAWAT TERAMPIL", GENERAL, 3, 1),
    ("Pemerintah Provinsi Jawa Barat", 1, "PERAWAT TERAMPIL", DISABILITY, 1, 1),
    ("Pemerintah Provinsi Jawa Barat", 1, "PENGELOLA LAYANAN OPERASIONAL", GENERAL, 2, 1),
    ("Pemerintah Provinsi Jawa Barat", 1, "STATISTISI AHLI PERTAMA", GENERAL, 1, 1),
    ("Pemerintah Kota Makassar", 0, "GURU AHLI PERTAMA", GENERAL, 3, 1),
    ("Pemerintah Kota Makassar", 0, "GURU AHLI PERTAMA", DISABILITY, 1, 1),
    ("Pemerintah Kota Makassar", 0, "PRANATA KOMPUTER TERAMPIL", GENERAL, 1, 1),
    ("Pemerintah Kota Makassar", 0, "ARSIPARIS TERAMPIL", GENERAL, 1, 0),
    ("Pemerintah Kota Makassar", 1, "AUDITOR AHLI PERTAMA", GENERAL, 2, 1),
    ("Pemerintah Kota Makassar", 1, "ANALIS KEBIJAKAN AHLI PERTAMA", GENERAL, 1, 1),
    ("Pemerintah Kota Makassar", 1, "PENGELOLA LAYANAN OPERASIONAL", GENERAL, 2, 1),
    ("Pemerintah Kab. Alor", 0, "PERAWAT TERAMPIL", REMOTE, 2, 1),
    ("Pemerintah Kab. Alor", 0, "PERAWAT TERAMPIL", GENERAL, 2, 1),
    ("Pemerintah Kab. Alor", 0, "PENGELOLA LAYANAN OPERASIONAL", REMOTE, 1, 1),
    ("Pemerintah Kab. Alor", 1, "PRANATA KOMPUTER TERAMPIL", GENERAL, 1, 1),
    ("Pemerintah Kab. Alor", 1, "ANALIS KEBIJAKAN AHLI PERTAMA", REMOTE, 1, 1),
    ("Pemerintah Kab. Alor", 1, "ARSIPARIS TERAMPIL", GENERAL, 1, 1),
    ("Pemerintah Provinsi Papua", 0, "PRANATA KOMPUTER AHLI PERTAMA", OAP, 2, 0),
    ("Pemerintah Provinsi Papua", 0, "PRANATA KOMPUTER AHLI PERTAMA", NON_OAP, 1, 0),
    ("Pemerintah Provinsi Papua", 0, "PRANATA KOMPUTER TERAMPIL", OAP, 2, 1),
    ("Pemerintah Provinsi Papua", 0, "ARSIPARIS TERAMPIL", NON_OAP, 1, 1),
    ("Pemerintah Provinsi Papua", 1, "GURU AHLI PERTAMA", OAP, 3, 1),
    ("Pemerintah Provinsi Papua", 1, "GURU AHLI PERTAMA", NON_OAP, 1, 1),
    ("Pemerintah Provinsi Papua", 1, "PENGELOLA LAYANAN OPERASIONAL", OAP, 2, 1),
    ("Pemerintah Provinsi Papua", 1, "ANALIS KEBIJAKAN AHLI PERTAMA", OAP, 1, 1),
    ("Pemerintah Provinsi Maluku", 0, "AUDITOR AHLI PERTAMA", GENERAL, 2, 1),
    ("Pemerintah Provinsi Maluku", 0, "PRANATA KOMPUTER AHLI PERTAMA", GENERAL, 1, 1),
    ("Pemerintah Provinsi Maluku", 0, "ANALIS KEBIJAKAN AHLI PERTAMA", GENERAL, 1, 0),
    ("Pemerintah Provinsi Maluku", 1, "PERAWAT TERAMPIL", GENERAL, 2, 1),
    ("Pemerintah Provinsi Maluku", 1, "PERAWAT TERAMPIL", DISABILITY, 1, 1),
    ("Pemerintah Provinsi Maluku", 1, "PENGELOLA LAYANAN OPERASIONAL", GENERAL, 1, 1),
    ("Pemerintah Provinsi Maluku", 1, "STATISTISI AHLI PERTAMA", GENERAL, 1, 1),
]  # fmt: skip


def identity(*parts: object) -> UUID:
    """The same id for the same formation in every run."""
    return uuid5(NAMESPACE_URL, "formations-demo/" + "/".join(map(str, parts)))


def rows() -> list[list[str | int]]:
    """The rows under the header: one per formation and programme."""
    found: list[list[str | int]] = []
    for agency, office, position, need, posts, disabled in POSTS:
        low, high, programmes = POSITIONS[position]
        location = f"{agency.upper()} | {OFFICES[agency][office]}"
        for level, programme in programmes:
            found.append([str(identity(agency, office, position, need)), agency, "CPNS", need, position, location,
                          posts, disabled, str(low), str(high), level, programme])  # fmt: skip
    return found


def main() -> None:
    """Write the workbook beside this script."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sheet"
    sheet.append(COLUMNS)
    for row in rows():
        sheet.append(row)
    book.save(Path(__file__).with_name("formations-demo.xlsx"))


if __name__ == "__main__":
    main()
