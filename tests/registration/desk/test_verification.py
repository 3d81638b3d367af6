"""Verification: two persons, reasons, returns; the objection decided by a third. The database refuses the same."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from core.errors import Refusal
from core.models import TrailEntry
from core.steps import steps_for
from registration import queries
from registration.actions import (
    confirm_verification,
    decide_objection,
    lodge_objection,
    propose_verification,
    return_verification,
)
from registration.models import Objection, Verification


def propose(world, application, verdict="MS", reasons=(), by=None):
    return propose_verification(
        application=application,
        verdict=verdict,
        reasons=reasons,
        by=by or world.people.staff("verifier"),
        now=world.now,
    )


def confirm(world, verification, by=None):
    return confirm_verification(verification=verification, by=by or world.people.staff("supervisor"), now=world.now)


@pytest.mark.parametrize(
    ("verdict", "reasons", "state"), [("MS", [], "verified_ok"), ("TMS", ["gpa"], "verified_not_ok")]
)
def test_a_proposal_confirmed_by_another_officer_decides(world, verdict, reasons, state):
    application = world.application()
    made = propose(world, application, verdict, reasons)
    application.refresh_from_db()
    assert application.state == "submitted"
    confirm(world, made)
    application.refresh_from_db()
    assert application.state == state
    verbs = list(
        TrailEntry.objects.filter(thing_id=str(application.pk)).order_by("id").values_list("verb", flat=True)
    )
    assert verbs == ["registration.verification_proposed", "registration.verification_confirmed"]


def test_a_returned_proposal_leaves_the_application_waiting_and_can_be_proposed_anew(world):
    application = world.application()
    first = propose(world, application, "TMS", ["gpa"])
    return_verification(
        verification=first, note="IPK sudah sesuai.", by=world.people.staff("supervisor"), now=world.now
    )
    second = propose(world, application)
    confirm(world, second)
    application.refresh_from_db()
    assert application.state == "verified_ok"
    assert Verification.objects.filter(application=application).count() == 2


def test_tms_needs_a_reason_and_ms_takes_none(world):
    application = world.application()
    for verdict, reasons in (("TMS", []), ("MS", ["gpa"]), ("TMS", ["no_such_reason"])):
        with pytest.raises(Refusal) as no:
            propose(world, application, verdict, reasons)
        assert no.value.code == "reasons"
    assert not Verification.objects.exists()


def test_a_second_proposal_while_one_waits_is_refused(world):
    application = world.application()
    propose(world, application)
    with pytest.raises(Refusal) as no:
        propose(world, application, by=world.people.staff("verifier", 2))
    assert no.value.code == "waiting"


def test_nobody_confirms_the_own_proposal(world):
    officer = world.people.staff("supervisor", 9)
    application = world.application()
    made = Verification.objects.create(application=application, verdict="MS", verifier=officer, proposed_at=world.now)
    with pytest.raises(Refusal) as no:
        confirm(world, made, by=officer)
    assert no.value.code == "four_eyes"
    with pytest.raises(Refusal) as no:
        return_verification(verification=made, note="x", by=officer, now=world.now)
    assert no.value.code == "four_eyes"


def _refused(sql, *params):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_the_database_refuses_a_supervisor_who_is_the_verifier(world):
    made = propose(world, world.application())
    officer = made.verifier_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("cat_web",)
    _refused(
        "UPDATE registration_verification SET supervisor_id = %s, confirmed = true, decided_at = now() WHERE id = %s",
        officer, made.pk,
    )  # fmt: skip


def test_the_database_refuses_to_change_what_was_proposed_or_decided(world):
    made = propose(world, world.application(), "TMS", ["gpa"])
    _refused("UPDATE registration_verification SET verdict = 'MS', reasons = '{}' WHERE id = %s", made.pk)
    _refused(
        "UPDATE registration_verification SET verifier_id = %s WHERE id = %s",
        world.people.staff("verifier", 2).pk,
        made.pk,
    )
    confirm(world, made)
    _refused("UPDATE registration_verification SET confirmed = false WHERE id = %s", made.pk)


def test_the_database_refuses_a_decision_that_was_never_open(world):
    """Both are born undecided: who writes a decided row in one stroke passes by the second officer."""
    application, officers = world.application(), [world.people.staff("verifier"), world.people.staff("supervisor")]
    with pytest.raises(DatabaseError, match="Cannot insert"), transaction.atomic():
        Verification.objects.create(
            application=application, verdict="MS", verifier=officers[0], proposed_at=world.now,
            supervisor=officers[1], decided_at=world.now, confirmed=True,
        )  # fmt: skip
    with pytest.raises(DatabaseError, match="Cannot insert"), transaction.atomic():
        Objection.objects.create(
            application=application, answers={}, lodged_at=world.now, accepted=True, decided_by=officers[1],
            decided_at=world.now,
        )  # fmt: skip
    assert not Verification.objects.exists()
    assert not Objection.objects.exists()


def test_the_database_refuses_a_verified_application_without_two_officers(world):
    application = world.application()
    for state in ("verified_ok", "verified_not_ok"):
        _refused("UPDATE registration_application SET state = %s WHERE id = %s", state, application.pk)
    made = propose(world, application)
    _refused("UPDATE registration_application SET state = 'verified_ok' WHERE id = %s", application.pk)
    confirm(world, made)
    other = world.application()
    confirm(world, propose(world, other, "TMS", ["gpa"]))
    lodge(world, other, gpa="IPK saya 3,50 sesuai transkrip.")
    _refused("UPDATE registration_application SET state = 'decided' WHERE id = %s", other.pk)
    chair, lodged = world.people.staff("chair"), Objection.objects.get()
    decide_objection(objection=lodged, accepted=False, answer="Tetap.", by=chair, now=world.now)
    _refused("UPDATE registration_application SET state = 'scheduled' WHERE id = %s", other.pk)


def test_verification_outside_its_phase_is_refused_with_the_dates(world):
    world.phase("verification", opens=-60, closes=-1)
    with pytest.raises(Refusal) as no:
        propose(world, world.application())
    assert no.value.code == "phase_closed"
    assert "WIB" in str(no.value)


def test_an_agencys_verifier_reaches_only_the_agencys_applications(world):
    theirs, others = world.application(formation=2), world.application(formation=0)
    officer = world.people.staff("verifier", 3, agency=world.agencies[1])
    assert set(queries.applications_visible_to(officer)) == {theirs}
    with pytest.raises(Refusal) as no:
        propose(world, others, by=officer)
    assert no.value.code == "not_yours"
    propose(world, theirs, by=officer)


def test_only_the_roles_of_the_desk_propose_and_confirm(world):
    application = world.application()
    for role in ("supervisor", "committee", "auditor", "operator"):
        with pytest.raises(Refusal) as no:
            propose(world, application, by=world.people.staff(role))
        assert no.value.code == "not_yours"
    made = propose(world, application)
    with pytest.raises(Refusal) as no:
        confirm(world, made, by=world.people.staff("verifier", 2))
    assert no.value.code == "not_yours"


# --- objection ----------------------------------------------------------------------------------------
def rejected(world, reasons=("gpa", "programme")):
    application = world.application()
    confirm(world, propose(world, application, "TMS", list(reasons)))
    application.refresh_from_db()
    return application


def lodge(world, application, **answers):
    texts = answers or {"gpa": "IPK saya 3,50 sesuai transkrip.", "programme": "Program studi saya serumpun."}
    return lodge_objection(application=application, answers=texts, by=application.applicant.user, now=world.now)


def test_an_objection_answers_every_reason_once(world):
    application = rejected(world)
    with pytest.raises(Refusal) as no:
        lodge(world, application, gpa="IPK saya 3,50 sesuai transkrip.")
    assert (no.value.code, no.value.field) == ("answers", "programme")
    lodge(world, application)
    application.refresh_from_db()
    assert application.state == "objected"
    with pytest.raises(Refusal) as no:
        lodge(world, application)
    assert no.value.code == "once"


def test_an_accepted_objection_makes_the_applicant_meet_the_requirements(world):
    application = rejected(world)
    objection = lodge(world, application)
    decide_objection(
        objection=objection, accepted=True, answer="Diterima.", by=world.people.staff("supervisor", 2), now=world.now
    )
    application.refresh_from_db()
    assert application.state == "decided"
    road = _road(world, application)
    assert [road[key].state for key in ("verification", "objection", "card")] == ["done", "done", "later"]
    assert application in queries.schedule.of_stage(world.skd)


def _road(world, application):
    application.refresh_from_db()
    return {step.key: step for step in steps_for(application.applicant.user, world.now)}


def test_a_refused_objection_does_not(world):
    application = rejected(world)
    road = _road(world, application)
    assert (road["verification"].state, road["objection"].state) == ("stopped", "now")
    assert "card" not in road
    objection = lodge(world, application)
    assert _road(world, application)["objection"].state == "later"
    decide_objection(
        objection=objection, accepted=False, answer="Tetap TMS.", by=world.people.staff("committee"), now=world.now
    )
    assert application not in queries.schedule.of_stage(world.skd)
    road = _road(world, application)
    assert (road["verification"].state, road["objection"].state) == ("stopped", "stopped")
    assert "card" not in road


def test_who_verified_or_confirmed_does_not_decide_the_objection(world):
    application = rejected(world)
    objection = lodge(world, application)
    with pytest.raises(Refusal) as no:
        decide_objection(
            objection=objection, accepted=True, answer="Diterima.", by=world.people.staff("supervisor"), now=world.now
        )
    assert no.value.code == "four_eyes"
    for officer in (world.people.staff("verifier"), world.people.staff("supervisor")):
        _refused(
            "UPDATE registration_objection SET accepted = true, decided_by_id = %s, decided_at = now() WHERE id = %s",
            officer.pk, objection.pk,
        )  # fmt: skip
    assert Objection.objects.get().accepted is None


def test_an_objection_is_the_applicants_own_and_in_its_phase(world):
    application = rejected(world)
    texts = {"gpa": "IPK saya 3,50 sesuai transkrip.", "programme": "Program studi saya serumpun."}
    with pytest.raises(Refusal) as no:
        lodge_objection(application=application, answers=texts, by=world.people.applicant(), now=world.now)
    assert no.value.code == "not_yours"
    world.phase("objection", opens=10, closes=60)
    with pytest.raises(Refusal) as no:
        lodge(world, application)
    assert no.value.code == "phase_closed"


def test_the_database_refuses_to_change_a_lodged_objection(world):
    objection = lodge(world, rejected(world))
    _refused("UPDATE registration_objection SET answers = '{}' WHERE id = %s", objection.pk)
