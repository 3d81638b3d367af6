"""The database's own guards: they follow the tables of moves, and nobody can ask them to look away."""

import re

import pytest

from cat_exam.rules import lifecycle as hall
from questionbank.rules import lifecycle as bank
from registration.rules import lifecycle as registration
from tests.fixtures.databases import fresh_name

GUARDED = {
    "registration_application": ("draft", registration.transitions()),
    "cat_exam_exam": ("prepared", hall.steps(hall.EXAM)),
    "cat_exam_attempt": ("expected", hall.steps(hall.ATTEMPT)),
    "questionbank_paper": ("drawn", bank.steps(bank.PAPER)),
}
FUNCTIONS = """
SELECT p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
 WHERE t.tgrelid = %s::regclass AND NOT t.tgisinternal AND p.prosrc LIKE '%%_is_valid_transition%%'
"""
BORN = """
SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t
 WHERE t.tgrelid = %s::regclass AND t.tgname LIKE 'pgtrigger_born_%%'
"""


@pytest.fixture(scope="module")
def owner(harness):
    """A connection of the owner to a database of this module's own."""
    name = fresh_name("guards")
    harness.clone(name)
    with harness.postgres.connect("owner", name) as connection:
        yield connection
    harness.drop(name)


@pytest.mark.parametrize("table", sorted(GUARDED))
def test_the_database_knows_the_same_moves_as_the_table(owner, table: str) -> None:
    ((source,),) = owner.execute(FUNCTIONS, [table]).fetchall()
    (listed,) = re.findall(r"'\{([a-z_:,]+)\}'::text\[\]", source)
    assert sorted(listed.split(",")) == sorted(":".join(step) for step in GUARDED[table][1])


@pytest.mark.parametrize("table", sorted(GUARDED))
def test_the_database_lets_a_row_be_born_in_its_first_state_only(owner, table: str) -> None:
    ((text,),) = owner.execute(BORN, [table]).fetchall()
    assert "BEFORE INSERT" in text
    assert f"new.state)::text IS DISTINCT FROM '{GUARDED[table][0]}'::text" in text


def test_no_guard_can_be_asked_to_look_away(owner) -> None:
    """A migration that adds a trigger ends with ``core.models.base.hold_guards``."""
    names = [name for (name,) in owner.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_%'")]
    assert len(names) > 15
    owner.execute("SELECT set_config('pgtrigger.ignore', %s, false)", [f"{{{','.join(names)}}}"])
    skipped = owner.execute("SELECT n FROM unnest(%s::name[]) n WHERE _pgtrigger_should_ignore(n)", [names])
    assert skipped.fetchall() == []
