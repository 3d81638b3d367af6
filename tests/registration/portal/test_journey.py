"""One applicant from sign-up to a frozen application, page by page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.models import TrailEntry, User
from registration.models import Applicant, Application, Formation
from registration.rules.numbers import grouped
from tests.people import PASSWORD, nik
from tests.registration.portal.conftest import KINDS, jpeg, pdf

pytestmark = pytest.mark.django_db

PAGES = {
    "identitas": {"nik": nik(7), "family_card": "3171011503980007", "full_name": "Sri Wahyuni"},
    "kelahiran": {
        "birth_place": "Jakarta", "birth_date_0": "15", "birth_date_1": "3", "birth_date_2": "1998", "sex": "P",
    },
    "kontak": {"phone": "0812 3456 7890", "email": "sri@uji.invalid"},
    "akun": {"password": PASSWORD, "password_again": PASSWORD},
}


def send(client: Client, code: str, step: str, **changes):
    return client.post(f"/daftar/{code}/{step}/", PAGES[step] | changes)


def test_sign_up_to_submission(catalogue, centre, people):
    client = Client()
    assert client.get("/daftar/").url == f"/daftar/{catalogue.code}/identitas/"
    for step, following in zip(PAGES, [*list(PAGES)[1:], None], strict=True):
        assert client.get(f"/daftar/{catalogue.code}/{step}/").status_code == 200
        answer = send(client, catalogue.code, step)
        assert answer.status_code == 302, answer.context["form"].errors
        assert answer.url == (f"/daftar/{catalogue.code}/{following}/" if following else "/lamaran/")
    applicant = Applicant.objects.get()
    assert applicant.population_check == "not_checked"
    assert b"3171" not in bytes(applicant.nik_cipher)
    assert client.get("/").status_code == 200
    formation = Formation.objects.filter(position="AUDITOR AHLI PERTAMA", need__code="UMUM").first()
    page = f"/formasi/{catalogue.code}/{formation.external_id}/"
    assert "Pilih formasi ini" in client.get(page).text
    education = formation.educations.first()
    assert client.post(f"{page}pilih/", {"education": education.pk}).url == "/lamaran/data/"
    answer = client.post("/lamaran/data/", {"institution": "Universitas Uji", "gpa": "3,45"})
    assert answer.url == "/lamaran/dokumen/"
    for kind in KINDS:
        content = jpeg() if kind == "photo" else pdf(2)
        answer = client.post(f"/lamaran/dokumen/{kind}/", {"file": SimpleUploadedFile("apa saja.bin", content)})
        assert answer.status_code == 302, answer.headers.get("X-Reason")
    assert client.post("/lamaran/lokasi/", {"centre": centre.pk}).url == "/lamaran/periksa/"
    assert client.post("/lamaran/periksa/", {"statement": "on"}).status_code == 422
    assert client.post("/lamaran/periksa/", {"statement": "on", "privacy": "on"}).url == "/lamaran/"
    application = Application.objects.get()
    assert application.state == "submitted"
    page = client.get("/lamaran/").text
    assert grouped(application.registration_number) in page
    assert "Lamaran dikirim" in page
    trail = TrailEntry.objects.filter(thing_id=str(application.pk)).order_by("at")
    verbs = list(trail.values_list("verb", flat=True))
    assert verbs[-1] == "registration.application_submitted"
    assert client.post("/lamaran/data/", {"institution": "Lain", "gpa": "4,00"}).status_code == 422
    assert User.objects.filter(kind="applicant").count() == 1
