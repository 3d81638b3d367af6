"""Answers that came too late count when two officers gave back the lost time, and only until the announcement."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from cat_exam import actions, hallclock, queries
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Exam, ScoreSheet
from cat_exam.queries.lines import tips
from cat_exam.rules.lines import Kind, Line, next_chain
from core.errors import Refusal
from core.models import TrailEntry
from core.models.base import reference, uuid7
from tests.cat_exam.builders import Built, make_exam
from tests.people import People

pytestmark = pytest.mark.django_db
Scorer = Callable[..., Any]


def write(attempt: Attempt, kind: Kind, item: int, option: int, at: datetime) -> None:
    """One line at the end of the journal, as the hall's writer leaves it."""
    ((pk, day, seq, chain, epoch),) = tips([attempt.pk])
    line = Line(pk, seq + 1, epoch, 7, seq + 1, kind, item, option, None, hallclock.to_us(at))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cat_exam_journalline (day, attempt, seq, epoch, device, n, kind, item, response, shown_ms,"
            " received_at, chain) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [day, *line[:9], at, next_chain(chain, line)],
        )


@dataclass
class Late:
    """An exam of ten minutes that the clock ended; two late lines two and four minutes after it."""

    built: Built
    attempt: Attempt
    end: datetime
    score: Scorer

    def sheet(self) -> ScoreSheet:
        return ScoreSheet.objects.get(attempt=self.attempt, replaced_by__isnull=True)

    def credit(self, seconds: int, *, approve: bool = True, whole_room: bool = False) -> None:
        asked = actions.ask_time_credit(
            exam=self.built.exam, attempt=None if whole_room else self.attempt, seconds=seconds,
            reason="listrik padam", by=self.built.proctor, now=self.end + timedelta(minutes=5),
        )  # fmt: skip
        if approve:
            coordinator = self.built.people.staff("coordinator")
            actions.approve_time_credit(grant=asked, by=coordinator, now=self.end + timedelta(minutes=6))

    def rescore(self) -> ScoreSheet:
        return self.score(actions.rescore, attempt=self.attempt, by=None, now=hall_now())

    def refused(self, code: str) -> None:
        with pytest.raises(Refusal) as caught:
            self.rescore()
        assert caught.value.code == code


@pytest.fixture
def late(people: People, as_role, keyring_of) -> Late:
    built = make_exam(people, seats=2, minutes=10).open()
    built.admit_all()
    built.start()
    attempt, end = built.attempts()[0], built.exam.started_at + timedelta(minutes=10)
    best = [(item, option) for item, option in built.form.best().items()][:3]
    write(attempt, Kind.ANSWER, *best[0], end - timedelta(minutes=1))
    assert actions.expire_attempts(attempts=[one.pk for one in built.attempts()], now=end) == 2
    write(attempt, Kind.LATE, *best[1], end + timedelta(minutes=2))
    write(attempt, Kind.LATE, *best[2], end + timedelta(minutes=4))

    def score(act: Scorer, *words: str, **given: Any) -> Any:
        with keyring_of("score"), as_role("cat_score"), transaction.atomic():
            return act(*words, **given)

    score(actions.score_finished, now=end + timedelta(minutes=4, seconds=30))
    attempt.refresh_from_db()
    return Late(built, attempt, end, score)


def test_without_a_credit_late_lines_do_not_count(late: Late) -> None:
    assert late.sheet().total == 5
    late.refused("nothing_covered")
    late.credit(600, approve=False)
    late.refused("nothing_covered")
    assert late.score(actions.rescore_covered, now=hall_now()) == []


def test_a_credit_that_does_not_reach_the_line_changes_nothing(late: Late) -> None:
    late.credit(120)
    late.refused("nothing_covered")


@pytest.mark.parametrize("whole_room", [False, True])
def test_a_credit_counts_what_it_covers_and_the_new_sheet_names_the_old(late: Late, whole_room: bool) -> None:
    first = late.sheet()
    late.credit(121, whole_room=whole_room)
    assert late.score(actions.rescore_covered, now=hall_now()) == [late.attempt.pk]
    second = late.sheet()
    assert (second.total, second.document["answered"], len(second.document["late"])) == (10, 2, 1)
    assert second.seal_holds() and second.replaces == first
    assert second.document["replaces"] == str(first.pk) and len(second.document["credits"]) == 1
    assert TrailEntry.objects.filter(verb="cat_exam.attempt_rescored").count() == 1
    late.refused("nothing_covered")
    late.credit(120)
    assert late.rescore().total == 15
    assert sorted(row.total for row in queries.score_sheets(late.built.sitting.stage)) == [0, 15]
    assert queries.score_messages([late.attempt.pk])[late.attempt.pk].total == 15
    assert ScoreSheet.objects.filter(attempt=late.attempt).count() == 3


def test_the_score_process_finds_them_by_itself(late: Late) -> None:
    late.credit(600)
    late.score(call_command, "score", "--once")
    assert late.sheet().total == 15


def test_only_the_scorer_may(late: Late, keyring_of) -> None:
    late.credit(600)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), keyring_of("score"):
        actions.rescore(attempt=late.attempt, by=late.built.proctor, now=hall_now())


def test_an_attempt_that_was_removed_is_not_scored_again(late: Late) -> None:
    late.credit(600)
    asked = actions.ask_removal(attempt=late.attempt, to="disqualified", reason="joki", by=late.built.proctor,
                                now=hall_now())  # fmt: skip
    actions.confirm_removal(removal=asked, by=late.built.people.staff("coordinator"), now=hall_now())
    late.refused("not_scored")
    assert late.score(actions.rescore_covered, now=hall_now()) == []


def test_after_the_announcement_no_sheet_is_replaced(late: Late) -> None:
    chair = late.built.people.staff("chair")
    ranked = late.end + timedelta(minutes=5)
    given = {"stage": late.built.sitting.stage, "by": chair, "now": hall_now()}
    assert actions.close_scores(computed_at=ranked, **given) == 1
    assert actions.close_scores(computed_at=ranked, **given) == 0
    late.credit(600)
    late.refused("announced")
    assert late.score(actions.rescore_covered, now=hall_now()) == []
    with pytest.raises(DatabaseError, match="announced"):
        late.score(copy_sheet, sheet=late.sheet())
    for change in (None, hall_now() + timedelta(days=1)):
        with pytest.raises(DatabaseError, match="announced once"), transaction.atomic():
            Exam.objects.filter(pk=late.built.exam.pk).update(announced_at=change)


def copy_sheet(sheet: ScoreSheet, *, attempt: int | None = None) -> None:
    """Write a sheet that replaces ``sheet``, past the action."""
    old = sheet.pk
    sheet.pk, sheet.receipt, sheet.replaces_id = uuid7(), reference(), old
    sheet.attempt_id = attempt or sheet.attempt_id
    sheet.digest = sha256(b"x").digest()
    sheet.save(force_insert=True)


def test_a_sheet_replaces_one_of_its_own_attempt(late: Late) -> None:
    other = late.built.attempts()[1]
    with pytest.raises(DatabaseError, match="its own attempt"):
        late.score(copy_sheet, sheet=late.sheet(), attempt=other.pk)


def test_a_ranking_older_than_a_new_sheet_is_not_announced(late: Late) -> None:
    late.credit(600)
    late.rescore()
    chair = late.built.people.staff("chair")
    with pytest.raises(Refusal) as caught:
        actions.close_scores(
            stage=late.built.sitting.stage, computed_at=late.built.exam.started_at, by=chair, now=hall_now()
        )
    assert caught.value.code == "scores_changed"
