"""Time is asked by one and granted by another coordinator; the view, the action and the database all insist."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Notice, TimeGrant
from core.errors import Refusal
from core.models import User
from proctoring import actions, queries
from proctoring.models import TimeRequest
from tests.proctoring.conftest import RoomOfTest

WHY = "Layar kursi ini mati dari 09.12 sampai 09.20."


@pytest.fixture
def running(room: RoomOfTest) -> RoomOfTest:
    attempt = room.expect()
    room.open()
    room.check_in(attempt)
    room.start()
    return room


def ask(room: RoomOfTest, by: User, *, whole_room: bool = False, minutes: int = 8) -> TimeRequest:
    attempt = None if whole_room else Attempt.objects.get(exam=room.exam)
    return actions.ask_time(exam=room.exam, attempt=attempt, minutes=minutes, reason=WHY, by=by, now=hall_now())


def decide(room: RoomOfTest, request: TimeRequest, by: User, act: str = "grant") -> str:
    address = reverse("proctoring:decide_time", args=[room.exam.reference, request.pk])
    return room.people.client(by).post(address, {"act": act}, follow=True).text


def remaining(room: RoomOfTest) -> int:
    (tile,) = queries.read_room(room.exam, hall_now()).seats
    assert tile.ends is not None
    return tile.ends


def test_a_request_changes_nothing_until_another_coordinator_grants_it(running: RoomOfTest) -> None:
    before = remaining(running)
    request = ask(running, running.proctor())
    assert remaining(running) == before
    assert [call.code for call in queries.read_room(running.exam, hall_now()).calls] == ["time_request"]
    assert "disetujui" in decide(running, request, running.coordinator())
    assert remaining(running) == before + 8 * 60 * 1000
    assert not queries.read_room(running.exam, hall_now()).calls


def test_time_for_the_whole_room_is_one_row(running: RoomOfTest) -> None:
    before = remaining(running)
    decide(running, ask(running, running.proctor(), whole_room=True, minutes=5), running.coordinator())
    assert remaining(running) == before + 5 * 60 * 1000
    assert TimeGrant.objects.filter(kind="credit").count() == 1


def test_whoever_asked_cannot_grant(running: RoomOfTest) -> None:
    request = ask(running, running.coordinator())
    assert "Anda sendiri yang meminta" in decide(running, request, running.coordinator())
    request.grant.refresh_from_db()
    assert request.grant.approved_at is None
    assert "disetujui" in decide(running, request, running.coordinator(2))


def test_a_proctor_cannot_grant(running: RoomOfTest) -> None:
    request = ask(running, running.coordinator())
    assert "hanya untuk Koordinator" in decide(running, request, running.proctor())
    with pytest.raises(Refusal) as refusal:
        actions.grant_time(exam=running.exam, request=request, by=running.proctor(), now=hall_now())
    assert refusal.value.code == "not_your_room"


def test_the_database_refuses_the_same_two_eyes(running: RoomOfTest) -> None:
    request = ask(running, running.coordinator())
    with pytest.raises(IntegrityError, match="time_four_eyes"), transaction.atomic():
        connection.cursor().execute(
            "UPDATE cat_exam_timegrant SET approver_id = author_id, approved_at = now() WHERE id = %s",
            [request.grant_id],
        )
    with pytest.raises(IntegrityError, match="time_credit_by_two"), transaction.atomic():
        connection.cursor().execute(
            "UPDATE cat_exam_timegrant SET approved_at = now() WHERE id = %s", [request.grant_id]
        )
    with pytest.raises(IntegrityError, match="time_refusal_whole"), transaction.atomic():
        connection.cursor().execute("UPDATE proctoring_timerequest SET refused_at = now()")


def test_a_refused_request_cannot_be_granted_later(running: RoomOfTest) -> None:
    request = ask(running, running.proctor())
    assert "ditolak" in decide(running, request, running.coordinator(), "refuse")
    assert "sudah diputus" in decide(running, request, running.coordinator(2))
    assert TimeGrant.objects.get(pk=request.grant_id).approved_at is None


def test_one_takes_back_ones_own_request(running: RoomOfTest) -> None:
    request = ask(running, running.proctor())
    assert "ditolak" in decide(running, request, running.proctor(), "refuse")
    request.refresh_from_db()
    assert request.refused_by == running.proctor()


@pytest.mark.parametrize("minutes", ["0", "181", "x", ""])
def test_a_senseless_number_of_minutes_is_refused_beside_its_field(running: RoomOfTest, minutes: str) -> None:
    address = reverse("proctoring:time", args=[running.exam.reference])
    page = running.people.client(running.proctor()).post(
        address, {"seat": "semua", "minutes": minutes, "reason": WHY}
    )
    assert page.status_code == 200
    assert "field--error" in page.text
    assert WHY in page.text
    assert not TimeRequest.objects.exists()


def test_a_request_of_another_exam_is_not_found_here(running: RoomOfTest) -> None:
    request = ask(running, running.proctor())
    other = running.make_exam(running.room)
    address = reverse("proctoring:decide_time", args=[other.reference, request.pk])
    answer = running.people.client(running.coordinator()).post(address, {"act": "grant"})
    assert answer.status_code == 404


def test_time_for_the_whole_centre_reaches_every_room_of_the_day_and_wakes_them(running: RoomOfTest) -> None:
    other = running.make_exam(running.room)
    elsewhen = running.make_exam(running.room, starts_in=timedelta(days=1))
    before = remaining(running)
    given = {"exam": running.exam, "whole_centre": True, "minutes": 10, "reason": WHY, "now": hall_now()}
    with pytest.raises(Refusal) as no:
        actions.ask_time(by=running.proctor(), **given)
    assert no.value.code == "not_your_room"
    request = actions.ask_time(by=running.coordinator(), **given)
    for exam in (running.exam, other):
        assert [call.code for call in queries.read_room(exam, hall_now()).calls] == ["time_request"]
    assert not queries.read_room(elsewhen, hall_now()).calls
    told = Notice.objects.filter(kind="clock")
    assert not told.exists()
    with pytest.raises(Refusal):
        actions.grant_time(exam=other, request=request, by=running.coordinator(), now=hall_now())
    national = running.people.staff("coordinator", 9)
    actions.grant_time(exam=other, request=request, by=national, now=hall_now())
    assert remaining(running) == before + 10 * 60 * 1000
    woken = set(told.values_list("exam", flat=True))
    assert woken >= {running.exam.pk, other.pk} and elsewhen.pk not in woken
    assert TimeGrant.objects.get(kind="credit").centre == running.centre


def test_only_a_coordinator_is_offered_the_whole_centre(running: RoomOfTest) -> None:
    address = reverse("proctoring:time", args=[running.exam.reference])
    form = {"seat": "tilok", "minutes": 10, "reason": WHY}
    proctor, chief = (running.people.client(one) for one in (running.proctor(), running.coordinator()))
    assert "Seluruh titik lokasi" not in proctor.get(address).text
    proctor.post(address, form)
    assert not TimeRequest.objects.exists()
    assert "Seluruh titik lokasi (semua ruang" in chief.get(address).text
    chief.post(address, form)
    assert TimeRequest.objects.get().grant.centre == running.centre
    assert "Seluruh titik lokasi</td>" in proctor.get(address).text
