"""Every state of the hall's screen at 1366 × 768, 683 × 384 and 360 × 740: axe finds nothing, nothing is too wide."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cat_exam import actions, hallclock
from tests.cat_exam.builders import disqualify
from tests.journeys.halls import build_hall, module_people, no_stale_connection  # noqa: F401
from tests.journeys.steps import SMALL, begin, enter, wait_saved
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.live]
SHARES = "hall"


def test_waiting_dialog_and_end_in_large_letters_and_high_contrast(
    live, people: People, new_page: Callable[..., Page], audit
) -> None:
    page, hall = new_page(), build_hall(people, items=SMALL)
    pins = hall.open_and_admit()
    page.goto(f"{live.url}/ujian/latihan/")
    page.get_by_role("button", name="Perbesar huruf").click()
    page.get_by_role("button", name="Perbesar huruf").click()
    page.get_by_role("button", name="Kontras tinggi").click()
    enter(page, live, hall, pins[0])
    audit(page, "hall-lobby-large")
    hall.start()
    expect(page.locator("#where")).to_be_visible()
    page.locator(".option").nth(2).click()
    page.get_by_role("button", name="Ragu-ragu").click()
    wait_saved(page)
    audit(page, "hall-exam-large")
    page.get_by_role("button", name="Selesai Ujian").click()
    audit(page, "hall-review-large")
    page.get_by_role("button", name="Akhiri ujian").click()
    audit(page, "hall-sure-large")
    page.get_by_role("button", name="Ya, akhiri ujian").click()
    expect(page.get_by_role("heading", name="Nilai Anda")).to_be_visible()
    audit(page, "hall-score-large")


def test_lost_connection_slow_saving_and_the_wait_before_the_end(
    live, people: People, browser_page: Page, audit
) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    page.locator(".option").nth(1).click()
    wait_saved(page)
    actions.send_message(
        exam=hall.exam, text="Mohon tetap duduk sampai pengawas mempersilakan Anda meninggalkan ruangan.",
        by=hall.proctor, now=hallclock.hall_now(),
    )  # fmt: skip
    expect(page.locator("#banners div.banner")).to_be_visible()
    live.kill("web")
    page.locator(".option").nth(3).click()
    expect(page.locator("#lost")).to_be_visible()
    expect(page.locator("#saving")).to_have_attribute("data-state", "unsaved")
    audit(page, "hall-lost-message")
    page.get_by_role("button", name="Selesai Ujian").click()
    page.get_by_role("button", name="Akhiri ujian").click()
    page.get_by_role("button", name="Ya, akhiri ujian").click()
    expect(page.locator("#ending")).to_be_visible()
    audit(page, "hall-ending")
    live.start("web")
    expect(page.get_by_role("heading", name="Nilai Anda")).to_be_visible()


def test_a_removed_candidate_reads_what_happened_and_the_paper_is_gone(
    live, people: People, browser_page: Page, audit
) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    disqualify(hall.attempts[0], by=hall.proctor, approved_by=people.staff("proctor", 2))
    expect(page.locator("#stop-title")).to_be_focused()
    expect(page.locator("#stop-text")).not_to_be_empty()
    expect(page.get_by_role("link", name="Lanjutkan di layar ini")).to_be_hidden()  # there is nothing to go back to
    assert page.locator(".option").count() == 0
    assert page.locator("#stem").inner_text() == ""
    audit(page, "hall-removed")
    page.reload()
    expect(page.locator("h1:visible")).to_have_count(1)
    assert page.locator(".option").count() == 0
    audit(page, "hall-removed-again")


def test_a_pause_is_seen_from_the_review_as_well(live, people: People, browser_page: Page, audit) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    page.locator(".option").nth(1).click()
    wait_saved(page)
    page.get_by_role("button", name="Selesai Ujian").click()
    page.get_by_role("button", name="Akhiri ujian").click()
    actions.pause_exam(exam=hall.exam, reason="Listrik padam", by=hall.proctor, now=hallclock.hall_now())
    expect(page.get_by_role("heading", name="Ujian dijeda")).to_be_visible()
    expect(page.locator("#sure")).to_be_hidden()
    audit(page, "hall-paused-review")
    actions.resume_exam(exam=hall.exam, reason="Menyala lagi", by=hall.proctor, now=hallclock.hall_now())
    expect(page.locator("#where")).to_be_focused()
    page.get_by_role("button", name="Selesai Ujian").click()
    page.get_by_role("button", name="Akhiri ujian").click()
    page.get_by_role("button", name="Ya, akhiri ujian").click()
    expect(page.get_by_role("heading", name="Nilai Anda")).to_be_visible()
