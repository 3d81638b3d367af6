"""Who may enter which page of this side, asked of everybody; the committee's import page; every page in English."""

import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.models import Agency, TrailEntry, User
from registration.models import Formation, Work
from registration.tasks import do_work
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


def upload(client: Client, selection, content: bytes, **extra) -> Work:
    """The work that the page of the upload leads to, after the job has done it."""
    file = SimpleUploadedFile("katalog.xlsx", content)
    answer = client.post("/meja/katalog/", {"seleksi": selection.code, "file": file, **extra})
    work = Work.objects.get(state="waiting")
    assert answer.url == f"/meja/pekerjaan/{work.pk}/"
    do_work(work=str(work.pk))
    work.refresh_from_db()
    return work


def test_a_committee_member_imports_a_catalogue_by_the_page(selection, people):
    member = people.staff("committee")
    client = people.client(member)
    work = upload(client, selection, DEMO.read_bytes())
    assert work.result["added"] == Formation.objects.count() == 64
    assert TrailEntry.objects.get(verb="registration.catalogue_imported").actor == member
    assert "Katalog masuk" in client.get(f"/meja/pekerjaan/{work.pk}/").text
    assert "katalog.xlsx" in client.get("/meja/katalog/").text
    work = upload(client, selection, DEMO.read_bytes())
    assert (work.result["added"], work.result["unchanged"]) == (0, 64)


def test_wrong_rows_are_listed_and_given_as_csv(selection, people):
    rows = demo_rows()
    rows[5][3] = "UMUM KHUSUS"
    client = people.client(people.staff("chair"))
    url = f"/meja/pekerjaan/{upload(client, selection, workbook(rows)).pk}/"
    page = client.get(url)
    assert "UMUM KHUSUS" in page.text
    assert "Jenis kebutuhan ini tidak ada" in page.text
    assert not Formation.objects.exists()
    listed = client.get(url, {"bentuk": "csv"})
    assert listed["Content-Type"].startswith("text/csv")
    assert b"".join(listed.streaming_content).decode().splitlines()[1].startswith("7,formasi_nm,")


def test_what_is_no_workbook_is_refused_in_words(selection, people):
    client = people.client(people.staff("committee"))
    work = upload(client, selection, b"bukan xlsx")
    assert "bukan XLSX yang utuh" in client.get(f"/meja/pekerjaan/{work.pk}/").text


def test_checking_a_right_file_writes_nothing(selection, people):
    client = people.client(people.staff("committee"))
    work = upload(client, selection, DEMO.read_bytes(), periksa="1")
    assert "Belum ada yang ditulis" in client.get(f"/meja/pekerjaan/{work.pk}/").text
    assert not Formation.objects.exists()


def test_a_second_upload_while_one_waits_is_refused_beside_the_field(selection, people):
    client = people.client(people.staff("committee"))
    send = {"seleksi": selection.code}
    client.post("/meja/katalog/", send | {"file": SimpleUploadedFile("satu.xlsx", DEMO.read_bytes())})
    answer = client.post("/meja/katalog/", send | {"file": SimpleUploadedFile("dua.xlsx", DEMO.read_bytes())})
    assert answer.status_code == 422
    assert "sedang berjalan untuk seleksi ini" in answer.text
    assert Work.objects.get().file_name == "satu.xlsx"


def test_an_officer_of_one_agency_takes_in_no_catalogue(selection, people):
    agency = Agency.objects.create(code="77", name="Badan Satu", kind="central")
    client = people.client(people.staff("committee", 3, agency=agency))
    file = SimpleUploadedFile("katalog.xlsx", DEMO.read_bytes())
    assert client.post("/meja/katalog/", {"seleksi": selection.code, "file": file}).status_code == 403
    assert not Work.objects.exists()


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
    member = people.staff("committee")
    User.objects.filter(pk=member.pk).update(language="en")
    officer = people.client(member)
    officer.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    rows = demo_rows()
    rows[5][3] = "UMUM KHUSUS"
    urls = ["/meja/katalog/", f"/meja/seleksi/{catalogue.code}/jadwal/"]
    for content in (DEMO.read_bytes(), workbook(rows), b"bukan xlsx"):
        urls.append(f"/meja/pekerjaan/{upload(officer, catalogue, content).pk}/")
    officer.post("/meja/katalog/", {"seleksi": catalogue.code, "file": SimpleUploadedFile("k.xlsx", b"x")})
    waiting = Work.objects.get(state="waiting")
    for url in [*urls, f"/meja/pekerjaan/{waiting.pk}/"]:
        assert_english(officer.get(url).text, url)


def assert_english(page: str, url: str) -> None:
    body = re.sub(r"<(script|style|title|select|datalist)\b.*?</\1>", " ", page[page.index("<main"):], flags=re.S)
    text = DATA.sub(" ", re.sub(r"<[^>]+>", " ", body))
    left = INDONESIAN.findall(text)
    assert not left, (url, left, [line.strip() for line in text.splitlines() if INDONESIAN.search(line)][:5])
