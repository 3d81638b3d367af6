"""The one application: chosen, filled, sent, frozen, withdrawn; refused by the database too."""

from datetime import timedelta
from decimal import Decimal

import pikepdf
import pytest
from django.db import DatabaseError, connection, transaction

from core import clock
from core.errors import Refusal
from core.models import TrailEntry
from registration import actions, queries
from registration.models import Applicant, Application, Document, Formation, Phase
from registration.rules.lifecycle import APPLICATION, transitions
from registration.rules.numbers import check_digit
from tests.registration.portal.conftest import enter, fill, jpeg, make_selection, submit

pytestmark = pytest.mark.django_db


def refusal_of(act, **given) -> Refusal:
    with pytest.raises(Refusal) as told:
        act(now=clock.now(), **given)
    return told.value


def sql(text: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text, params)


def test_a_diploma_of_another_formation_is_refused(application):
    one, other = Formation.objects.order_by("position").distinct("position")[:2]
    told = refusal_of(
        actions.choose_formation, application=application, formation=one, education=other.educations.first(),
        by=application.applicant.user,
    )
    assert (told.code, told.field) == ("education_not_accepted", "education")


def test_a_formation_of_another_selection_is_refused(application):
    other = make_selection("cpns-lain")
    stray = Formation.objects.first()
    stray.pk, stray.selection = None, other
    stray.save()
    told = refusal_of(
        actions.choose_formation, application=application, formation=stray, by=application.applicant.user,
        education=Formation.objects.exclude(pk=stray.pk).first().educations.first(),
    )
    assert told.code == "other_selection"


def test_a_draft_may_change_its_one_formation(application, centre):
    fill(application, centre)
    fill(application, centre, position="STATISTISI AHLI PERTAMA")
    application.refresh_from_db()
    assert application.formation.position == "STATISTISI AHLI PERTAMA"
    assert Application.objects.filter(applicant=application.applicant).count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"institution": "U", "gpa": Decimal("4.01")}, "gpa_range"),
        ({"institution": "U", "gpa": Decimal("0")}, "gpa_range"),
        ({"institution": "U", "gpa": Decimal("3.1"), "visually_impaired": True}, "disability_empty"),
    ],
)
def test_details_that_cannot_be_are_refused(application, centre, given, code):
    fill(application, centre)
    told = refusal_of(actions.save_details, application=application, by=application.applicant.user, **given)
    assert told.code == code


def test_details_come_after_the_formation(application):
    told = refusal_of(
        actions.save_details, application=application, institution="U", gpa=Decimal(3), by=application.applicant.user
    )
    assert told.code == "formation_first"


def test_a_closed_centre_is_refused(application, centre):
    centre.is_open = False
    centre.save()
    told = refusal_of(actions.choose_centre, application=application, centre=centre, by=application.applicant.user)
    assert told.code == "centre_closed"


def test_an_incomplete_application_is_not_sent(application, centre):
    fill(application, centre)
    Document.objects.filter(application=application, kind="ktp").update(replaced_at=clock.now())
    assert queries.missing_of(queries.application_of(application.applicant.user)) == ["document:ktp"]
    assert refusal_of(
        actions.agree_and_submit, application=application, statement=True, privacy=True, by=application.applicant.user
    ).code == "incomplete"


@pytest.mark.parametrize(("statement", "privacy", "field"), [(False, True, "statement"), (True, False, "privacy")])
def test_both_consents_are_needed(application, centre, statement, privacy, field):
    fill(application, centre)
    told = refusal_of(
        actions.agree_and_submit, application=application, statement=statement, privacy=privacy,
        by=application.applicant.user,
    )
    assert told.field == field


def test_a_sent_application_has_a_number_with_a_check_digit(application, centre):
    fill(application, centre)
    sent = submit(application)
    assert sent.state == "submitted"
    assert sent.registration_number.startswith("2024")
    assert check_digit(sent.registration_number) == "0"
    assert sent.number is None  # the participant number comes after verification


def test_disability_posts_ask_for_the_doctors_letter(catalogue, centre, people):
    draft = enter(catalogue)
    formation = Formation.objects.filter(need__code="DISABILITAS").first()
    actions.choose_formation(
        application=draft, formation=formation, education=formation.educations.first(), by=draft.applicant.user,
        now=clock.now(),
    )
    mine = queries.application_of(draft.applicant.user)
    assert "disability" in {kind.code for kind in queries.kinds_asked(mine)}
    assert {"disability", "document:disability"} <= set(queries.missing_of(mine))


def test_after_sending_every_action_is_refused(application, centre):
    fill(application, centre)
    submit(application)
    by = application.applicant.user
    formation = Formation.objects.first()
    kind = queries.kinds_asked(queries.application_of(by))[0]
    for act, given in [
        (actions.choose_formation, {"formation": formation, "education": formation.educations.first()}),
        (actions.save_details, {"institution": "X", "gpa": Decimal(3)}),
        (actions.choose_centre, {"centre": centre}),
        (actions.add_document, {"kind": kind, "content": jpeg()}),
        (actions.agree_and_submit, {"statement": True, "privacy": True}),
    ]:
        assert refusal_of(act, application=application, by=by, **given).code == "frozen"


