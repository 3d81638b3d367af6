"""Identity that does not match at the door: one officer asks, another of the same room confirms, only then a PIN."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt
from core.errors import Refusal
from core.models import TrailEntry, User
from proctoring import queries
from proctoring.actions import override
from proctoring.models import CheckIn, IdentityOverride
from tests.people import EVERYBODY, People
from tests.proctoring.conftest import RoomOfTest

PIN = re.compile(r"data-pin>(\d{3} \d{3})<")
WORDS = "Foto lama; tanda lahir di pipi kiri dan tanda tangan cocok."


def url(name: str, *parts: object) -> str:
    return reverse(f"proctoring:{name}", args=parts)


@pytest.fixture
def opened(room: RoomOfTest) -> RoomOfTest:
    room.open()
    return room


def ask(room: RoomOfTest, attempt: Attempt, by: User | None = None, **more: str) -> IdentityOverride:
    facts = {"fault": "photo", "reason": WORDS, "method": "qr", "identity_document": "ktp"} | more
    return override.ask_override(attempt=attempt, by=by or room.proctor(), now=hall_now(), **facts)


# --- the two of them ------------------------------------------------------------------------------------
def test_two_officers_on_two_sign_ins_admit_and_the_pin_appears_to_the_second_only(opened: RoomOfTest) -> None:
    attempt = opened.expect("Siti Aminah", photo=True)
    first, second = (opened.people.client(opened.proctor(which)) for which in (1, 2))
    form = {"fault": "photo", "identity_document": "ktp", "reason": WORDS, "method": "qr"}
    answer = first.post(url("override_ask", opened.exam.reference, attempt.reference), form)
    row = IdentityOverride.objects.get()
    assert answer.url == url("override", opened.exam.reference, row.pk)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.pin_hash, CheckIn.objects.count()) == ("expected", None, 0)
    mine = first.get(answer.url).text
    assert "Tarik kembali" in mine
    assert "Setuju" not in mine
    assert "Siti Aminah" in first.get(url("find", opened.exam.reference)).text

    seen = second.get(answer.url).text
    assert WORDS in seen
    assert "/foto/" in seen
    page = second.post(answer.url, {"putusan": "setuju", "note": "Saya cocokkan sendiri."})
    assert PIN.search(page.text)
    assert "no-store" in page.headers["Cache-Control"]
    attempt.refresh_from_db()
    assert attempt.state == "admitted"
    kept = CheckIn.objects.get()
    assert (kept.by, kept.override_by, kept.method, kept.note) == (opened.proctor(1), opened.proctor(2), "qr", WORDS)
    verbs = set(TrailEntry.objects.filter(thing_id=str(attempt.pk)).values_list("verb", flat=True))
    assert {"proctoring.override_asked", "proctoring.override_confirmed", "proctoring.checked_in"} <= verbs
    assert not any(WORDS in str(line.facts) for line in TrailEntry.objects.all())
    assert not PIN.search(second.get(answer.url).text)


def test_nobody_confirms_the_own_request_by_the_page(opened: RoomOfTest) -> None:
    row = ask(opened, opened.expect())
    page = opened.people.client(opened.proctor()).post(
        url("override", opened.exam.reference, row.pk), {"putusan": "setuju"}
    )
    assert "dua orang yang berbeda" in page.text
    assert not PIN.search(page.text)
    assert not CheckIn.objects.exists()


def test_the_database_refuses_what_one_officer_tries_alone(opened: RoomOfTest) -> None:
    attempt = opened.expect()
    row = ask(opened, attempt)
    alone, stranger = opened.proctor().pk, opened.stranger().pk
    tries = [
        ("UPDATE proctoring_identityoverride SET confirmed = true, decided_by_id = %s, decided_at = now()",
         [alone], "override_four_eyes"),
        ("UPDATE proctoring_identityoverride SET confirmed = true, decided_by_id = %s, decided_at = now()",
         [stranger], "no role in this room"),
        ("UPDATE proctoring_identityoverride SET confirmed = true", [], r"override_decision_whole|no role"),
        ("UPDATE proctoring_identityoverride SET asked_by_id = %s", [stranger], "Cannot update"),
        ("UPDATE proctoring_identityoverride SET reason = 'lain'", [], "Cannot update"),
        ("DELETE FROM proctoring_identityoverride", [], "permission denied"),
        ("INSERT INTO proctoring_identityoverride (id, attempt_id, fault, reason, method, identity_document, "
         "asked_by_id, asked_at, confirmed, decided_by_id, decided_at, note) SELECT uuidv7(), attempt_id, fault, "
         "reason, method, identity_document, asked_by_id, asked_at, true, %s, now(), '' "
         "FROM proctoring_identityoverride", [opened.proctor(2).pk], "Cannot insert"),
        ("INSERT INTO proctoring_checkin "
         "(id, attempt_id, method, by_id, at, identity_document, override_by_id, note) "
         "VALUES (uuidv7(), %s, 'qr', %s, now(), 'ktp', %s, '')",
         [attempt.pk, alone, opened.proctor(2).pk], "no other officer confirmed"),
        ("INSERT INTO proctoring_checkin (id, attempt_id, method, by_id, at, identity_document, note) "
         "VALUES (uuidv7(), %s, 'qr', %s, now(), 'ktp', '')", [attempt.pk, alone], "was asked for"),
    ]  # fmt: skip
    for statement, values, words in tries:
        with pytest.raises(DatabaseError, match=words), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    row.refresh_from_db()
    assert row.confirmed is None
    assert not CheckIn.objects.exists()
    with connection.cursor() as cursor:  # and the same statement by another of the room passes
        cursor.execute(tries[0][0], [opened.proctor(2).pk])


def test_a_decision_stays_as_it_was_made(opened: RoomOfTest) -> None:
    row = ask(opened, opened.expect())
    override.decline_override(override=row, by=opened.proctor(2), now=hall_now())
    for by in (opened.proctor(2), opened.proctor(3)):
        with pytest.raises(Refusal) as no:
            override.confirm_override(override=row, by=by, now=hall_now())
        assert no.value.code == "decided"
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        IdentityOverride.objects.filter(pk=row.pk).update(confirmed=True)


def test_who_was_refused_checks_that_candidate_in_no_more_but_another_may(opened: RoomOfTest) -> None:
    attempt = opened.expect()
    row = ask(opened, attempt)
    override.decline_override(override=row, note="Bukan orangnya.", by=opened.proctor(2), now=hall_now())
    page = opened.people.client(opened.proctor()).get(url("check_in", opened.exam.reference, attempt.reference))
    assert "Bukan orangnya." in page.text
    with pytest.raises(Refusal) as no:
        opened.check_in(attempt)
    assert no.value.code == "override_refused"
    assert opened.check_in(attempt, by=opened.proctor(3))


def test_a_request_taken_back_leaves_the_door_as_it_was(opened: RoomOfTest) -> None:
    attempt = opened.expect()
    row = ask(opened, attempt)
    with pytest.raises(Refusal) as no:
        opened.check_in(attempt)
    assert no.value.code == "override_waits"
    client = opened.people.client(opened.proctor())
    client.post(url("override", opened.exam.reference, row.pk), {"putusan": "tarik"})
    assert TrailEntry.objects.filter(verb="proctoring.override_withdrawn").count() == 1
    assert opened.check_in(attempt)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"reason": "pendek"}, "sedikitnya 10 huruf"),
        ({"reason": ""}, "Isilah bagian ini"),
        ({"fault": ""}, "Isilah bagian ini"),
        ({"identity_document": "sim"}, "identity_document"),
    ],
)
def test_a_request_without_its_parts_stays_on_the_screen(
    opened: RoomOfTest, form: dict[str, str], words: str
) -> None:
    attempt = opened.expect()
    full = {"fault": "card", "identity_document": "ktp", "reason": WORDS, "method": "qr"} | form
    page = opened.people.client(opened.proctor()).post(
        url("override_ask", opened.exam.reference, attempt.reference), full
    )
    assert page.status_code == 200
    assert words in page.text
    assert not IdentityOverride.objects.exists()


def test_one_request_at_a_time_and_none_for_who_is_here(opened: RoomOfTest) -> None:
    attempt, here = opened.expect(), opened.expect()
    ask(opened, attempt)
    with pytest.raises(Refusal) as no:
        ask(opened, attempt, by=opened.proctor(2))
    assert no.value.code == "override_waits"
    opened.check_in(here)
    with pytest.raises(Refusal) as no:
        ask(opened, here)
    assert no.value.code == "checked_in"


def test_too_late_is_too_late_for_two_officers_too(opened: RoomOfTest) -> None:
    attempt = opened.expect()
    row = ask(opened, attempt)
    sitting = opened.exam.sitting
    sitting.starts_at = hall_now() + timedelta(minutes=4)
    sitting.save(update_fields=["starts_at"])
    opened.exam.opened_at = hall_now() - timedelta(hours=1)
    opened.exam.save(update_fields=["opened_at"])
    with pytest.raises(Refusal) as no:
        override.confirm_override(override=row, by=opened.proctor(2), now=hall_now())
    assert no.value.code == "pin_closed"
    row.refresh_from_db()
    assert (row.confirmed, CheckIn.objects.count()) == (None, 0)


# --- where it shows, and to whom ------------------------------------------------------------------------
def test_waiting_requests_stand_in_the_room_until_they_are_decided(opened: RoomOfTest) -> None:
    row = ask(opened, opened.expect())
    calls = queries.read_room(opened.exam, hall_now()).calls
    assert [(call.code, call.id) for call in calls] == [("override", str(row.pk))]
    page = opened.people.client(opened.proctor(2)).get(url("room", opened.exam.reference)).text
    assert url("override", opened.exam.reference, row.pk) in page
    override.decline_override(override=row, by=opened.proctor(2), now=hall_now())
    assert not queries.read_room(opened.exam, hall_now()).calls


def test_the_room_is_read_with_as_many_queries_for_three_requests_as_for_one(opened: RoomOfTest) -> None:
    counts = []
    for number in (1, 2):
        for _n in range(number):
            ask(opened, opened.expect())
        with CaptureQueriesContext(connection) as seen:
            queries.read_room(opened.exam, hall_now())
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_officers_of_the_room_ask_and_decide(opened: RoomOfTest, who: str) -> None:
    attempt, other = opened.expect(), opened.expect()
    row = ask(opened, attempt)
    client = opened.people.client(opened.people.who(who))
    form = {"fault": "card", "identity_document": "ktp", "reason": WORDS, "method": "number"}
    client.post(url("override_ask", opened.exam.reference, other.reference), form)
    acts = who in {"proctor", "coordinator"}
    assert IdentityOverride.objects.filter(attempt=other).exists() == acts
    address = url("override", opened.exam.reference, row.pk)
    assert (client.get(address).status_code == 200) == (acts or who == "auditor")
    client.post(address, {"putusan": "setuju"})
    assert CheckIn.objects.exists() == acts


def test_officers_of_another_centre_see_and_do_nothing(opened: RoomOfTest) -> None:
    row = ask(opened, opened.expect())
    client = opened.people.client(opened.stranger())
    address = url("override", opened.exam.reference, row.pk)
    assert client.get(address).status_code == 404
    assert client.post(address, {"putusan": "setuju"}).status_code == 404
    with pytest.raises(Refusal) as no:
        override.confirm_override(override=row, by=opened.stranger(), now=hall_now())
    assert no.value.code == "not_your_room"
    other = opened.make_exam(opened.room)
    assert opened.people.client(opened.proctor(2)).get(url("override", other.reference, row.pk)).status_code == 404


def test_two_who_confirm_at_once_admit_once(
    committed_db: str, people: People, as_role: object, keyring_of: object, tmp_path: object
) -> None:
    with keyring_of("web"):  # type: ignore[operator]
        room = RoomOfTest(people, as_role, keyring_of)  # type: ignore[arg-type]
        room.open()
        row = ask(room, room.expect())
        officers = [room.proctor(2), room.proctor(3)]
        gate, told = threading.Barrier(2), []

        def confirm(by: User) -> None:
            gate.wait()
            try:
                told.append(override.confirm_override(override=row, by=by, now=hall_now()).pin)
            except Refusal as no:
                told.append(no.code)
            finally:
                connections.close_all()

        both = [threading.Thread(target=confirm, args=[by]) for by in officers]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join(20)
        assert sorted(len(word) == 6 for word in told) == [False, True]
        assert "decided" in told
        assert CheckIn.objects.count() == 1


def test_an_ordinary_check_in_names_no_second_officer(opened: RoomOfTest) -> None:
    opened.check_in(opened.expect())
    assert CheckIn.objects.get().override_by is None
