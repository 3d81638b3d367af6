"""Two people at the same moment: one seals, one approves, one starts a version; the other is told."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from core import clock
from core.errors import Refusal
from core.models import TrailEntry
from questionbank import actions
from questionbank.models import ItemVersion, Paper, Review


def at_once(*acts) -> list[str]:
    """Runs every act in its own thread and connection, all let go together; gives "done" or the refusal's code."""
    gate = threading.Barrier(len(acts))

    def run(act) -> str:
        try:
            connection.ensure_connection()
            gate.wait(10)
            act()
        except Refusal as refusal:
            return refusal.code
        except ProgrammingError as stopped:
            assert "pgtrigger" in str(stopped)
            return "stopped by the database"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


@pytest.fixture
def world(committed_db, request):
    """Everything really committed, in a database of the test's own."""
    return {name: request.getfixturevalue(name) for name in ("hands", "people", "make_item", "small_blueprint")}


@pytest.fixture
def sections(committed_db):
    actions.load_sections(by=None, now=clock.now())
    return actions.load_blueprints(by=None, now=clock.now())


def test_of_two_sealers_one_seals_and_the_other_is_told(world):
    hands, people = world["hands"], world["people"]
    world["make_item"]("TWK")
    plan = world["small_blueprint"](TWK=1)
    paper = actions.draw_paper(blueprint=plan, code="N", by=hands.custodian, now=clock.now())
    third = people.staff("custodian", 3)
    found = at_once(
        lambda: actions.seal_paper(paper=paper, by=hands.other_custodian, now=clock.now()),
        lambda: actions.seal_paper(paper=paper, by=third, now=clock.now()),
    )
    assert found == ["done", "wrong_state"]
    assert TrailEntry.objects.filter(verb="questionbank.paper_sealed").count() == 1
    assert Paper.objects.get().seal_holds()


def test_without_the_lock_both_see_a_drawn_paper_and_the_database_lets_one_through(world):
    """The guard off: both read ``drawn`` and both write; the trigger of the table stops the second."""
    hands = world["hands"]
    world["make_item"]("TWK")
    plan = world["small_blueprint"](TWK=1)
    paper = actions.draw_paper(blueprint=plan, code="N", by=hands.custodian, now=clock.now())
    seen, both = [], threading.Barrier(2)

    def seal_unguarded(by) -> None:
        with transaction.atomic():
            row = Paper.objects.get(pk=paper.pk)
            seen.append(row.state)
            both.wait(10)
            row.state, row.sealed_by = "sealed", by
            row.save(update_fields=["state", "sealed_by"])

    third = world["people"].staff("custodian", 3)
    found = at_once(lambda: seal_unguarded(hands.other_custodian), lambda: seal_unguarded(third))
    assert seen == ["drawn", "drawn"]
    assert found == ["done", "stopped by the database"]


def test_of_two_reviewers_one_is_written_down(world):
    version = world["make_item"](state="in_review")
    first, second = world["hands"].reviewer, world["people"].staff("reviewer", 2)
    found = at_once(
        lambda: actions.review_version(version=version, verdict="accept", by=first, now=clock.now()),
        lambda: actions.review_version(version=version, verdict="accept", by=second, now=clock.now()),
    )
    assert found == ["done", "not_waiting"]
    assert Review.objects.count() == 1


def test_of_two_writers_one_starts_the_next_version(world):
    version = world["make_item"]()
    first, second = world["hands"].writer, world["people"].staff("writer", 2)
    found = at_once(
        lambda: actions.start_version(version=version, by=first, now=clock.now()),
        lambda: actions.start_version(version=version, by=second, now=clock.now()),
    )
    assert found == ["done", "version_open"]
    assert ItemVersion.objects.count() == 2


def test_two_draws_under_one_code_give_one_paper(world):
    world["make_item"]("TWK")
    plan, hands = world["small_blueprint"](TWK=1), world["hands"]
    found = at_once(
        lambda: actions.draw_paper(blueprint=plan, code="N", by=hands.custodian, now=clock.now()),
        lambda: actions.draw_paper(blueprint=plan, code="N", by=hands.other_custodian, now=clock.now()),
    )
    assert found == ["code_taken", "done"]
    assert Paper.objects.count() == 1
