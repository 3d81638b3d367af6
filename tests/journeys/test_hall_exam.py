"""A candidate's exam in a real browser, from the PIN to the score, with everything that can go wrong on the way."""

import re
import time
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from cat_exam import actions, hallclock
from cat_exam.models import JournalLine
from cat_exam.rules.lines import Kind
from tests.journeys.halls import Hall, build_hall, module_people, no_stale_connection  # noqa: F401
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.live]
expect.set_options(timeout=15_000)
SMALL = {"TWK": 4, "TIU": 4, "TKP": 4}


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def seat_down(context: BrowserContext, live, hall: Hall, seat: int = 0) -> None:
    """Make this browser the enrolled PC of the seat."""
    context.add_cookies([{"name": "cat_station", "value": hall.station_cookie(seat), "url": live.url}])


def enter(page: Page, live, hall: Hall, pin: str, seat: int = 0) -> None:
    """Through the door with card and PIN, into the waiting room, oath taken."""
    seat_down(page.context, live, hall, seat)
    page.goto(f"{live.url}/ujian/")
    page.get_by_label("Nomor kartu ujian").fill(hall.attempts[seat].card_number)
    page.get_by_label("PIN").fill(pin)
    page.get_by_role("button", name="Masuk").click()
    expect(page.locator("#check-bundle")).to_have_attribute("data-state", "ok")
    page.get_by_label("Saya sudah membaca").check()
    page.get_by_role("button", name="Nyatakan setuju").click()
    expect(page.locator("#check-oath")).to_have_attribute("data-state", "ok")


def begin(page: Page, live, hall: Hall) -> None:
    pins = hall.open_and_admit()
    enter(page, live, hall, pins[0])
    hall.start()
    expect(page.locator("#where")).to_have_text(re.compile(r"Soal 1 dari \d+"))


def stored(hall: Hall, seat: int = 0) -> dict[int, int]:
    """What the journal holds: the last answer of each item."""
    lines = JournalLine.objects.filter(day=hall.attempts[seat].day, attempt=hall.attempts[seat].pk, kind=Kind.ANSWER)
    return dict(lines.order_by("seq").values_list("item", "response"))


def wait_saved(page: Page) -> None:
    expect(page.locator("#saving")).to_have_text(re.compile(r"^tersimpan \d\d\.\d\d\.\d\d WITA$"))


def chosen(page: Page) -> int:
    return int(page.locator(".option input:checked").get_attribute("value"))


