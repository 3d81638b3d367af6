"""The desk's doors and lists: who may enter which page, how often a list asks the database, what leaves as CSV."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import TrailEntry
from registration.actions import confirm_verification, lodge_objection, propose_verification, schedule_stage
from registration.models import Selection, Sitting, Verification
from tests.people import EVERYBODY
from tests.registration.desk.reading import carded, page, text

# --- who may enter ------------------------------------------------------------------------------------
COMMITTEE = {"committee", "chair"}
READ = COMMITTEE | {"auditor"}
ROOM = READ | {"coordinator", "proctor", "operator"}
DESK = READ | {"verifier", "supervisor"}
DOORS = {
    ("desk_selections",): READ,
    ("desk_selection_new",): COMMITTEE,
    ("desk_selection", "cpns-2026"): READ,
    ("desk_selection_edit", "cpns-2026"): COMMITTEE,
    ("desk_phase", "cpns-2026", "exam"): COMMITTEE,
    ("desk_stage_new", "cpns-2026"): COMMITTEE,
    ("desk_stage", "cpns-2026", "SKD"): COMMITTEE,
    ("desk_sittings", "cpns-2026"): ROOM,
    ("desk_sitting_new", "cpns-2026"): COMMITTEE,
    ("desk_schedule", "cpns-2026"): READ,
    ("desk_rulesets",): READ,
    ("desk_queue",): DESK,
    ("desk_objections",): COMMITTEE | {"supervisor", "auditor"},
    ("cards",): {"applicant"},
    ("objection",): {"applicant"},
}
POSTS = {
    ("desk_phase_open", "cpns-2026", "exam"): COMMITTEE,
    ("desk_schedule_run", "cpns-2026", "SKD"): COMMITTEE,
    ("desk_cards_issue", "cpns-2026", "SKD"): COMMITTEE,
    ("desk_work_cancel", "00000000-0000-0000-0000-000000000000"): COMMITTEE,
}


@pytest.mark.parametrize("who", EVERYBODY)
def test_each_door_opens_to_its_people_only(world, who):
    user = world.people.who(who)
    if who == "applicant":
        world.application(user=user)
    client = world.people.client(user)
    for door, allowed in DOORS.items():
        status = client.get(page(*door)).status_code
        assert (status == 200) == (who in allowed), (door, who, status)
        assert status in (200, 302, 403), (door, who, status)
        assert who == "visitor" or status != 302, (door, who)
    for door, allowed in POSTS.items():
        status = client.post(page(*door)).status_code
        if who not in allowed:
            assert status == (302 if who == "visitor" else 403), (door, who, status)
    assert who in COMMITTEE or not TrailEntry.objects.filter(actor=user, verb="registration.phase_opened").exists()


@pytest.mark.parametrize("who", EVERYBODY)
def test_one_application_opens_to_the_desk_only_and_only_their_roles_decide(world, who):
    application = world.application()
    client = world.people.client(world.people.who(who))
    assert (client.get(page("desk_application", application.reference)).status_code == 200) == (who in DESK)
    client.post(page("desk_propose", application.reference), {"verdict": "MS"})
    assert Verification.objects.exists() == (who == "verifier")
    if who != "verifier":
        propose_verification(
            application=application, verdict="MS", by=world.people.staff("verifier", 9), now=world.now
        )
    client.post(page("desk_confirm", application.reference))
    application.refresh_from_db()
    assert (application.state == "verified_ok") == (who == "supervisor")


# --- lists --------------------------------------------------------------------------------------------
def _lists(world):
    return {
        "desk_selections": page("desk_selections"),
        "desk_sittings": page("desk_sittings", "cpns-2026"),
        "desk_queue": page("desk_queue") + "?langkah=all",
        "desk_objections": page("desk_objections"),
        "desk_sitting": None,
    }


def _fill(world, number):
    for n in range(number):
        Selection.objects.create(
            code=f"lain-{Selection.objects.count()}", name=f"Lain {n}", year=2025, ruleset=world.selection.ruleset,
            document_kinds=[], statement="x", privacy="x", created_at=world.now,
        )  # fmt: skip
        world.sitting(hours=30 + 5 * Sitting.objects.count(), centre=1)
        application = world.application()
        made = propose_verification(
            application=application, verdict="TMS", reasons=["gpa"], by=world.people.staff("verifier"), now=world.now
        )
        confirm_verification(verification=made, by=world.people.staff("supervisor"), now=world.now)
        lodge_objection(
            application=application,
            answers={"gpa": "IPK saya sudah benar."},
            by=application.applicant.user,
            now=world.now,
        )


def test_lists_take_as_many_queries_for_one_row_as_for_three(world, django_assert_num_queries):
    client = world.people.client(world.people.staff("committee"))
    carded(world, 1)
    sitting = Sitting.objects.get()
    urls = _lists(world) | {"desk_sitting": page("desk_sitting", sitting.reference)}
    counts = []
    for more in (1, 2):
        _fill(world, more)
        if more == 2:
            for _n in range(2):
                world.application("verified_ok")
            schedule_stage(stage=world.skd, by=None, now=world.now)
        taken = {}
        for name, url in urls.items():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            taken[name] = len(queries)
        counts.append(taken)
    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 16, counts


@pytest.mark.parametrize(
    "name", ["desk_selections", "desk_sittings", "desk_queue", "desk_objections", "desk_sitting"]
)
def test_lists_are_exported_as_csv_that_no_spreadsheet_runs(world, name):
    _people, sitting = carded(world, 1, name="=HYPERLINK(1)")
    _fill(world, 1)
    urls = _lists(world) | {"desk_sitting": page("desk_sitting", sitting.reference)}
    url = urls[name]
    answer = world.people.client(world.people.staff("committee")).get(
        url + ("&" if "?" in url else "?") + "bentuk=csv"
    )
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    lines = text(answer).splitlines()
    assert lines[0].startswith("\ufeff")
    assert len(lines) >= 2
    assert all(not line.startswith("=") and ",=" not in line for line in lines)


def test_empty_lists_say_what_to_do(world):
    client = world.people.client(world.people.staff("committee"))
    assert "Sesi baru" in text(client.get(page("desk_sittings", "cpns-2026")))
    assert "Sanggah muncul di sini" in text(client.get(page("desk_objections")))
    assert "Peserta muncul di sini" in text(client.get(page("desk_schedule", "cpns-2026")))
    assert "Tidak ada yang menunggu" in text(client.get(page("desk_queue")))
