"""A run is computed from sealed papers only, frozen, and passes through three pairs of eyes."""

import pytest
from django.db import DatabaseError, connection, transaction

from core.errors import Refusal
from core.models import uuid7
from results import actions, queries
from results.models import RankingRun, RankLine

HIGH = {"TWK": 120, "TIU": 140, "TKP": 190}
LOW = {"TWK": 120, "TIU": 140, "TKP": 165}


def codes(run: RankingRun) -> dict[str, str]:
    """Participant number → code."""
    return dict(run.lines.values_list("number", "code"))


@pytest.fixture
def field(world):
    """One post: four over the grade, one below it by a single point, one absent, one disqualified."""
    post = world.formation(posts=1)
    seats = {f"high{n}": world.seat(post, HIGH | {"TKP": 190 - n}) for n in range(4)}
    seats["low"] = world.seat(post, LOW)
    seats["absent"] = world.seat(post, None, outcome="absent")
    seats["out"] = world.seat(post, HIGH, outcome="disqualified")
    world.close()
    return seats


def compute(world, which=1):
    """The run as committee member number ``which`` computes it."""
    return actions.compute(
        selection=world.selection, stage=world.stage, by=world.people.staff("committee", which), now=world.now
    )


def test_every_candidate_gets_exactly_one_code(world, field):
    run = compute(world)
    found = codes(run)
    assert {name: found[seat.number] for name, seat in field.items()} == {
        "high0": "P/L", "high1": "P/L", "high2": "P/L", "high3": "P", "low": "TL", "absent": "TH", "out": "DIS",
    }  # fmt: skip
    assert run.counts == {"lines": 7, "formations": 1, "posts": 1, "P/L": 3, "P": 1, "TL": 1, "TH": 1, "DIS": 1}


def test_the_same_inputs_give_the_same_lines(world, field):
    first, second = compute(world), compute(world, 2)
    assert first.inputs_sha256 == second.inputs_sha256
    assert first.lines_sha256 == second.lines_sha256


def test_the_grade_is_that_of_the_kind_of_need(world):
    general, papua = world.formation(), world.formation(need="OAP")
    scores = {
        "TWK": 60,
        "TIU": 75,
        "TKP": 160,
    }  # 295: over the Papua grade (TIU 60, total 286), below the general one
    one, other = world.seat(general, scores), world.seat(papua, scores)
    world.close()
    found = codes(compute(world))
    assert (found[one.number], found[other.number]) == ("TL", "P/L")


def test_a_stage_without_graded_sections_is_ranked_by_total(world):
    post = world.formation()
    better, worse = world.seat(post, {"TI": 90}), world.seat(post, {"TI": 60})
    world.close()
    run = compute(world)
    assert dict(run.lines.values_list("number", "rank")) == {better.number: 1, worse.number: 2}


def test_an_open_exam_stops_the_computation(world):
    world.seat(world.formation(), HIGH)
    with pytest.raises(Refusal) as refused:
        compute(world)
    assert refused.value.code == "not_ready"
    assert not RankingRun.objects.exists()


def test_a_present_candidate_without_a_sheet_is_named(world):
    post = world.formation()
    world.seat(post, HIGH)
    bare = world.seat(post, None, outcome="present")
    world.close()
    with pytest.raises(Refusal) as refused:
        compute(world)
    assert refused.value.code == "sheet_missing"
    assert bare.number in refused.value.text


def test_a_sheet_that_was_touched_after_sealing_stops_the_run(world):
    application = world.seat(world.formation(), LOW)
    first = application.sheets.get()
    forged = world.sheet(first.attempt, LOW, replaces=first, tamper=20)
    world.outcomes[application] = ("present", forged)
    world.close()
    with pytest.raises(Refusal) as refused:
        compute(world)
    assert refused.value.code == "seal_broken"
    assert forged.receipt in refused.value.text
    assert not RankingRun.objects.exists()


def test_a_roll_that_was_touched_after_sealing_stops_the_run(world):
    world.seat(world.formation(), HIGH)
    world.close(tamper=True)
    with pytest.raises(Refusal) as refused:
        compute(world)
    assert refused.value.code == "roll_broken"


def test_the_web_role_can_neither_write_nor_change_a_sheet(world):
    sheet = world.seat(world.formation(), LOW).sheets.get()
    for statement in (f"UPDATE cat_exam_scoresheet SET total = 550 WHERE id = '{sheet.pk}'",
                      "INSERT INTO cat_exam_scoresheet SELECT * FROM cat_exam_scoresheet"):  # fmt: skip
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_newer_sheet_replaces_the_older_one(world):
    post = world.formation()
    application = world.seat(post, LOW)
    first = application.sheets.get()
    world.outcomes[application] = ("present", world.sheet(first.attempt, HIGH, replaces=first))
    world.close()
    assert codes(compute(world)) == {application.number: "P/L"}


