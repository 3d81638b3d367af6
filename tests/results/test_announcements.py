"""The published PDF is signed, sealed, adds up, and shows any change to it."""

from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from pyhanko.pdf_utils.reader import PdfFileReader

from core import clock
from core.errors import Refusal
from results import actions
from results.announcement_pdf import TotalsDisagree, write_announcement
from results.checking import examine
from results.models import Announcement
from tests.results.test_runs import HIGH, compute, field  # noqa: F401  (fixture)


@pytest.fixture(autouse=True)
def own_media(tmp_path, settings):
    """Files of this test stay in its own folder."""
    settings.MEDIA_ROOT = tmp_path


def approve(world):
    """A computed run after check and approval."""
    run = compute(world)
    run = actions.check_run(run=run, by=world.people.staff("committee", 2), now=world.now)
    return actions.approve_run(run=run, by=world.people.staff("chair"), now=world.now)


def publish(world, number="PENG-1/UJI/2026"):
    """An announcement as the chair publishes it."""
    return actions.publish(run=approve(world), number=number, by=world.people.staff("chair"), now=world.now)


def body_of(one: Announcement) -> bytes:
    """The stored PDF."""
    with default_storage.open(one.path) as file:
        return file.read()


def test_the_published_pdf_is_ours_and_says_so(world, field):  # noqa: F811
    one = publish(world)
    body = body_of(one)
    finding = examine(body)
    assert (finding.verdict, finding.announcement) == ("valid", one)
    assert one.seal_holds()
    with pikepdf.open(BytesIO(body)) as pdf:
        assert len(pdf.pages) == one.pages >= 1
    assert len(PdfFileReader(BytesIO(body)).embedded_regular_signatures) == 1


def test_any_changed_byte_is_found(world, field):  # noqa: F811
    body = body_of(publish(world))
    for place in range(20, len(body), max(1, len(body) // 40)):
        changed = bytearray(body)
        changed[place] ^= 1
        try:
            verdict = examine(bytes(changed)).verdict
        except Refusal as refused:
            assert refused.code == "not_a_pdf"
        else:
            assert verdict in {"altered", "unsigned", "foreign"}, (place, verdict)


def test_a_pdf_without_a_signature_and_a_file_that_is_none_are_told_apart(world):
    plain = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(plain)
    assert examine(plain.getvalue()).verdict == "unsigned"
    with pytest.raises(Refusal) as refused:
        examine(b"PK\x03\x04 not a pdf")
    assert refused.value.code == "not_a_pdf"


def test_a_newer_announcement_supersedes_and_the_old_file_says_so(world, field):  # noqa: F811
    old = publish(world)
    new = publish(world, "PENG-2/UJI/2026")
    assert new.replaces == old
    assert examine(body_of(old)).verdict == "superseded"
    assert examine(body_of(new)).verdict == "valid"


def rescored(world) -> None:
    """The scorer replaces the sheet of one candidate a second later."""
    old = next(sheet for _outcome, sheet in world.outcomes.values() if sheet)
    world.now += timedelta(seconds=1)
    world.sheet(old.attempt, {**old.sections, "TKP": old.sections["TKP"] + 5}, replaces=old)


def test_a_ranking_older_than_a_replaced_sheet_is_not_published(world, field):  # noqa: F811
    run = approve(world)
    rescored(world)
    with pytest.raises(Refusal) as refused:
        actions.publish(run=run, number="PENG-1", by=world.people.staff("chair"), now=world.now)
    assert refused.value.code == "scores_changed"
    assert actions.publish(run=approve(world), number="PENG-1", by=world.people.staff("chair"), now=world.now)


def test_what_is_published_rests_on_sheets_that_are_not_replaced_any_more(world, field):  # noqa: F811
    publish(world)
    with pytest.raises(DatabaseError, match="results are announced"), transaction.atomic():
        rescored(world)


def test_an_older_approved_run_does_not_replace_a_newer_one(world, field):  # noqa: F811
    old = approve(world)
    world.now = clock.now()
    publish(world, "PENG-2/UJI/2026")
    with pytest.raises(Refusal) as refused:
        actions.publish(run=old, number="PENG-3", by=world.people.staff("chair"), now=world.now)
    assert refused.value.code == "newer_run"
    assert (
        actions.reject_run(run=old, note="Diganti.", by=world.people.staff("chair"), now=world.now).state
        == "rejected"
    )


def test_an_unapproved_run_is_not_published_and_nothing_is_left_behind(world, field, tmp_path):  # noqa: F811
    with pytest.raises(Refusal) as refused:
        actions.publish(run=compute(world), number="X", by=world.people.staff("chair"), now=world.now)
    assert refused.value.code == "not_approved"
    assert not Announcement.objects.exists()
    assert list(tmp_path.rglob("*.pdf")) == []


def test_a_number_is_used_once_and_the_second_file_is_gone(world, field, tmp_path):  # noqa: F811
    publish(world)
    with pytest.raises(Refusal) as refused:
        publish(world)
    assert refused.value.field == "number"
    assert len(list(tmp_path.rglob("*.pdf"))) == 1


def test_totals_that_disagree_are_never_signed(world, field):  # noqa: F811
    run = approve(world)
    run.counts = run.counts | {"TL": 5}
    with pytest.raises(TotalsDisagree):
        write_announcement(run, number="X", verify_url="http://127.0.0.1/", now=world.now)


def test_of_an_announcement_only_the_state_can_change(world, field):  # noqa: F811
    one = publish(world)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE results_announcement SET pdf_sha256 = 'x' WHERE id = %s", [one.pk])


def test_a_process_without_the_certificate_cannot_sign(world, field, keyring_of):  # noqa: F811
    run = approve(world)
    with keyring_of("score"), pytest.raises(Refusal) as refused:
        actions.publish(run=run, number="X", by=world.people.staff("chair"), now=world.now)
    assert refused.value.code == "signer_missing"


def test_the_pdf_holds_every_candidate_and_the_totals(world, field):  # noqa: F811
    import subprocess

    one = publish(world)
    path = default_storage.path(one.path)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    for line in one.run.lines.all():
        assert line.number in text
        assert line.name in text
    assert sum(HIGH.values()) == 450
    assert "450" in text
