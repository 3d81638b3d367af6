"""What the database itself refuses in the hall, asked by SQL as ``cat_web``: two people, given time, used forms."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from cat_exam import actions
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Removal, Roll
from core.errors import Refusal
from tests.cat_exam.builders import Built, add_seats, make_exam
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(people: People) -> Built:
    return make_exam(people, seats=3, impaired=1).open()


def run(sql: str, *given: object) -> int:
    """Rows changed by a statement, in a savepoint of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.rowcount


def barred(match: str, sql: str, *given: object) -> None:
    with pytest.raises(DatabaseError, match=match):
        run(sql, *given)


def refused(code: str, act: Callable[..., object], **given: object) -> str:
    with pytest.raises(Refusal) as caught:
        act(now=hall_now(), **given)
    assert caught.value.code == code, caught.value.code
    return str(caught.value.text)


# --- disqualified or voided by two people -----------------------------------------------------------
ASK = (
    'INSERT INTO cat_exam_removal (attempt_id, "to", reason, evidence, asked_by_id, asked_at, decided_by_id,'
    " decided_at, confirmed) VALUES (%s, %s, %s, '[]', %s, now(), %s, %s, %s)"
)


@pytest.mark.parametrize("to", ["disqualified", "voided"])
def test_no_attempt_is_removed_without_the_word_of_two_people(built: Built, people: People, to: str) -> None:
    attempt, one, two = built.attempts()[0], people.staff("proctor"), people.staff("coordinator")
    away = f"UPDATE cat_exam_attempt SET state = '{to}' WHERE id = %s"
    barred("two officers", away, attempt.pk)
    barred("born undecided", ASK, attempt.pk, to, "joki", one.pk, two.pk, hall_now(), True)
    barred("removal_reason", ASK, attempt.pk, to, "", one.pk, None, None, None)
    run(ASK, attempt.pk, to, "joki", one.pk, None, None, None)
    barred("two officers", away, attempt.pk)
    decide = "UPDATE cat_exam_removal SET confirmed = true, decided_by_id = %s, decided_at = %s WHERE attempt_id = %s"
    barred("removal_four_eyes", decide, one.pk, hall_now(), attempt.pk)
    barred("removal_decision_whole", decide, None, hall_now(), attempt.pk)
    barred("removal_decision_whole", decide, two.pk, None, attempt.pk)
    assert run(decide, two.pk, hall_now(), attempt.pk) == 1
    other = {"disqualified": "voided", "voided": "disqualified"}[to]
    barred("two officers", f"UPDATE cat_exam_attempt SET state = '{other}' WHERE id = %s", attempt.pk)
    assert run(away, attempt.pk) == 1


@pytest.mark.parametrize(
    "change", ["reason = 'lain'", "asked_by_id = decided_by_id", "\"to\" = 'voided'", "evidence = '[1]'"]
)
def test_what_was_asked_never_changes(built: Built, people: People, change: str) -> None:
    actions.ask_removal(attempt=built.attempts()[0], to="disqualified", reason="joki", by=built.proctor,
                        now=hall_now())  # fmt: skip
    barred("permission denied", f"UPDATE cat_exam_removal SET {change}")
    barred("permission denied", "DELETE FROM cat_exam_removal")


def test_a_removal_is_decided_once(built: Built, people: People) -> None:
    coordinator = people.staff("coordinator")
    asked = actions.ask_removal(attempt=built.attempts()[0], to="voided", reason="listrik", by=built.proctor,
                                now=hall_now())  # fmt: skip
    refused("asked_already", actions.ask_removal, attempt=built.attempts()[0], to="voided", reason="lagi",
            by=coordinator)  # fmt: skip
    actions.decline_removal(removal=asked, by=coordinator, now=hall_now())
    refused("decided", actions.confirm_removal, removal=asked, by=coordinator)
    barred("decided once", "UPDATE cat_exam_removal SET confirmed = true")
    barred("two officers", "UPDATE cat_exam_attempt SET state = 'voided' WHERE id = %s", built.attempts()[0].pk)
    again = actions.ask_removal(attempt=built.attempts()[0], to="voided", reason="listrik", by=built.proctor,
                                now=hall_now())  # fmt: skip
    refused("four_eyes", actions.confirm_removal, removal=again, by=built.proctor)
    actions.confirm_removal(removal=again, by=coordinator, now=hall_now())
    assert built.attempts()[0].state == "voided"
    assert Removal.objects.filter(attempt=built.attempts()[0]).count() == 2


