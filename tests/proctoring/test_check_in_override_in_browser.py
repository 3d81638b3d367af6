"""Two officers at the door in real browsers: one asks, the other decides on the own sign-in; screens are audited."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.sites import Live
from tests.proctoring.conftest import RoomOfTest

LIVE = ("web",)  # who scores and sweeps is not asked here
pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow]


@pytest.fixture
def room(live_room: RoomOfTest) -> RoomOfTest:
    live_room.open()
    return live_room


def test_one_asks_and_the_other_confirms_each_on_the_own_screen(
    live: Live, room: RoomOfTest, new_page: Callable[..., Page], audit: Callable[..., None]
) -> None:
    attempt = room.expect("Siti Aminah", photo=True)
    first, second = new_page(width=360, height=740), new_page()
    for page, which in ((first, 1), (second, 2)):
        page.context.add_cookies([room.people.cookie(room.proctor(which), live.url)])  # type: ignore[list-item]
    here = f"{live.url}/ruang/{room.exam.reference}/"
    second.goto(here)
    expect(second.get_by_text("Tidak ada. Semua kursi berjalan.")).to_be_visible()

    first.goto(f"{here}registrasi/{attempt.reference}/")
    first.get_by_role("link", name="Minta petugas kedua memutuskan").click()
    first.get_by_role("button", name="Kirim permintaan").click()
    expect(first.get_by_role("alert")).to_be_focused()
    audit(first, "pengecualian-1-salah")
    first.get_by_label("Wajah berbeda dari foto pada berkas").check()
    first.get_by_label("KTP-el", exact=True).check()
    first.get_by_label("Alasan").fill("Foto lama; tanda lahir di pipi kiri cocok.")
    first.get_by_role("button", name="Kirim permintaan").click()
    expect(first.get_by_role("button", name="Tarik kembali")).to_be_visible()
    audit(first, "pengecualian-2-menunggu")

    # The second officer's room calls by itself, without a reload.
    call = second.get_by_role("link", name="petugas kedua diminta memutuskan")
    expect(call).to_be_visible()
    audit(second, "pengecualian-3-ruang")
    second.goto(live.url + str(call.get_attribute("href")))
    audit(second, "pengecualian-4-putusan")
    second.get_by_role("button", name="Setuju: hadirkan dan terbitkan PIN").click()
    expect(second.locator("[data-pin]")).to_be_visible()
    first.reload()
    expect(first.get_by_text("Peserta sudah dihadirkan.")).to_be_visible()
    audit(first, "pengecualian-5-selesai")
    first.goto(f"{here}registrasi/")
    expect(first.get_by_role("heading", name="Menunggu petugas kedua")).to_have_count(0)
