"""Sign-up: wrong data is named in its place, nobody signs up twice, drafts keep no password."""

import threading
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import translation

from core import clock, vault
from core.errors import Refusal
from core.models import TrailEntry, User
from registration import actions, queries
from registration.models import Applicant, Application, Phase, PopulationRecord
from tests.locks import wait_for_a_lock
from tests.people import PASSWORD, nik
from tests.registration.portal.conftest import enter, make_selection, person
from tests.registration.portal.test_journey import PAGES, send

db = pytest.mark.django_db


def sign_up(selection, **changes):
    return actions.sign_up(
        selection=selection, person=person(**changes), email="a@uji.invalid", password=PASSWORD, now=clock.now()
    )


@db
@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"nik": "317101550398000"}, "nik_length", "nik"),
        ({"nik": "0071015503980001"}, "nik_province", "nik"),
        ({"nik": "3171015503980000"}, "nik_serial", "nik"),
        ({"nik": "3171016003980001"}, "birth_date", "birth_date"),
        ({"family_card": "123"}, "family_card_length", "family_card"),
        ({"birth_date": date(1998, 3, 16)}, "birth_date", "birth_date"),
        ({"sex": "L"}, "sex", "sex"),
    ],
)
def test_data_that_cannot_be_right_are_refused_at_their_field(selection, people, changes, code, field):
    with pytest.raises(Refusal) as told:
        sign_up(selection, **changes)
    assert (told.value.code, told.value.field) == (code, field)
    assert not User.objects.filter(kind="applicant").exists()


@db
@pytest.mark.parametrize(
    ("step", "changes", "words"),
    [
        ("identitas", {"nik": "123"}, "NIK terdiri atas 16 angka"),
        ("identitas", {"nik": "0071015503980001"}, "bukan kode provinsi"),
        ("identitas", {"family_card": "9971011503980001"}, "bukan kode provinsi"),
        ("identitas", {"full_name": ""}, "Isilah bagian ini"),
        ("kelahiran", {"birth_date_0": "16"}, "berbeda dengan yang tercantum dalam NIK"),
        ("kelahiran", {"birth_date_0": "31", "birth_date_1": "2"}, "tidak ada di kalender"),
        ("kelahiran", {"sex": "L"}, "Jenis kelamin berbeda"),
        ("kelahiran", {"sex": ""}, "Isilah bagian ini"),
        ("kontak", {"email": "sri"}, "nama@contoh.id"),
        ("kontak", {"phone": "nol delapan"}, "dengan angka"),
        ("akun", {"password_again": "lain-sekali-7"}, "tidak sama"),
        ("akun", {"password": "12345678901", "password_again": "12345678901"}, "numerik"),
    ],
)
def test_each_page_says_what_is_wrong_and_keeps_what_was_typed(selection, people, step, changes, words):
    client = Client()
    for name in PAGES:
        if name == step:
            break
        assert send(client, selection.code, name).status_code == 302
    answer = send(client, selection.code, step, **changes)
    assert answer.status_code == 200
    assert words in answer.text
    assert "Ada yang perlu diperbaiki" in answer.text
    kept = next((value for key, value in (PAGES[step] | changes).items() if value and "password" not in key), "")
    assert kept in answer.text
    assert not Applicant.objects.exists()


@db
def test_pages_cannot_be_skipped(selection):
    answer = Client().get(f"/daftar/{selection.code}/akun/")
    assert answer.url == f"/daftar/{selection.code}/identitas/"


@db
def test_the_draft_is_on_the_server_encrypted_and_without_a_password(selection, people):
    client = Client()
    for step in ("identitas", "kelahiran", "kontak"):
        send(client, selection.code, step)
    send(client, selection.code, "akun", password_again="lain")
    kept = Session.objects.get(pk=client.session.session_key).get_decoded()
    assert PAGES["identitas"]["nik"] not in str(kept)
    assert "Sri" not in str(kept)
    assert PASSWORD not in str(kept)
    page = client.get(f"/daftar/{selection.code}/kelahiran/")
    assert 'value="1998"' in page.text
    for step in ("akun",):
        assert send(client, selection.code, step).status_code == 302
    assert "sign_up" not in client.session


@db
def test_a_signed_up_applicant_is_signed_in_with_argon2(selection, people, settings):
    client = Client()
    for step in PAGES:
        send(client, selection.code, step)
    user = User.objects.get(kind="applicant")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.password.startswith("argon2$argon2id$")
    assert user.username == vault.blind_index(PAGES["identitas"]["nik"])


@db
def test_a_nik_signs_up_once_in_a_selection(selection, people):
    enter(selection)
    with pytest.raises(Refusal) as told:
        enter(selection)
    assert told.value.code == "nik_taken"
    assert Applicant.objects.count() == 1


@db
def test_the_page_of_a_taken_nik_shows_the_way_in(selection, people):
    client, other = Client(), Client()
    for step in PAGES:
        send(client, selection.code, step)
    for step in PAGES:
        answer = send(other, selection.code, step)
    assert "sudah terdaftar pada seleksi ini" in answer.text
    assert Applicant.objects.count() == 1


@db
def test_the_same_person_joins_another_selection_with_the_same_account(selection, people):
    user = enter(selection).applicant.user
    later = make_selection("cpns-lain")
    client = people.client(user)
    for step in list(PAGES)[:-1]:
        changes = {"nik": nik(1), "family_card": "3171011503980001"} if step == "identitas" else {}
        assert send(client, later.code, step, **changes).status_code == 302
    page = client.get(f"/daftar/{later.code}/akun/")
    assert 'type="password"' not in page.text
    assert client.post(f"/daftar/{later.code}/akun/", {}).status_code == 302
    assert Applicant.objects.filter(user=user).count() == 2


