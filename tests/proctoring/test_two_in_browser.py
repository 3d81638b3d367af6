"""Two officers at two screens: a candidate out of the count, a candidate to another PC; screens are audited."""

from collections.abc import Callable, Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from tests.fixtures.sites import Live
from tests.journeys.halls import Hall, build_hall, module_people, no_stale_connection  # noqa: F401
from tests.journeys.steps import SMALL, begin, chosen, clock_seconds, sign_in, wait_saved
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow]
SHARES = "hall"


@pytest.fixture
def screens(
    live: Live, people: People, new_page: Callable[..., Page]
) -> Iterator[Callable[[Hall], tuple[Page, Page]]]:
    """The proctor's tablet and the coordinator's desk, each with the own sign-in."""

    def sign_in(hall: Hall) -> tuple[Page, Page]:
        first, second = new_page(width=360, height=740), new_page(width=1366, height=768)
        officers = (hall.proctor, people.staff("coordinator", 1))
        for page, officer in zip((first, second), officers, strict=True):
            page.context.add_cookies([people.cookie(officer, live.url)])
        return first, second

    with override_settings(MEDIA_ROOT=live.home / "media"):
        yield sign_in


def test_a_proctor_moves_a_candidate_and_the_coordinator_confirms(
    live: Live, people: People, new_page: Callable[..., Page], screens, audit: Callable[..., None]
) -> None:
    hall = build_hall(people, items=SMALL, seats=2)
    candidate = new_page()
    begin(candidate, live, hall)
    candidate.locator(".option").nth(2).click()
    picked = chosen(candidate)
    candidate.get_by_role("button", name="Simpan dan Lanjutkan").click()
    wait_saved(candidate)
    before = clock_seconds(candidate)
    first, second = screens(hall)
    here = f"{live.url}/ruang/{hall.exam.reference}/"
    second.goto(here)

    first.goto(f"{here}kursi/{hall.attempts[0].reference}/")
    audit(first, "dua-1-kursi")
    first.get_by_role("link", name="Pindah komputer").click()
    first.get_by_role("button", name="Kirim permintaan").click()
    expect(first.get_by_role("alert")).to_be_focused()
    audit(first, "dua-2-pindah-salah")
    first.get_by_label("Komputer tujuan").select_option(label=_spare(first))
    first.get_by_label("Alasan").fill("Layar mati pukul 09.12, tidak menyala lagi.")
    first.get_by_role("button", name="Kirim permintaan").click()
    expect(first.get_by_role("button", name="Tarik kembali")).to_be_visible()
    audit(first, "dua-3-pindah-menunggu")

    call = second.get_by_role("link", name="Pindah komputer: petugas kedua")
    expect(call).to_be_visible()
    audit(second, "dua-4-ruang")
    second.goto(live.url + str(call.get_attribute("href")))
    audit(second, "dua-5-pindah-putusan")
    second.get_by_role("button", name="Setuju: terbitkan PIN di komputer tujuan").click()
    pin = second.locator("[data-pin]").inner_text()
    audit(second, "dua-6-pin-pindah")

    other = new_page()
    sign_in(other, live, hall, pin.replace(" ", ""), seat=1, who=0)
    expect(other.locator("#where")).to_have_text("Soal 2 dari 12")
    expect(candidate.get_by_role("heading", name="Dibuka di tempat lain")).to_be_visible()
    assert candidate.locator(".option").count() == 0
    assert 0 <= before - clock_seconds(other) < 120
    other.locator("#grid li:nth-child(1) button").click()
    assert chosen(other) == picked
    first.goto(f"{here}keputusan/")
    expect(first.get_by_text("Disetujui")).to_be_visible()
    audit(first, "dua-7-keputusan")


def _spare(page: Page) -> str:
    """The PC that is offered."""
    return page.get_by_label("Komputer tujuan").locator("option").nth(1).inner_text()


def test_a_proctor_proposes_and_the_coordinator_disqualifies_a_working_candidate(
    live: Live, people: People, new_page: Callable[..., Page], screens, audit: Callable[..., None]
) -> None:
    hall = build_hall(people, items=SMALL)
    candidate = new_page()
    begin(candidate, live, hall)
    first, second = screens(hall)
    here = f"{live.url}/ruang/{hall.exam.reference}/"
    first.goto(f"{here}kursi/{hall.attempts[0].reference}/")
    first.get_by_role("link", name="Catat kejadian").click()
    first.get_by_label("Perilaku").check()
    first.get_by_label("Apa yang terjadi").fill("Membuka ponsel di bawah meja, disita pengawas.")
    first.get_by_role("button", name="Catat kejadian").click()
    first.goto(f"{here}kursi/{hall.attempts[0].reference}/usulan/")
    first.get_by_label("Diskualifikasi").check()
    first.get_by_label("Membuka ponsel").check()
    first.get_by_label("Alasan").fill("Membawa ponsel ke ruang ujian setelah diperingatkan.")
    audit(first, "dua-8-usulan")
    first.get_by_role("button", name="Kirim usulan").click()
    expect(first.get_by_text("Yang tidak dapat dibatalkan")).to_be_visible()
    audit(first, "dua-9-usulan-menunggu")

    second.goto(here)
    call = second.get_by_role("link", name="Usulan diskualifikasi")
    expect(call).to_be_visible()
    second.goto(live.url + str(call.get_attribute("href")))
    expect(second.get_by_text("Membuka ponsel di bawah meja")).to_be_visible()
    audit(second, "dua-10-usulan-putusan")
    second.get_by_role("button", name="Setuju: diskualifikasi").click()
    expect(second.get_by_text("Disetujui", exact=True)).to_be_visible()
    expect(candidate.locator("#stop-title")).to_be_visible()
    second.goto(here)
    expect(second.locator("[data-map]").get_by_text("Didiskualifikasi")).to_be_visible()
    too_wide = "tiles => tiles.filter((tile) => tile.scrollWidth > tile.clientWidth).map((tile) => tile.innerText)"
    assert second.locator("[data-map] .seat").evaluate_all(too_wide) == []
    audit(second, "dua-11-ruang-selesai")
