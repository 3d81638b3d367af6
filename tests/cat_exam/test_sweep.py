"""What the sweep asks the database agrees with the pure rule, whatever was granted and wherever a clock stood."""

import random
from datetime import timedelta

import pytest

from cat_exam import actions, queries
from cat_exam.models import Pause, TimeGrant
from tests.cat_exam.builders import make_exam
from tests.people import People

pytestmark = pytest.mark.django_db
MINUTES = 10


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def stops(dice: random.Random, start, **scope) -> list[Pause]:
    """Some pauses that may overlap those of another scope; the last one may still be open."""
    made, at = [], dice.uniform(-60, 300)
    for which in range(dice.randrange(4)):
        length = dice.uniform(1, 200)
        ends = None if which == 3 and dice.random() < 0.5 else start + seconds(at + length)
        made.append(Pause(cause="room", reason="uji", began_at=start + seconds(at), ended_at=ends, **scope))
        at += length + dice.uniform(1, 200)
    return made


def credit(people: People, **scope) -> None:
    dice, when = scope.pop("dice"), scope.pop("when")
    grant = TimeGrant.objects.create(
        kind="credit", seconds=dice.randrange(1, 400), reason="uji", author=people.staff("proctor", 1), asked_at=when,
        **scope,
    )  # fmt: skip
    if dice.random() < 0.8:
        actions.approve_time_credit(grant=grant, by=people.staff("coordinator", 1), now=when)


@pytest.mark.parametrize("seed", range(4))
def test_the_database_and_the_rule_close_the_same_attempts(people: People, seed: int) -> None:
    dice = random.Random(seed)
    built = make_exam(people, seats=12, impaired=2, minutes=MINUTES).open()
    built.admit_all()
    built.start()
    exam, start = built.exam, built.exam.started_at
    pauses = stops(dice, start, exam=exam)
    for attempt in built.attempts():
        pauses += stops(dice, start, attempt=attempt)
        if dice.random() < 0.4:
            when = start + seconds(dice.uniform(0, 900))
            credit(people, dice=dice, when=when, attempt=attempt, day=exam.day)
    Pause.objects.bulk_create(pauses)
    credit(people, dice=dice, when=start + seconds(30), exam=exam, day=exam.day)
    centre = built.sitting.room.centre
    credit(people, dice=dice, when=start + seconds(40), centre=centre, day=exam.day)
    credit(people, dice=dice, when=start, centre=centre, day=exam.day + timedelta(days=1))
    books = queries.ledgers([attempt.pk for attempt in built.attempts()])
    counted = set()
    for moment in [*range(0, 5000, 97), MINUTES * 60]:
        now = start + seconds(moment)
        due = queries.over_time(now)
        assert due == sorted(pk for pk, book in books.items() if book.phase(now).state == "over"), moment
        counted.add(len(due))
    assert len(counted) > 4  # the clocks did not all end at once