def test_check_and_approval_are_refused_to_who_computed(world, field):
    run, by = compute(world), world.people.staff("committee")
    with pytest.raises(Refusal, match="petugas lain"):
        actions.check_run(run=run, by=by, now=world.now)
    run = actions.check_run(run=run, by=world.people.staff("committee", 2), now=world.now)
    with pytest.raises(Refusal, match="petugas lain"):
        actions.approve_run(run=run, by=by, now=world.now)
    assert actions.approve_run(run=run, by=world.people.staff("chair"), now=world.now).state == "approved"


@pytest.mark.parametrize("column", ["checked_by_id", "approved_by_id"])
def test_the_database_refuses_one_pair_of_eyes(world, field, column):
    run = compute(world)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE results_rankingrun SET {column} = computed_by_id WHERE id = %s", [run.pk])
    with connection.cursor() as cursor:  # the same statement with another person passes: the guard is what refused
        other = world.people.staff("chair").pk
        cursor.execute(f"UPDATE results_rankingrun SET {column} = %s WHERE id = %s", [other, run.pk])


def test_a_grant_for_one_agency_does_not_rank_the_country(world, field):
    local = world.people.staff("committee", 3, agency=world.agency)
    with pytest.raises(Refusal) as refused:
        actions.compute(selection=world.selection, stage=world.stage, by=local, now=world.now)
    assert refused.value.code == "scope"
    run = actions.check_run(run=compute(world), by=world.people.staff("committee", 2), now=world.now)
    with pytest.raises(Refusal) as refused:
        actions.approve_run(run=run, by=world.people.staff("chair", 2, agency=world.agency), now=world.now)
    assert refused.value.code == "scope"


def test_a_line_slipped_in_after_the_computation_stops_check_and_approval(world, field):
    run, second = compute(world), world.people.staff("committee", 2)
    extra = run.lines.first()
    late = world.seat(world.formation(), HIGH)
    extra.pk, extra.application, extra.number = None, late, late.number
    extra.save(force_insert=True)
    with pytest.raises(Refusal) as refused:
        actions.check_run(run=run, by=second, now=world.now)
    assert refused.value.code == "lines_changed"


@pytest.mark.parametrize(
    "change",
    ["computed_at = now()", "counts = '{}'", "lines_sha256 = 'x'", "state = 'approved'", "computed_by_id = NULL"],
)
def test_what_was_computed_cannot_be_rewritten(world, field, change):
    run = compute(world)
    with (
        pytest.raises(DatabaseError, match=r"permission denied|does not move"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE results_rankingrun SET {change} WHERE id = %s", [run.pk])


def test_a_run_cannot_be_born_approved(world, field):
    run, chair = compute(world), world.people.staff("chair")
    run.pk, run.reference, run.state, run.approved_by, run.approved_at = (
        uuid7(),
        "x" * 16,
        "approved",
        chair,
        world.now,
    )
    with pytest.raises(DatabaseError, match="born computed"), transaction.atomic():
        run.save(force_insert=True)


@pytest.mark.parametrize("statement", ["UPDATE results_rankline SET code = 'P/L'", "DELETE FROM results_rankline"])
def test_ranked_lines_cannot_be_changed(world, field, statement):
    compute(world)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert RankLine.objects.count() == 7


def test_an_unchecked_run_cannot_be_approved_and_a_rejected_one_needs_a_reason(world, field):
    run, chair = compute(world), world.people.staff("chair")
    with pytest.raises(Refusal) as refused:
        actions.approve_run(run=run, by=chair, now=world.now)
    assert refused.value.code == "wrong_state"
    with pytest.raises(Refusal) as refused:
        actions.reject_run(run=run, note="  ", by=chair, now=world.now)
    assert refused.value.field == "note"
    assert actions.reject_run(run=run, note="Data formasi keliru.", by=chair, now=world.now).state == "rejected"


def test_two_runs_are_compared_by_what_changed(world):
    post = world.formation()
    application = world.seat(post, LOW)
    world.seat(post, HIGH)
    world.close()
    before = compute(world)
    first = application.sheets.get()
    world.sheet(first.attempt, HIGH, replaces=first)
    after = compute(world)
    (change,) = queries.differences(world.people.staff("auditor"), before, after)
    assert (change.number, change.before, change.after) == (application.number, ("TL", 425), ("P/L", 450))


def test_readiness_asks_the_same_number_of_questions_for_one_seat_and_for_three(world, django_assert_num_queries):
    for _seat in range(3):
        world.seat(world.formation(), HIGH)
        with django_assert_num_queries(4):
            (row,) = queries.readiness(world.selection)
    assert (row.seats, row.exams, row.closed, row.ready) == (3, 1, 0, False)
