"""A picture by the PC's camera at the door, beside the photo on file; where there is none the file field works."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from proctoring.models import CheckInPicture
from tests.fixtures.browsers import FLAGS
from tests.fixtures.sites import Live
from tests.proctoring.conftest import RoomOfTest

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow]
FILMS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture
def room(live_room: RoomOfTest) -> RoomOfTest:
    live_room.open()
    return live_room


@pytest.fixture
def filming(chromium: Browser) -> Iterator[Page]:
    """A tablet whose camera films a test picture."""
    path = shutil.which("chromium")
    browser = chromium.browser_type.launch(executable_path=path, args=[*FLAGS, *FILMS])
    page = browser.new_page(viewport={"width": 800, "height": 1280}, locale="id-ID")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    browser.close()
    assert not errors, errors


def test_a_proctor_takes_a_picture_and_compares_it_with_the_photo_on_file(
    live: Live, room: RoomOfTest, filming: Page, new_page: Callable[..., Page], audit: Callable[..., None]
) -> None:
    attempt = room.expect("Siti Aminah", photo=True)
    filming.context.add_cookies([room.people.cookie(room.proctor(), live.url)])  # type: ignore[list-item]
    here = f"{live.url}/ruang/{room.exam.reference}/registrasi/{attempt.reference}/"
    filming.goto(here)
    filming.get_by_role("link", name="Ambil gambar dengan kamera").click()
    filming.get_by_role("button", name="Nyalakan kamera").click()
    expect(filming.get_by_text("Arahkan wajah ke tengah")).to_be_visible()
    audit(filming, "gambar-1-kamera")
    filming.get_by_role("button", name="Ambil dan simpan").click()
    taken = filming.get_by_alt_text("Gambar yang diambil di registrasi")
    expect(taken).to_be_visible()
    expect(taken).to_have_js_property("naturalWidth", 640)
    expect(filming.get_by_alt_text("Foto Siti Aminah")).to_have_js_property("naturalWidth", 300)
    audit(filming, "gambar-2-cocokkan")
    assert CheckInPicture.objects.filter(attempt=attempt).count() == 1

    without = new_page(width=360, height=740)
    without.context.add_cookies([room.people.cookie(room.proctor(2), live.url)])  # type: ignore[list-item]
    without.goto(f"{here}gambar/")
    start = without.get_by_role("button", name="Nyalakan kamera")
    if start.is_visible():
        start.click()
        expect(without.get_by_text("Kamera tidak dapat dibuka")).to_be_visible()
    without.get_by_role("button", name="Simpan gambar").click()
    expect(without.get_by_role("alert")).to_be_focused()
    audit(without, "gambar-3-tanpa-kamera")
