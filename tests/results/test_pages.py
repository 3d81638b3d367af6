"""Who may enter the pages of results, what they show, and what they keep to themselves."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from registration.models import Phase
from results.models import ResultObjection
from tests.people import EVERYBODY
from tests.results.test_announcements import body_of, own_media, publish  # noqa: F401  (fixture)
from tests.results.test_runs import compute, field  # noqa: F401  (fixture)

READERS = {"committee", "chair", "auditor"}


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_committee_desk_is_for_its_readers(world, field, name):  # noqa: F811
    run = compute(world)
    client = world.people.client(world.people.who(name))
    line = run.lines.first().number
    for path in ("", "sanggahan/", f"{run.reference}/", f"{run.reference}/csv/", f"{run.reference}/beda/",
                 f"{run.reference}/peserta/{line}/"):  # fmt: skip
        expected = 200 if name in READERS else 302 if name == "visitor" else 403
        assert client.get(f"/hasil/panitia/{path}").status_code == expected, path


@pytest.mark.parametrize("name", EVERYBODY)
def test_only_committee_and_chair_compute(world, field, name):  # noqa: F811
    client = world.people.client(world.people.who(name))
    client.post(f"/hasil/panitia/tahap/{world.stage.pk}/hitung/")
    assert world.selection.ranking_runs.exists() == (name in {"committee", "chair"})


def test_a_rejection_without_a_reason_keeps_the_page_and_names_the_field(world, field):  # noqa: F811
    run = compute(world)
    answer = world.people.client(world.people.staff("chair")).post(
        f"/hasil/panitia/{run.reference}/tolak/", {"note": ""}
    )
    assert answer.status_code == 422
    assert "note" in answer.context["note_form"].errors


def test_the_public_finds_a_number_with_a_masked_name_once_it_is_published(world, field):  # noqa: F811
    number, client = field["high0"].number, world.people.client(None)
    assert number not in client.get("/hasil/cek/", {"number": number}).text.split("</form>")[-1]
    publish(world)
    page = client.get("/hasil/cek/", {"number": f" {number} "}).text
    assert "P/L" in page
    assert "P****** N**** 1" in page
    assert "Peserta Nomor" not in page


def test_the_public_checks_a_file(world, field):  # noqa: F811
    body, client = body_of(publish(world)), world.people.client(None)

    def judge(content: bytes) -> str:
        return client.post(
            "/hasil/verifikasi/", {"file": SimpleUploadedFile("p.pdf", content, "application/pdf")}
        ).text

    assert "Asli dan tidak berubah" in judge(body)
    place = body.index(b"stream") + 60
    assert "Asli dan tidak" not in judge(body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :])
    assert "bukan PDF" in judge(b"GIF89a")


def test_an_applicant_sees_their_own_result_only_when_it_is_published(world, field):  # noqa: F811
    mine, other = field["low"].applicant.user, field["high0"].applicant.user
    run = compute(world)
    line = run.lines.get(number=field["low"].number)
    client = world.people.client(mine)
    assert client.get(f"/hasil/saya/{line.pk}/sanggah/").status_code == 404
    assert "TL" not in client.get("/hasil/saya/").text.split("<main")[1]
    published = publish(world).run.lines.get(number=field["low"].number)
    assert client.get(f"/hasil/saya/{published.pk}/sanggah/").status_code == 200
    assert "tidak memenuhi nilai ambang batas" in client.get("/hasil/saya/").text
    assert world.people.client(other).get(f"/hasil/saya/{published.pk}/sanggah/").status_code == 404


def test_an_objection_is_lodged_once_and_answered_by_another_agency_never(world, field):  # noqa: F811
    line = publish(world).run.lines.get(number=field["low"].number)
    client, address = world.people.client(field["low"].applicant.user), f"/hasil/saya/{line.pk}/sanggah/"
    text = {"text": "Nilai TKP saya seharusnya lebih tinggi."}
    assert "tidak dibuka" in client.post(address, text).text
    Phase.objects.create(
        selection=world.selection, code="result_objection", opens_at=world.sitting.starts_at,
        closes_at=world.now.replace(year=world.now.year + 1),
    )  # fmt: skip
    assert client.post(address, text).status_code == 302
    assert "hanya satu kali" in client.post(address, text).text
    (objection,) = ResultObjection.objects.all()
    elsewhere = type(world.agency).objects.create(code="9002", name="Kementerian Lain", kind="central")
    stranger = world.people.client(world.people.staff("committee", 5, agency=elsewhere))
    assert stranger.get(f"/hasil/panitia/sanggahan/{objection.pk}/").status_code == 404
    officer = world.people.client(world.people.staff("committee", 6, agency=world.agency))
    decided = officer.post(
        f"/hasil/panitia/sanggahan/{objection.pk}/", {"accepted": "no", "answer": "Nilai sudah benar."}
    )
    assert decided.status_code == 302
    assert "Nilai sudah benar." in client.get("/hasil/saya/").text


@pytest.mark.parametrize("path", ["/hasil/", "/hasil/panitia/"])
def test_lists_ask_as_often_for_three_rows_as_for_one(world, field, path, django_assert_max_num_queries):  # noqa: F811
    client = world.people.client(world.people.staff("auditor"))
    publish(world)
    client.get(path)
    with django_assert_max_num_queries(60) as one:
        client.get(path)
    publish(world, "PENG-2/UJI/2026")
    publish(world, "PENG-3/UJI/2026")
    with django_assert_max_num_queries(60) as three:
        client.get(path)
    assert len(one) == len(three)
