"""What the database itself refuses about applications, asked by SQL as ``cat_web``."""

import pytest
from django.db import DatabaseError, connection, transaction

from registration.models import Applicant, Application
from registration.rules import lifecycle
from tests.people import People
from tests.registration.desk.conftest import World
from tests.roads import ROADS

pytestmark = pytest.mark.django_db

COPIED = "INSERT INTO registration_application ({names}) SELECT {values} FROM registration_application WHERE id = %s"


@pytest.fixture
def world(people: People) -> World:
    return World(people)


def insert_copy(application: Application, applicant: Applicant, state: str) -> int:
    """Rows written by an INSERT of the same application in ``state`` for another applicant."""
    fresh = {"id": "uuidv7()", "reference": "substr(md5(random()::text), 1, 16)", "number": "NULL",
             "registration_number": "NULL", "state": f"'{state}'", "applicant_id": f"'{applicant.pk}'"}  # fmt: skip
    names = [field.column for field in Application._meta.local_concrete_fields]
    values = ", ".join(fresh.get(name, name) for name in names)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COPIED.format(names=", ".join(names), values=values), [application.pk])
        return cursor.rowcount


@pytest.mark.parametrize("state", sorted(set(lifecycle.APPLICATION) - {"draft"}))
def test_an_application_is_born_a_draft(world: World, state: str) -> None:
    application, applicant = world.application("submitted"), world.applicant()
    with pytest.raises(DatabaseError, match="Cannot insert"):
        insert_copy(application, applicant, state)
    assert insert_copy(application, applicant, "draft") == 1


@pytest.mark.parametrize("state", sorted(lifecycle.APPLICATION))
def test_the_database_allows_the_steps_of_the_table_and_no_others(world: World, state: str) -> None:
    application = world.application(state)
    row = Application.objects.filter(pk=application.pk)
    assert row.get().state == state
    for to in sorted(set(lifecycle.APPLICATION) - {state} - lifecycle.APPLICATION[state]):
        with pytest.raises(DatabaseError, match=r"Invalid transition|decided|verification"), transaction.atomic():
            row.update(state=to)


@pytest.mark.parametrize("state", sorted(set(ROADS) - {"submitted", "withdrawn"}))
def test_no_login_can_ask_the_guards_to_look_away(world: World, state: str) -> None:
    """``pgtrigger.ignore`` is a setting anybody may set; no guard listens to it."""
    application = world.application("submitted")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, true) FROM pg_trigger")
        cursor.execute("UPDATE registration_application SET state = %s WHERE id = %s", [state, application.pk])
