"""Alarms: the reader raises them from new lines only, a person decides, nothing is ever decided by itself."""

import logging
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cat_exam import actions as hall
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, BrowserKey
from cat_exam.rules.seb import Shown
from core.errors import Refusal
from core.models import TrailEntry
from proctoring import actions
from proctoring.models import Alarm, Incident
from proctoring.queries.watching import Watcher
from proctoring.rules.anomaly import Sign
from tests.proctoring.conftest import RoomOfTest
from tests.proctoring.rules.simulator import follower, honest, insider, make_form, make_ring
from tests.proctoring.watching import NAMES, finding, raised, six_working, store  # noqa: F401


# --- the reader -------------------------------------------------------------------------------------------
def test_a_remote_solved_sheet_is_raised_and_honest_ones_are_not(seats: list[Attempt]) -> None:
    random = Random(1101)
    form = make_form(random)
    store(seats[0], insider(1, form, random, "ordinary"))
    for attempt, style in zip(seats[1:], ("steady", "looks first", "slow", "expert", "leaves out"), strict=True):
        store(attempt, honest(2, form, random, style))
    found = Watcher().look(hall_now())
    alarms = raised(*found)
    assert [(alarm.kind, alarm.attempt_id) for alarm in alarms] == [("remote", seats[0].pk)]
    assert alarms[0].facts["items"] >= 15 and alarms[0].facts["solve_ms"] < 14_000
    assert alarms[0].state == "new"
    seats[0].refresh_from_db()
    assert seats[0].state == "running", "an alarm changes nothing"


def test_two_seats_that_follow_one_solver_are_one_alarm(seats: list[Attempt]) -> None:
    random = Random(1102)
    form = make_form(random)
    ring = make_ring(form, random, 34)
    for attempt in seats[:2]:
        store(attempt, follower(attempt.pk, form, random, ring))
    for attempt in seats[2:]:
        store(attempt, honest(attempt.pk, form, random, "steady"))
    twins = [one for one in raised(*Watcher().look(hall_now())) if one.kind == "twins"]
    assert [(one.attempt_id, one.other_id) for one in twins] == [(seats[0].pk, seats[1].pk)]


def test_each_look_reads_new_lines_only_in_the_same_number_of_queries(seats: list[Attempt]) -> None:
    random = Random(1103)
    form, watcher = make_form(random), Watcher()
    sheets = [honest(number, form, random, "steady") for number in range(6)]
    first = sum(store(one, sheet, last=100) for one, sheet in zip(seats, sheets, strict=True))
    watcher.look(hall_now())
    assert watcher.lines == first == 600
    watcher.look(hall_now())
    assert watcher.lines == first, "nothing is read twice"
    counts = []
    for many, start in ((1, 100), (6, 110)):
        if many == 6:
            for attempt, sheet in zip(seats[1:], sheets[1:], strict=True):
                store(attempt, sheet, first=100, last=110)
        new = [store(*one, first=start, last=start + 10) for one in list(zip(seats, sheets, strict=True))[:many]]
        before = watcher.lines
        with CaptureQueriesContext(connection) as asked:
            watcher.look(hall_now())
        counts.append(len(asked))
        assert watcher.lines - before == sum(new) + (50 if many == 6 else 0)
    assert counts[0] == counts[1] <= 15, counts


def test_a_reader_that_starts_anew_finds_the_same_and_raises_nothing_twice(seats: list[Attempt]) -> None:
    random = Random(1104)
    form = make_form(random)
    sheet = insider(1, form, random, "careless")
    old = Watcher()
    store(seats[0], sheet, last=150)
    raised(*old.look(hall_now()))
    store(seats[0], sheet, first=150)
    raised(*old.look(hall_now()))
    before = list(Alarm.objects.values("pk", "strength", "facts", "raised_at"))
    assert len(before) == 1
    assert raised(*Watcher().look(hall_now())) == []
    assert list(Alarm.objects.values("pk", "strength", "facts", "raised_at")) == before
    assert TrailEntry.objects.filter(verb="proctoring.alarm_raised").count() == 1


