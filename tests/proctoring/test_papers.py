"""Minutes by two signatures, the result list as page, CSV and PDF, each opened by real readers."""

import csv
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Minutes
from core.errors import Refusal
from core.models import User
from proctoring import actions, queries
from proctoring.models import RoomPaper
from tests.proctoring.conftest import RoomOfTest
from tests.proctoring.reading import pdf_text

SCORES = [{"TWK": 100, "TIU": 120, "TKP": 200}, {"TWK": 65, "TIU": 80, "TKP": 166}]


@pytest.fixture
def closed(room: RoomOfTest) -> RoomOfTest:
    """Four seats: two sat, one came and one stayed away; a pause, time given, two incidents."""
    names = ["Siti Aminah", "Budi Santoso", "Tono Tak Datang", "=Rumus Nama"]
    attempts = [room.expect(name) for name in names]
    room.open()
    for attempt in attempts[:2]:
        room.check_in(attempt)
    room.start()
    by, now = room.proctor(), hall_now()
    actions.hold_exam(exam=room.exam, reason="Listrik padam sebentar.", by=by, now=now)
    actions.continue_exam(exam=room.exam, reason="Listrik menyala lagi.", by=by, now=hall_now())
    actions.report_incident(
        exam=room.exam,
        kind="health",
        text="Peserta B-01 minta minum dan kembali.",
        attempt=attempts[0],
        by=by,
        now=now,
    )
    actions.report_incident(exam=room.exam, kind="technical", text="Satu layar diganti.", by=by, now=now)
    asked = actions.ask_time(exam=room.exam, minutes=3, reason="Padam tiga menit.", by=by, now=now)
    actions.grant_time(exam=room.exam, request=asked, by=room.coordinator(), now=hall_now())
    for attempt, scores in zip(attempts[:2], SCORES, strict=True):
        room.finish(attempt, scores)
    room.end()
    return room


def post(room: RoomOfTest, name: str, by: User, **form: str) -> str:
    address = reverse(f"proctoring:{name}", args=[room.exam.reference])
    return room.people.client(by).post(address, form, follow=True).text


def body_of(paper: RoomPaper) -> bytes:
    return (Path(settings.MEDIA_ROOT) / paper.path).read_bytes()


def test_the_minutes_carry_what_happened_and_two_signatures(closed: RoomOfTest) -> None:
    assert "ditandatangani" in post(closed, "sign", closed.proctor())
    assert not RoomPaper.objects.exists()
    assert "disahkan" in post(closed, "countersign", closed.coordinator())
    paper = RoomPaper.objects.get()
    minutes = Minutes.objects.get()
    assert minutes.seal_holds()
    text, pages = pdf_text(body_of(paper))
    flat = " ".join(text.split())
    assert pages >= 1
    for words in ("Berita acara pelaksanaan ujian", "Listrik padam sebentar.", "Peserta B-01 minta minum",
                  "Satu layar diganti.", "Padam tiga menit.", closed.proctor().full_name,
                  closed.coordinator().full_name, closed.exam.reference, "Tilok Uji", "WITA"):  # fmt: skip
        assert words in flat, words
    joined = "".join(text.split())
    assert minutes.document["journal_sha256"] in joined
    assert bytes(minutes.digest).hex() in joined
    for label, count in (("Hadir", "2"), ("Tidak hadir (TH)", "2"), ("Jumlah kursi", "4")):
        assert f"{label} :{count}" in flat, label


def test_nobody_signs_twice_not_even_in_the_database(closed: RoomOfTest) -> None:
    post(closed, "sign", closed.coordinator())
    assert "Anda penanda tangan pertama. Koordinator lain harus" in post(closed, "countersign", closed.coordinator())
    minutes = Minutes.objects.get()
    assert minutes.countersigned_by is None
    with pytest.raises(Exception, match="minutes_countersigned_by_another"), transaction.atomic():
        connection.cursor().execute(
            "UPDATE cat_exam_minutes SET countersigned_by_id = signed_by_id, countersigned_at = now()"
        )
    assert "hanya untuk Koordinator" in post(closed, "countersign", closed.proctor())
    assert "disahkan" in post(closed, "countersign", closed.coordinator(2))


def test_there_are_no_minutes_before_the_exam_is_closed_and_only_one_after(room: RoomOfTest) -> None:
    room.expect()
    room.open()
    assert "belum ditutup" in post(room, "sign", room.proctor())
    assert not Minutes.objects.exists()


def test_a_second_signing_is_refused(closed: RoomOfTest) -> None:
    post(closed, "sign", closed.proctor())
    assert "sudah ditandatangani" in post(closed, "sign", closed.proctor())
    assert Minutes.objects.count() == 1


