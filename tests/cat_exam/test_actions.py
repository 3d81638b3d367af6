"""The hall's own acts: preparing, entering, the life of an exam, time, ending."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from cat_exam import actions, queries
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Minutes, Pause, Removal, TimeGrant
from cat_exam.rules import lifecycle
from core.errors import Refusal
from core.models.base import uuid7
from tests.cat_exam.builders import make_exam, make_form
from tests.people import People

pytestmark = pytest.mark.django_db


def refused(code: str):
    return pytest.raises(Refusal, check=lambda no: no.code == code)


def test_every_seat_gets_an_attempt_with_form_seed_and_time(people: People) -> None:
    built = make_exam(people, seats=4, forms=2, impaired=1)
    attempts = built.attempts()
    assert built.report.ready and (built.report.seats, built.report.made, built.report.bundles) == (4, 4, 2)
    assert len({attempt.paper_id for attempt in attempts}) == 2
    assert len({attempt.seed for attempt in attempts}) == 4
    seconds = [
        ledger.phase(hall_now()).remaining_ms for _, ledger in sorted(queries.ledgers(a.pk for a in attempts).items())
    ]
    assert seconds == [6_000_000, 6_000_000, 6_000_000, 7_800_000]
    grants = TimeGrant.objects.filter(attempt=attempts[3]).order_by("kind")
    assert [(grant.kind, grant.seconds) for grant in grants] == [("accommodation", 1800), ("base", 6000)]


def test_preparing_twice_adds_nothing(people: People) -> None:
    built = make_exam(people)
    again = actions.prepare_exam(sitting=built.sitting, papers=[built.form.paper], by=built.proctor, now=hall_now())
    assert again.ready and (again.seats, again.made) == (2, 0)


def test_a_bundle_that_does_not_open_stops_the_preparation(people: People) -> None:
    built = make_exam(people)
    bad = make_form(people, blueprint=built.form.paper.blueprint, code="RUSAK", broken=True)
    with refused("bundle_broken"):
        actions.prepare_exam(sitting=built.sitting, papers=[bad.paper], by=built.proctor, now=hall_now())


def test_the_command_prepares_a_sitting_and_says_what_is_missing(people: People) -> None:
    built = make_exam(people)
    out = StringIO()
    call_command("prepare_sitting", built.sitting.reference, stdout=out)
    assert "2 seats, 0 new, 1 bundles opened" in out.getvalue()
    with pytest.raises(CommandError, match="no such sitting"):
        call_command("prepare_sitting", "tidakada")
    built.open()
    with pytest.raises(CommandError, match="sudah dibuka"):
        call_command("prepare_sitting", built.sitting.reference)


def test_card_and_pin_give_a_ticket_at_an_enrolled_pc(people: People) -> None:
    built = make_exam(people).open()
    pins = built.admit_all()
    attempt = built.attempts()[0]
    ticket = built.enter(attempt, pins[attempt.pk])
    assert len(ticket.value) >= 43
    with refused("station_unknown"):
        actions.enter_hall(card_number=attempt.card_number, pin=pins[attempt.pk], station=None, now=hall_now())


def test_the_sixth_wrong_pin_is_blocked_until_a_new_one_is_issued(people: People) -> None:
    built = make_exam(people).open()
    pins = built.admit_all()
    attempt = built.attempts()[0]
    wrong = "000000" if pins[attempt.pk] != "000000" else "000001"
    for _ in range(5):
        with refused("pin_wrong"):
            built.enter(attempt, wrong)
    with refused("pin_blocked"):
        built.enter(attempt, pins[attempt.pk])
    fresh = actions.issue_pin(attempt=attempt, by=built.proctor, now=hall_now())
    assert built.enter(attempt, fresh).value


def test_a_pin_of_another_candidate_or_an_unknown_card_tells_nothing(people: People) -> None:
    built = make_exam(people).open()
    pins = built.admit_all()
    first, second = built.attempts()
    with refused("pin_wrong") as one:
        built.enter(first, pins[second.pk] if pins[first.pk] != pins[second.pk] else "nope")
    with refused("pin_wrong") as other:
        actions.enter_hall(card_number="9" * 14, pin="123456", station=built.station("A-0001"), now=hall_now())
    assert one.value.text == other.value.text


def test_a_card_of_another_sitting_is_named_only_after_the_right_pin(people: People) -> None:
    here, there = make_exam(people).open(), make_exam(people).open()
    pins = there.admit_all()
    attempt = there.attempts()[0]
    with refused("sitting_other"):
        actions.enter_hall(
            card_number=attempt.card_number, pin=pins[attempt.pk], station=here.station("A-0001"), now=hall_now()
        )
    with refused("pin_wrong"):
        actions.enter_hall(card_number=attempt.card_number, pin="x", station=here.station("A-0001"), now=hall_now())


def test_a_second_pc_needs_a_new_pin(people: People) -> None:
    built = make_exam(people).open()
    pins = built.admit_all()
    attempt = built.attempts()[0]
    built.enter(attempt, pins[attempt.pk])
    other = built.station("cadangan")
    with refused("seat_elsewhere"):
        actions.enter_hall(card_number=attempt.card_number, pin=pins[attempt.pk], station=other, now=hall_now())
    fresh = actions.issue_pin(attempt=attempt, by=built.proctor, now=hall_now())
    assert actions.enter_hall(card_number=attempt.card_number, pin=fresh, station=other, now=hall_now())


def test_pins_are_issued_until_five_minutes_before_the_start(people: People) -> None:
    built = make_exam(people, starts_in=timedelta(minutes=10)).open()
    first, second = built.attempts()
    start = built.sitting.starts_at
    actions.admit(attempt=first, by=built.proctor, now=start - timedelta(minutes=5, seconds=1))
    for act in (lambda now: actions.admit(attempt=second, by=built.proctor, now=now),
                lambda now: actions.issue_pin(attempt=first, by=built.proctor, now=now)):  # fmt: skip
        with refused("pin_closed"):
            act(start - timedelta(minutes=5))


def test_an_exam_opened_by_hand_after_its_hour_still_admits(people: People) -> None:
    built = make_exam(people, starts_in=timedelta(minutes=-30)).open()
    assert built.admit_all()


def test_nobody_is_admitted_before_the_doors_open(people: People) -> None:
    built = make_exam(people)
    with refused("exam_not_open"):
        actions.admit(attempt=built.attempts()[0], by=built.proctor, now=hall_now())


def test_the_start_puts_everybody_admitted_at_one_instant(people: People) -> None:
    built = make_exam(people, seats=3).open()
    first = built.attempts()[0]
    with refused("nobody_admitted"), transaction.atomic():
        built.start()
    actions.admit(attempt=first, by=built.proctor, now=hall_now())
    built.start()
    states = [(attempt.state, attempt.started_at) for attempt in built.attempts()]
    assert states == [("running", built.exam.started_at), ("expected", None), ("expected", None)]


def test_a_room_pause_is_one_row_and_stops_the_time_of_all(people: People) -> None:
    built = make_exam(people).open()
    built.admit_all()
    built.start()
    start = built.exam.started_at
    actions.pause_exam(exam=built.exam, reason="listrik padam", by=built.proctor, now=start + timedelta(minutes=10))
    assert Pause.objects.filter(exam=built.exam).count() == 1
    for moment in (20, 30):
        views = queries.room_view(built.exam, start + timedelta(minutes=moment))
        assert {(view.state, view.remaining_ms) for view in views} == {("paused", 90 * 60_000)}
    with refused("already_paused"):
        actions.pause_exam(exam=built.exam, reason="lagi", by=built.proctor, now=hall_now())
    actions.resume_exam(
        exam=built.exam, reason="listrik menyala", by=built.proctor, now=start + timedelta(minutes=40)
    )
    views = queries.room_view(built.exam, start + timedelta(minutes=41))
    assert {(view.state, view.remaining_ms) for view in views} == {("running", 89 * 60_000)}


def test_time_credit_needs_a_second_person_here_and_in_the_database(people: People) -> None:
    built = make_exam(people).open()
    built.admit_all()
    built.start()
    attempt = built.attempts()[0]
    grant = actions.ask_time_credit(
        exam=built.exam, attempt=attempt, seconds=120, reason="mati", by=built.proctor, now=hall_now()
    )
    before = queries.ledgers([attempt.pk])[attempt.pk].closes_at(hall_now())
    with refused("four_eyes"):
        actions.approve_time_credit(grant=grant, by=built.proctor, now=hall_now())
    with pytest.raises(DatabaseError, match="time_four_eyes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cat_exam_timegrant SET approver_id = author_id, approved_at = now() WHERE id = %s", [grant.pk]
        )
    actions.approve_time_credit(grant=grant, by=people.staff("coordinator"), now=hall_now())
    after = queries.ledgers([attempt.pk])[attempt.pk].closes_at(hall_now())
    assert before and after and after - before == timedelta(seconds=120)


def test_the_database_keeps_grants_as_they_were_asked_and_approved(people: People) -> None:
    built = make_exam(people).open()
    first, second = built.attempts()
    coordinator, other = people.staff("coordinator"), people.staff("coordinator", 2)
    asked = [
        actions.ask_time_credit(
            exam=built.exam, attempt=first, seconds=60, reason="mati", by=built.proctor, now=hall_now()
        )
        for _ in range(2)
    ]
    approved = actions.approve_time_credit(grant=asked[0], by=coordinator, now=hall_now())

    def try_to(words: str, sql: str, *given: object) -> None:
        with pytest.raises(DatabaseError, match=words), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, given)

    change = "UPDATE cat_exam_timegrant SET {} WHERE id = %s"
    for grant in (*asked, TimeGrant.objects.get(attempt=first, kind="base")):
        for what in ("seconds = 9000", "kind = 'accommodation'", f"attempt_id = {second.pk}", "reason = 'lain'",
                     f"author_id = '{other.pk}'", "day = day + 1"):  # fmt: skip
            try_to("never changes", change.format(what), grant.pk)
    try_to("approved once", change.format(f"approver_id = '{other.pk}'"), approved.pk)
    try_to("approved once", change.format("approver_id = NULL, approved_at = NULL"), approved.pk)
    with pytest.raises(DatabaseError, match="born unapproved"), transaction.atomic():
        TimeGrant.objects.create(
            kind="credit", seconds=60, attempt=first, day=built.exam.day, reason="mati", author=built.proctor,
            approver=coordinator, asked_at=hall_now(), approved_at=hall_now(),
        )  # fmt: skip


def test_time_that_is_over_closes_attempts_once(people: People) -> None:
    built = make_exam(people, minutes=1).open()
    built.admit_all()
    built.start()
    end = built.exam.started_at + timedelta(minutes=1)
    assert queries.over_time(end - timedelta(milliseconds=1)) == []
    due = queries.over_time(end)
    assert sorted(due) == sorted(attempt.pk for attempt in built.attempts())
    assert actions.expire_attempts(attempts=due, now=end) == 2
    assert {attempt.state for attempt in built.attempts()} == {"expired"}
    assert queries.over_time(end) == []


def test_nobody_is_closed_while_the_room_is_paused(people: People) -> None:
    built = make_exam(people, minutes=1).open()
    built.admit_all()
    built.start()
    actions.pause_exam(
        exam=built.exam, reason="r", by=built.proctor, now=built.exam.started_at + timedelta(seconds=30)
    )
    assert queries.over_time(built.exam.started_at + timedelta(hours=3)) == []


def test_a_silent_hall_stops_every_running_clock_by_itself(people: People) -> None:
    built = make_exam(people).open()
    built.admit_all()
    built.start()
    start = built.exam.started_at
    actions.beat(now=start)
    assert actions.beat(now=start + timedelta(seconds=5)) == 0
    assert actions.watch_pulse(now=start + timedelta(seconds=60)) == 1
    assert actions.beat(now=start + timedelta(seconds=61)) == 0
    pause = Pause.objects.get(exam=built.exam)
    assert (pause.cause, pause.began_at, pause.ended_at) == ("outage", start + timedelta(seconds=5), None)
    actions.resume_exam(exam=built.exam, reason="pulih", by=built.proctor, now=start + timedelta(seconds=100))
    view = queries.room_view(built.exam, start + timedelta(seconds=100))[0]
    assert view.remaining_ms == 100 * 60_000 - 5_000


def test_a_hall_that_comes_back_first_stops_the_clock_too(people: People) -> None:
    built = make_exam(people).open()
    built.admit_all()
    built.start()
    actions.beat(now=built.exam.started_at)
    assert actions.beat(now=built.exam.started_at + timedelta(seconds=30)) == 1


def test_scores_come_from_the_journal_and_are_sealed(people: People, keyring_of, as_role) -> None:
    built = make_exam(people).open()
    built.admit_all()
    built.start()
    attempt = built.attempts()[0]
    actions.submit(attempt=attempt, by=built.proctor, now=hall_now())
    with keyring_of("score"), as_role("cat_score"):
        assert actions.score_finished(now=hall_now()) == [attempt.pk]
        assert actions.score_finished(now=hall_now()) == []
    sheet = attempt.sheets.get()
    assert sheet.seal_holds() and sheet.total == 0 and sheet.document["lines"] == 1
    attempt.refresh_from_db()
    assert attempt.state == "scored"
    score = queries.score_messages([attempt.pk])[attempt.pk]
    assert (score.max, score.total, score.grades_met) == (60, 0, False)
    assert [section.minimum for section in score.sections] == [65, 80, 166]


def test_a_closed_room_has_one_outcome_a_seat_and_minutes_signed_by_two(people: People, keyring_of, as_role) -> None:
    built = make_exam(people, seats=3).open()
    for attempt in built.attempts()[:2]:
        actions.admit(attempt=attempt, by=built.proctor, now=hall_now())
    built.start()
    with refused("attempts_running"):
        actions.close_exam(exam=built.exam, by=built.proctor, now=hall_now())
    for attempt in built.attempts()[:2]:
        actions.submit(attempt=attempt, by=built.proctor, now=hall_now())
    with refused("scores_missing"):
        actions.close_exam(exam=built.exam, by=built.proctor, now=hall_now())
    with keyring_of("score"), as_role("cat_score"):
        actions.score_finished(now=hall_now())
    roll = actions.close_exam(exam=built.exam, by=built.proctor, now=hall_now())
    assert roll.seal_holds() and roll.document["counts"] == {"present": 2, "absent": 1}
    with refused("exam_closed"):
        actions.renew_ticket(attempt=built.attempts()[0], now=hall_now())
    assert [one.outcome for one in queries.outcomes(built.sitting.stage)] == ["present", "present", "absent"]
    assert len(list(queries.score_sheets(built.sitting.stage))) == 2
    minutes = actions.sign_minutes(exam=built.exam, incidents=[], by=built.proctor, now=hall_now())
    assert minutes.seal_holds() and minutes.document["journal_sha256"] == actions.journal_digest(built.exam)
    with refused("four_eyes"):
        actions.countersign_minutes(minutes=minutes, by=built.proctor, now=hall_now())
    born = Minutes.objects.get(pk=minutes.pk)
    born.pk, born.countersigned_by, born.countersigned_at = uuid7(), people.staff("coordinator"), hall_now()
    with pytest.raises(DatabaseError, match="born uncountersigned"), transaction.atomic():
        born.save(force_insert=True)
    assert actions.countersign_minutes(
        minutes=minutes, by=people.staff("coordinator"), now=hall_now()
    ).countersigned_at


def test_a_disqualified_attempt_needs_two_people_and_never_comes_back(people: People) -> None:
    built = make_exam(people).open()
    attempt = built.attempts()[0]
    coordinator = people.staff("coordinator")
    asked = actions.ask_removal(attempt=attempt, to="disqualified", reason="joki", by=built.proctor, now=hall_now())
    with refused("four_eyes"):
        actions.confirm_removal(removal=asked, by=built.proctor, now=hall_now())
    actions.confirm_removal(removal=asked, by=coordinator, now=hall_now())
    with refused("already_admitted"):
        actions.admit(attempt=attempt, by=built.proctor, now=hall_now())


@pytest.mark.parametrize("state", sorted(lifecycle.ATTEMPT))
def test_the_database_allows_the_steps_of_the_table_and_no_others(people: People, state: str) -> None:
    built = make_exam(people, seats=1)
    attempt = built.attempts()[0]
    path = {"expected": [], "admitted": ["admitted"], "running": ["admitted", "running"],
            "paused": ["admitted", "running", "paused"], "submitted": ["admitted", "running", "submitted"],
            "expired": ["admitted", "running", "expired"], "scored": ["admitted", "running", "submitted", "scored"],
            "absent": ["absent"], "disqualified": ["disqualified"], "voided": ["voided"]}[state]  # fmt: skip
    row = Attempt.objects.filter(pk=attempt.pk)
    for to in Removal.To:  # asked and confirmed, so that nothing but the table of moves decides here
        asked = actions.ask_removal(attempt=attempt, to=to, reason="uji", by=built.proctor, now=hall_now())
        Removal.objects.filter(pk=asked.pk).update(
            confirmed=True, decided_by=people.staff("coordinator"), decided_at=hall_now()
        )
    row.update(started_at=hall_now())
    for step in path:
        row.update(state=step)
    for to in sorted(lifecycle.ATTEMPT):
        allowed = to == state or to in lifecycle.ATTEMPT[state]
        if allowed:
            with transaction.atomic():
                row.update(state=to)
                transaction.set_rollback(True)
        else:
            with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
                row.update(state=to)
