"""The desk in a real browser: a walk by keyboard from set-up to card, at a desk's width and on a phone."""

from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import override_settings
from django.urls import reverse
from PIL import Image

from registration.models import Application, Document, ExamCard, Phase, Verification
from tests.registration.desk.conftest import World

LIVE = ("web",)  # who scores and sweeps is not asked here
pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.fixture
def walk(live, people):
    """A world in the running installation; its media folder is the server's, its jobs process runs."""
    if "jobs" not in live.running:
        live.start("jobs")
    with override_settings(MEDIA_ROOT=live.site.media):
        yield World(people)


def document(world, application, kind, content, media_type):
    suffix = "pdf" if media_type == "application/pdf" else "jpg"
    path = default_storage.save(f"documents/{application.pk}/{kind}.{suffix}", ContentFile(content))
    Document.objects.create(
        application=application, kind=kind, path=path, media_type=media_type, size=len(content), sha256="0" * 64,
        uploaded_at=world.now,
    )  # fmt: skip


def with_documents(world, **kwargs):
    """A submitted application with a diploma (PDF) and a photo (JPEG)."""
    application = world.application("draft", **kwargs)
    paper = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(paper)
    picture = BytesIO()
    Image.new("RGB", (300, 400), "#b03030").save(picture, "JPEG")
    document(world, application, "diploma", paper.getvalue(), "application/pdf")
    document(world, application, "photo", picture.getvalue(), "image/jpeg")
    Application.objects.filter(pk=application.pk).update(state="submitted")
    application.refresh_from_db()
    return application


def enter(page, world, live, user):
    page.context.clear_cookies()
    page.context.add_cookies([world.people.cookie(user, live.url)])


def told(page, text):
    """The notice of the last step; what earlier ones said stands in the log of this tab, folded away."""
    page.locator("#toasts").get_by_text(text).wait_for()


def shows_documents(page, url):
    """The frame and the picture load under the content security policy of both pages."""
    with page.expect_response(lambda answer: "/meja/berkas/" in answer.url) as shown:
        page.goto(url + "?dokumen=diploma")
    assert shown.value.status == 200
    assert shown.value.headers["content-type"] == "application/pdf"
    assert "frame-ancestors 'self'" in shown.value.headers["content-security-policy"]
    page.goto(url + "?dokumen=photo")
    assert page.locator("img.evidence").evaluate("image => image.naturalWidth") == 300


