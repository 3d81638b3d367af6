"""Who may enter which page of this side, asked of everybody; the committee's import page; every page in English."""

import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.models import TrailEntry
from registration.models import Formation
from tests.people import EVERYBODY
from tests.registration.portal.conftest import DEMO, enter, fill
from tests.registration.portal.test_import import demo_rows, workbook

pytestmark = pytest.mark.django_db

PUBLIC = ["/daftar/", "/formasi/", "/formasi/prodi/"]
APPLICANT = [
    "/lamaran/", "/lamaran/data/", "/lamaran/dokumen/", "/lamaran/lokasi/", "/lamaran/periksa/", "/lamaran/mundur/",
    "/lamaran/resume.pdf",
]
COMMITTEE = ["/meja/katalog/"]


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_page_lets_in_only_those_it_is_for(catalogue, people, who):
    client = people.client(people.who(who))
    for url in APPLICANT:
        expected = {"visitor": {302}, "applicant": {200, 404}}.get(who, {403})
        assert client.get(url).status_code in expected, url
        if url not in {"/lamaran/resume.pdf", "/lamaran/"}:
            expected = {"visitor": {302}, "applicant": {404, 405}}.get(who, {403})
            assert client.post(url, {}).status_code in expected, url
    for url in COMMITTEE:
        expected = 302 if who == "visitor" else 200 if who in {"committee", "chair"} else 403
        assert client.get(url).status_code == expected, url
    for url in PUBLIC[1:]:
        assert client.get(url).status_code == 200, url
    assert client.get("/daftar/").status_code == (302 if who in {"visitor", "applicant"} else 403)
    formation = Formation.objects.first()
    url = f"/formasi/{catalogue.code}/{formation.external_id}/"
    assert client.get(url).status_code == 200
    expected = {"visitor": 302, "applicant": 404}.get(who, 403)
    assert client.post(f"{url}pilih/", {"education": formation.educations.first().pk}).status_code == expected


def test_an_applicant_sees_only_the_own_application(catalogue, centre, people):
    mine, other = enter(catalogue), enter(catalogue, 2)
    fill(mine, centre)
    page = people.client(other.applicant.user).get("/lamaran/")
    assert page.context["application"].pk == other.pk
    assert "Universitas Uji" not in page.text


def upload(client: Client, selection, content: bytes, **extra):
    file = SimpleUploadedFile("katalog.xlsx", content)
    return client.post("/meja/katalog/", {"seleksi": selection.code, "file": file, **extra})


def test_a_committee_member_imports_a_catalogue_in_the_page(selection, people):
    member = people.staff("committee")
    page = upload(people.client(member), selection, DEMO.read_bytes())
    assert page.status_code == 200
    assert page.context["report"].added == Formation.objects.count() == 64
    assert TrailEntry.objects.get(verb="registration.catalogue_imported").actor == member
    page = upload(people.client(member), selection, DEMO.read_bytes())
    assert (page.context["report"].added, page.context["report"].unchanged) == (0, 64)


def test_the_import_page_lists_wrong_rows_and_gives_them_as_csv(selection, people):
    rows = demo_rows()
    rows[5][3] = "UMUM KHUSUS"
    client = people.client(people.staff("chair"))
    page = upload(client, selection, workbook(rows))
    assert page.status_code == 422
    assert "UMUM KHUSUS" in page.text
    assert "Jenis kebutuhan ini tidak ada" in page.text
    assert not Formation.objects.exists()
    listed = upload(client, selection, workbook(rows), unduh="csv")
    assert listed["Content-Type"].startswith("text/csv")
    assert listed.text.splitlines()[1].startswith("7,formasi_nm,")


def test_the_import_page_refuses_what_is_no_workbook(selection, people):
    page = upload(people.client(people.staff("committee")), selection, b"bukan xlsx")
    assert page.status_code == 422
    assert "bukan XLSX yang utuh" in page.text


def test_checking_a_right_file_writes_nothing(selection, people):
    answer = upload(people.client(people.staff("committee")), selection, DEMO.read_bytes(), unduh="csv")
    assert answer.status_code == 302
    assert not Formation.objects.exists()


#: Words that only an Indonesian page would hold.
INDONESIAN = re.compile(r"\b(Anda|dan|yang|tidak|Pilih|Unggah|Simpan|Kirim|Lamaran|Kembali|Langkah|formasi)\b")
#: What stays Indonesian on an English page: names out of the data, and words of the law the committee wrote.
DATA = re.compile(
    r"Seleksi [\w-]+|Data saya benar\.|Data dipakai untuk seleksi ini saja\.|Badan Riset dan Inovasi Nasional"
)


def test_every_page_is_english_when_english_is_chosen(catalogue, centre, people):
    mine = enter(catalogue)
    client = people.client(mine.applicant.user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    formation = Formation.objects.get(need__code="KALIMANTAN", position__startswith="PRANATA KOMPUTER TERAMPIL")
    pages = [
        "/formasi/?kata=auditor", "/formasi/?kata=tiada", f"/formasi/{catalogue.code}/{formation.external_id}/",
        *APPLICANT,
    ]
    for url in pages:
        assert_english(client.get(url).text, url)
    fill(mine, centre)
    for url in pages:
        if not url.endswith(".pdf"):
            assert_english(client.get(url).text, url)
    visitor = Client()
    visitor.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    first = f"/daftar/{catalogue.code}/identitas/"
    assert_english(visitor.get(first).text, "identitas")
    assert_english(visitor.post(first, {"nik": "1", "family_card": "x"}).text, "wrong")
    officer = people.client(people.staff("committee"))
    officer.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = officer.get("/meja/katalog/").text
    assert_english(page[page.index("<main"):], "katalog")


def assert_english(page: str, url: str) -> None:
    body = re.sub(r"<(script|style|title|select|datalist)\b.*?</\1>", " ", page[page.index("<main"):], flags=re.S)
    text = DATA.sub(" ", re.sub(r"<[^>]+>", " ", body))
    left = INDONESIAN.findall(text)
    assert not left, (url, left, [line.strip() for line in text.splitlines() if INDONESIAN.search(line)][:5])
