"""The whole road in a real browser: sign-up, verification, card, check-in, 110 items, score, ranking, signed PDF."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from core import clock
from core.models import User
from deploy import drawn
from deploy.demo import bank, places, selection
from registration.models import Application, Formation, Selection
from tests.people import People, nik

pytestmark = [pytest.mark.browser, pytest.mark.live]
TEAM = (
    "operator", "writer", "reviewer", "approver", "custodian", "verifier", "supervisor", "committee", "proctor",
    "coordinator", "chair",
)  # fmt: skip


@pytest.fixture(scope="module")
def people(live) -> Iterator[People]:
    """The people of this module's installation."""
    with override_settings(PASSWORD_HASHERS=["tests.people.QuickArgon2"]):
        yield People()


@pytest.fixture
def team(people: People) -> dict[str, User]:
    """Officers by the names of the demo."""
    officers = {role: people.staff(role) for role in TEAM}
    return officers | {"custodian2": people.staff("custodian", 2), "committee2": people.staff("committee", 2)}


@pytest.fixture
def national(live, team, keyring_of) -> Selection:
    """The demo's selection, bank and places, made by this team; seating and cards are done by the jobs process."""
    live.start("jobs")
    with keyring_of("web"):
        places.build(team, clock.now())
        bank.fill(team, clock.now())
        return selection.found(team, clock.now())


class Road:
    """The people of the journey, each in a browser of their own."""

    def __init__(self, live, people: People, team: dict[str, User], new_page: Callable[..., Page]) -> None:
        self.live, self.people, self.team, self.new_page = live, people, team, new_page

    def desk(self, role: str) -> Page:
        """A signed-in officer's page."""
        page = self.new_page()
        page.context.add_cookies([self.people.cookie(self.team[role], self.live.url)])
        return page

    def go(self, page: Page, path: str) -> Page:
        page.goto(self.live.url + path)
        return page


@pytest.fixture
def road(live, people, team, new_page) -> Road:
    """The journey's browsers."""
    return Road(live, people, team, new_page)


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name).first.click()


def sign_up(road: Road, page: Page, which: int) -> None:
    """From the front door to an account, one short page after another."""
    road.go(page, "/daftar/")
    page.locator("[name=nik]").fill(nik(which))
    page.locator("[name=family_card]").fill(f"317101150398{which:04}")
    page.locator("[name=full_name]").fill("Siti Aminah")
    press(page, "Lanjut")
    page.locator("[name=birth_place]").fill("Jakarta")
    page.locator("[name=birth_date_0]").fill("15")
    page.locator("[name=birth_date_1]").select_option("3")
    page.locator("[name=birth_date_2]").fill("1998")
    page.locator("[name=sex][value=P]").check()
    press(page, "Lanjut")
    page.locator("[name=phone]").fill("081234567890")
    page.locator("[name=email]").fill("siti@uji.invalid")
    press(page, "Lanjut")
    page.locator("[name=password]").fill("rumah-biru-di-tepi-kali")
    page.locator("[name=password_again]").fill("rumah-biru-di-tepi-kali")
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(r"/lamaran/$"))


def apply(road: Road, page: Page, formation: Formation) -> None:
    """One formation, the documents, a centre, both consents, submitted."""
    road.go(page, f"/formasi/{formation.selection.code}/{formation.external_id}/")
    page.locator("[name=education]").first.select_option(index=1)
    press(page, "Pilih formasi ini")
    page.locator("[name=institution]").fill("Universitas Contoh")
    page.locator("[name=gpa]").fill("3,57")
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(r"/lamaran/dokumen/"))
    for kind in formation.selection.document_kinds:
        body, media = (
            (drawn.portrait(1), "image/jpeg")
            if kind == "photo"
            else (drawn.paper(kind), "application/pdf")
        )
        row = page.locator(f"#dokumen-{kind}")
        row.locator("input[type=file]").set_input_files({"name": "berkas", "mimeType": media, "buffer": body})
        expect(row).to_contain_text("Sudah ada")  # a file is sent as soon as it is chosen
    road.go(page, "/lamaran/lokasi/")
    page.get_by_label("Kantor Pusat BKN Demo").check()
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(r"/lamaran/periksa/"))
    page.locator("[name=statement]").check()
    page.locator("[name=privacy]").check()
    _submit(page)
    expect(page).to_have_url(re.compile(r"/lamaran/$"))


def _submit(page: Page) -> None:
    """Press send, and once more in the dialog that asks."""
    page.locator("main").get_by_role("button", name=re.compile("Kirim")).first.click()
    dialog = page.locator("dialog[open]")
    if dialog.count():
        dialog.get_by_role("button", name=re.compile("Kirim|Ya")).first.click()


