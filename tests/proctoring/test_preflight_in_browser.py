"""Each PC reports its pre-flight; before the start the room says in words which seat is ready and why one is not."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.sites import Live
from tests.journeys.halls import build_hall, module_people, no_stale_connection  # noqa: F401
from tests.journeys.steps import SMALL, enter
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow]
SHARES = "hall"


def test_the_room_counts_who_is_ready_and_names_what_is_wrong(
    live: Live, people: People, new_page: Callable[..., Page], audit: Callable[..., None]
) -> None:
    hall = build_hall(people, items=SMALL, seats=3)
    pins = hall.open_and_admit()
    good, narrow = new_page(), new_page(width=800, height=600)
    desk = new_page()
    desk.context.add_cookies([people.cookie(hall.proctor, live.url)])
    here = f"{live.url}/ruang/{hall.exam.reference}/"
    desk.goto(here)
    expect(desk.get_by_text("Siap 0 dari 3")).to_be_visible()
    expect(desk.get_by_text("Pemberian PIN dibuka")).to_be_visible()
    expect(desk.locator("[data-countdown]")).to_contain_text("lagi")
    enter(good, live, hall, pins[0], 0)
    enter(narrow, live, hall, pins[1], 1)
    expect(desk.get_by_text("Siap 1 dari 3")).to_be_visible()
    seats = desk.locator("[data-map] > li")
    expect(seats.nth(1)).to_contain_text("Pemeriksaan gagal")
    expect(seats.nth(1)).to_contain_text("layar kurang dari 1024")
    audit(desk, "siap-1-ruang")
    desk.get_by_role("button", name="Belum siap").click()
    expect(seats.nth(0)).to_be_hidden()
    expect(seats.nth(1)).to_be_visible()
    desk.get_by_role("link", name="Mulai ujian").click()
    expect(desk.get_by_role("dialog")).to_contain_text("layar kurang dari 1024")
    audit(desk, "siap-2-mulai")
    phone = new_page(width=360, height=740)
    phone.context.add_cookies([people.cookie(hall.proctor, live.url)])
    phone.goto(here)
    audit(phone, "siap-3-telepon")
    phone.goto(f"{here}registrasi/")
    audit(phone, "siap-4-registrasi")
