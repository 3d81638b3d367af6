"""The live board on a wall and on a phone: sorted, marked, searchable, honest about its age."""

import re

import pytest
from playwright.sync_api import Page, expect

from cat_exam.protocol import board as wire
from cat_exam.tally import Feed
from tests.cat_exam.boards import Shown, until

pytestmark = pytest.mark.browser
SECTIONS = [wire.Section("TWK", 150), wire.Section("TIU", 175), wire.Section("TKP", 225)]
NAMES = ["Bu••• Sa•••", "Si••• Nu••• Ai•••", "Yo••• Wa•••", "Ni••• Ma••• Pu•••", "Ah••• Fa•••"]


def row(place: int, twk: int, state: str = "running") -> wire.Row:
    return wire.Row(place, f"2026-11-{place:06}", NAMES[place % 5], state, [twk, 2 * twk % 175, 3 * twk % 225])


def picture(**more: object) -> wire.Full:
    told = {
        "n": 1, "exam": "abc", "title": "Seleksi CPNS Demo 2026 · Seleksi Kompetensi Dasar",
        "place": "Tilok Makassar · Ruang A", "zone": "Asia/Makassar", "at": 1_795_228_092_000,
        "remaining_ms": 3_725_000, "state": "running", "sections": SECTIONS,
        "rows": [row(place, 5 * (place % 25)) for place in range(1, 31)],
    }  # fmt: skip
    return wire.Full(**(told | more))


def totals(page: Page) -> list[int]:
    return [int(text) for text in page.locator("td.total").all_inner_texts()]


def test_the_board_by_hand(shown: Shown, feed: Feed, browser_page: Page, audit, screenshot) -> None:
    page = browser_page
    page.goto(f"http://127.0.0.1:{shown.port}/papan/")
    expect(page.locator("main")).to_contain_text("Belum ada papan skor yang dibuka.")
    audit(page)
    feed.open()
    feed.tell([wire.dump(picture())])
    until(lambda: shown.get("/papan/abc/")[0] == 200)
    page.reload()
    page.get_by_role("link", name="Tilok Makassar").click()
    expect(page.locator("#rows tr")).to_have_count(30)
    assert totals(page) == sorted(totals(page), reverse=True)
    expect(page.locator("#clock")).to_have_text(re.compile(r"^01\.02\.0\d$"))
    expect(page.locator("#state")).to_have_text("diperbarui 10.28.12 WITA")
    audit(page, "board")

    best = max(totals(page)) + 5
    first = wire.Row(7, "2026-11-000007", NAMES[2], "running", [best, 0, 0])
    feed.tell([wire.dump(wire.Delta(2, "abc", 1_795_228_093_000, 3_724_000, "running", [first]))])
    expect(page.locator("#rows tr").first).to_have_class("changed")
    expect(page.locator("#rows tr").first).to_contain_text("2026-11-000007")
    screenshot(page, "board-changed")
    expect(page.locator("#rows tr").first).not_to_have_class("changed")

    page.get_by_label("Cari nomor peserta atau nama").fill("000012")
    expect(page.locator("#rows tr")).to_have_count(1)
    page.get_by_label("Cari nomor peserta atau nama").fill("tidak ada")
    expect(page.locator("#empty")).to_have_text("Tidak ada peserta yang cocok. Hapus isian pencarian.")
    page.get_by_label("Cari nomor peserta atau nama").fill("")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("columnheader", name="Participant number")).to_be_visible()
    audit(page)
    page.get_by_role("button", name="Bahasa Indonesia").click()

    closed = picture(n=3, state="scored", remaining_ms=0, rows=[row(1, 100, "scored"), row(2, 95, "scored")])
    feed.tell([wire.dump(closed)])
    expect(page.locator("#rows tr")).to_have_count(2)
    expect(page.locator("#caption")).to_contain_text("Skor akhir sesi ini")
    feed.tell([wire.dump(wire.Gone(4, "abc"))])
    expect(page.get_by_role("heading", name="Papan ini tidak ada")).to_be_visible()
    audit(page)


def test_a_board_without_its_process_keeps_the_last_figures_and_says_so(
    shown: Shown, feed: Feed, browser_page: Page
) -> None:
    page = browser_page
    feed.open()
    feed.tell([wire.dump(picture())])
    until(lambda: shown.get("/papan/abc/")[0] == 200)
    page.goto(f"http://127.0.0.1:{shown.port}/papan/abc/")
    expect(page.locator("#rows tr")).to_have_count(30)
    shown.child.kill()
    shown.child.wait()
    expect(page.locator("#state")).to_contain_text("Sambungan terputus; angka terakhir tetap tampil.")
    expect(page.locator("#rows tr")).to_have_count(30)
    shown.start()
    feed.close()
    feed.open()
    feed.tell([wire.dump(picture(n=1, rows=[row(1, 10)]))])
    expect(page.locator("#rows tr")).to_have_count(1, timeout=20_000)
    expect(page.locator("#state")).to_have_text(re.compile(r"^diperbarui "))
