"""The style page and the sign-in pages in a real browser: nothing for axe to find, no sideways scrolling."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.live]
SIZES = [(1366, 768), (360, 740)]
PAGES = ["/", "/gaya", "/masuk/", "/masuk/petugas/", "/pulihkan/", "/kunci/", "/komputer/", "/tidak-ada/"]


def _violations(page: Any) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("width,height", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_public_page_is_accessible_and_fits_the_screen(live, new_page, screenshot, path, width, height):
    page = new_page(width=width, height=height)
    page.goto(live.url + path)
    screenshot(page, f"core{path.replace('/', '-')}-{width}")
    assert _violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_style_page_keeps_its_contrast_in_dark_and_light(live, new_page, screenshot, scheme):
    page = new_page(color_scheme=scheme)
    page.goto(live.url + "/gaya")
    screenshot(page, f"core-gaya-{scheme}")
    assert _violations(page) == []


def test_a_dialog_opens_and_closes_by_keyboard(live, browser_page):
    browser_page.goto(live.url + "/gaya")
    opener = browser_page.get_by_role("button", name="Buka dialog")
    opener.focus()
    browser_page.keyboard.press("Enter")
    assert browser_page.get_by_role("dialog").is_visible()
    browser_page.keyboard.press("Escape")
    assert not browser_page.locator("#contoh-dialog").is_visible()


def test_one_box_selects_every_row_and_the_bar_counts(live, browser_page):
    browser_page.goto(live.url + "/gaya")
    browser_page.get_by_label("Pilih semua baris").check()
    assert browser_page.locator("[data-bulk-count]").inner_text() == "3 dipilih"


def test_english_is_one_button_away(live, browser_page):
    browser_page.goto(live.url + "/masuk/")
    browser_page.get_by_role("button", name="English").click()
    assert browser_page.locator("html").get_attribute("lang") == "en"
    assert browser_page.get_by_role("heading", level=1).inner_text() == "Sign in"
