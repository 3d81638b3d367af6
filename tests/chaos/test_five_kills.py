"""Five kills in the middle of an exam: web process, database, one of its backends, nginx, Valkey."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tests.chaos.kills import kill_in_turn
from tests.chaos.place import Place, opened, own_servers

pytestmark = pytest.mark.live
FIVE = ("postmaster", "valkey", "backend", "nginx", "web-1")


@pytest.fixture(scope="module")
def place(harness: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    """A cluster with a hundred candidates in a running exam, on servers that may be killed."""
    parts = ("web-1", "web-2", "nginx")
    with django_db_blocker.unblock(), own_servers(harness) as own, opened(own, size=100, parts=parts) as place:
        yield place


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_or_doubled_by_five_kills(place: Place) -> None:
    killed = asyncio.run(kill_in_turn(place, size=100, rate=200, kills=5, turn=FIVE, calm=0.3))
    assert [name for name, _ in killed.kills] == list(FIVE)
    count = place.count(killed.crowd)
    assert count.acknowledged > 300
    assert (count.lost, count.doubled, count.broken_chains) == (0, 0, 0)
    assert set(killed.crowd.refused) <= {"paused", "try_again", "busy"}, killed.crowd.refused
    # The count itself sees a loss: one acknowledged line taken out of the journal is missed.
    sitter = next(s for s in killed.crowd.sitters if s.acked)
    n = max(sitter.acked)
    place.sql("ALTER TABLE cat_exam_journalline DISABLE TRIGGER ALL")
    place.sql(
        "DELETE FROM cat_exam_journalline WHERE attempt = %s AND device = %s AND n = %s",
        [place.sat.attempts[sitter.which], sitter.device, n],
    )
    assert place.count(killed.crowd).lost == 1
