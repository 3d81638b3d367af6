"""The test harness itself: tests run with the rights of the processes they stand for."""

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from core import vault


def _scalar(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_tests_run_as_the_web_role_and_never_as_owner() -> None:
    assert _scalar("SELECT current_user") == "cat_web"
    assert _scalar("SELECT session_user") == "cat_tester"
    with pytest.raises(ProgrammingError), transaction.atomic():
        _scalar("DROP TABLE core_user")


@pytest.mark.django_db
def test_as_role_changes_the_rights_inside_and_back(as_role) -> None:
    with as_role("cat_score"):
        assert _scalar("SELECT current_user") == "cat_score"
    assert _scalar("SELECT current_user") == "cat_web"


@pytest.mark.django_db
def test_as_role_comes_back_after_a_refused_statement(as_role) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), as_role("cat_read"):
        _scalar("DROP TABLE core_user")
    assert _scalar("SELECT current_user") == "cat_web"


def test_committed_database_is_really_committed_and_the_tests_own(committed_db, harness) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', 'here', false), current_database()")
        assert cursor.fetchone()[1] == committed_db
    with harness.postgres.connect("owner", committed_db) as other:
        assert other.execute("SELECT count(*) FROM core_user").fetchone() == (0,)


def test_keyring_of_gives_only_that_process_its_keys(keyring_of) -> None:
    sealed = vault.wrap_for("paper", b"kunci")
    with keyring_of("score"):
        assert vault.unwrap("paper", sealed) == b"kunci"
        assert settings.SERVES == {"score"}
    for process in ("web", "portal", "hall", "desk", "sweep", "jobs", "board"):
        with keyring_of(process), pytest.raises(vault.KeyNotHeld):
            vault.unwrap("paper", sealed)
