"""At the door: a card finds its seat, a person decides, the PIN is shown once."""

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse

from cat_exam.actions.entry import pin_hash
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt
from core.errors import Refusal
from core.models import TrailEntry
from proctoring import actions
from proctoring.models import CheckIn, Watch
from registration.rules.numbers import grouped
from tests.proctoring.conftest import RoomOfTest
from tests.proctoring.reading import pdf_text

PIN = re.compile(r"data-pin>(\d{3} \d{3})<")


def url(name: str, *parts: str) -> str:
    return reverse(f"proctoring:{name}", args=parts)


@pytest.fixture
def opened(room: RoomOfTest) -> RoomOfTest:
    room.open()
    return room


def test_a_typed_card_leads_to_the_person_and_a_scanned_one_says_so(opened: RoomOfTest) -> None:
    attempt = opened.expect("Siti Aminah")
    client = opened.people.client(opened.proctor())
    typed = client.post(url("find", opened.exam.reference), {"number": grouped(attempt.card_number)})
    assert typed.status_code == 302
    assert typed.url == url("check_in", opened.exam.reference, attempt.reference) + "?cara=number"
    read = client.post(url("find", opened.exam.reference), {"number": f"CATEXAM:{attempt.card_number}"})
    assert read.url.endswith("?cara=qr")
    page = client.get(typed.url)
    assert "Siti Aminah" in page.text
    assert grouped(attempt.card_number) in page.text


@pytest.mark.parametrize(
    ("number", "words"),
    [("1234", "16 angka"), ("1234567890123456", "salah ketik"), ("", "Isilah")],
)
def test_a_wrong_card_number_is_refused_in_words_and_stays_on_the_screen(
    opened: RoomOfTest, number: str, words: str
) -> None:
    page = opened.people.client(opened.proctor()).post(url("find", opened.exam.reference), {"number": number})
    assert page.status_code == 200
    assert words in page.text
    assert f'value="{number}"' in page.text or not number


def test_a_card_of_another_sitting_tells_nothing_but_that(opened: RoomOfTest) -> None:
    elsewhere = opened.expect("Orang Lain", exam=opened.make_exam(opened.room))
    page = opened.people.client(opened.proctor()).post(
        url("find", opened.exam.reference), {"number": elsewhere.card_number}
    )
    assert "bukan untuk sesi dan ruang ini" in page.text
    assert "Orang Lain" not in page.text


def test_the_pin_is_shown_once_and_kept_nowhere(opened: RoomOfTest) -> None:
    attempt = opened.expect("Siti Aminah")
    client = opened.people.client(opened.proctor())
    address = url("check_in", opened.exam.reference, attempt.reference)
    page = client.post(address, {"identity_document": "ktp", "method": "qr", "note": ""})
    found = PIN.search(page.text)
    assert found is not None
    pin = found[1].replace(" ", "")
    assert "no-store" in page.headers["Cache-Control"]
    attempt.refresh_from_db()
    assert attempt.state == "admitted"
    assert bytes(attempt.pin_hash or b"") == pin_hash(attempt.pk, pin)
    row = CheckIn.objects.get(attempt=attempt)
    assert (row.method, row.identity_document, row.by) == ("qr", "ktp", opened.proctor())
    for again in (client.get(address), client.post(address, {"identity_document": "ktp", "method": "qr"})):
        assert pin not in again.text.replace(" ", "")
        assert not PIN.search(again.text)
    seat = client.get(url("seat", opened.exam.reference, attempt.reference))
    assert pin not in seat.text
    assert not any(pin in str(entry.facts) for entry in TrailEntry.objects.all())


def test_nobody_is_checked_in_without_a_document(opened: RoomOfTest) -> None:
    attempt = opened.expect()
    page = opened.people.client(opened.proctor()).post(
        url("check_in", opened.exam.reference, attempt.reference), {"method": "number"}
    )
    assert "Pilih dokumen asli" in page.text
    assert not CheckIn.objects.exists()


def test_before_registration_opens_nobody_gets_a_pin_and_nothing_is_kept(room: RoomOfTest) -> None:
    attempt = room.expect()
    with pytest.raises(Refusal) as refusal:
        room.check_in(attempt)
    assert refusal.value.code == "exam_not_open"
    assert not CheckIn.objects.exists()
    assert not Watch.objects.exists()


def test_the_closing_of_pins_is_counted_down_and_then_said_in_words(opened: RoomOfTest) -> None:
    attempt = opened.expect("Budi Terlambat")
    client = opened.people.client(opened.proctor())
    pages = [
        url("room", opened.exam.reference),
        url("find", opened.exam.reference),
        url("check_in", opened.exam.reference, attempt.reference),
    ]
    for page in pages:
        told = re.search(r'data-countdown="(\d+)"', client.get(page).text)
        assert told and 54 * 60 <= int(told[1]) <= 55 * 60, page
    sitting = opened.exam.sitting
    sitting.starts_at = hall_now() + timedelta(minutes=4)
    sitting.save(update_fields=["starts_at"])
    opened.exam.opened_at = hall_now() - timedelta(hours=1)
    opened.exam.save(update_fields=["opened_at"])
    for page in pages:
        text = client.get(page).text
        assert "Pemberian PIN ditutup" in text and "data-countdown" not in text, page
    assert "Peserta ini terlambat" in text and "Cocok: hadirkan" not in text


