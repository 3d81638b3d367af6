"""Two officers at the same moment: one request is confirmed once, one form serves one hour, one sheet follows one."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from cat_exam import actions
from cat_exam.hallclock import hall_now
from cat_exam.models import Exam, ExamPaper
from core.errors import Refusal
from core.models import TrailEntry
from tests.cat_exam.builders import Built, make_exam, make_form
from tests.people import People

ROUNDS = 6


@pytest.fixture
def built(committed_db: str, people: People) -> Iterator[Built]:
    yield make_exam(people, seats=ROUNDS).open()


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What came of each act, all begun together: ``done``, a refusal's code or the name of a database error."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[], object]) -> str:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            barrier.wait(20)
            act()
        except Refusal as refusal:
            return refusal.code
        except DatabaseError as error:
            return type(error).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_a_removal_is_confirmed_once_however_many_press_the_button(built: Built, people: People) -> None:
    officers = [people.staff("coordinator", which) for which in (1, 2, 3)]
    for attempt in built.attempts():
        asked = actions.ask_removal(attempt=attempt, to="voided", reason="listrik", by=built.proctor, now=hall_now())
        found = at_once(
            *(
                lambda by=by, asked=asked: actions.confirm_removal(removal=asked, by=by, now=hall_now())
                for by in officers[:2]
            ),
            lambda asked=asked: actions.decline_removal(removal=asked, by=officers[2], now=hall_now()),
        )
        assert sorted(found) == ["decided", "decided", "done"]
        attempt.refresh_from_db()
        asked.refresh_from_db()
        assert (attempt.state == "voided") is asked.confirmed
    verbs = TrailEntry.objects.filter(verb__in=["cat_exam.attempt_voided", "cat_exam.removal_declined"])
    assert verbs.count() == ROUNDS


def test_a_form_goes_to_one_of_two_hours(built: Built, people: People) -> None:
    for place in range(ROUNDS):
        form = make_form(people, blueprint=built.form.paper.blueprint, code=f"bebas-{place}").paper
        early, late = (
            make_exam(people, seats=1, like=built, starts_in=timedelta(days=30 + place, hours=hours)).sitting
            for hours in (1, 12)
        )
        found = at_once(
            *(
                lambda sitting=sitting, form=form: actions.prepare_exam(
                    sitting=sitting, papers=[form], by=built.proctor, now=hall_now()
                )
                for sitting in (early, late)
            )
        )
        assert sorted(found) == ["done", "paper_used"]


def test_a_form_is_not_taken_while_its_key_is_given_out(built: Built, people: People) -> None:
    other = make_exam(people, seats=1, like=built)
    built.admit_all()

    def start() -> None:
        with transaction.atomic():
            actions.start_exam(exam=built.exam, by=built.proctor, now=hall_now())
            time.sleep(0.5)

    def prepare() -> None:
        time.sleep(0.2)
        actions.prepare_exam(sitting=other.sitting, papers=[built.form.paper], by=built.proctor, now=hall_now())

    assert at_once(start, prepare) == ["done", "paper_used"]
    assert not ExamPaper.objects.filter(exam=other.exam, paper=built.form.paper).exists()
    assert Exam.objects.get(pk=built.exam.pk).state == "running"
