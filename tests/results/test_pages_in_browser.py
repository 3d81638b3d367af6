"""Results in a real browser, by keyboard alone: computed, checked, approved, signed, found, verified, objected to."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.test import override_settings
from playwright.sync_api import Locator, Page, expect

from registration.models import Phase
from results.models import Announcement, RankingRun
from tests.fixtures.sites import Live
from tests.people import People
from tests.results.test_runs import HIGH, LOW
from tests.world import World

LIVE = ("web",)  # who scores and sweeps is not asked here
pytestmark = [pytest.mark.browser, pytest.mark.live]
Enter = Callable[[str], AbstractContextManager[None]]
Audit = Callable[..., None]
LONG = "Analis Pengembangan Kompetensi Aparatur Sipil Negara Daerah Terdepan"


@pytest.fixture(scope="module")
def people(live: Live) -> Iterator[People]:
    """The people of this module's installation."""
    with override_settings(PASSWORD_HASHERS=["tests.people.QuickArgon2"]):
        yield People()


@pytest.fixture
def world(live: Live, people: People, as_role: Enter, keyring_of: Enter) -> Iterator[World]:
    """A stage that was sat in the running installation: three over the grade, one below it, one absent."""
    with keyring_of("web"):
        made = World(people, as_role, keyring_of)
        post = made.formation(posts=1, position=LONG)
        for which in range(3):
            made.seat(post, HIGH | {"TKP": 190 - which})
        made.seat(post, LOW, name="Maria Goreti Fernandez da Costa Ximenes")
        made.seat(post, None, outcome="absent")
        made.close()
        Phase.objects.create(
            selection=made.selection, code="result_objection", opens_at=made.sitting.starts_at,
            closes_at=made.now.replace(year=made.now.year + 1),
        )  # fmt: skip
        yield made


def sign_in(page: Page, live: Live, world: World, user: object) -> None:
    page.context.clear_cookies()
    page.context.add_cookies([world.people.cookie(user, live.url)])


def walk_to(page: Page, goal: Locator) -> None:
    """Press Tab until the focus is on ``goal``; what the keyboard cannot reach fails."""
    for _ in range(120):
        if goal.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {goal}")


def press(page: Page, name: str, *, role: str = "button") -> None:
    """Walk to the button (or link) and press Enter."""
    walk_to(page, page.get_by_role(role, name=name).first)
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    walk_to(page, page.get_by_label(label))
    page.keyboard.type(text)


def compute_and_check(page: Page, live: Live, world: World, audit: Audit) -> str:
    """One computes and may do no more, a second one checks; the address of the run."""
    sign_in(page, live, world, world.people.staff("committee"))
    page.goto(f"{live.url}/hasil/panitia/")
    audit(page, "hasil-tahap")
    press(page, "Hitung peringkat")
    expect(page.get_by_text("Menunggu petugas lain")).to_be_visible()
    expect(page.get_by_role("button", name="Nyatakan sudah diperiksa")).to_have_count(0)
    audit(page, "hasil-peringkat")
    address = page.url
    page.goto(f"{address}beda/")
    audit(page, "hasil-beda")
    page.goto(f"{address}?code=P%2FL")
    expect(page.locator("tr[data-row]")).to_have_count(3)
    press(page, page.locator("tr[data-row] a").first.inner_text(), role="link")
    expect(page.get_by_role("heading", name="Bagaimana kode ini diperoleh")).to_be_visible()
    audit(page, "hasil-baris")
    sign_in(page, live, world, world.people.staff("committee", 2))
    page.goto(address)
    audit(page, "hasil-periksa")
    press(page, "Nyatakan sudah diperiksa")
    expect(page.get_by_role("button", name="Nyatakan sudah diperiksa")).to_have_count(0)
    return address


def approve_and_publish(page: Page, live: Live, world: World, audit: Audit, address: str) -> None:
    """The chair thinks again once, approves, signs and publishes."""
    sign_in(page, live, world, world.people.staff("chair"))
    page.goto(address)
    press(page, "Tolak…")
    expect(page.get_by_role("dialog")).to_be_visible()
    audit(page, "hasil-tolak")
    page.keyboard.press("Escape")
    press(page, "Setujui…")
    expect(page.get_by_role("dialog")).to_contain_text("hasil 5 peserta pada 1 kebutuhan")
    audit(page, "hasil-setujui")
    page.keyboard.press("Escape")
    assert RankingRun.objects.get().state == "checked"
    press(page, "Setujui…")
    press(page, "Ya, setujui")
    expect(page.get_by_label("Nomor pengumuman")).to_be_visible()
    audit(page, "hasil-umumkan")
    write(page, "Nomor pengumuman", "PENG-1/UJI/2026")
    press(page, "Tandatangani dan umumkan")
    expect(page.get_by_text("Sudah diumumkan")).to_be_visible()
    audit(page, "hasil-diumumkan")
    assert Announcement.objects.get().state == "published"


