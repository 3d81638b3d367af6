"""The bank's desk in a real browser: from writing an item to sealing a paper, at a desk and on a phone."""

import re

import pytest
from django.urls import reverse

from questionbank.models import ItemVersion, Paper

LIVE = ("web",)  # who scores and sweeps is not asked here
pytestmark = [pytest.mark.browser, pytest.mark.live]


def as_person(page, live, people, user):
    page.context.clear_cookies()
    page.context.add_cookies([people.cookie(user, live.url)])


def fill_item(page, code):
    page.get_by_label("Kode").fill(code)
    page.get_by_label("Bagian dan topik").select_option(label="numerik: hitung")
    page.get_by_label("Pokok soal").fill("Berapakah $\\frac{1}{2} + \\frac{1}{4}$?")
    for letter, text in zip("ABCDE", ("1/4", "3/4", "2/6", "1/8", "1"), strict=True):
        page.get_by_label(f"Opsi {letter}").fill(text)
        page.get_by_label(f"Poin {letter}").fill("5" if letter == "B" else "0")


def from_the_editor_to_the_sealed_paper(live, people, hands, new_page, audit):
    page = new_page()
    as_person(page, live, people, hands["writer"])
    page.goto(live.url + reverse("questionbank:new"))
    fill_item(page, "TIU-900")
    page.locator("#preview math").first.wait_for()
    page.get_by_text("Siap disimpan").wait_for()
    audit(page, "bank-editor")
    page.get_by_label("Opsi E").fill("3/4")
    page.locator("#preview").get_by_text("Sama dengan opsi B").wait_for()
    page.get_by_role("button", name="Simpan dan ajukan").click()
    assert page.get_by_label("Opsi E").input_value() == "3/4"
    audit(page, "bank-editor-masalah")
    page.get_by_label("Opsi E").fill("1")
    page.get_by_role("button", name="Simpan draf").click()
    page.get_by_text("Draf soal TIU-900 tersimpan.").first.wait_for()
    version = ItemVersion.objects.get(item__code="TIU-900")
    page.goto(live.url + reverse("questionbank:edit", args=[version.pk]))
    audit(page, "bank-editor-konsep")
    page.get_by_role("button", name="Simpan dan ajukan").click()
    page.get_by_text("Menunggu telaah").wait_for()
    url = live.url + reverse("questionbank:item", args=[version.pk])
    for who in ("reviewer", "approver"):
        as_person(page, live, people, hands[who])
        page.goto(url)
        if who == "reviewer":
            audit(page, "bank-telaah")
        page.get_by_label("Terima").check()
        page.get_by_role("button", name="Simpan keputusan").click()
        page.wait_for_url(re.compile(r"/bank/$"))
    assert ItemVersion.objects.get(pk=version.pk).state == "approved"
    as_person(page, live, people, hands["custodian"])
    page.goto(live.url + reverse("questionbank:papers"))
    audit(page, "bank-naskah-kosong")
    page.get_by_label("Kisi-kisi").select_option("SKD-2024")
    page.get_by_label("Kode naskah").fill("SKD-2024-A")
    page.get_by_role("button", name="Susun").click()
    page.get_by_text("Menunggu penjaga naskah lain").wait_for()
    audit(page, "bank-naskah-disusun")
    as_person(page, live, people, hands["custodian-2"])
    page.reload()
    page.get_by_role("button", name="Segel naskah").click()
    page.get_by_text("Segel utuh").wait_for()
    audit(page, "bank-naskah-disegel")
    assert Paper.objects.get(code="SKD-2024-A").seal_holds()


def every_page_is_whole(live, people, hands, new_page, audit):
    page = new_page()
    figural = ItemVersion.objects.filter(item__topic__name="figural: serial").first()
    scaled = ItemVersion.objects.filter(item__code__startswith="TKP").first()
    paper = Paper.objects.get()
    pages = [
        ("approver", "soal", reverse("questionbank:items")),
        ("approver", "figural", reverse("questionbank:item", args=[figural.pk])),
        ("approver", "tkp", reverse("questionbank:item", args=[scaled.pk])),
        ("writer", "impor", reverse("questionbank:import")),
        ("writer", "tulis", reverse("questionbank:new")),
        ("custodian", "kisi", reverse("questionbank:blueprints")),
        ("custodian", "kisi-skd", reverse("questionbank:blueprint", args=["SKD-2024"])),
        ("custodian", "kisi-baru", reverse("questionbank:blueprint_new") + "?salin=LIT-TI-2024"),
        ("custodian", "naskah", reverse("questionbank:paper", args=[paper.pk])),
        ("custodian", "daftar-naskah", reverse("questionbank:papers")),
    ]
    for who, name, path in pages:
        as_person(page, live, people, hands[who])
        page.goto(live.url + path)
        audit(page, f"bank-{name}")


def an_import_is_checked_on_the_screen(live, people, hands, new_page, audit):
    page = new_page(width=360, height=740)
    as_person(page, live, people, hands["writer"])
    page.goto(live.url + reverse("questionbank:import"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh templat XLSX").click()
    assert download.value.suggested_filename == "templat-soal.xlsx"
    sheet = {"name": "soal.xlsx", "mimeType": "application/x-xlsx", "buffer": download.value.path().read_bytes()}
    page.get_by_label("Berkas soal").set_input_files(sheet)
    page.get_by_role("button", name="Periksa berkas").click()
    page.get_by_text("4 soal dapat disimpan").wait_for()
    audit(page, "bank-periksa")
    broken = {"name": "soal.csv", "mimeType": "text/csv", "buffer": b"kode,bagian\nA,B\n"}
    page.goto(live.url + reverse("questionbank:import"))
    page.get_by_label("Berkas soal").set_input_files(broken)
    page.get_by_role("button", name="Periksa berkas").click()
    page.get_by_text("Kolom yang tidak ada").first.wait_for()
    audit(page, "bank-impor-salah")


def test_the_bank_by_hand_at_a_desk_and_on_a_phone(live, people, new_page, audit):
    """One walk: the sample bank loaded, an item written, reviewed, approved, a paper drawn and sealed, every page."""
    names = ("writer", "reviewer", "approver", "custodian")
    hands = {name: people.staff(name) for name in names} | {"custodian-2": people.staff("custodian", 2)}
    live.manage(
        "load_bank", "--writer", hands["writer"].email, "--reviewer", hands["reviewer"].email,
        "--approver", hands["approver"].email,
    )  # fmt: skip
    from_the_editor_to_the_sealed_paper(live, people, hands, new_page, audit)
    every_page_is_whole(live, people, hands, new_page, audit)
    an_import_is_checked_on_the_screen(live, people, hands, new_page, audit)