def test_the_scorer_removes_nobody(built: Built, as_role) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), as_role("cat_score"):
        run("UPDATE cat_exam_attempt SET state = 'disqualified' WHERE id = %s", built.attempts()[0].pk)


def test_who_is_removed_after_the_room_closed_gets_a_new_roll(built: Built, people: People) -> None:
    first = actions.close_exam(exam=built.exam, by=built.proctor, now=hall_now())
    asked = actions.ask_removal(attempt=built.attempts()[0], to="disqualified", reason="joki", by=built.proctor,
                                now=hall_now())  # fmt: skip
    actions.confirm_removal(removal=asked, by=people.staff("coordinator"), now=hall_now())
    roll = Roll.objects.get(exam=built.exam, replaced_by__isnull=True)
    assert roll.seal_holds() and roll.replaces == first
    assert roll.document["counts"] == {"absent": 2, "disqualified": 1}


# --- time is given as the sitting says ----------------------------------------------------------------
GRANT = (
    "INSERT INTO cat_exam_timegrant (kind, seconds, attempt_id, day, reason, asked_at, approved_at)"
    " SELECT %s, %s, %s, day, '', now(), now() FROM cat_exam_attempt WHERE id = %s"
)


@pytest.mark.parametrize("seconds", [5999, 6001, 60000])
def test_base_and_accommodation_are_what_the_sitting_gives(built: Built, seconds: int) -> None:
    fresh = born_later(built)
    barred("as the sitting says", GRANT, "base", seconds, fresh.pk, fresh.pk)
    barred("as the sitting says", GRANT, "accommodation", seconds - 4200, fresh.pk, fresh.pk)
    run(GRANT, "base", 6000, fresh.pk, fresh.pk)
    run(GRANT, "accommodation", 1800, fresh.pk, fresh.pk)
    barred("grant_given_once", GRANT, "base", 6000, fresh.pk, fresh.pk)
    barred("grant_given_once", GRANT, "accommodation", 1800, fresh.pk, fresh.pk)


def test_no_accommodation_for_whom_the_application_names_none(built: Built) -> None:
    seeing = built.attempts()[0]
    barred("as the sitting says", GRANT, "accommodation", 1800, seeing.pk, seeing.pk)


@pytest.mark.parametrize("kind", ["base", "accommodation"])
def test_no_base_time_for_a_whole_room_or_centre(built: Built, kind: str) -> None:
    scope = (
        "INSERT INTO cat_exam_timegrant (kind, seconds, {}, day, reason, asked_at, approved_at)"
        " VALUES (%s, 6000, %s, %s, '', now(), now())"
    )
    centre = built.sitting.room.centre_id
    barred("as the sitting says", scope.format("exam_id"), kind, built.exam.pk, built.exam.day)
    barred("as the sitting says", scope.format("centre_id"), kind, centre, built.exam.day)


def test_a_credit_by_one_person_is_refused_by_the_database(built: Built, people: People) -> None:
    grant = actions.ask_time_credit(exam=built.exam, seconds=60, reason="listrik", by=built.proctor, now=hall_now())
    approve = "UPDATE cat_exam_timegrant SET approver_id = %s, approved_at = now() WHERE id = %s"
    barred("time_four_eyes", approve, built.proctor.pk, grant.pk)
    barred("time_credit_by_two", approve, None, grant.pk)
    assert run(approve, people.staff("coordinator").pk, grant.pk) == 1


def born_later(built: Built) -> Attempt:
    """An attempt of a visually impaired candidate that has no time yet."""
    old = built.attempts()[-1]
    made = make_exam(built.people, seats=1, impaired=1)
    new = made.attempts()[0]
    assert old.application.visually_impaired and new.application.visually_impaired
    taken = "INSERT INTO cat_exam_attempt ({}) SELECT {} FROM cat_exam_attempt WHERE id = %s"
    names = [field.column for field in Attempt._meta.local_concrete_fields if field.column != "id"]
    other = fresh_seat(made, new)
    fresh = {"reference": "substr(md5(random()::text), 1, 16)", "card_number": "'99' || floor(random() * 1e9)::text",
             "seat_id": f"'{other[0]}'", "application_id": f"'{other[1]}'"}  # fmt: skip
    run(taken.format(", ".join(names), ", ".join(fresh.get(name, name) for name in names)), new.pk)
    return Attempt.objects.exclude(pk=new.pk).get(exam=made.exam)


