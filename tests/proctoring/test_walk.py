"""A proctor's day in a real browser: open, check in, print, start, watch, pause, close; by desk and by phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt
from proctoring import actions
from tests.fixtures.browsers import DESK, PHONE, ZOOMED
from tests.fixtures.sites import Live
from tests.proctoring.conftest import RoomOfTest

LIVE = ("web",)  # who scores and sweeps is not asked here
pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow]
NAMES = [
    "Siti Aminah", "Budi Santoso", "Made Wirawan", "Maria Goreti Fernandez da Costa Ximenes", "Tono", "Yusuf Rumbiak",
    "Ni Luh Putu Ayu", "Rahmat Hidayat", "Dewi Lestari", "Abdul Karim", "Yohana Wanggai", "Fajar Nugroho",
]  # fmt: skip


@pytest.fixture
def room(live_room: RoomOfTest) -> RoomOfTest:
    """A prepared room with twelve expected candidates, the first with a photo."""
    for index, name in enumerate(NAMES):
        live_room.expect(name, photo=index == 0)
    return live_room


def sign_in(page: Page, live: Live, room: RoomOfTest, who: Any) -> None:
    page.context.add_cookies([room.people.cookie(who, live.url)])  # type: ignore[list-item]


def test_a_day_in_the_room(
    live: Live,
    room: RoomOfTest,
    new_page: Callable[..., Page],
    audit: Callable[..., None],
    screenshot: Callable[[Page, str], Path],
) -> None:
    """One walk at a desk with a phone beside it: each screen is looked at by axe and kept as a picture."""
    desk, phone = new_page(), new_page(width=360, height=740)
    for page in (desk, phone):
        sign_in(page, live, room, room.proctor())
    here = f"{live.url}/ruang/{room.exam.reference}/"

    def see(name: str) -> None:
        audit(desk, f"ruang-{name}")

    def look(name: str) -> None:
        """A page that opens as a sheet in the room has an address of its own."""
        desk.goto(f"{here}{name}/")
        see(name.replace("/", "-"))

    desk.goto(f"{live.url}/ruang/")
    see("daftar")
    desk.get_by_role("link", name="Sesi 2").click()
    expect(desk.locator("[data-link]")).to_have_text("Langsung")
    expect(desk.locator(".room-map li")).to_have_count(12)

    # Open registration from the sheet.
    look("buka")
    desk.goto(here)
    desk.get_by_role("link", name="Buka registrasi").click()
    desk.get_by_role("button", name="Buka registrasi sekarang").click()
    expect(desk.get_by_text("Registrasi dibuka").first).to_be_visible()

    # The door: a wedge scanner types the digits and Enter.
    desk.keyboard.press("r")
    desk.wait_for_url("**/registrasi/")
    see("registrasi")
    attempt = room.exam.attempts.get(display_name="Siti Aminah")
    expect(desk.get_by_label("Nomor kartu")).to_be_focused()
    desk.keyboard.type(attempt.card_number, delay=60)
    expect(desk.get_by_label("Nomor kartu")).to_have_value(
        " ".join(attempt.card_number[at : at + 4] for at in range(0, 16, 4))
    )
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Siti Aminah")).to_be_visible()
    expect(desk.locator(".identity img")).to_have_js_property("naturalWidth", 300)
    assert desk.url.endswith("?cara=number")
    see("cocokkan")
    desk.get_by_label("KTP-el", exact=True).check()
    desk.get_by_role("button", name="Cocok").click()
    pin = desk.locator("[data-pin]").inner_text().replace(" ", "")
    assert len(pin) == 6
    see("pin")
    desk.emulate_media(media="print")
    screenshot(desk, "ruang-pin-cetak")
    desk.emulate_media(media="screen")
    assert pin not in desk.url

    # Others come; the map of a page already open follows by itself.
    desk.goto(here)
    phone.goto(here)
    expect(phone.locator("[data-link]")).to_have_text("Langsung")
    for other in Attempt.objects.filter(exam=room.exam, state="expected")[:8]:
        room.check_in(other)
    expect(desk.locator('.kind[data-kind="checked_in"] [data-count]')).to_have_text("9")
    expect(phone.locator('.kind[data-kind="checked_in"] [data-count]')).to_have_text("9")

    # Filters, search, table.
    desk.locator('.kind[data-kind="awaited"]').click()
    expect(desk.locator(".room-map li:visible")).to_have_count(3)
    desk.locator('.kind[data-kind="awaited"]').click()
    desk.get_by_placeholder("Cari").fill("aminah")
    expect(desk.locator(".room-map li:visible")).to_have_count(1)
    desk.get_by_placeholder("Cari").fill("tidak ada")
    expect(desk.get_by_text("Tidak ada kursi yang cocok")).to_be_visible()
    desk.get_by_placeholder("Cari").fill("")
    desk.get_by_role("button", name="Tabel").click()
    expect(desk.locator("[data-table] tbody tr:visible")).to_have_count(12)
    see("tabel")
    desk.get_by_role("button", name="Peta").click()

    # Start, then a lost browser, a request for time and a wrong computer call somebody.
    look(f"kursi/{attempt.reference}/pin")
    look("mulai")
    desk.goto(here)
    desk.get_by_role("link", name="Mulai ujian").click()
    desk.get_by_role("button", name="Mulai sekarang").click()
    expect(desk.locator('.kind[data-kind="working"] [data-count]')).to_have_text("9")
    busy(live, room)
    expect(desk.locator(".call")).to_have_count(3)
    expect(desk.locator(".room-map").get_by_text("Kursi salah: B-40")).to_be_visible()
    expect(phone.locator(".call")).to_have_count(3)  # the start draws every open screen anew by itself
    see("langsung")

    # One key opens what needs somebody; the sheet has the person.
    desk.keyboard.press("1")
    expect(desk.locator("#lembar")).to_be_visible()
    audit(desk, "ruang-lembar", sizes=[DESK, ZOOMED])
    desk.keyboard.press("Escape")
    phone.locator(".room-map a").first.click()
    expect(phone.locator("#lembar h2")).to_be_visible()
    audit(phone, "ruang-lembar", sizes=[PHONE])

    # Pause with a reason too short, then a good one.
    desk.get_by_role("link", name="Jeda").click()
    desk.get_by_label("Alasan").fill("listrik")
    desk.get_by_role("button", name="Jeda sekarang").click()
    expect(desk.get_by_text("sedikitnya 10 huruf").first).to_be_visible()
    expect(desk.get_by_label("Alasan")).to_have_value("listrik")
    see("jeda")
    desk.get_by_label("Alasan").fill("Listrik padam, genset dinyalakan.")
    desk.get_by_role("button", name="Jeda sekarang").click()
    expect(desk.locator('.kind[data-kind="paused"] [data-count]')).to_have_text("8")
    screenshot(desk, "ruang-dijeda-1366")
    look("lanjut")
    desk.goto(here)
    desk.get_by_role("link", name="Lanjutkan").click()
    desk.get_by_label("Alasan").fill("Genset menyala, semua layar hidup.")
    desk.get_by_role("button", name="Lanjutkan sekarang").click()
    expect(desk.get_by_text("Ujian dilanjutkan").first).to_be_visible()

    for name in ("kejadian", "pesan", "waktu"):
        look(name)

    # All finish; close; papers.
    for other in Attempt.objects.filter(exam=room.exam, state="running"):
        room.finish(other)
    look("tutup")
    desk.goto(here)
    desk.get_by_role("link", name="Tutup ujian").click()
    desk.get_by_role("button", name="Tutup ujian sekarang").click()
    expect(desk.get_by_text("Ujian ditutup").first).to_be_visible()
    desk.goto(f"{here}berkas/")
    desk.get_by_role("button", name="Tanda tangani").click()
    sign_in(desk, live, room, room.coordinator())
    desk.goto(f"{here}berkas/")
    desk.get_by_role("button", name="Sahkan").click()
    desk.get_by_role("button", name="Simpan sebagai PDF").click()
    expect(desk.get_by_role("link", name="Berita acara")).to_be_visible()
    see("berkas")
    desk.goto(f"{here}hasil/")
    see("hasil")


def busy(live: Live, room: RoomOfTest) -> None:
    """What the hall would tell: one browser lost for a minute, one at another computer; and a request for time."""
    import redis

    from cat_exam import protocol
    from proctoring.queries.live import to_ms

    now = to_ms(hall_now())
    working = list(Attempt.objects.filter(exam=room.exam, state="running").order_by("seat__label"))
    labels = {attempt.pk: attempt.seat.label for attempt in working}
    labels[working[2].pk] = "B-40"
    for attempt in working:
        station = room.place.stations.create(
            label=labels[attempt.pk], token_hash=f"{attempt.pk:064}", enrolled_at=hall_now()
        )
        Attempt.objects.filter(pk=attempt.pk).update(station=station)
    told = {str(attempt.pk): f"[1,{now},1,1366,768,0,5,131]" for attempt in working}
    told[str(working[1].pk)] = f"[0,{now - 65_000},1,1366,768,0,5,131]"
    redis.Redis.from_url(live.valkey.url).hset(protocol.PRESENCE.format(exam=room.exam.pk), mapping=told)
    actions.ask_time(
        exam=room.exam, attempt=working[1], minutes=5, reason="Kabel jaringan lepas lima menit.", by=room.proctor(),
        now=hall_now(),
    )  # fmt: skip
