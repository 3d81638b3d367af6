"""A candidate's exam that is interrupted: reload, second tab, another PC, a server that dies and comes back."""

import time

import pytest
from playwright.sync_api import Page, expect

from cat_exam import actions, hallclock
from tests.journeys.halls import build_hall, module_people, no_stale_connection  # noqa: F401
from tests.journeys.steps import SMALL, begin, chosen, clock_seconds, sign_in, stored, wait_saved
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.live]
SHARES = "hall"


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


def test_a_second_tab_takes_over_and_the_first_goes_blank(live, people: People, browser_page: Page, audit) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    page.locator(".option").nth(1).click()
    wait_saved(page)
    other = page.context.new_page()
    other.goto(f"{live.url}/ujian/ruang-tunggu/")
    expect(other.locator("#where")).to_have_text("Soal 1 dari 12")
    expect(page.get_by_role("heading", name="Dibuka di tempat lain")).to_be_visible()
    assert page.locator(".option").count() == 0
    audit(page)
    other.locator(".option").nth(3).click()
    wait_saved(other)
    assert list(stored(hall).values()) == [chosen(other)]
    page.get_by_role("link", name="Lanjutkan di layar ini").click()
    expect(page.locator("#where")).to_have_text("Soal 1 dari 12")
    expect(other.get_by_role("heading", name="Dibuka di tempat lain")).to_be_visible()


def test_a_killed_server_loses_nothing_and_the_clock_stood(live, people: People, browser_page: Page, audit) -> None:
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
    audit(page, "hall-lost")
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


def test_another_pc_takes_over_once_two_proctors_moved_the_candidate(live, people: People, new_page) -> None:
    hall = build_hall(people, items=SMALL, seats=2)
    page = new_page()
    begin(page, live, hall)
    page.locator(".option").nth(3).click()
    picked = chosen(page)
    page.get_by_role("button", name="Simpan dan Lanjutkan").click()
    wait_saved(page)
    other = new_page()
    sign_in(other, live, hall, hall.move(0, to=1), seat=1, who=0)
    expect(other.locator("#where")).to_have_text("Soal 2 dari 12")
    expect(page.get_by_role("heading", name="Dibuka di tempat lain")).to_be_visible()
    other.locator("#grid li:nth-child(1) button").click()
    assert chosen(other) == picked
    page.get_by_role("link", name="Lanjutkan di layar ini").click()
    expect(page.get_by_role("heading", name="Masuk ruang ujian")).to_be_visible()


def test_a_browser_that_dies_with_unsent_lines_comes_back_to_its_last_item(
    live, people: People, browser_page: Page
) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    wait_saved(page)
    live.kill("web")
    picked = []
    for number in (2, 3, 4):
        page.locator(".option").nth(1).click()
        picked.append(chosen(page))
        page.get_by_role("button", name="Simpan dan Lanjutkan").click()
        expect(page.locator("#where")).to_have_text(f"Soal {number} dari 12")
    expect(page.locator("#saving")).to_contain_text("3 menunggu")
    context = page.context
    page.close()  # no chance to say goodbye
    live.start("web")
    again = context.new_page()
    again.goto(f"{live.url}/ujian/")
    expect(again.locator("#where")).to_have_text("Soal 4 dari 12")
    wait_saved(again)
    assert sorted(stored(hall).values()) == sorted(picked)


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
