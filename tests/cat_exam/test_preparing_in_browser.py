"""The pages where sittings get their forms, looked at by axe."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.halls import build_hall, module_people, no_stale_connection  # noqa: F401
from tests.journeys.steps import SMALL
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.live]
SHARES = "hall"


def test_sittings_and_one_prepared_exam(
    live: Any, people: People, browser_page: Page, audit: Callable[..., None]
) -> None:
    hall, page = build_hall(people, items=SMALL), browser_page
    page.context.add_cookies([people.cookie(people.staff("committee"), live.url)])
    page.goto(f"{live.url}/ujian/siapkan/")
    audit(page, "siapkan")
    page.goto(f"{live.url}/ujian/siapkan/{hall.exam.sitting.reference}/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    audit(page, "siapkan-satu")