def test_the_walk_from_the_first_phase_to_the_card(live, walk, new_page, audit, screenshot):
    world = walk
    world.phase("exam", opens=30, closes=9000)
    first = with_documents(world, name="Ayu Lestari")
    with_documents(world, name="Bima Sakti", formation=2)
    desk = new_page()

    def look(url, name, who):
        enter(desk, world, live, who)
        desk.goto(live.url + url)
        audit(desk, f"meja-{name}")

    committee = world.people.staff("committee")
    look(reverse("registration:desk_selections"), "seleksi", committee)
    look(reverse("registration:desk_selection", args=["cpns-2026"]), "satu-seleksi", committee)
    look(reverse("registration:desk_selection_new"), "seleksi-baru", committee)
    look(reverse("registration:desk_rulesets"), "aturan", committee)
    look(reverse("registration:desk_phase", args=["cpns-2026", "exam"]), "fase", committee)
    look(reverse("registration:desk_stage_new", args=["cpns-2026"]), "tahap-baru", committee)

    # Open the next phase now, with confirmation.
    enter(desk, world, live, committee)
    desk.goto(live.url + reverse("registration:desk_selection", args=["cpns-2026"]))
    desk.get_by_role("button", name="Buka fase berikutnya sekarang").click()
    screenshot(desk, "meja-buka-fase")
    desk.get_by_role("button", name="Buka sekarang").click()
    told(desk, "Fase Pelaksanaan ujian dibuka.")
    assert Phase.objects.get(selection=world.selection, code="exam").opens_at > world.now

    # A sitting, typed in the centre's own time.
    desk.goto(live.url + reverse("registration:desk_sitting_new", args=["cpns-2026"]))
    audit(desk, "meja-sesi-baru")
    desk.get_by_label("Ruang").select_option(index=1)
    desk.get_by_label("Tanggal").fill((world.now + timedelta(days=30)).date().isoformat())
    desk.get_by_label("Mulai pukul").fill("08:00")
    desk.get_by_role("button", name="Simpan").click()
    told(desk, "Sesi tersimpan")
    world.sitting()

    # The verifier, by keyboard alone: j, Enter, m, s, then t, 6, s.
    verifier = world.people.staff("verifier")
    look(reverse("registration:desk_queue"), "antrean", verifier)
    look(reverse("registration:desk_application", args=[first.reference]), "berkas", verifier)
    enter(desk, world, live, verifier)
    shows_documents(desk, live.url + reverse("registration:desk_application", args=[first.reference]))
    desk.goto(live.url + reverse("registration:desk_queue"))
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    desk.get_by_role("heading", name="Ayu Lestari").wait_for()
    desk.keyboard.press("m")
    desk.keyboard.press("s")
    desk.get_by_role("heading", name="Bima Sakti").wait_for()
    desk.keyboard.press("t")
    desk.keyboard.press("6")
    screenshot(desk, "meja-tms")
    desk.keyboard.press("s")
    told(desk, "Usulan TMS untuk Bima Sakti tersimpan")
    assert dict(Verification.objects.values_list("application__applicant__full_name", "verdict")) == {
        "Ayu Lestari": "MS", "Bima Sakti": "TMS",
    }  # fmt: skip
    assert Verification.objects.get(verdict="TMS").reasons == ["gpa"]

    # The supervisor, by keyboard: y confirms and goes on.
    supervisor = world.people.staff("supervisor")
    look(reverse("registration:desk_application", args=[first.reference]), "usulan", supervisor)
    enter(desk, world, live, supervisor)
    desk.goto(live.url + reverse("registration:desk_application", args=[first.reference]))
    desk.keyboard.press("y")
    desk.get_by_role("heading", name="Bima Sakti").wait_for()
    desk.keyboard.press("y")
    told(desk, "Bima Sakti: TMS dikukuhkan")
    assert sorted(Application.objects.values_list("state", flat=True)) == ["verified_not_ok", "verified_ok"]

    # The committee seats and issues.
    schedule = reverse("registration:desk_schedule", args=["cpns-2026"])
    look(schedule, "jadwal", committee)
    enter(desk, world, live, committee)
    desk.goto(live.url + schedule)
    desk.get_by_role("button", name="Jadwalkan 1 peserta").first.click()
    desk.get_by_text("Penjadwalan selesai").wait_for()  # the page of the work asks for its result by itself
    look(desk.url.removeprefix(live.url), "pekerjaan", committee)
    enter(desk, world, live, committee)
    desk.goto(live.url + schedule)
    screenshot(desk, "meja-terjadwal")
    desk.get_by_role("button", name="Terbitkan 1 kartu").first.click()
    desk.get_by_role("dialog").get_by_role("button", name="Terbitkan 1 kartu").click()
    desk.get_by_text("1 kartu diterbitkan.").first.wait_for()
    card = ExamCard.objects.get()
    look(reverse("registration:desk_sitting", args=[card.seat.sitting.reference]), "sesi", committee)
    look(reverse("registration:desk_sittings", args=["cpns-2026"]), "daftar-sesi", committee)

    # The applicant opens the card; the other one objects.
    look(reverse("registration:cards"), "kartu", first.applicant.user)
    with desk.expect_download() as kept:
        enter(desk, world, live, first.applicant.user)
        desk.goto(live.url + reverse("registration:cards"))
        desk.get_by_role("link", name="Unduh kartu").click()
    with pikepdf.open(kept.value.path()) as pdf:
        assert len(pdf.pages) == 1
    other = Application.objects.get(state="verified_not_ok")
    look(reverse("registration:objection"), "sanggah", other.applicant.user)
    phone = new_page(width=360, height=740)
    enter(phone, world, live, other.applicant.user)
    phone.goto(live.url + reverse("registration:objection"))
    phone.get_by_role("textbox").fill("IPK saya 3,50 sesuai dengan transkrip yang saya unggah.")
    phone.get_by_role("button", name="Kirim sanggah").click()
    told(phone, "Sanggah Anda terkirim")
    look(reverse("registration:desk_objections"), "daftar-sanggah", world.people.staff("supervisor", 2))
    third = world.people.staff("supervisor", 2)
    look(reverse("registration:desk_objection", args=[other.reference]), "satu-sanggah", third)
