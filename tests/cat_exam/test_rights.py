"""What each database login and each process may do with answers, scores and keys."""

import pytest
from django.db import DatabaseError, connection, transaction

from cat_exam import actions
from cat_exam.hallclock import hall_now
from core import seal, vault
from questionbank import queries as bank
from tests.cat_exam.builders import Built, make_exam
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(people: People) -> Built:
    made = make_exam(people).open()
    made.admit_all()
    made.start()
    actions.submit(attempt=made.attempts()[0], by=made.proctor, now=hall_now())
    return made


def refused(role: str, statement: str, as_role, match: str = "permission denied") -> None:
    with (
        pytest.raises(DatabaseError, match=match),
        transaction.atomic(),
        as_role(role),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cat_exam_journalline SET response = 1",
        "DELETE FROM cat_exam_journalline",
        "TRUNCATE cat_exam_journalline",
        "INSERT INTO cat_exam_scoresheet SELECT * FROM cat_exam_scoresheet",
        "UPDATE cat_exam_scoresheet SET total = 550",
        "SELECT wrapped FROM questionbank_paperkey",
        "UPDATE cat_exam_roll SET document = '{}'",
        "UPDATE cat_exam_minutes SET document = '{}'",
        "UPDATE cat_exam_notice SET text = 'x'",
        "DELETE FROM cat_exam_attempt",
    ],
)
def test_the_web_processes_may_not(built: Built, as_role, statement: str) -> None:
    refused("cat_web", statement, as_role)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pin_hash FROM cat_exam_attempt",
        "SELECT ticket FROM cat_exam_attempt",
        "UPDATE cat_exam_attempt SET finished_at = now()",
        "INSERT INTO cat_exam_journalline (day, attempt, seq, epoch, device, n, kind, received_at, chain)"
        " SELECT day, attempt, 99, epoch, device, n, kind, received_at, chain FROM cat_exam_journalline",
        "SELECT bundle FROM questionbank_paper",
        "SELECT content FROM questionbank_itemversion",
        "SELECT full_name FROM registration_applicant",
        "UPDATE cat_exam_scoresheet SET total = 550",
    ],
)
def test_the_scorer_may_not(built: Built, as_role, statement: str) -> None:
    refused("cat_score", statement, as_role)


@pytest.mark.parametrize("column", ["pin_hash", "ticket", "display_name", "card_number"])
def test_who_only_reads_sees_no_secrets_of_attempts(built: Built, as_role, column: str) -> None:
    refused("cat_read", f"SELECT {column} FROM cat_exam_attempt", as_role)


def test_even_the_owner_may_not_change_a_line(built: Built) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'cat_exam_journalline'::regclass AND NOT tgisinternal"
        )
        assert cursor.fetchall() == [("append_only",)]


@pytest.mark.parametrize("process", ["web", "hall", "desk", "portal", "sweep", "jobs"])
def test_only_the_scorer_can_open_an_answer_key(built: Built, keyring_of, process: str) -> None:
    with keyring_of(process), pytest.raises(vault.KeyNotHeld):
        bank.answer_key(built.form.paper.pk)


def test_the_scorer_holds_neither_bank_nor_hall_nor_identity_key(keyring_of) -> None:
    with keyring_of("score"):
        for purpose in ("bank", "identity"):
            with pytest.raises(vault.KeyNotHeld):
                vault.encrypt(purpose, b"x", row="1")
        with pytest.raises(vault.KeyNotHeld):
            vault.unwrap("hall", b"x")
        for purpose in ("paper", "roll", "announcement"):
            with pytest.raises(vault.KeyNotHeld):
                seal.sign(purpose, {})


@pytest.mark.parametrize("process", ["portal", "desk", "score"])
def test_pins_are_made_only_where_the_hall_is(built: Built, keyring_of, process: str) -> None:
    with keyring_of(process), pytest.raises(vault.KeyNotHeld):
        actions.issue_pin(attempt=built.attempts()[1], by=built.proctor, now=hall_now())
