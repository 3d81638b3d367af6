"""The applicant's road in a real browser, on a phone and at a desk, without an accessibility violation."""

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from core.models import TestCentre
from registration.models import Application
from tests.fixtures.browsers import DESK, PHONE, ZOOMED
from tests.people import PASSWORD, nik
from tests.registration.portal.conftest import DEMO, jpeg, load_demo, make_selection, pdf
from tests.registration.portal.test_import import demo_rows, workbook

LIVE = ("web",)  # who scores and sweeps is not asked here
pytestmark = [pytest.mark.browser, pytest.mark.live]
SEND = """async ([address, size]) => {
  const body = new FormData();
  body.append("file", new File(["%PDF-", new Uint8Array(size)], "besar.pdf", { type: "application/pdf" }));
  const answer = await fetch(address, { method: "POST", body });
  return [answer.status, await answer.text()];
}"""
SIZES = [(PHONE,), (DESK, ZOOMED)]


@pytest.fixture(scope="module")
def site(live):
    live.start("jobs")  # takes in the catalogues that the committee hands over
    selection = make_selection("cpns-2026")
    load_demo(selection)
    TestCentre.objects.create(
        code="MKS", name="UPT BKN Makassar", address="Jl. Uji 1", city="Makassar", zone="Asia/Makassar"
    )
    return live


@pytest.fixture(autouse=True)
def media():
    """The running site keeps its own files."""