def verify(road: Road, reference: str) -> None:
    """One officer proposes MS, another confirms."""
    page = road.go(road.desk("verifier"), f"/meja/verifikasi/{reference}/")
    page.locator("[name=verdict][value=MS]").check()
    page.locator("form[action*='/usul/'] button[type=submit]").first.click()
    page = road.go(road.desk("supervisor"), f"/meja/verifikasi/{reference}/")
    page.locator("form[action*='/kukuhkan/'] button[type=submit]").first.click()
    expect(page.locator("body")).to_be_visible()


def schedule(road: Road, national: Selection) -> None:
    """The committee opens scheduling, makes a sitting, seats everybody, issues cards, prepares the exam."""
    page = road.desk("committee")
    road.go(page, f"/meja/seleksi/{national.code}/")
    page.on("dialog", lambda dialog: dialog.accept())
    for phase in ("objection", "scheduling"):  # each is the next one in its turn
        _act(page, f"/meja/seleksi/{national.code}/fase/{phase}/buka/")
        road.go(page, f"/meja/seleksi/{national.code}/")
    road.go(page, f"/meja/seleksi/{national.code}/sesi/baru/")
    start = clock.now() + timedelta(hours=30)
    page.locator("[name=stage]").select_option(label=national.stages.get(code="SKD").name)
    page.locator("[name=room]").select_option(index=1)
    page.locator("[name=date]").fill(f"{start:%Y-%m-%d}")
    page.locator("[name=time]").fill("10:30")
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(r"/meja/sesi/[a-z0-9]+/$"))
    sitting = page.url.rstrip("/").rsplit("/", 1)[1]
    road.go(page, f"/meja/seleksi/{national.code}/jadwal/")
    _act(page, f"/meja/seleksi/{national.code}/jadwal/SKD/")
    expect(page.get_by_text("Penjadwalan selesai")).to_be_visible()
    road.go(page, f"/meja/seleksi/{national.code}/jadwal/")
    _act(page, f"/meja/seleksi/{national.code}/kartu/SKD/")
    expect(page.get_by_text("Kartu terbit", exact=True)).to_be_visible()
    road.go(page, f"/ujian/siapkan/{sitting}/")
    press(page, "Siapkan dan periksa")
    expect(page).to_have_url(re.compile(r"/ujian/siapkan/$"))


def _act(page: Page, action: str) -> None:
    """Send the form of an act, through its confirmation where there is one."""
    form = page.locator(f"form[action='{action}']").first
    holder = page.locator("dialog").filter(has=page.locator(f"form[action='{action}']"))
    if holder.count() and not form.is_visible():
        page.locator(f"[data-open-dialog='{holder.first.get_attribute('id')}']").first.click()
    with page.expect_navigation():
        form.locator("button[type=submit], button:not([type])").first.click()


def check_in(road: Road, exam: str, card: str) -> str:
    """The proctor opens the room, reads the card, sees the person; the PIN."""
    page = road.go(road.desk("proctor"), f"/ruang/{exam}/buka/")
    page.locator("main form button[type=submit]").last.click()
    road.go(page, f"/ruang/{exam}/registrasi/")
    page.locator("[name=number]").fill(card)
    page.locator("main form button[type=submit]").first.click()
    page.locator("[name=identity_document][value=ktp], [name=identity_document]").first.check()
    page.locator("main form button[type=submit]").last.click()
    return page.locator("[data-pin]").inner_text().replace(" ", "")


def enter(road: Road, card: str, pin: str, enrolment: str) -> Page:
    """A PC of the room: enrolled by code, card and PIN, paper fetched, oath taken."""
    page = road.new_page()
    road.go(page, "/komputer/")
    page.locator("[name=code]").fill(enrolment)
    page.locator("main form button[type=submit]").first.click()
    road.go(page, "/ujian/")
    page.get_by_label("Nomor kartu ujian").fill(card)
    page.get_by_label("PIN").fill(pin)
    page.get_by_role("button", name="Masuk").click()
    expect(page.locator("#check-bundle")).to_have_attribute("data-state", "ok")
    page.get_by_label("Saya sudah membaca").check()
    page.get_by_role("button", name="Nyatakan setuju").click()
    expect(page.locator("#check-oath")).to_have_attribute("data-state", "ok")
    return page


def sit(page: Page, screenshot: Callable[[Page, str], object]) -> None:
    """Answer 110 items, review, finish; the score is on the screen."""
    for number in range(1, 111):
        expect(page.locator("#where")).to_have_text(re.compile(rf"Soal {number} dari 110"))
        page.locator(".option").nth(number % 5).click()
        if number == 40:
            expect(page.locator("#saving")).to_have_text(re.compile(r"^tersimpan "))
            screenshot(page, "road-hall-1366")
        if number < 110:
            page.get_by_role("button", name="Simpan dan Lanjutkan").click()
    expect(page.locator("#saving")).to_have_text(re.compile(r"^tersimpan "))
    page.get_by_role("button", name="Selesai Ujian").click()
    page.get_by_role("button", name="Akhiri ujian").click()
    page.get_by_role("button", name="Ya, akhiri ujian").click()


