"""An exam opens, starts, pauses, goes on and closes by people, each with a trail line; wrong steps are refused."""

import pytest
from django.urls import reverse

from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Notice, Pause
from core.errors import Refusal
from core.models import TrailEntry
from proctoring import actions, queries
from proctoring.models import Watch
from tests.proctoring.conftest import RoomOfTest

REASON = "Listrik padam di gedung, genset dinyalakan."


@pytest.fixture
def running(room: RoomOfTest) -> RoomOfTest:
    """Three seats: two checked in and working, one who never came."""
    for _ in range(3):
        room.expect()
    room.open()
    for attempt in Attempt.objects.filter(exam=room.exam).order_by("seat__label")[:2]:
        room.check_in(attempt)
    room.start()
    return room


def post(room: RoomOfTest, name: str, who: object = None, **form: str) -> object:
    client = room.people.client(who or room.proctor())  # type: ignore[arg-type]
    return client.post(reverse(f"proctoring:{name}", args=[room.exam.reference]), form, follow=True)


def test_the_whole_life_goes_through_the_buttons(room: RoomOfTest) -> None:
    attempt = room.expect()
    assert "Registrasi dibuka" in post(room, "open").text  # type: ignore[attr-defined]
    room.check_in(attempt)
    assert "Ujian dimulai" in post(room, "start").text  # type: ignore[attr-defined]
    attempt.refresh_from_db()
    assert attempt.state == "running"
    assert "Ujian dijeda" in post(room, "pause", reason=REASON).text  # type: ignore[attr-defined]
    assert queries.read_room(room.exam, hall_now()).seats[0].kind == "paused"
    assert "Ujian dilanjutkan" in post(room, "resume", reason="Genset menyala, semua layar hidup.").text  # type: ignore[attr-defined]
    room.finish(attempt)
    assert "Ujian ditutup" in post(room, "close").text  # type: ignore[attr-defined]
    verbs = set(TrailEntry.objects.values_list("verb", flat=True))
    assert {"cat_exam.exam_opened", "cat_exam.exam_started", "cat_exam.exam_paused", "cat_exam.exam_resumed",
            "cat_exam.exam_closed", "proctoring.watch_began", "proctoring.checked_in"} <= verbs  # fmt: skip


@pytest.mark.parametrize("reason", ["", "pendek", "   x   "])
def test_a_pause_without_a_reason_is_refused_and_the_words_stay(running: RoomOfTest, reason: str) -> None:
    page = post(running, "pause", reason=reason)
    assert not Pause.objects.exists()
    assert ("Isilah" in page.text) if not reason.strip() else ("10 huruf" in page.text)  # type: ignore[attr-defined]
    assert reason.strip() in page.text  # type: ignore[attr-defined]


def test_wrong_steps_are_refused_in_words_and_change_nothing(room: RoomOfTest) -> None:
    room.expect()
    page = post(room, "start")
    room.exam.refresh_from_db()
    assert room.exam.state == "prepared"
    assert "tidak dapat dilakukan" in page.text  # type: ignore[attr-defined]
    room.open()
    assert "Belum ada peserta yang hadir" in post(room, "start").text  # type: ignore[attr-defined]
    room.exam.refresh_from_db()
    assert room.exam.state == "open"
    assert not Watch.objects.filter(user=room.proctor()).exists()


def test_an_exam_in_which_somebody_works_cannot_be_closed(running: RoomOfTest) -> None:
    page = post(running, "close")
    running.exam.refresh_from_db()
    assert running.exam.state == "running"
    assert "Masih ada peserta yang mengerjakan" in page.text  # type: ignore[attr-defined]


def test_closing_marks_who_stayed_away_and_seals_the_roll(running: RoomOfTest) -> None:
    for attempt in Attempt.objects.filter(exam=running.exam, state="running"):
        running.finish(attempt)
    running.end()
    roll = queries.roll_of(running.exam)
    assert roll is not None
    assert roll.seal_holds()
    assert roll.document["counts"] == {"present": 2, "absent": 1}


def test_a_pause_stops_the_clock_of_everybody_at_one_instant(running: RoomOfTest) -> None:
    now = hall_now()
    actions.hold_exam(exam=running.exam, reason=REASON, by=running.proctor(), now=now)
    first = [tile.left for tile in queries.read_room(running.exam, now).seats if tile.kind == "paused"]
    later = [tile.left for tile in queries.read_room(running.exam, hall_now()).seats if tile.kind == "paused"]
    assert first == later
    assert len(first) == 2


def test_the_last_person_on_duty_may_not_leave_a_room_that_works(running: RoomOfTest) -> None:
    Watch.objects.exclude(user=running.proctor()).update(ended_at=hall_now())
    page = post(running, "duty", act="end")
    assert "satu-satunya pengawas" in page.text  # type: ignore[attr-defined]
    actions.begin_watch(exam=running.exam, by=running.coordinator(), now=hall_now())
    post(running, "duty", act="end")
    assert not Watch.objects.filter(exam=running.exam, user=running.proctor(), ended_at=None).exists()
    with pytest.raises(Refusal) as refusal:
        actions.end_watch(exam=running.exam, by=running.proctor(), now=hall_now())
    assert refusal.value.code == "not_on_duty"


def test_a_message_reaches_one_seat_or_all_and_is_kept(running: RoomOfTest) -> None:
    attempt = Attempt.objects.filter(exam=running.exam).first()
    assert attempt is not None
    post(running, "messages", seat="semua", text="Waktu istirahat ditunda sepuluh menit.")
    post(running, "messages", seat=attempt.reference, text="Silakan pindah ke kursi cadangan.")
    kept = list(Notice.objects.filter(exam=running.exam, kind="message").values_list("attempt", "text"))
    assert kept == [
        (None, "Waktu istirahat ditunda sepuluh menit."), (attempt.pk, "Silakan pindah ke kursi cadangan."),
    ]  # fmt: skip


def test_an_incident_is_kept_with_who_and_where(running: RoomOfTest) -> None:
    attempt = Attempt.objects.filter(exam=running.exam).first()
    assert attempt is not None
    page = post(running, "incidents", kind="health", seat=attempt.reference, text="Peserta pusing, diberi minum.")
    assert "Peserta pusing, diberi minum." in page.text  # type: ignore[attr-defined]
    short = post(running, "incidents", kind="health", seat="semua", text="pusing")
    assert "sedikitnya 10 huruf" in short.text  # type: ignore[attr-defined]
    rows = queries.incidents_of(running.exam)
    assert [(row.kind, row.attempt_id, row.by) for row in rows] == [("health", attempt.pk, running.proctor())]