def test_an_incident_reported_after_signing_does_not_change_the_minutes(closed: RoomOfTest) -> None:
    post(closed, "sign", closed.proctor())
    actions.report_incident(
        exam=closed.exam, kind="other", text="Ditemukan barang tertinggal.", by=closed.proctor(), now=hall_now()
    )
    post(closed, "countersign", closed.coordinator())
    text, _ = pdf_text(body_of(RoomPaper.objects.get()))
    assert "tertinggal" not in text


def test_the_result_list_is_the_same_on_screen_csv_and_pdf(closed: RoomOfTest) -> None:
    client = closed.people.client(closed.proctor())
    here = closed.exam.reference
    page = client.get(reverse("proctoring:results", args=[here])).text
    raw = client.get(reverse("proctoring:results_csv", args=[here])).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(raw)))
    assert lines[0][:7] == ["No. peserta", "Nama", "Kursi", "TWK", "TIU", "TKP", "Jumlah"]
    by_name = {line[1]: line for line in lines[1:]}
    assert by_name["Siti Aminah"][3:8] == ["100", "120", "200", "420", "110"]
    assert by_name["Budi Santoso"][3:7] == ["65", "80", "166", "311"]
    assert by_name["Tono Tak Datang"][3:7] == ["", "", "", ""]
    assert "'=Rumus Nama" in by_name
    post(closed, "make_paper", closed.proctor(), kind="results")
    text, _ = pdf_text(body_of(RoomPaper.objects.get(kind="results")))
    for name in ("Siti Aminah", "Budi Santoso", "Tono Tak Datang"):
        assert name in page
        assert name in text
    assert "420" in text
    assert "420" in page


def test_there_is_no_result_list_before_the_close(room: RoomOfTest) -> None:
    room.expect()
    client = room.people.client(room.proctor())
    for name in ("results", "results_csv"):
        assert client.get(reverse(f"proctoring:{name}", args=[room.exam.reference])).status_code == 404


def test_a_kept_pdf_is_served_through_its_gate_only(closed: RoomOfTest) -> None:
    post(closed, "make_paper", closed.proctor(), kind="results")
    paper = RoomPaper.objects.get()
    address = reverse("proctoring:paper", args=[closed.exam.reference, paper.pk])
    answer = closed.people.client(closed.people.staff("auditor")).get(address)
    assert b"".join(answer.streaming_content) == body_of(paper)  # type: ignore[attr-defined]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert closed.people.client(closed.stranger()).get(address).status_code == 404
    assert closed.people.client(closed.people.applicant()).get(address).status_code == 403
    other = closed.make_exam(closed.room)
    elsewhere = reverse("proctoring:paper", args=[other.reference, paper.pk])
    assert closed.people.client(closed.proctor()).get(elsewhere).status_code == 404
    assert (Path(settings.MEDIA_ROOT) / paper.path).stat().st_mode & 0o077 == 0


def test_a_new_version_never_replaces_the_old_file(closed: RoomOfTest) -> None:
    for _ in range(2):
        post(closed, "make_paper", closed.proctor(), kind="results")
    first, second = RoomPaper.objects.order_by("made_at")
    assert body_of(first)
    assert body_of(second)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        connection.cursor().execute("UPDATE proctoring_roompaper SET sha256 = 'x'")


def test_only_the_people_of_the_room_file_papers(closed: RoomOfTest) -> None:
    for person in (closed.stranger(), closed.people.staff("auditor")):
        with pytest.raises(Refusal) as refusal:
            actions.file_paper(exam=closed.exam, kind="results", body=b"%PDF", by=person, now=hall_now())
        assert refusal.value.code == "not_your_room"


def test_the_scores_come_from_the_latest_sheet_only(closed: RoomOfTest) -> None:
    attempt = Attempt.objects.get(display_name="Siti Aminah")
    old = attempt.sheets.get()
    closed.sheet(attempt, {"TWK": 105, "TIU": 120, "TKP": 200}, replaces=old)
    (row,) = [row for row in queries.result_rows(closed.exam) if row.name == "Siti Aminah"]
    assert (row.scores, row.total) == ((105, 120, 200), 425)


def test_papers_of_record_are_indonesian_whoever_asks(closed: RoomOfTest) -> None:
    client = closed.people.client(closed.proctor())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.post(reverse("proctoring:make_paper", args=[closed.exam.reference]), {"kind": "results"})
    text, _ = pdf_text(body_of(RoomPaper.objects.get()))
    assert "Daftar hasil sesi" in text
    assert "Result list" not in text


def test_no_result_list_is_made_before_the_exam_is_closed(room: RoomOfTest) -> None:
    attempts = [room.expect("Siti Aminah"), room.expect("Budi Santoso")]
    room.open()
    for attempt in attempts:
        room.check_in(attempt)
    room.start()
    room.finish(attempts[0], SCORES[0])
    address = reverse("proctoring:make_paper", args=[room.exam.reference])
    answer = room.people.client(room.coordinator()).post(address, {"kind": "results"})
    assert answer.status_code == 404
    assert not RoomPaper.objects.exists()