def test_who_comes_later_than_five_minutes_before_the_start_reads_why(opened: RoomOfTest) -> None:
    attempt = opened.expect("Budi Terlambat")
    sitting = opened.exam.sitting
    sitting.starts_at = hall_now() + timedelta(minutes=4)
    sitting.save(update_fields=["starts_at"])
    opened.exam.opened_at = hall_now() - timedelta(hours=1)
    opened.exam.save(update_fields=["opened_at"])
    page = opened.people.client(opened.proctor()).post(
        url("check_in", opened.exam.reference, attempt.reference), {"identity_document": "ktp", "method": "number"}
    )
    assert "terlambat" in page.text
    assert "TH" in page.text
    attempt.refresh_from_db()
    assert (attempt.state, attempt.pin_hash) == ("expected", None)
    assert not CheckIn.objects.exists()


def test_a_new_pin_ends_the_old_one(opened: RoomOfTest) -> None:
    attempt = opened.expect()
    old = opened.check_in(attempt)
    client = opened.people.client(opened.proctor())
    address = url("new_pin", opened.exam.reference, attempt.reference)
    attempt.refresh_from_db()
    before = bytes(attempt.pin_hash or b"")
    seen = re.search(r'name="seen" value="([^"]+)"', client.get(address).text)
    assert seen is not None
    page = client.post(address, {"seen": seen[1]})
    assert PIN.search(page.text)
    attempt.refresh_from_db()
    assert bytes(attempt.pin_hash or b"") != before == pin_hash(attempt.pk, old)


def test_a_page_sent_twice_makes_no_third_pin(opened: RoomOfTest) -> None:
    attempt = opened.expect()
    opened.check_in(attempt)
    client = opened.people.client(opened.proctor())
    address = url("new_pin", opened.exam.reference, attempt.reference)
    seen = re.search(r'name="seen" value="([^"]+)"', client.get(address).text)
    assert seen is not None
    assert PIN.search(client.post(address, {"seen": seen[1]}).text)
    attempt.refresh_from_db()
    kept = bytes(attempt.pin_hash or b"")
    again = client.post(address, {"seen": seen[1]})
    assert "lebih baru" in again.text
    assert not PIN.search(again.text)
    attempt.refresh_from_db()
    assert bytes(attempt.pin_hash or b"") == kept


def test_no_new_pin_without_a_check_in(opened: RoomOfTest) -> None:
    attempt = opened.expect()
    with pytest.raises(Refusal) as refusal:
        actions.reissue_pin(attempt=attempt, seen=None, by=opened.proctor(), now=hall_now())
    assert refusal.value.code == "not_checked_in"


def test_the_first_act_puts_its_author_on_duty_once(opened: RoomOfTest) -> None:
    opened.check_in(opened.expect())
    opened.check_in(opened.expect())
    assert Watch.objects.filter(exam=opened.exam, user=opened.proctor(), ended_at=None).count() == 1


def test_what_was_shown_at_the_door_cannot_be_rewritten(opened: RoomOfTest) -> None:
    attempt = opened.expect()
    opened.check_in(attempt)
    for statement in (
        "UPDATE proctoring_checkin SET identity_document = 'passport'",
        "DELETE FROM proctoring_checkin",
        "UPDATE proctoring_incident SET text = 'x'",
    ):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
    assert Attempt.objects.get(pk=attempt.pk).state == "admitted"


def test_the_blank_slips_name_every_expected_seat_and_hold_no_pin(opened: RoomOfTest) -> None:
    for _ in range(9):
        opened.expect()
    body = opened.people.client(opened.proctor()).get(url("envelopes", opened.exam.reference))
    assert body.headers["Content-Type"] == "application/pdf"

    text, pages = pdf_text(body.content)
    assert pages == 2
    for attempt in Attempt.objects.filter(exam=opened.exam).select_related("seat"):
        assert attempt.seat.label in text
        assert attempt.display_name in text
    assert not re.search(r"PIN\s*\d", text)


def test_the_photo_goes_only_to_the_people_of_the_room(opened: RoomOfTest) -> None:
    attempt = opened.expect(photo=True)
    address = url("photo", opened.exam.reference, attempt.reference)
    answer = opened.people.client(opened.proctor()).get(address)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"  # type: ignore[attr-defined]
    assert opened.people.client(opened.stranger()).get(address).status_code == 404