def fresh_seat(built: Built, attempt: Attempt) -> tuple[object, object]:
    """One more carded, visually impaired candidate of the sitting who has no attempt: (seat, application)."""
    before = set(built.sitting.seats.values_list("pk", flat=True))
    built.sitting.seats.filter(pk=attempt.seat_id).update(label="Z-0001")
    add_seats(built.people, built.sitting, attempt.application.formation, 1, 1, hall_now())
    seat = built.sitting.seats.exclude(pk__in=before).get()
    return seat.pk, seat.application_id


# --- a form serves one session ------------------------------------------------------------------------
USE = "INSERT INTO cat_exam_exampaper (exam_id, paper_id) VALUES (%s, %s)"


def second(built: Built, *, later: timedelta) -> Built:
    """Another sitting of the same stage ``later``, not prepared with the first one's form."""
    return make_exam(built.people, seats=1, like=built, starts_in=timedelta(hours=1) + later)


def begin(built: Built) -> None:
    built.admit_all()
    built.start()


def test_a_form_whose_key_was_given_out_is_not_drawn_on_again(people: People) -> None:
    built = make_exam(people, seats=1).open()
    other = second(built, later=timedelta(minutes=0))
    begin(built)
    text = refused("paper_used", actions.prepare_exam, sitting=other.sitting, papers=[built.form.paper],
                   by=built.proctor)  # fmt: skip
    assert built.form.paper.code in text and str(built.sitting) in text
    barred("was given out", USE, other.exam.pk, built.form.paper.pk)


def test_a_form_serves_sittings_of_the_same_hour_only(people: People) -> None:
    built = make_exam(people, seats=1)
    same, after = second(built, later=timedelta(minutes=30)), second(built, later=timedelta(minutes=100))
    actions.prepare_exam(sitting=same.sitting, papers=[built.form.paper], by=built.proctor, now=hall_now())
    refused("paper_used", actions.prepare_exam, sitting=after.sitting, papers=[built.form.paper], by=built.proctor)
    barred("another hour", USE, after.exam.pk, built.form.paper.pk)


def test_preparing_again_keeps_the_forms_an_exam_has(people: People) -> None:
    built = make_exam(people, seats=1)
    actions.prepare_exam(sitting=built.sitting, papers=[built.form.paper], by=built.proctor, now=hall_now())
    begin(built.open())
    refused("exam_begun", actions.prepare_exam, sitting=built.sitting, papers=[built.form.paper], by=built.proctor)


def test_a_candidate_gets_a_form_of_the_exam_and_no_other(people: People) -> None:
    built, other = make_exam(people, seats=1), make_exam(people, seats=1)
    given = (other.form.paper.pk, built.exam.pk)
    barred("attempt_paper_of_exam", "UPDATE cat_exam_attempt SET paper_id = %s WHERE exam_id = %s", *given)


@pytest.mark.parametrize("statement", ["UPDATE cat_exam_exampaper SET exam_id = exam_id",
                                       "DELETE FROM cat_exam_exampaper"])  # fmt: skip
def test_which_forms_an_exam_used_stays(people: People, statement: str) -> None:
    barred("permission denied", statement)


def test_the_screen_offers_no_used_form_and_says_what_to_do_next(people: People) -> None:
    built = make_exam(people, seats=1).open()
    begin(built)
    other = second(built, later=timedelta(minutes=0))
    spare = other.form.paper
    page = people.client(people.staff("committee")).get(f"/ujian/siapkan/{other.sitting.reference}/")
    words = page.content.decode()
    assert spare.code in words and built.form.paper.code not in words
    third = second(built, later=timedelta(days=1)).sitting
    bare = type(third).objects.create(
        stage=third.stage, room=third.room, number=9, starts_at=third.starts_at + timedelta(days=1), capacity=9,
        stage_code=third.stage_code, minutes=100, minutes_visual=130, created_at=hall_now(),
    )  # fmt: skip
    page = people.client(people.staff("committee")).get(f"/ujian/siapkan/{bare.reference}/")
    assert "Penjaga naskah menyusun naskah baru" in page.content.decode()
    sent = people.client(people.staff("committee")).post(
        f"/ujian/siapkan/{bare.reference}/", {"papers": [str(built.form.paper.pk)]}
    )
    assert sent.status_code == 422