def read_in_public(page: Page, live: Live, audit: Audit, number: str) -> bytes:
    """A visitor reads the list and the announcement, finds a number, and takes the file home."""
    page.goto(f"{live.url}/hasil/")
    audit(page, "hasil-daftar")
    press(page, "Seleksi Kompetensi Dasar", role="link")
    expect(page.get_by_text("Pengumuman resmi dan berlaku")).to_be_visible()
    audit(page, "hasil-pengumuman")
    with page.expect_download() as kept:
        press(page, "Unduh PDF bertanda tangan", role="link")
    page.goto(f"{live.url}/hasil/cek/")
    page.keyboard.press("Tab")
    write(page, "Nomor peserta", number)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("M**** G*****")
    expect(page.locator("main")).not_to_contain_text("Maria")
    audit(page, "hasil-cek")
    page.goto(f"{live.url}/hasil/cek/?number=26-99999999")
    expect(page.get_by_text("Nomor ini belum ada")).to_be_visible()
    audit(page, "hasil-cek-kosong")
    return kept.value.path().read_bytes()


def verify(page: Page, live: Live, audit: Audit, body: bytes) -> None:
    """The file as published, the same with one changed byte, and something that is no PDF."""
    place = body.index(b"stream") + 60
    changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
    for name, content, words in (
        ("asli", body, "Asli dan tidak berubah"),
        ("diubah", changed, "berkas ini telah diubah"),
        ("bukan-pdf", b"GIF89a", "bukan PDF"),
    ):
        page.goto(f"{live.url}/hasil/verifikasi/")
        file = {"name": "pengumuman.pdf", "mimeType": "application/pdf", "buffer": content}
        page.locator("input[type=file]").set_input_files(file)
        press(page, "Periksa")
        expect(page.locator("main")).to_contain_text(words)
        audit(page, f"hasil-verifikasi-{name}")


def object_and_answer(page: Page, live: Live, world: World, audit: Audit, application) -> None:
    """The applicant below the grade objects in the objection phase; the committee answers; the answer is shown."""
    sign_in(page, live, world, application.applicant.user)
    page.goto(f"{live.url}/hasil/saya/")
    audit(page, "hasil-saya")
    press(page, "Ajukan sanggahan", role="link")
    expect(page.get_by_label("Alasan sanggahan")).to_be_visible()
    audit(page, "hasil-sanggah")
    write(page, "Alasan sanggahan", "Nilai TKP saya seharusnya lebih tinggi daripada yang diumumkan.")
    press(page, "Kirim sanggahan")
    expect(page.get_by_text("Sanggahan Anda sedang diperiksa")).to_be_visible()
    audit(page, "hasil-saya-menunggu")
    sign_in(page, live, world, world.people.staff("committee", 3))
    page.goto(f"{live.url}/hasil/panitia/sanggahan/")
    audit(page, "hasil-daftar-sanggahan")
    walk_to(page, page.locator("tr[data-row] a").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Isi sanggahan")).to_be_visible()
    audit(page, "hasil-jawab")
    walk_to(page, page.locator("[name=accepted]").first)
    page.keyboard.press("Space")
    write(page, "Jawaban", "Naskah dinilai ulang; nilainya tetap.")
    press(page, "Kirim jawaban")
    expect(page.get_by_role("button", name="Kirim jawaban")).to_have_count(0)
    audit(page, "hasil-terjawab")
    sign_in(page, live, world, application.applicant.user)
    page.goto(f"{live.url}/hasil/saya/")
    expect(page.locator("main")).to_contain_text("Naskah dinilai ulang; nilainya tetap.")
    audit(page, "hasil-saya-terjawab")


def test_before_anything_is_published_every_page_says_what_comes_next(live, people, browser_page, audit) -> None:
    browser_page.goto(f"{live.url}/hasil/verifikasi/")
    audit(browser_page, "hasil-verifikasi")
    auditor = people.staff("auditor", 8)
    browser_page.context.add_cookies([people.cookie(auditor, live.url)])
    for name in ("panitia/sanggahan", "cek"):
        browser_page.goto(f"{live.url}/hasil/{name}/")
        audit(browser_page, f"hasil-awal-{name.replace('/', '-')}")


def test_from_the_closed_hall_to_the_answered_objection(live, world, browser_page, audit) -> None:
    page, low = browser_page, [*world.outcomes][3]
    address = compute_and_check(page, live, world, audit)
    approve_and_publish(page, live, world, audit, address)
    page.context.clear_cookies()
    verify(page, live, audit, read_in_public(page, live, audit, low.number))
    object_and_answer(page, live, world, audit, low)
