"""A candidate's exam in a real browser, from the PIN to the score, by mouse, by keyboard, on small screens."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cat_exam import actions, hallclock
from tests.fixtures.browsers import PHONE, ZOOMED
from tests.journeys.halls import build_hall, module_people, no_stale_connection  # noqa: F401
from tests.journeys.steps import (
    SMALL,
    begin,
    chosen,
    clock_seconds,
    enter,
    heap_bytes,
    seat_down,
    sign_in,
    stored,
    wait_saved,
)
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.live]
SHARES = "hall"


def test_a_full_exam_of_110_items_by_mouse(live, people: People, browser_page: Page, audit) -> None:
    page, hall = browser_page, build_hall(people)
    pins = hall.open_and_admit()
    seat_down(page.context, live, hall)
    page.goto(f"{live.url}/ujian/")
    expect(page.locator(".hall-bar__seat")).to_contain_text("Kursi A-0001")
    audit(page, "hall-entry")
    enter(page, live, hall, pins[0])
    audit(page, "hall-lobby")
    page.get_by_role("button", name="Coba satu soal latihan").click()
    expect(page.locator("#saving")).to_have_text("latihan: tidak disimpan")
    page.locator(".option").nth(1).click()
    hall.start()
    expect(page.locator("#where")).to_have_text("Soal 1 dari 110")
    expect(page.locator("#sections")).to_contain_text("TWK 0/30")
    at_first = heap_bytes(page)
    for number in range(1, 111):
        expect(page.locator("#where")).to_have_text(f"Soal {number} dari 110")
        page.locator(".option").nth(number % 5).click()
        if number == 47:
            page.get_by_role("button", name="Ragu-ragu").click()
            wait_saved(page)
            audit(page, "hall-exam-1366")
        page.get_by_role("button", name="Simpan dan Lanjutkan").click()
    expect(page.locator("#tally")).to_contain_text("110 dari 110")
    wait_saved(page)
    audit(page, "hall-review")
    answers = stored(hall)
    assert len(answers) == 110
    grown = heap_bytes(page) - at_first
    print(f"heap grew by {grown / 1e6:.2f} MB from item 1 to 110")
    assert grown <= 5_000_000
    page.get_by_role("button", name="Akhiri ujian").click()
    pressed = time.monotonic()
    page.get_by_role("button", name="Ya, akhiri ujian").click()
    expect(page.get_by_role("heading", name="Nilai Anda")).to_be_visible()
    print(f"score after {time.monotonic() - pressed:.2f} s")
    points = {item: hall.points[item][option] for item, option in answers.items()}
    expect(page.locator("tfoot .big-number")).to_have_text(str(sum(points.values())))
    expect(page.locator("#result")).to_contain_text("110 dari 110 soal dijawab")
    audit(page, "hall-score")
    page.reload()
    expect(page.get_by_role("heading", name="Nilai Anda")).to_be_visible()
    expect(page.get_by_role("button", name="Keluar dari komputer ini")).to_be_visible()
    page.goto(page.locator("#result figcaption").inner_text().strip())
    expect(page.locator("main")).to_contain_text("tersegel dan tidak berubah")
    audit(page)


def test_what_the_screen_calls_stored_is_in_the_journal(live, people: People, browser_page: Page) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    page.locator(".option").nth(2).click()
    wait_saved(page)
    assert list(stored(hall).values()) == [chosen(page)]
    expect(page.locator("#grid li:nth-child(1) button")).to_have_attribute("aria-label", "Soal 1, dijawab, tersimpan")


def test_an_exam_by_keyboard_alone(live, people: People, browser_page: Page) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    for number in range(1, 13):
        expect(page.locator("#where")).to_have_text(f"Soal {number} dari 12")
        expect(page.locator("#where")).to_be_focused()
        page.keyboard.press("abcde"[number % 5])
        if number == 3:
            page.keyboard.press("r")
        page.keyboard.press("ArrowRight")
    wait_saved(page)
    page.locator("#finish").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#review-title")).to_be_focused()
    expect(page.locator("#flagged b")).to_have_text("1")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "end":
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nilai Anda")).to_be_focused()
    assert len(stored(hall)) == 12


def test_a_pause_stops_clock_and_paper_and_resume_gives_both_back(
    live, people: People, browser_page: Page, audit
) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    actions.pause_exam(exam=hall.exam, reason="Listrik padam", by=hall.proctor, now=hallclock.hall_now())
    expect(page.locator("#paused")).to_be_visible()
    audit(page, "hall-paused")
    before = clock_seconds(page)
    page.wait_for_timeout(2500)
    assert clock_seconds(page) == before
    assert not page.locator("#stem").is_visible()
    actions.resume_exam(exam=hall.exam, reason="Menyala lagi", by=hall.proctor, now=hallclock.hall_now())
    expect(page.locator("#paused")).to_be_hidden()
    page.locator(".option").nth(1).click()
    wait_saved(page)
    assert len(stored(hall)) == 1


def test_a_message_of_the_room_is_shown_once_and_can_be_closed(
    live, people: People, browser_page: Page, audit
) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    actions.send_message(exam=hall.exam, text="Mohon tetap duduk.", by=hall.proctor, now=hallclock.hall_now())
    note = page.locator("#banners div.banner")
    expect(note).to_have_count(1)
    expect(note).to_contain_text("Mohon tetap duduk.")
    audit(page)
    note.get_by_role("button", name="Mengerti").click()
    expect(note).to_have_count(0)


def test_time_runs_out_without_a_click(live, people: People, browser_page: Page) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    page.locator(".option").nth(1).click()
    wait_saved(page)
    for table, key in (("exam", hall.exam.pk), ("attempt", hall.attempts[0].pk)):
        earlier = f"UPDATE cat_exam_{table} SET started_at = started_at - interval '5992 s' WHERE id = %s"
        live.sql(earlier, [key])
    expect(page.get_by_role("heading", name="Nilai Anda")).to_be_visible()
    expect(page.locator("#result")).to_contain_text("1 dari 12 soal dijawab")


def test_the_door_tells_wrong_pins_in_words_and_keeps_the_card(
    live, people: People, browser_page: Page, audit
) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    hall.open_and_admit()
    page.goto(f"{live.url}/ujian/")
    expect(page.locator("main")).to_contain_text("Komputer ini belum didaftarkan")
    audit(page)
    sign_in(page, live, hall, "12")
    expect(page.locator(".error-summary")).to_contain_text("6 angka")
    for _ in range(6):
        page.get_by_label("PIN").fill("000000")
        page.get_by_role("button", name="Masuk").click()
        expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator(".error-summary")).to_contain_text("5 kali salah")
    expect(page.get_by_label("Nomor kartu ujian")).to_have_value(hall.attempts[0].card_number)
    audit(page, "hall-blocked")


@pytest.mark.parametrize("size", [PHONE, ZOOMED])
def test_the_exam_on_small_screens(
    live, people: People, new_page: Callable[..., Page], audit, size: tuple[int, int]
) -> None:
    page, hall = new_page(width=size[0], height=size[1]), build_hall(people, items=SMALL)
    pins = hall.open_and_admit()
    enter(page, live, hall, pins[0])
    audit(page, "hall-lobby", sizes=[size])
    hall.start()
    expect(page.locator("#where")).to_be_visible()
    page.locator(".option").nth(1).click()
    wait_saved(page)
    audit(page, "hall-exam", sizes=[size])
    page.get_by_role("button", name="Daftar nomor soal").click()
    audit(page, sizes=[size])
    page.get_by_role("button", name="Selesai Ujian").click()
    audit(page, sizes=[size])
    page.get_by_role("button", name="Akhiri ujian").click()
    page.get_by_role("button", name="Ya, akhiri ujian").click()
    expect(page.get_by_role("heading", name="Nilai Anda")).to_be_visible()
    audit(page, "hall-score", sizes=[size])