def test_a_closed_room_is_read_once_more_and_then_forgotten(room: RoomOfTest, seats: list[Attempt]) -> None:
    random = Random(1105)
    sheet = insider(1, make_form(random), random, "careless")
    watcher = Watcher()
    watcher.look(hall_now())
    store(seats[0], sheet)
    room.exam.__class__.objects.filter(pk=room.exam.pk).update(state="closed")
    assert [one.sign for one in watcher.look(hall_now())] == [Sign.REMOTE]
    read = watcher.lines
    assert watcher.look(hall_now()) == [] and watcher.lines == read


def test_browsers_of_another_address_or_without_the_keys_are_raised(room: RoomOfTest, seats: list[Attempt]) -> None:
    watcher = Watcher()
    later = hall_now() + timedelta(minutes=1)

    def seen(attempt: Attempt, address: str, agent: str = "Chromium", at: timedelta = timedelta(0)) -> None:
        browser = hall.Browser(address, agent, Shown(), ["http://127.0.0.1/ujian/tiket/"])
        hall.see_browser(attempt=Attempt.objects.get(pk=attempt.pk), browser=browser, now=later + at)

    for attempt in seats:
        seen(attempt, "10.0.0.7")
    assert raised(*watcher.look(later)) == []
    seen(seats[0], "10.0.0.9", at=timedelta(seconds=5))
    assert [(one.kind, one.attempt_id) for one in raised(*watcher.look(later))] == [("place", seats[0].pk)]

    # The room moves B to another PC: a new PIN is its word for it.
    hall.issue_pin(attempt=seats[1], by=room.proctor(), now=later + timedelta(seconds=10))
    seen(seats[1], "10.0.0.11", at=timedelta(seconds=20))
    assert raised(*watcher.look(later)) == []

    BrowserKey.objects.create(selection=room.stage.selection, kind="config", key="a" * 64, label="uji",
                              added_by=room.people.staff("committee"), added_at=later)  # fmt: skip
    room.exam.__class__.objects.filter(pk=room.exam.pk).update(locked_browser=True)
    with pytest.raises(Refusal):
        seen(seats[2], "10.0.0.7", at=timedelta(seconds=30))
    assert [(one.kind, one.attempt_id) for one in raised(*watcher.look(later))] == [("browser", seats[2].pk)]


def test_nothing_about_people_is_logged(seats: list[Attempt], caplog: pytest.LogCaptureFixture) -> None:
    random = Random(1106)
    store(seats[0], insider(1, make_form(random), random, "careless"))
    with caplog.at_level(logging.DEBUG):
        raised(*Watcher().look(hall_now()))
    told = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert NAMES[0] not in told and seats[0].card_number not in told


# --- the life of an alarm ---------------------------------------------------------------------------------
def test_a_stronger_finding_moves_an_alarm_on_and_a_weaker_one_changes_nothing(seats: list[Attempt]) -> None:
    (alarm,) = raised(finding(seats[0], strength=60))
    assert raised(finding(seats[0], strength=40), finding(seats[0], strength=90)) == []
    alarm.refresh_from_db()
    assert alarm.strength == 90
    assert raised(finding(seats[0], strength=10)) == []
    alarm.refresh_from_db()
    assert alarm.strength == 90


def test_seen_followed_up_with_an_incident_for_the_minutes(room: RoomOfTest, seats: list[Attempt]) -> None:
    (alarm,) = raised(finding(seats[0], Sign.REMOTE))
    assert actions.see_alarms(exam=room.exam, alarms=[alarm.pk], by=room.proctor(), now=hall_now()) == 1
    note = "Ada program lain di layar; koordinator dipanggil."
    done = actions.follow_alarm(
        exam=room.exam, alarm=alarm, note=note, report=True, by=room.proctor(), now=hall_now()
    )
    assert (done.state, done.note, done.decided_by) == ("followed", note, room.proctor())
    incident = Incident.objects.get()
    assert (done.incident, incident.kind, incident.attempt_id, incident.text) == (
        incident,
        "conduct",
        seats[0].pk,
        note,
    )
    verbs = set(TrailEntry.objects.filter(verb__startswith="proctoring.alarm").values_list("verb", flat=True))
    assert verbs == {"proctoring.alarm_raised", "proctoring.alarms_seen", "proctoring.alarm_followed"}


