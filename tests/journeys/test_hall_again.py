"""The same exam again: after a browser that was killed, on another PC, after a room that stood still for a minute."""

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cat_exam import actions, hallclock
from tests.fixtures.browsers import FLAGS, program
from tests.journeys.halls import build_hall, module_people, no_stale_connection  # noqa: F401
from tests.journeys.steps import SMALL, begin, chosen, clock_seconds, sign_in, stored, wait_saved
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.live]
SHARES = "hall"


@pytest.fixture
def doomed(chromium: Browser) -> Iterator[Browser]:
    """A second browser program with a profile of its own, which a test may kill."""
    browser = chromium.browser_type.launch(executable_path=program(), args=FLAGS)
    yield browser
    browser.close()


def kill(browser: Browser) -> None:
    """kill -9 the browser program that this test has started."""
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    (pid,) = [one["id"] for one in found if one["type"] == "browser"]
    os.kill(pid, signal.SIGKILL)


def test_a_killed_browser_goes_on_at_another_pc_at_the_same_item_and_second(
    live, people: People, doomed: Browser, new_page: Callable[..., Page]
) -> None:
    hall = build_hall(people, items=SMALL, seats=2)
    page = doomed.new_context(viewport={"width": 1366, "height": 768}, locale="id-ID").new_page()
    begin(page, live, hall)
    picked = []
    for place in (3, 0, 2, 4, 1):
        page.locator(".option").nth(place).click()
        picked.append(chosen(page))
        page.get_by_role("button", name="Simpan dan Lanjutkan").click()
    page.get_by_role("button", name="Ragu-ragu").click()
    wait_saved(page)
    before, at = clock_seconds(page), time.monotonic()
    kill(doomed)
    other = new_page()
    sign_in(other, live, hall, hall.move(0, to=1), seat=1, who=0)
    entered = time.monotonic()
    expect(other.locator("#where")).to_have_text("Soal 6 dari 12")
    print(f"item on the other PC {time.monotonic() - entered:.2f} s after the PIN was sent")
    left, passed = clock_seconds(other), time.monotonic() - at
    print(f"clock {before} s, then {left} s after {passed:.1f} s")
    assert abs(before - left - passed) <= 2  # the ledger's second, and the started one that each clock shows whole
    expect(other.locator("#flag")).to_have_attribute("aria-pressed", "true")
    for number, option in enumerate(picked, start=1):
        other.locator(f"#grid li:nth-child({number}) button").click()
        assert chosen(other) == option
    other.locator("#grid li:nth-child(6) button").click()
    other.locator(".option").nth(1).click()
    wait_saved(other)
    assert list(stored(hall).values()) == [*picked, chosen(other)]


def test_a_room_that_stood_a_minute_gives_every_second_back(live, people: People, browser_page: Page) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    page.locator(".option").nth(1).click()
    picked = chosen(page)
    page.get_by_role("button", name="Simpan dan Lanjutkan").click()
    wait_saved(page)
    pause = actions.pause_exam(exam=hall.exam, reason="Listrik padam", by=hall.proctor, now=hallclock.hall_now())
    expect(page.locator("#paused")).to_be_visible()
    assert not page.locator("#stem").is_visible()
    before = clock_seconds(page)
    # the minute: everything that has happened so far lies sixty seconds further back
    for table, column, key in (
        ("exam", "started_at", hall.exam.pk),
        ("attempt", "started_at", hall.attempts[0].pk),
        ("pause", "began_at", pause.pk),
    ):
        live.sql(f"UPDATE cat_exam_{table} SET {column} = {column} - interval '60 s' WHERE id = %s", [key])
    page.reload()
    expect(page.locator("#paused")).to_be_visible()
    assert abs(before - clock_seconds(page)) <= 1  # from its first moment on the screen
    actions.resume_exam(exam=hall.exam, reason="Menyala lagi", by=hall.proctor, now=hallclock.hall_now())
    resumed = time.monotonic()
    expect(page.locator("#paused")).to_be_hidden()
    assert abs(before - clock_seconds(page) - (time.monotonic() - resumed)) <= 2
    expect(page.locator("#where")).to_have_text("Soal 2 dari 12")
    page.locator(".option").nth(4).click()
    wait_saved(page)
    assert list(stored(hall).values()) == [picked, chosen(page)]