def clock_seconds(page: Page) -> int:
    hours, minutes, seconds = page.locator("#clock").inner_text().split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def heap_bytes(page: Page) -> int:
    """What the page's script holds after a collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return int(used)


def test_a_full_exam_of_110_items_by_mouse(live, people: People, browser_page: Page, screenshot) -> None:
    page, hall = browser_page, build_hall(people)
    pins = hall.open_and_admit()
    seat_down(page.context, live, hall)
    page.goto(f"{live.url}/ujian/")
    expect(page.locator(".hall-bar__seat")).to_contain_text("Kursi A-0001")
    assert violations(page) == []
    screenshot(page, "hall-entry")
    enter(page, live, hall, pins[0])
    assert violations(page) == []
    screenshot(page, "hall-lobby")
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
            assert violations(page) == []
            screenshot(page, "hall-exam-1366")
        page.get_by_role("button", name="Simpan dan Lanjutkan").click()
    expect(page.locator("#tally")).to_contain_text("110 dari 110")
    wait_saved(page)
    assert violations(page) == []
    screenshot(page, "hall-review")
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
    assert violations(page) == []
    screenshot(page, "hall-score")
    page.reload()
    expect(page.get_by_role("heading", name="Nilai Anda")).to_be_visible()
    expect(page.get_by_role("button", name="Keluar dari komputer ini")).to_be_visible()
    page.goto(page.locator("#result figcaption").inner_text().strip())
    expect(page.locator("main")).to_contain_text("tersegel dan tidak berubah")
    assert violations(page) == []


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


def test_a_reload_comes_back_to_the_same_item_answers_and_time(live, people: People, browser_page: Page) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    picked = []
    for place in (0, 3, 1):
        page.locator(".option").nth(place).click()
        picked.append(chosen(page))
        page.get_by_role("button", name="Simpan dan Lanjutkan").click()
    page.get_by_role("button", name="Ragu-ragu").click()
    wait_saved(page)
    before, at = clock_seconds(page), time.monotonic()
    page.reload()
    expect(page.locator("#where")).to_have_text("Soal 4 dari 12")
    expect(page.locator("#clock")).not_to_have_text("00:00:00")
    assert abs(before - clock_seconds(page) - (time.monotonic() - at)) <= 2
    expect(page.locator("#flag")).to_have_attribute("aria-pressed", "true")
    for number, option in enumerate(picked, start=1):
        page.locator(f"#grid li:nth-child({number}) button").click()
        assert chosen(page) == option
    # the back button neither leaves nor loses anything
    page.go_back()
    expect(page.locator("#where")).to_be_visible()
    # who opens the door again is led back in
    page.goto(f"{live.url}/ujian/")
    expect(page.locator("#where")).to_have_text("Soal 3 dari 12")


def test_a_second_tab_takes_over_and_the_first_goes_blank(live, people: People, browser_page: Page) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    page.locator(".option").nth(1).click()
    wait_saved(page)
    other = page.context.new_page()
    other.goto(f"{live.url}/ujian/ruang-tunggu/")
    expect(other.locator("#where")).to_have_text("Soal 1 dari 12")
    expect(page.get_by_role("heading", name="Dibuka di tempat lain")).to_be_visible()
    assert page.locator(".option").count() == 0
    assert violations(page) == []
    other.locator(".option").nth(3).click()
    wait_saved(other)
    assert list(stored(hall).values()) == [chosen(other)]
    page.get_by_role("link", name="Lanjutkan di layar ini").click()
    expect(page.locator("#where")).to_have_text("Soal 1 dari 12")
    expect(other.get_by_role("heading", name="Dibuka di tempat lain")).to_be_visible()


def test_a_killed_server_loses_nothing_and_the_clock_stood(
    live, people: People, browser_page: Page, screenshot
) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    page.locator(".option").nth(1).click()
    wait_saved(page)
    live.kill("web")
    before, at = clock_seconds(page), time.monotonic()
    page.get_by_role("button", name="Simpan dan Lanjutkan").click()
    page.locator(".option").nth(2).click()
    expect(page.locator("#saving")).to_have_text("belum tersimpan, tetap kerjakan (1 menunggu)")
    expect(page.locator("#grid li:nth-child(2) button")).to_have_attribute(
        "aria-label", "Soal 2, dijawab, belum tersimpan"
    )
    expect(page.locator("#lost")).to_be_visible()
    assert violations(page) == []
    screenshot(page, "hall-lost")
    page.locator(".option").nth(4).click()
    page.locator(".option").nth(2).click()
    picked = chosen(page)
    page.wait_for_timeout(max(0, 7_000 - int((time.monotonic() - at) * 1000)))  # longer than the hall's own limit
    live.start("web")
    expect(page.locator("#paused")).to_be_visible()
    wait_saved(page)
    assert len(stored(hall)) == 2
    assert picked in stored(hall).values()
    assert abs(before - clock_seconds(page)) <= 2
    actions.resume_exam(exam=hall.exam, reason="Server kembali", by=hall.proctor, now=hallclock.hall_now())
    expect(page.locator("#paused")).to_be_hidden()
    expect(page.locator("#where")).to_have_text("Soal 2 dari 12")
    assert chosen(page) == picked


def test_another_pc_takes_over_once_the_proctor_gives_a_new_pin(live, people: People, new_page) -> None:
    hall = build_hall(people, items=SMALL, seats=2)
    page = new_page()
    begin(page, live, hall)
    page.locator(".option").nth(3).click()
    picked = chosen(page)
    page.get_by_role("button", name="Simpan dan Lanjutkan").click()
    wait_saved(page)
    other = new_page()
    seat_down(other.context, live, hall, 1)
    pin = actions.issue_pin(attempt=hall.attempts[0], by=hall.proctor, now=hallclock.hall_now())
    other.goto(f"{live.url}/ujian/")
    other.get_by_label("Nomor kartu ujian").fill(hall.attempts[0].card_number)
    other.get_by_label("PIN").fill(pin)
    other.get_by_role("button", name="Masuk").click()
    expect(other.locator("#where")).to_have_text("Soal 2 dari 12")
    expect(page.get_by_role("heading", name="Dibuka di tempat lain")).to_be_visible()
    other.locator("#grid li:nth-child(1) button").click()
    assert chosen(other) == picked
    page.get_by_role("link", name="Lanjutkan di layar ini").click()
    expect(page.get_by_role("heading", name="Masuk ruang ujian")).to_be_visible()


def test_a_browser_closed_while_the_server_is_away_keeps_its_answers(
    live, people: People, browser_page: Page
) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    wait_saved(page)
    live.kill("web")
    page.locator(".option").nth(3).click()
    picked = chosen(page)
    expect(page.locator("#saving")).to_contain_text("1 menunggu")
    context = page.context
    page.close()  # no chance to say goodbye
    live.start("web")
    again = context.new_page()
    again.goto(f"{live.url}/ujian/")
    expect(again.locator("#where")).to_have_text("Soal 1 dari 12")
    wait_saved(again)
    assert chosen(again) == picked
    assert list(stored(hall).values()) == [picked]


def test_leaving_warns_only_while_something_is_unsaved(live, people: People, browser_page: Page) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    page.locator(".option").nth(1).click()
    wait_saved(page)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("window.dispatchEvent(new Event('beforeunload', {cancelable: true}))")
    assert page.evaluate("window.dispatchEvent(new Event('beforeunload', {cancelable: true}))") is True
    live.kill("web")
    page.locator(".option").nth(2).click()
    expect(page.locator("#saving")).to_contain_text("menunggu")
    assert page.evaluate("window.dispatchEvent(new Event('beforeunload', {cancelable: true}))") is False
    live.start("web")
    wait_saved(page)


def test_a_pause_stops_clock_and_paper_and_resume_gives_both_back(
    live, people: People, browser_page: Page, screenshot
) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    actions.pause_exam(exam=hall.exam, reason="Listrik padam", by=hall.proctor, now=hallclock.hall_now())
    expect(page.locator("#paused")).to_be_visible()
    assert violations(page) == []
    screenshot(page, "hall-paused")
    before = clock_seconds(page)
    page.wait_for_timeout(2500)
    assert clock_seconds(page) == before
    assert not page.locator("#stem").is_visible()
    actions.resume_exam(exam=hall.exam, reason="Menyala lagi", by=hall.proctor, now=hallclock.hall_now())
    expect(page.locator("#paused")).to_be_hidden()
    page.locator(".option").nth(1).click()
    wait_saved(page)
    assert len(stored(hall)) == 1


def test_a_message_of_the_room_is_shown_once_and_can_be_closed(live, people: People, browser_page: Page) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    actions.send_message(exam=hall.exam, text="Mohon tetap duduk.", by=hall.proctor, now=hallclock.hall_now())
    note = page.locator("#banners div.banner")
    expect(note).to_have_count(1)
    expect(note).to_contain_text("Mohon tetap duduk.")
    assert violations(page) == []
    note.get_by_role("button", name="Mengerti").click()
    expect(note).to_have_count(0)


def test_time_runs_out_without_a_click(live, people: People, browser_page: Page) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    page.locator(".option").nth(1).click()
    wait_saved(page)
    earlier = "UPDATE cat_exam_attempt SET started_at = started_at - interval '1 day' WHERE id = %s"
    live.sql(earlier, [hall.attempts[0].pk])
    expect(page.get_by_role("heading", name="Nilai Anda")).to_be_visible()
    expect(page.locator("#result")).to_contain_text("1 dari 12 soal dijawab")


def test_finish_waits_for_every_answer(live, people: People, browser_page: Page) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    wait_saved(page)
    live.kill("web")
    page.locator(".option").nth(2).click()
    page.get_by_role("button", name="Selesai Ujian").click()
    expect(page.locator("#unsaved b")).to_have_text("1")
    expect(page.locator("#unanswered b")).to_have_text("11")
    page.get_by_role("button", name="Akhiri ujian").click()
    page.get_by_role("button", name="Ya, akhiri ujian").click()
    expect(page.locator("#ending")).to_be_visible()
    live.start("web")
    expect(page.get_by_role("heading", name="Nilai Anda")).to_be_visible()
    expect(page.locator("#result")).to_contain_text("1 dari 12 soal dijawab")
    databases = page.evaluate("indexedDB.databases().then((all) => all.map((db) => db.name))")
    assert databases == []


def test_the_door_tells_wrong_pins_in_words_and_keeps_the_card(
    live, people: People, browser_page: Page, screenshot
) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    hall.open_and_admit()
    page.goto(f"{live.url}/ujian/")
    expect(page.locator("main")).to_contain_text("Komputer ini belum didaftarkan")
    assert violations(page) == []
    seat_down(page.context, live, hall)
    page.goto(f"{live.url}/ujian/")
    page.get_by_label("Nomor kartu ujian").fill(hall.attempts[0].card_number)
    page.get_by_label("PIN").fill("12")
    page.get_by_role("button", name="Masuk").click()
    expect(page.locator(".error-summary")).to_contain_text("6 angka")
    for _ in range(6):
        page.get_by_label("PIN").fill("000000")
        page.get_by_role("button", name="Masuk").click()
        expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator(".error-summary")).to_contain_text("5 kali salah")
    expect(page.get_by_label("Nomor kartu ujian")).to_have_value(hall.attempts[0].card_number)
    assert violations(page) == []
    screenshot(page, "hall-blocked")


@pytest.mark.parametrize(("width", "height"), [(360, 740), (683, 384)])
def test_the_exam_on_small_screens(
    live, people: People, new_page: Callable[..., Page], screenshot, width: int, height: int
) -> None:
    page, hall = new_page(width=width, height=height), build_hall(people, items=SMALL)
    pins = hall.open_and_admit()
    enter(page, live, hall, pins[0])
    assert violations(page) == []
    screenshot(page, f"hall-lobby-{width}")
    hall.start()
    expect(page.locator("#where")).to_be_visible()
    page.locator(".option").nth(1).click()
    wait_saved(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screenshot(page, f"hall-exam-{width}")
    page.get_by_role("button", name="Daftar nomor soal").click()
    assert violations(page) == []
    page.get_by_role("button", name="Selesai Ujian").click()
    assert violations(page) == []
    page.get_by_role("button", name="Akhiri ujian").click()
    page.get_by_role("button", name="Ya, akhiri ujian").click()
    expect(page.get_by_role("heading", name="Nilai Anda")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screenshot(page, f"hall-score-{width}")
