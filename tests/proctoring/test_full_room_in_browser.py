"""A room of 450 seats on one screen: everybody's tile follows the hall, and the filters find one among all."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cat_exam import actions
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt
from tests.fixtures.sites import Live
from tests.journeys.halls import module_people, no_stale_connection  # noqa: F401
from tests.load.crowd_exam import Sat, sit_down
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow]
LIVE = ("web",)
SEATS = 450
WATCH = """() => {
  window.long = [];
  new PerformanceObserver((list) => list.getEntries().forEach((one) => window.long.push(one.duration)))
    .observe({ entryTypes: ["longtask"] });
}"""


@pytest.fixture
def room(people: People) -> Sat:
    return sit_down(SEATS, begun=False, people=people)


def test_a_room_of_450_is_on_one_screen(
    live: Live, people: People, room: Sat, new_page: Callable[..., Page], screenshot, audit
) -> None:
    page = new_page()
    proctor = people.staff("proctor", centre=room.exam.sitting.room.centre)
    page.context.add_cookies([people.cookie(proctor, live.url)])
    began = time.monotonic()
    page.goto(f"{live.url}/ruang/{room.exam.reference}/")
    expect(page.locator("[data-map] li")).to_have_count(SEATS)
    expect(page.get_by_text("Langsung", exact=True)).to_be_visible()
    there = time.monotonic() - began
    page.evaluate(WATCH)

    Attempt.objects.filter(pk__in=room.attempts[:200]).update(pin_tries=5)
    expect(page.locator("[data-map] li[data-kind=blocked]")).to_have_count(200)
    page.locator(".kind[data-kind=blocked]").click()
    expect(page.locator("[data-map] li:visible")).to_have_count(200)
    screenshot(page, "ruang-penuh-terkunci")
    page.locator(".kind[data-kind=blocked]").click()
    print(f"{SEATS} tiles after {there:.2f} s; longest tasks {sorted(page.evaluate('window.long'))[-3:]} ms")
    actions.start_exam(exam=room.exam, by=proctor, now=hall_now())
    expect(page.locator("[data-map] li[data-kind=working]")).to_have_count(SEATS)
    assert page.locator("[data-map] .clip").first.bounding_box()["width"] <= 1  # small tiles: the table has the names
    audit(page, "ruang-penuh")

    page.locator("[data-search]").fill("B-00007")
    expect(page.locator("[data-map] li:visible")).to_have_count(1)
    page.locator("[data-search]").fill("")
    page.locator("[data-view=table]").click()
    expect(page.locator("[data-table] tbody tr:visible")).to_have_count(SEATS)