def operator_code(road: Road, room: int) -> str:
    """One enrolment code for a PC of the room."""
    page = road.go(road.desk("operator"), f"/ruang-ujian/{room}/komputer/")
    page.locator("[name=label_start]").fill("P-")
    page.locator("[name=first]").fill("1")
    page.locator("[name=count]").fill("1")
    with page.expect_navigation():
        page.locator("form:has([name=label_start]) button[type=submit]").click()
    found = re.search(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b", page.locator("main").inner_text())
    assert found, "no enrolment code on the page"
    return found[0]


def announce(road: Road, national: Selection) -> tuple[str, bytes]:
    """Computed by one, checked by a second, approved and published by the chair; the page and the signed file."""
    stage = national.stages.get(code="SKD").pk
    page = road.go(road.desk("committee"), "/hasil/panitia/")
    page.locator(f"form[action='/hasil/panitia/tahap/{stage}/hitung/'] button").click()
    expect(page).to_have_url(re.compile(r"/hasil/panitia/[a-z0-9]{16}/$"))
    run = page.url.removeprefix(road.live.url)
    _act(road.go(road.desk("committee2"), run), f"{run}periksa/")
    chair = road.go(road.desk("chair"), run)
    _act(chair, f"{run}setujui/")
    chair.locator("[name=number]").fill("PENG-1/UJI/2026")
    with chair.expect_navigation():
        chair.locator(f"form[action='{run}umumkan/'] button[type=submit]").click()
    chair.locator("main a[href*='/hasil/p/']").first.click()
    with chair.expect_download() as saved:
        chair.get_by_role("link", name="Unduh PDF bertanda tangan").click()
    return chair.url, saved.value.path().read_bytes()


def judge(road: Road, body: bytes) -> str:
    """What the public page says of a PDF."""
    page = road.go(road.new_page(), "/hasil/verifikasi/")
    page.locator("[name=file]").set_input_files({"name": "p.pdf", "mimeType": "application/pdf", "buffer": body})
    page.locator("main form button[type=submit]").first.click()
    return page.locator("main").inner_text()


def test_one_candidate_from_sign_up_to_a_verified_announcement(live, road, national, new_page, screenshot):
    formation = Formation.objects.filter(selection=national, need__code="UMUM").order_by("pk").first()
    applicant = new_page(width=360, height=740)
    sign_up(road, applicant, 77)
    apply(road, applicant, formation)
    screenshot(applicant, "road-submitted-360")
    application = Application.objects.get(selection=national)
    verify(road, application.reference)
    schedule(road, national)
    road.go(applicant, "/lamaran/kartu/")
    screenshot(applicant, "road-card-360")
    attempt = application.attempts.get()
    assert re.sub(r"\D", "", applicant.locator("main").inner_text()).find(attempt.card_number) >= 0
    with applicant.expect_download() as card:
        applicant.locator("main a[href$='.pdf']").first.click()
    assert card.value.path().read_bytes().startswith(b"%PDF-")

    exam = attempt.exam.reference
    pin = check_in(road, exam, attempt.card_number)
    code = operator_code(road, attempt.exam.sitting.room_id)
    computer = enter(road, attempt.card_number, pin, code)
    proctor = road.go(road.desk("proctor"), f"/ruang/{exam}/mulai/")
    proctor.locator("main form button[type=submit]").last.click()
    sit(computer, screenshot)
    expect(computer.get_by_role("heading", name="Nilai Anda")).to_be_visible(timeout=30_000)
    live.wait_for("SELECT 1 FROM cat_exam_scoresheet")
    (sheet,) = attempt.sheets.all()
    expect(computer.locator("body")).to_contain_text(str(sheet.total), timeout=30_000)
    screenshot(computer, "road-score-1366")
    assert live.sql("SELECT count(*) FROM cat_exam_journalline WHERE kind = 3") == [(110,)]

    road.go(proctor, f"/ruang/{exam}/tutup/")
    proctor.locator("main form button[type=submit]").last.click()
    expect(proctor.locator("body")).to_contain_text("disegel")
    address, body = announce(road, national)
    assert "Asli dan tidak berubah" in judge(road, body)
    changed = bytearray(body)
    place = body.index(b"stream") + 40
    changed[place] ^= 1
    assert "Tidak sah" in judge(road, bytes(changed)) or "rusak" in judge(road, bytes(changed))
    visitor = road.go(
        new_page(width=360, height=740), f"/hasil/cek/?number={application.__class__.objects.get().number}"
    )
    expect(visitor.locator("main")).to_contain_text("S*** A*****")
    screenshot(visitor, "road-result-360")
    assert address.startswith(live.url)
