"""The trail: append-only, found by the auditor, sealed by checkpoints that see every change."""

import csv
import io
import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from core import actions, clock, queries, seal, trail
from core.models import Checkpoint, TrailEntry
from core.seal import merkle_root

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


def test_merkle_roots_agree_with_rfc_6962():
    # Test vectors of the Certificate Transparency reference implementation.
    leaves = [bytes.fromhex(text) for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
    )]  # fmt: skip
    roots = {
        0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    assert {count: merkle_root(leaves[:count]).hex() for count in roots} == roots


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["UPDATE core_trailentry SET verb = 'x'", "DELETE FROM core_trailentry"])
def test_no_line_of_the_trail_can_be_changed_or_taken_away(people, change):
    people.applicant()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert TrailEntry.objects.exists()


def write_line(user, verb: str = "core.tested") -> None:
    with transaction.atomic():
        trail.record(verb, user, by=user, now=clock.now(), count=1)


def verify() -> str:
    out = io.StringIO()
    call_command("verify_trail", stdout=out, stderr=out)
    return out.getvalue()


def soon(doing):
    """The first answer that is not None: a transaction anywhere in the cluster holds the horizon back for a while."""
    deadline = time.monotonic() + 30
    while (found := doing()) is None and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def test_checkpoints_seal_what_was_committed_and_see_every_later_change(committed_db, harness, people, keyring_of):
    user = people.applicant()
    write_line(user)
    with keyring_of("jobs"):
        first = soon(lambda: actions.make_checkpoint(now=NOW))
        assert first.lines == TrailEntry.objects.count()
        assert actions.make_checkpoint(now=NOW) is None
        write_line(user)
        second = soon(lambda: actions.make_checkpoint(now=NOW + timedelta(seconds=10)))
    assert (second.tx_from, second.lines) == (first.tx_to, 1)
    assert "2 checkpoints" in verify()

    with harness.postgres.connect("owner", committed_db) as owner:
        owner.execute("ALTER TABLE core_trailentry DISABLE TRIGGER USER")
        owner.execute("UPDATE core_trailentry SET facts = '{\"count\": 2}' WHERE tx >= %s", [second.tx_from])
    faults = [fault for _row, fault in queries.checkpoint_faults()]
    assert faults == ["", "root"]
    with pytest.raises(CommandError, match="1 of 2"):
        verify()
    with harness.postgres.connect("owner", committed_db) as owner:
        owner.execute("DELETE FROM core_trailentry WHERE tx >= %s", [second.tx_from])
    assert [fault for _row, fault in queries.checkpoint_faults()] == ["", "lines"]
    with harness.postgres.connect("owner", committed_db) as owner:
        owner.execute("ALTER TABLE core_checkpoint DISABLE TRIGGER USER")
        owner.execute("UPDATE core_checkpoint SET lines = lines - 1 WHERE tx_to = %s", [second.tx_to])
    assert [fault for _row, fault in queries.checkpoint_faults()] == ["", "seal"]
    with harness.postgres.connect("owner", committed_db) as owner:
        owner.execute("DELETE FROM core_checkpoint WHERE tx_to = %s", [first.tx_to])
    assert [fault for _row, fault in queries.checkpoint_faults()] == ["gap"]


def test_a_line_of_a_transaction_still_open_is_left_for_the_next_checkpoint(
    committed_db, harness, people, keyring_of
):
    user = people.applicant()
    slow: psycopg.Connection = harness.postgres.connect("owner", committed_db)
    slow.autocommit = False
    slow.execute(
        "INSERT INTO core_trailentry (at, verb, thing, thing_id, facts)"
        " VALUES (now(), 'core.slow', 'core.user', 'x', '{}')"
    )
    write_line(user, "core.later")
    with keyring_of("jobs"):
        early = soon(lambda: actions.make_checkpoint(now=NOW))
        slow.commit()
        slow.close()
        late = soon(lambda: actions.make_checkpoint(now=NOW))
    sealed = TrailEntry.objects.filter(tx__lt=early.tx_to).values_list("verb", flat=True)
    assert not {"core.slow", "core.later"} & set(sealed)
    assert late.lines == 2
    assert "2 checkpoints" in verify()


@pytest.mark.django_db
def test_only_the_jobs_process_can_seal_a_checkpoint(people, keyring_of):
    people.applicant()
    for process in ("web", "score", "sweep"):
        with keyring_of(process), pytest.raises(PermissionError), transaction.atomic():
            sign_one()
    assert not Checkpoint.objects.exists()


def sign_one() -> None:
    seal.sign("checkpoint", {"lines": 1})


@pytest.mark.django_db
def test_the_auditor_finds_lines_by_person_act_thing_and_date(people):
    auditor = people.client(people.staff("auditor"))
    user = people.applicant()
    page = auditor.get(reverse("core:trail"), {"tindakan": "core.applicant_created"})
    assert str(user.pk) in page.content.decode()
    assert user.full_name not in page.content.decode()
    for miss in ({"tindakan": "core.role_asked", "benda": "core.user"}, {"oleh": "tidak-ada@uji.invalid"},
                 {"sampai_0": "1", "sampai_1": "1", "sampai_2": "2020"}):  # fmt: skip
        assert "Tidak ada jejak yang cocok" in auditor.get(reverse("core:trail"), miss).content.decode(), miss
    wrong = auditor.get(reverse("core:trail"), {"dari_0": "31", "dari_1": "2", "dari_2": "2026"})
    assert "Tanggal ini tidak ada di kalender" in wrong.content.decode()


@pytest.mark.django_db
def test_the_export_holds_every_line_found(people):
    auditor = people.client(people.staff("auditor"))
    people.applicant()
    answer = auditor.get(reverse("core:trail_export"))
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == TrailEntry.objects.count() + 1
    assert rows[0][2] == "Tindakan"