@pytest.mark.parametrize("sizes", SIZES, ids=["phone", "desk"])
def test_from_sign_up_to_a_frozen_application(site, new_page, audit, tmp_path, sizes):
    (width, height), look = sizes[0], partial(audit, sizes=sizes)
    page, mark = new_page(width=width, height=height), "daftar"
    number = nik(width)
    page.goto(f"{site.url}/daftar/")
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    expect(page.get_by_role("alert")).to_be_focused()
    look(page, f"{mark}-1-salah")
    page.get_by_label("NIK").fill(number)
    page.get_by_label("Nomor Kartu Keluarga").fill("3171011503980001")
    page.get_by_label("Nama lengkap").fill("Sri Wahyuni Lestari")
    look(page, f"{mark}-1")
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    page.get_by_label("Tempat lahir").fill("Jakarta")
    page.get_by_label("Hari").fill("15")
    page.get_by_label("Bulan").select_option("3")
    page.get_by_label("Tahun").fill("1998")
    page.get_by_label("Perempuan").check()
    look(page, f"{mark}-2")
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    page.get_by_role("link", name="Kembali").click()
    expect(page.get_by_label("Tempat lahir")).to_have_value("Jakarta")
    expect(page.get_by_label("Tahun")).to_have_value("1998")
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    page.get_by_label("Nomor telepon").fill("0812 3456 7890")
    page.get_by_label("Alamat e-mail").fill("sri@uji.invalid")
    look(page, f"{mark}-3")
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    page.get_by_label("Ulangi kata sandi").fill(PASSWORD)
    look(page, f"{mark}-4")
    page.get_by_role("button", name="Buat akun dan daftar").click()
    expect(page.get_by_role("heading", name="Lamaran saya")).to_be_visible()
    look(page, f"{mark}-5-lamaran")
    page.get_by_role("link", name="Cari formasi").first.click()
    page.get_by_label("Kata: jabatan").fill("auditor keuangan")
    page.get_by_role("button", name="Cari").click()
    look(page, f"{mark}-6-formasi")
    page.get_by_role("link", name="AUDITOR AHLI PERTAMA").first.click()
    look(page, f"{mark}-7-formasi")
    page.get_by_label("Ijazah Anda").select_option(index=1)
    page.get_by_role("button", name="Pilih formasi ini").click()
    page.get_by_label("Perguruan tinggi atau sekolah").fill("Universitas Uji")
    page.get_by_label("IPK").fill("3,45")
    look(page, f"{mark}-8-data")
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    look(page, f"{mark}-9-dokumen")
    page.locator("#dokumen-photo input[type=file]").set_input_files(
        {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": pdf()}
    )
    expect(page.locator("#dokumen-photo [data-drop-state]")).to_contain_text("bukan JPEG")
    large = tmp_path / "besar.pdf"
    large.write_bytes(b"%PDF-" + b"\0" * 50_000_000)
    page.locator("#dokumen-ktp input[type=file]").set_input_files(large)
    expect(page.locator("#dokumen-ktp [data-drop-state]")).to_contain_text("lebih besar dari 1.0 MB")
    status, text = page.evaluate(SEND, [f"{site.url}/lamaran/dokumen/ktp/", 50_000_000])
    assert (status, "batasnya 1 MB" in text) == (413, True)
    for kind, content in {"photo": jpeg(600, 800), "ktp": jpeg(800, 500), "diploma": pdf(2)}.items():
        page.locator(f"#dokumen-{kind} input[type=file]").set_input_files(
            {"name": "berkas", "mimeType": "application/octet-stream", "buffer": content}
        )
        expect(page.locator(f"#dokumen-{kind}")).to_contain_text("Sudah ada")
    look(page, f"{mark}-10-dokumen")
    page.get_by_role("link", name="Lanjutkan ke titik lokasi").click()
    page.get_by_label("UPT BKN Makassar").check()
    look(page, f"{mark}-11-lokasi")
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    page.get_by_label("Saya menyetujui pernyataan").check()
    page.get_by_label("Saya menyetujui tujuan").check()
    look(page, f"{mark}-12-periksa")
    page.get_by_role("button", name="Kirim lamaran", exact=True).click()
    look(page, f"{mark}-13-kirim")
    page.get_by_role("button", name="Ya, kirim lamaran").click()
    expect(page.get_by_text("Simpan atau foto nomor ini.")).to_be_visible()
    look(page, f"{mark}-14-terkirim")
    with page.expect_download() as loaded:
        page.get_by_role("link", name="Unduh resume (PDF)").click()
    path = tmp_path / "resume.pdf"
    loaded.value.save_as(path)
    assert path.read_bytes().startswith(b"%PDF-")
    assert Application.objects.filter(state="submitted").count() >= 1
    page.goto(f"{site.url}/")
    look(page, f"{mark}-15-beranda")
    page.goto(f"{site.url}/lamaran/mundur/")
    look(page, f"{mark}-16-mundur")


def test_the_committee_imports_a_catalogue(site, people, new_page, audit):
    cookie = people.cookie(people.staff("committee"), site.url)
    for sizes in SIZES:
        width, height = sizes[0]
        page = new_page(width=width, height=height)
        page.context.add_cookies([cookie])
        import_twice(page, site, partial(audit, sizes=sizes))


def import_twice(page: Page, site, look: Callable[..., None]) -> None:
    """A wrong file, then the right one."""
    page.goto(f"{site.url}/meja/katalog/")
    look(page, "katalog-1")
    rows = demo_rows()
    rows[3][6], rows[9][1] = "banyak", "Pemerintah Kab. Entah Berantah"
    name = "katalog.xlsx"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": workbook(rows)})
    page.get_by_role("button", name="Impor", exact=True).click()
    expect(page.get_by_role("cell", name="jumlah_formasi")).to_be_visible()
    look(page, "katalog-2-salah")
    page.get_by_label("Jenis kesalahan").select_option(label="bukan bilangan bulat")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("main").get_by_role("link", name="Impor katalog formasi").last.click()
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": DEMO.read_bytes()})
    page.get_by_role("button", name="Impor", exact=True).click()
    expect(page.get_by_text("Katalog masuk", exact=True)).to_be_visible()
    look(page, "katalog-3-masuk")


@pytest.mark.parametrize("sizes", SIZES, ids=["phone", "desk"])
def test_the_filters_and_an_empty_answer(site, new_page, audit, sizes):
    (width, height), look = sizes[0], partial(audit, sizes=sizes)
    page = new_page(width=width, height=height)
    page.goto(f"{site.url}/formasi/")
    page.get_by_text("Saringan lain").click()
    page.get_by_label("Lokasi").select_option("53")
    page.get_by_label("Program studi ijazah saya").press_sequentially("keper")
    expect(page.locator("#daftar-prodi option")).not_to_have_count(0)
    page.get_by_role("button", name="Cari", exact=True).click()
    expect(page.get_by_role("heading", name="2 formasi")).to_be_visible()
    expect(page.get_by_label("Lokasi")).to_have_value("53")
    look(page, "formasi-saringan")
    page.goto(f"{site.url}/formasi/?kata=astronaut")
    look(page, "formasi-kosong")
