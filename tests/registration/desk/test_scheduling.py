"""Scheduling and cards: numbers, seats, what is missing, idempotence, sealed cards, the doors upward."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from core.errors import Refusal
from core.models import Station, TrailEntry
from registration import queries
from registration.actions import create_sitting, issue_cards, schedule_stage
from registration.models import Application, ExamCard, Seat
from registration.rules import numbers


def schedule(world, stage=None):
    return schedule_stage(stage=stage or world.skd, by=world.people.staff("committee"), now=world.now)


def test_everybody_who_meets_the_requirements_gets_a_number_and_a_seat_at_the_own_centre(world):
    people = [world.application("verified_ok", formation=n % 3, centre=n % 2) for n in range(12)]
    others = [world.application(state) for state in ("submitted", "verified_not_ok", "withdrawn")]
    world.sitting(centre=0)
    world.sitting(centre=1)
    report = schedule(world)
    assert (report.placed, report.already, report.numbered, report.unplaced) == (12, 0, 12, 0)
    for application in people:
        application.refresh_from_db()
        assert application.state == "scheduled"
        assert application.seats.get().sitting.room.centre_id == application.centre_id
    assert not Seat.objects.filter(application__in=others).exists()
    assert not Application.objects.filter(pk__in=[a.pk for a in others]).exclude(number=None).exists()


def test_participant_numbers_carry_year_selection_and_agency_and_run_without_gaps(world):
    for n in range(7):
        world.application("verified_ok", formation=0 if n % 2 else 2)
    world.sitting()
    schedule(world)
    found = {agency.pk: [] for agency in world.agencies}
    for number, agency in Application.objects.values_list("number", "formation__agency"):
        found[agency].append(number)
    for agency, given in found.items():
        assert sorted(given) == [
            numbers.participant_number(year=2026, selection=world.selection.pk, agency=agency, running=n + 1)
            for n in range(len(given))
        ]


def test_a_second_run_places_only_the_new(world):
    for _n in range(3):
        world.application("verified_ok")
    world.sitting()
    schedule(world)
    before = dict(Seat.objects.values_list("application", "label"))
    world.application("verified_ok")
    report = schedule(world)
    assert (report.placed, report.already, report.numbered) == (1, 3, 1)
    after = dict(Seat.objects.values_list("application", "label"))
    assert before.items() <= after.items()
    assert schedule(world).placed == 0
    assert Application.objects.values("number").distinct().count() == 4


def test_who_has_no_seat_is_reported_by_centre_with_what_to_do(world):
    for _n in range(5):
        world.application("verified_ok", centre=0)
    world.application("verified_ok", centre=2)
    world.sitting(centre=0, capacity=3)
    report = schedule(world)
    assert (report.placed, report.unplaced) == (3, 3)
    assert {(m.centre, m.number, m.reason) for m in report.missing} == {
        ("Kantor Regional Jakarta", 2, "semua sesi penuh"),
        ("UPT Jayapura", 1, "titik lokasi belum mempunyai sesi"),
    }
    loads = {load.name: load for load in queries.centre_loads(world.skd, world.now)}
    assert (loads["Kantor Regional Jakarta"].waiting, loads["Kantor Regional Jakarta"].short) == (2, 2)
    assert (loads["UPT Jayapura"].sittings, loads["UPT Jayapura"].short) == (0, 1)


def test_scheduling_waits_for_its_phase_and_for_sittings(world):
    world.application("verified_ok")
    with pytest.raises(Refusal) as no:
        schedule(world)
    assert no.value.code == "no_sittings"
    world.phase("scheduling", opens=5, closes=60)
    with pytest.raises(Refusal) as no:
        schedule(world)
    assert no.value.code == "phase_closed"


def test_a_stage_for_it_positions_seats_only_those(world):
    it, other = world.application("verified_ok", formation=0), world.application("verified_ok", formation=1)
    world.sitting(world.it)
    schedule(world, world.it)
    assert Seat.objects.filter(application=it, stage=world.it).exists()
    assert not Seat.objects.filter(application=other).exists()


def test_nobody_sits_two_stages_at_the_same_time(world):
    application = world.application("verified_ok")
    world.sitting(world.skd, hours=24)
    schedule(world)
    room = type(world.rooms[0]).objects.create(centre=world.centres[0], code="R2", name="Ruang 2", capacity=5)
    create_sitting(stage=world.it, room=room, starts_at=world.now + timedelta(hours=25), by=None, now=world.now)
    report = schedule(world, world.it)
    assert report.unplaced == 1
    assert "bertabrakan" in report.missing[0].reason
    create_sitting(stage=world.it, room=room, starts_at=world.now + timedelta(hours=28), by=None, now=world.now)
    assert schedule(world, world.it).placed == 1
    assert application.seats.count() == 2


def test_seats_take_the_labels_of_the_rooms_enrolled_pcs(world):
    for n in range(2):
        Station.objects.create(
            room=world.rooms[0], label=f"PC-{n + 1:02d}", token_hash=f"{n:064d}", enrolled_at=world.now
        )
    for _n in range(3):
        world.application("verified_ok")
    world.sitting()
    schedule(world)
    seats = dict(Seat.objects.values_list("label", "station__label"))
    assert seats == {"PC-01": "PC-01", "PC-02": "PC-02", "A-01": None}


def test_the_database_keeps_the_capacity_of_a_sitting(world):
    sitting = world.sitting(capacity=1)
    one, two = world.application("verified_ok"), world.application("verified_ok")
    Seat.objects.create(sitting=sitting, application=one, stage=world.skd, label="A-01")
    with pytest.raises(IntegrityError, match="more seats"), transaction.atomic():
        Seat.objects.create(sitting=sitting, application=two, stage=world.skd, label="A-02")
    with pytest.raises(IntegrityError, match="stage of its sitting"), transaction.atomic():
        Seat.objects.filter(application=one).update(stage=world.it)


def test_a_sitting_is_never_larger_than_its_room_nor_two_in_a_room_at_once(world):
    with pytest.raises(Refusal) as no:
        world.sitting(capacity=21)
    assert no.value.code == "room_capacity"
    sitting = world.sitting(hours=24)
    with pytest.raises(Refusal) as no:
        world.sitting(hours=25)
    assert no.value.code == "room_taken"
    assert "Ruang" in str(no.value)
    with pytest.raises(IntegrityError, match="larger than its room"), transaction.atomic():
        type(sitting).objects.filter(pk=sitting.pk).update(capacity=21)
    with pytest.raises(Refusal) as no:
        world.sitting(hours=-1)
    assert no.value.code == "sitting_past"


# --- cards --------------------------------------------------------------------------------------------
def carded(world, number=3, **kwargs):
    people = [world.application("verified_ok", **kwargs) for _n in range(number)]
    sitting = world.sitting(centre=kwargs.get("centre", 0))
    schedule(world)
    assert issue_cards(stage=world.skd, by=world.people.staff("committee"), now=world.now) == number
    return people, sitting


def test_cards_are_sealed_numbered_and_issued_once(world):
    _people, sitting = carded(world, centre=1)
    for card in ExamCard.objects.all():
        assert card.seal_holds()
        assert numbers.is_card_number(card.number)
        assert card.document["card"] == card.number
        assert card.document["zone"] == "Asia/Makassar"
        assert card.document["starts_at"] == sitting.starts_at.isoformat()
    assert ExamCard.objects.values("number").distinct().count() == 3
    assert set(Application.objects.values_list("state", flat=True)) == {"carded"}
    assert issue_cards(stage=world.skd, by=world.people.staff("committee"), now=world.now) == 0
    assert TrailEntry.objects.filter(verb="registration.cards_issued").count() == 1


def test_a_changed_card_does_not_hold(world):
    carded(world, 1)
    card = ExamCard.objects.get()
    card.document["seat"] = "Z-99"
    assert not card.seal_holds()


def test_cards_cannot_be_changed_by_the_web_role(world):
    carded(world, 1)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE registration_examcard SET number = '1'")


def test_a_process_without_the_card_seal_cannot_issue(world, keyring_of):
    from core.vault import KeyNotHeld

    world.application("verified_ok")
    world.sitting()
    schedule(world)
    with keyring_of("portal"), pytest.raises(KeyNotHeld):
        issue_cards(stage=world.skd, by=None, now=world.now)


def test_the_minutes_on_the_card_are_the_persons_own(world):
    carded(world, 1, blind=True)
    assert ExamCard.objects.get().document["minutes"] == 130


def test_a_participant_number_is_given_once(world):
    people, _sitting = carded(world, 1)
    with pytest.raises(IntegrityError, match="given once"), transaction.atomic():
        Application.objects.filter(pk=people[0].pk).update(number="1")


# --- doors --------------------------------------------------------------------------------------------
def test_the_hall_gets_the_seats_whose_card_is_issued(world):
    people, sitting = carded(world)
    late = world.application("verified_ok")
    schedule(world)
    assert Seat.objects.filter(application=late).exists()
    Application.objects.filter(pk=people[0].pk).update(state="withdrawn", withdrawn_at=world.now)
    rows = queries.seats_to_examine(sitting)
    assert {row.application_id for row in rows} == {people[1].pk, people[2].pk}
    row = next(row for row in rows if row.application_id == people[1].pk)
    card = ExamCard.objects.get(application=people[1])
    people[1].refresh_from_db()
    assert (row.card_number, row.number, row.full_name) == (
        card.number,
        people[1].number,
        people[1].applicant.full_name,
    )
    assert row.stage_id == world.skd.pk
    assert [r.label for r in rows] == sorted(r.label for r in rows)


def test_the_ranking_field_names_the_grade_of_each(world, django_assert_num_queries):
    world.application("verified_ok", formation=0)
    world.application("verified_ok", formation=2)
    world.sitting()
    schedule(world)
    issue_cards(stage=world.skd, by=None, now=world.now)
    with django_assert_num_queries(1):
        rows = list(queries.ranking_field(world.skd))
    assert {(row.category, row.posts) for row in rows} == {("general", 2), ("papua", 1)}
    assert [row.number for row in rows] == sorted(row.number for row in rows)
    assert {str(row.gpa) for row in rows} == {"3.50"}
    Application.objects.filter(formation=world.formations[2]).update(state="withdrawn", withdrawn_at=world.now)
    assert [row.category for row in queries.ranking_field(world.skd)] == ["general"]


def test_a_doctor_of_2021_is_judged_by_the_doctors_grade(world):
    from registration.models import NeedKind, RuleSet, Selection

    rules = RuleSet.objects.get(code="2021")
    Selection.objects.filter(pk=world.selection.pk).update(ruleset=rules)
    doctor = world.formation(world.agencies[0], "DOKTER AHLI PERTAMA - DOKTER (UMUM)", "UMUM", 1)
    vet = world.formation(world.agencies[0], "DOKTER HEWAN KARANTINA AHLI PERTAMA", "UMUM", 1)
    honours = world.formation(world.agencies[0], "DOKTER AHLI PERTAMA - DOKTER GIGI", "CUMLAUDE", 1)
    for made in (doctor, vet, honours):
        made.need = NeedKind.objects.get(ruleset=rules, code=made.need.code)
        made.save(update_fields=["need"])
    found = [queries.grade_for(world.application("verified_ok", formation=f).pk) for f in (doctor, vet, honours)]
    assert [grade.category for grade in found] == ["position:doctor", "general", "cumlaude"]
    assert found[0].minimums() == {"TIU": 80, "TOTAL": 311}


def test_the_scorer_may_ask_for_a_grade_but_not_for_a_name(world, as_role):
    application = world.application("verified_ok")
    with as_role("cat_score"):
        assert queries.grade_for(application.pk).category == "general"
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT full_name FROM registration_applicant")


def test_coordinators_see_the_sittings_of_their_centre(world):
    here, there = world.sitting(centre=0), world.sitting(centre=1)
    assert set(queries.sittings_for(world.people.staff("committee"))) == {here, there}
    assert set(queries.sittings_for(world.people.staff("coordinator", 2, centre=world.centres[1]))) == {there}
    assert not queries.sittings_for(world.people.staff("verifier")).exists()
