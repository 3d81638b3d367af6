"""Where two selections take applicants, sign-up begins with the choice between them."""

import pytest
from playwright.sync_api import expect

from tests.registration.portal.conftest import make_selection

LIVE = ("web",)  # who scores and sweeps is not asked here
pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_the_applicant_chooses_the_selection(live, browser_page, audit):
    for code in ("cpns-2026", "kedinasan-2026"):
        make_selection(code)
    browser_page.goto(f"{live.url}/daftar/")
    expect(browser_page.get_by_role("heading", name="Seleksi kedinasan-2026")).to_be_visible()
    audit(browser_page, "daftar-pilih")