@db
def test_an_account_cannot_sign_somebody_else_up(selection, people):
    user = enter(selection).applicant.user
    later = make_selection("cpns-lain")
    with pytest.raises(Refusal) as told:
        actions.sign_up(
            selection=later, person=person(2), email="a@uji.invalid", password="", by=user, now=clock.now()
        )
    assert told.value.code == "nik_other"


def test_two_sign_ups_of_one_nik_at_once_make_one_applicant(committed_db, people):
    selection = make_selection()
    connection.close()
    gate, outcomes = threading.Barrier(2), []

    def run() -> None:
        try:
            with translation.override("id"):
                gate.wait()
                sign_up(selection)
                outcomes.append("in")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "nik_taken"]
    assert (User.objects.filter(kind="applicant").count(), Applicant.objects.count()) == (1, 1)


@pytest.mark.parametrize("guarded", [True, False])
def test_a_sign_up_under_way_holds_the_second_back(committed_db, harness, people, guarded):
    selection, outcomes = make_selection(), []
    if not guarded:  # the race is real: without the database's guards both would be in
        with harness.postgres.connect("owner", committed_db) as owner:
            owner.execute("ALTER TABLE core_user DROP CONSTRAINT core_user_username_key")
            owner.execute("ALTER TABLE registration_applicant DROP CONSTRAINT nik_once_a_selection")

    def run() -> None:
        try:
            sign_up(selection)
            outcomes.append("in")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    second = threading.Thread(target=run)
    with transaction.atomic():
        sign_up(selection)
        second.start()
        if guarded:
            wait_for_a_lock(harness, committed_db)
        else:
            second.join()
    second.join()
    assert outcomes == (["nik_taken"] if guarded else ["in"])
    assert Applicant.objects.count() == (1 if guarded else 2)


@pytest.mark.parametrize("way", ["closed", "not yet", "undated"])
@db
def test_outside_the_phase_nobody_signs_up(selection, people, way):
    phase, now = Phase.objects.filter(selection=selection), clock.now()
    if way == "closed":
        phase.update(closes_at=now - timedelta(seconds=1))
    elif way == "not yet":
        phase.update(opens_at=now + timedelta(hours=1))
    else:
        phase.update(code="exam")
    with pytest.raises(Refusal) as told:
        sign_up(selection)
    assert told.value.code == "phase_closed"
    answer = Client().get(f"/daftar/{selection.code}/identitas/")
    assert answer.status_code == 403
    assert "Pendaftaran" in answer.text
    assert ("WIB" in answer.text) == (way != "undated")


@db
def test_the_phase_closes_at_its_very_second(selection, people):
    phase = Phase.objects.get(selection=selection)
    queries.require_phase(selection, "registration", phase.closes_at - timedelta(microseconds=1))
    with pytest.raises(Refusal):
        queries.require_phase(selection, "registration", phase.closes_at)


# --- the population registry ------------------------------------------------------------------------
@db
def test_without_a_registry_the_trail_says_not_checked(selection, people):
    applicant = enter(selection).applicant
    line = TrailEntry.objects.get(verb="registration.applicant_signed_up")
    assert line.facts["population_check"] == applicant.population_check == "not_checked"
    assert "317101" not in str(line.facts)


@db
def test_a_person_the_registry_knows_is_a_match(selection, people):
    actions.load_population(people=[person(1)], by=None, now=clock.now())
    assert enter(selection).applicant.population_check == "match"


@db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nik": nik(2)}, "nik"),
        ({"family_card": "3171011503980009"}, "family_card"),
        ({"full_name": "Orang Lain"}, "full_name"),
    ],
)
def test_what_the_registry_knows_otherwise_is_refused_at_its_field(selection, people, changes, field):
    actions.load_population(people=[person(1)], by=None, now=clock.now())
    with pytest.raises(Refusal) as told:
        sign_up(selection, **changes)
    assert told.value.field == field
    assert not Application.objects.exists()


@db
def test_the_registry_table_names_nobody(people):
    actions.load_population(people=[person(1)], by=None, now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM registration_populationrecord t")
        text = cursor.fetchone()[0]
    assert nik(1) not in text
    assert "Pelamar" not in text
    assert "1998" not in text.split(",")[0:4]


HEADER = "nik,family_card,full_name,birth_date\n"


@db
def test_the_registry_is_loaded_from_a_table(selection, people, tmp_path, capsys):
    path = tmp_path / "warga.csv"
    path.write_text(f"{HEADER}{nik(1)},3171011503980001,PELAMAR NOMOR,1998-03-15\n")
    call_command("load_population", str(path))
    assert "1 people" in capsys.readouterr().out
    assert enter(selection).applicant.population_check == "match"  # names are compared by their letters


@db
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nik,nama\n1,2\n", "the header must be"),
        (f"{HEADER}123,3171011503980001,A,1998-03-15\n", "1 errors"),
        (f"{HEADER}{nik(1)},3171011503980001,,15-03-1998\n{nik(2)},x,B,15-03-1998\n", "3 errors"),
    ],
)
def test_a_wrong_registry_table_writes_nothing(people, tmp_path, text, words):
    path = tmp_path / "warga.csv"
    path.write_text(text)
    with pytest.raises(CommandError, match=words):
        call_command("load_population", str(path))
    assert not PopulationRecord.objects.exists()


class Refusing:
    def check(self, **facts):
        raise Refusal("registry_away", "Layanan kependudukan tidak menjawab.")


@db
def test_another_adapter_is_chosen_by_its_dotted_path(selection, people, settings):
    settings.POPULATION_REGISTRY = f"{__name__}.Refusing"
    with pytest.raises(Refusal) as told:
        sign_up(selection)
    assert told.value.code == "registry_away"