def test_an_alarm_is_linked_to_an_incident_of_its_own_room_only(room: RoomOfTest, seats: list[Attempt]) -> None:
    (alarm,) = raised(finding(seats[0]))
    other = room.make_exam(room.room)
    strange = actions.report_incident(
        exam=other, kind="other", text="Kejadian di ruang lain.", by=room.proctor(), now=hall_now()
    )
    with pytest.raises(Refusal) as no:
        actions.follow_alarm(exam=room.exam, alarm=alarm, note="Dilihat.", incident=strange, by=room.proctor(),
                             now=hall_now())  # fmt: skip
    assert no.value.code == "incident_elsewhere"
    with pytest.raises(Refusal) as no:
        actions.dismiss_alarm(exam=other, alarm=alarm, note="Bukan ruang ini.", by=room.proctor(), now=hall_now())
    assert no.value.code == "alarm_elsewhere"
    alarm.refresh_from_db()
    assert alarm.state == "new"


def test_a_dismissed_alarm_comes_back_when_it_is_twice_as_strong(room: RoomOfTest, seats: list[Attempt]) -> None:
    (alarm,) = raised(finding(seats[0], strength=60))
    actions.dismiss_alarm(exam=room.exam, alarm=alarm, note="Jendela pembaruan.", by=room.proctor(), now=hall_now())
    assert raised(finding(seats[0], strength=119)) == []
    alarm.refresh_from_db()
    assert alarm.state == "dismissed"
    assert [one.pk for one in raised(finding(seats[0], strength=120))] == [alarm.pk]
    alarm.refresh_from_db()
    assert alarm.state == "new"
    assert TrailEntry.objects.filter(verb="proctoring.alarm_raised", thing_id=str(alarm.pk)).count() == 2


def test_a_decision_needs_a_note_and_a_person_of_the_room(room: RoomOfTest, seats: list[Attempt]) -> None:
    (alarm,) = raised(finding(seats[0]))
    with pytest.raises(Refusal) as no:
        actions.dismiss_alarm(exam=room.exam, alarm=alarm, note="  ", by=room.proctor(), now=hall_now())
    assert no.value.code == "note_missing"
    for person in (room.stranger(), room.people.staff("auditor")):
        with pytest.raises(Refusal) as no:
            actions.dismiss_alarm(exam=room.exam, alarm=alarm, note="Tidak apa.", by=person, now=hall_now())
        assert no.value.code == "not_your_room"


def test_the_database_keeps_the_life_and_the_facts_of_an_alarm(room: RoomOfTest, seats: list[Attempt]) -> None:
    (alarm,) = raised(finding(seats[0]))
    rows = Alarm.objects.filter(pk=alarm.pk)
    changes: list[tuple[type[Exception], Callable[[], object]]] = [
        (IntegrityError, lambda: rows.update(state="dismissed")),
        (ProgrammingError, lambda: rows.update(kind="remote")),
        (ProgrammingError, lambda: rows.update(attempt=seats[1])),
        (ProgrammingError, lambda: rows.delete()),
        (ProgrammingError, lambda: Alarm.objects.create(
            exam=room.exam, attempt=seats[1], kind="focus", strength=1, first_at=hall_now(), last_at=hall_now(),
            raised_at=hall_now(), state="seen")),
        (IntegrityError, lambda: Alarm.objects.create(
            exam=room.exam, attempt=seats[0], kind="focus", strength=1, first_at=hall_now(), last_at=hall_now(),
            raised_at=hall_now())),
    ]  # fmt: skip
    for error, change in changes:
        with pytest.raises(error), transaction.atomic():
            change()
    actions.follow_alarm(exam=room.exam, alarm=alarm, note="Sudah dilihat.", by=room.proctor(), now=hall_now())
    with pytest.raises(ProgrammingError), transaction.atomic():
        rows.update(state="new")