@pytest.mark.parametrize(
    "change",
    [
        "institution = 'Lain'", "gpa = 4", "disability = 'x'", "visually_impaired = true", "centre_id = NULL",
        "formation_id = (SELECT max(id) FROM registration_formation)", "statement_agreed_at = now()",
        "submitted_at = now()", "registration_number = '1'", "reference = 'lain'",
    ],
)
def test_the_database_refuses_to_change_what_was_sent(application, centre, change):
    fill(application, centre)
    with transaction.atomic():  # a draft may change
        sql(f"UPDATE registration_application SET {change} WHERE id = %s", application.pk)
        transaction.set_rollback(True)
    submit(application)
    with pytest.raises(DatabaseError, match="frozen"):
        sql(f"UPDATE registration_application SET {change} WHERE id = %s", application.pk)


def test_the_database_refuses_documents_for_what_was_sent(application, centre):
    fill(application, centre)
    submit(application)
    with pytest.raises(DatabaseError, match="frozen"):
        sql("UPDATE registration_document SET sha256 = 'x' WHERE application_id = %s", application.pk)
    document = Document.objects.filter(application=application).first()
    document.pk, document.kind = None, "letter"
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        document.save(force_insert=True)


def test_the_database_refuses_steps_that_the_table_does_not_name(application, centre):
    fill(application, centre)
    submit(application)
    allowed = {end for start, end in transitions() if start == "submitted"}
    for to in set(APPLICATION) - allowed - {"submitted"}:
        with pytest.raises(DatabaseError, match="Invalid transition" if to == "draft" else None):
            sql("UPDATE registration_application SET state = %s WHERE id = %s", to, application.pk)
    sql("UPDATE registration_application SET state = 'withdrawn' WHERE id = %s", application.pk)


def test_the_database_refuses_to_change_who_somebody_is(application):
    with pytest.raises(DatabaseError):
        sql("UPDATE registration_applicant SET birth_date = '1990-01-01' WHERE id = %s", application.applicant_id)
    Applicant.objects.filter(pk=application.applicant_id).update(phone="08")


def test_nothing_is_sent_after_the_phase_closed(application, centre):
    fill(application, centre)
    Phase.objects.update(closes_at=clock.now())
    assert refusal_of(
        actions.agree_and_submit, application=application, statement=True, privacy=True, by=application.applicant.user
    ).code == "phase_closed"


@pytest.mark.parametrize("sent", [False, True])
def test_withdrawing_is_final_and_leaves_a_trail(application, centre, sent):
    fill(application, centre)
    if sent:
        submit(application)
    by = application.applicant.user
    gone = actions.withdraw(application=application, by=by, now=clock.now())
    assert gone.state == "withdrawn"
    assert refusal_of(actions.withdraw, application=application, by=by).code == "withdrawn"
    line = TrailEntry.objects.get(verb="registration.application_withdrawn")
    assert line.facts["before"] == ("submitted" if sent else "draft")


def test_nobody_acts_on_anothers_application(catalogue, centre, people):
    mine, other = enter(catalogue), enter(catalogue, 2)
    for act, given in [
        (actions.choose_centre, {"centre": centre}),
        (actions.withdraw, {}),
        (actions.agree_and_submit, {"statement": True, "privacy": True}),
    ]:
        assert refusal_of(act, application=mine, by=other.applicant.user, **given).code == "not_yours"


def test_home_shows_the_one_next_thing(catalogue, centre, people):
    draft = enter(catalogue)
    client = people.client(draft.applicant.user)
    assert "Pilih satu formasi" in client.get("/").text
    steps = client.get("/lamaran/").context["steps"]
    assert [step.state for step in steps] == ["now", *["later"] * 5]
    fill(draft, centre)
    assert [step.state for step in client.get("/lamaran/").context["steps"]] == [*["done"] * 4, "now", "later"]
    submit(draft)
    assert [step.state for step in client.get("/lamaran/").context["steps"]] == [*["done"] * 5, "later"]


def test_a_closed_registration_stops_the_road_of_a_draft(catalogue, people):
    draft = enter(catalogue)
    Phase.objects.update(closes_at=clock.now() - timedelta(seconds=1))
    steps = people.client(draft.applicant.user).get("/lamaran/").context["steps"]
    assert {step.state for step in steps[:5]} == {"stopped"}


def test_the_resume_says_what_was_sent(application, centre, people, tmp_path):
    client = people.client(application.applicant.user)
    fill(application, centre)
    assert client.get("/lamaran/resume.pdf").status_code == 404
    sent = submit(application)
    answer = client.get("/lamaran/resume.pdf")
    assert answer["Content-Type"] == "application/pdf"
    path = tmp_path / "resume.pdf"
    path.write_bytes(b"".join(answer.streaming_content))
    with pikepdf.open(path) as made:
        assert sent.registration_number in str(made.docinfo.get("/Title", "")) + str(made.docinfo)
        assert len(made.pages) in (1, 2)
