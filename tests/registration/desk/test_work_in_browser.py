"""A large catalogue handed over in a real browser: the bar moves by itself, the result comes by itself."""

import re
import time

import pytest
from django.conf import settings
from playwright.sync_api import Error, Page, expect

from registration.models import Formation, FormationEducation, Work
from tests.registration.portal.conftest import make_selection

LIVE = ("web",)  # who scores and sweeps is not asked here
pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow]
REAL = settings.CASES / "formations-2024.xlsx"


@pytest.fixture
def desk(live, people, new_page):
    """A committee member before the page of the upload."""
    if "jobs" not in live.running:
        live.start("jobs")
    selection = make_selection("cpns-besar")
    page = new_page()
    page.context.add_cookies([people.cookie(people.staff("committee"), live.url)])
    page.goto(f"{live.url}/meja/katalog/?seleksi={selection.code}")
    return page


def box(page: Page) -> str:
    """What the box of the work shows, in one look; nothing once the page has gone on to the result by itself."""
    try:
        return "".join(page.locator("#pekerjaan").all_inner_texts())
    except Error:  # the page went while it was being read
        page.wait_for_load_state()
        return box(page)


@pytest.mark.skipif(not REAL.exists(), reason="the real catalogue is not here (CAT_CASES)")
def test_the_real_catalogue_goes_in_behind_a_bar_that_moves(live, desk, audit, screenshot):
    desk.locator("input[type=file]").set_input_files(REAL)
    began = time.monotonic()
    desk.get_by_role("button", name="Impor", exact=True).click()
    bar = desk.locator("#pekerjaan progress")
    expect(bar).to_be_visible()
    answered = time.monotonic() - began
    seen = set()
    while shown := box(desk):
        seen |= set(map(int, re.findall(r"(\d+) %", shown)))
        if len(seen) == 3:
            screenshot(desk, "pekerjaan-berjalan")
        desk.wait_for_timeout(300)
    expect(desk.get_by_text("Katalog masuk", exact=True)).to_be_visible()
    took = Work.objects.get().ended_at - Work.objects.get().began_at
    print(f"page after {answered:.1f} s, work {took.total_seconds():.1f} s, bar at {sorted(seen)}")
    assert len(seen) >= 3
    audit(desk, "pekerjaan-selesai")
    assert (Formation.objects.count(), FormationEducation.objects.count()) == (10_024, 46_101)
