"""The style page and the sign-in pages in a real browser: nothing for axe to find, no sideways scrolling."""

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.tokens import default_token_generator
from django.test import override_settings
from django.urls import reverse
from django.utils.http import urlsafe_base64_encode

from core import actions, clock
from tests.fixtures.browsers import DESK
from tests.people import PASSWORD, People

LIVE = ("web",)  # who scores and sweeps is not asked here
pytestmark = [pytest.mark.browser, pytest.mark.live]
PAGES = ["/", "/gaya", "/masuk/", "/masuk/petugas/", "/pulihkan/", "/pulihkan/terkirim/", "/kunci/", "/komputer/",
         "/tidak-ada/"]  # fmt: skip


@pytest.fixture(scope="module")
def town(live) -> Iterator[People]:
    """People who stay for the whole module, as its database does."""
    with override_settings(PASSWORD_HASHERS=["tests.people.QuickArgon2"]):
        yield People()


@pytest.mark.parametrize("path", PAGES)
def test_public_page_is_accessible_and_fits_the_screen(live, browser_page, audit, path):
    browser_page.goto(live.url + path)
    audit(browser_page, f"core{path.replace('/', '-')}")


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_style_page_keeps_its_contrast_in_dark_and_light(live, new_page, audit, scheme):
    page = new_page(color_scheme=scheme)
    page.goto(live.url + "/gaya")
    audit(page, f"core-gaya-{scheme}", sizes=[DESK])


def test_a_dialog_opens_and_closes_by_keyboard(live, browser_page):
    browser_page.goto(live.url + "/gaya")
    opener = browser_page.get_by_role("button", name="Buka dialog")
    opener.focus()
    browser_page.keyboard.press("Enter")
    assert browser_page.get_by_role("dialog").is_visible()
    browser_page.keyboard.press("Escape")
    assert not browser_page.locator("#contoh-dialog").is_visible()


def test_one_box_selects_every_row_and_the_bar_counts(live, browser_page):
    browser_page.goto(live.url + "/gaya")
    browser_page.get_by_label("Pilih semua baris").check()
    assert browser_page.locator("[data-bulk-count]").inner_text() == "3 dipilih"


def test_english_is_one_button_away(live, browser_page):
    browser_page.goto(live.url + "/masuk/")
    browser_page.get_by_role("button", name="English").click()
    assert browser_page.locator("html").get_attribute("lang") == "en"
    assert browser_page.get_by_role("heading", level=1).inner_text() == "Sign in"


def test_desk_pages_are_accessible_and_fit_the_screen(live, town, new_page, audit):
    operator, auditor, proctor = town.staff("operator"), town.staff("auditor"), town.staff("proctor")
    asked = actions.create_staff_user(
        email="baru@uji.invalid", full_name="Petugas Baru", password=PASSWORD, by=operator, now=clock.now()
    )
    actions.grant_role(user=asked, role="verifier", by=town.staff("operator", 2), now=clock.now())
    centre = actions.save_centre(
        code="T1", name="Kantor Regional XIV BKN", address="Jl. Uji 1", city="Manokwari", zone="Asia/Jayapura",
        by=operator, now=clock.now(),
    )  # fmt: skip
    room = actions.save_room(centre=centre, code="R1", name="Ruang 1", capacity=40, by=operator, now=clock.now())
    actions.enrol_station(room=room, label="B-01", by=operator, now=clock.now())
    pages = {
        operator: ["/meja/", "/petugas/", "/petugas/baru/", f"/petugas/{proctor.pk}/",
                   f"/petugas/{proctor.pk}/kata-sandi/", "/peran/", "/peran/baru/", "/instansi/",
                   "/instansi/baru/", "/lokasi/", "/lokasi/baru/", f"/lokasi/{centre.pk}/ruang/",
                   f"/lokasi/{centre.pk}/ruang/baru/",
                   f"/lokasi/{centre.pk}/ruang/{room.pk}/", f"/ruang-ujian/{room.pk}/komputer/",
                   f"/ruang-ujian/{room.pk}/komputer/ini/",
                   "/masuk/kode-cadangan/"],
        auditor: ["/jejak/"],
    }  # fmt: skip
    for person, paths in pages.items():
        page = new_page()
        page.context.add_cookies([town.cookie(person, live.url)])
        for path in paths:
            answer = page.goto(live.url + path)
            assert answer.status == 200, path
            audit(page, f"core-desk{re.sub('[^a-z]+', '-', path)}")


def test_an_applicants_home_shows_the_one_next_thing(live, town, new_page, audit):
    page = new_page(width=360, height=740)
    page.context.add_cookies([town.cookie(town.applicant(), live.url)])
    page.goto(live.url + "/")
    assert page.get_by_role("heading", level=1).inner_text() == "Langkah saya"
    audit(page, "core-applicant-home")
    page.get_by_role("button", name="Keluar").click()
    assert page.get_by_text("Anda sudah keluar").is_visible()


def test_a_new_password_by_the_mailed_link_which_works_once(live, town, browser_page, audit):
    applicant, page = town.applicant(2), browser_page
    key = urlsafe_base64_encode(str(applicant.pk).encode())
    link = live.url + reverse("core:recover_set", args=[key, default_token_generator.make_token(applicant)])
    page.goto(link)
    audit(page, "core-pulihkan-sandi")
    page.get_by_label("Kata sandi baru", exact=True).fill("tujuh gajah menari di ladang")
    page.get_by_label("Tulis sekali lagi").fill("tujuh gajah menari di ladang")
    page.get_by_role("button", name="Simpan kata sandi").click()
    page.get_by_text("Kata sandi baru sudah berlaku").first.wait_for()
    page.goto(link)
    audit(page, "core-pulihkan-mati")


def test_staff_signs_in_with_a_phone_in_a_real_browser(live, town, browser_page, audit):
    operator = town.staff("operator", 3)
    page = browser_page
    page.goto(live.url + "/petugas/")
    page.get_by_label("E-mail").fill(operator.email)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Lanjutkan").click()
    audit(page, "core-second-factor-enrol")
    seed = page.locator(".qr figcaption").inner_text().replace(" ", "")
    page.get_by_role("textbox", name="Kode").fill("000000")
    page.get_by_role("button", name="Pasang").click()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_role("textbox", name="Kode").fill(format_hotp_value(hotp_value(seed, int(time.time()) // 30)))
    page.get_by_role("button", name="Pasang").click()
    audit(page, "core-recovery-codes")
    page.get_by_role("link", name="Sudah saya simpan, lanjutkan").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Petugas"
