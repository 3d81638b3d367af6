"""An exam in a browser behind a gateway that lets no WebSocket through: the same screen, the same honesty."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.halls import build_hall, module_people, no_stale_connection  # noqa: F401
from tests.journeys.steps import SMALL, begin, stored, wait_saved
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.live]
SHARES = "hall"
#: What such a gateway leaves of a WebSocket.
BLOCK = """
window.sockets = 0;
window.WebSocket = class {
  constructor() { window.sockets++; setTimeout(() => this.onclose?.({ code: 1006 }), 20); }
  close() {}
};
"""


def test_an_exam_without_a_socket(live, people: People, browser_page: Page, screenshot) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    page.add_init_script(BLOCK)
    begin(page, live, hall)
    assert page.evaluate("window.sockets") == 2
    page.locator(".option").nth(1).click()
    wait_saved(page)
    page.get_by_role("button", name="Simpan dan Lanjutkan").click()
    page.locator(".option").nth(2).click()
    wait_saved(page)
    assert len(stored(hall)) == 2
    expect(page.locator("#lost")).to_be_hidden()
    screenshot(page, "hall-without-socket")
    page.reload()
    expect(page.locator("#where")).to_have_text(re.compile(r"Soal 2 dari 12"))
    assert page.evaluate("window.sockets") == 2
    page.get_by_role("button", name="Selesai Ujian").click()
    page.get_by_role("button", name="Akhiri ujian").click()
    page.get_by_role("button", name="Ya, akhiri ujian").click()
    expect(page.get_by_role("heading", name="Nilai Anda")).to_be_visible()
