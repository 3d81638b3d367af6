"""Who worked on while nothing reached the server comes back to the item that was on the screen."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.halls import build_hall, module_people, no_stale_connection  # noqa: F401
from tests.journeys.steps import SMALL, begin, chosen, stored, wait_saved
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.live]
SHARES = "hall"


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
