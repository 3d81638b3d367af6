"""The candidate's pages over HTTP: who gets in, what is told, what never leaves the hall."""

import json
from pathlib import Path

import pytest
from django.test import Client

from cat_exam import actions, hallclock
from cat_exam.models import Attempt
from cat_exam.session import COOKIE
from core.models.places import COOKIE as STATION
from tests.cat_exam.builders import CANARY
from tests.journeys.halls import Hall, build_hall
from tests.people import EVERYBODY, People

SMALL = {"TWK": 2, "TIU": 2, "TKP": 2}
LOCAL = {"HTTP_HOST": "127.0.0.1:8000"}
PAGES = ("/ujian/ruang-tunggu/", "/ujian/nilai/")


@pytest.fixture
def hall(db: None, people: People) -> Hall:
    return build_hall(people, items=SMALL)


def at(hall: Hall, seat: int = 0) -> Client:
    client = Client(headers={"host": "127.0.0.1:8000"})
    client.cookies[STATION] = hall.station_cookie(seat)
    return client


def enter(client: Client, hall: Hall, pin: str, seat: int = 0):
    return client.post("/ujian/", {"card_number": hall.attempts[seat].card_number, "pin": pin})


def test_the_door_opens_with_card_and_pin_at_the_enrolled_pc(hall: Hall) -> None:
    pin = hall.open_and_admit()[0]
    client = at(hall)
    answer = enter(client, hall, pin)
    assert (answer.status_code, answer["Location"]) == (302, "/ujian/ruang-tunggu/")
    cookie = client.cookies[COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == "/ujian/"
    page = client.get("/ujian/ruang-tunggu/")
    assert page.status_code == 200
    assert hall.attempts[0].display_name in page.text
    assert pin not in page.text
    assert client.get("/ujian/")["Location"] == "/ujian/ruang-tunggu/"


def test_without_a_hall_session_every_page_leads_to_the_door(hall: Hall, people: People) -> None:
    for name in EVERYBODY:
        client = people.client(people.who(name))
        for page in PAGES:
            answer = client.get(page, **LOCAL)
            assert (answer.status_code, answer["Location"]) == (302, "/ujian/"), (name, page)


def test_a_foreign_pc_is_refused_in_words_and_the_typed_text_stays(hall: Hall) -> None:
    pin = hall.open_and_admit()[0]
    answer = enter(Client(headers={"host": "127.0.0.1:8000"}), hall, pin)
    assert answer.status_code == 422
    assert "belum terdaftar" in answer.text
    assert hall.attempts[0].card_number in answer.text


def test_the_session_is_good_at_its_own_pc_only(people: People, db: None) -> None:
    hall = build_hall(people, items=SMALL, seats=2)
    pins = hall.open_and_admit()
    client = at(hall)
    enter(client, hall, pins[0])
    client.cookies[STATION] = hall.station_cookie(1)
    assert client.get("/ujian/ruang-tunggu/")["Location"] == "/ujian/"


def test_a_new_pin_ends_the_old_session(hall: Hall) -> None:
    pin = hall.open_and_admit()[0]
    client = at(hall)
    enter(client, hall, pin)
    actions.issue_pin(attempt=hall.attempts[0], by=hall.proctor, now=hallclock.hall_now())
    assert client.get("/ujian/ruang-tunggu/")["Location"] == "/ujian/"


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "12a456", "１２３４５６"])
def test_a_pin_of_another_form_is_explained_and_costs_no_try(hall: Hall, pin: str) -> None:
    hall.open_and_admit()
    answer = enter(at(hall), hall, pin)
    assert answer.status_code == 422
    assert ("6 angka" in answer.text) or ("Isilah bagian ini" in answer.text)
    assert Attempt.objects.get(pk=hall.attempts[0].pk).pin_tries == 0


@pytest.mark.parametrize("path", ["/ujian/", "/ujian/ruang-tunggu/"])
def test_plain_http_from_afar_is_refused_in_words(db: None, path: str) -> None:
    answer = Client().get(path, HTTP_HOST="testserver")
    assert answer.status_code == 403
    assert "tidak aman" in answer.text and "https" in answer.text
    assert "<form" not in answer.text.split("<main")[1]


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "127.0.0.1"])
def test_the_same_machine_needs_no_https(db: None, host: str) -> None:
    assert Client().get("/ujian/", HTTP_HOST=host).status_code == 200


def test_leaving_needs_a_post_and_empties_the_door(hall: Hall) -> None:
    pin = hall.open_and_admit()[0]
    client = at(hall)
    enter(client, hall, pin)
    assert client.get("/ujian/keluar/").status_code == 405
    assert client.post("/ujian/keluar/")["Location"] == "/ujian/"
    assert client.get("/ujian/ruang-tunggu/")["Location"] == "/ujian/"


def test_a_closed_exam_ends_the_session_and_its_score_leaves_the_pc(hall: Hall, keyring_of, as_role) -> None:
    pin = hall.open_and_admit()[0]
    client = at(hall)
    enter(client, hall, pin)
    hall.start()
    actions.submit(attempt=hall.attempts[0], by=hall.proctor, now=hallclock.hall_now())
    with keyring_of("score"), as_role("cat_score"):
        actions.score_finished(now=hallclock.hall_now())
    assert hall.attempts[0].display_name in client.get("/ujian/nilai/").text
    actions.close_exam(exam=hall.exam, by=hall.proctor, now=hallclock.hall_now())
    for page in PAGES:
        assert client.get(page)["Location"] == "/ujian/"
    assert client.post("/ujian/tiket/").json()["code"] == "session_over"
    assert client.get(f"/ujian/naskah/{hall.built.form.paper.pk}/").status_code == 403


def test_pages_of_the_hall_are_never_cached(hall: Hall) -> None:
    pin = hall.open_and_admit()[0]
    client = at(hall)
    enter(client, hall, pin)
    for path in ("/ujian/", "/ujian/ruang-tunggu/"):
        assert "no-store" in client.get(path)["Cache-Control"]


def test_an_unknown_receipt_says_so(db: None) -> None:
    answer = Client().get("/ujian/tanda-terima/tidakada12345678/")
    assert answer.status_code == 404
    assert "Kode tidak ditemukan" in answer.text


def test_no_page_holds_a_key_or_a_point(hall: Hall) -> None:
    pin = hall.open_and_admit()[0]
    client = at(hall)
    enter(client, hall, pin)
    hall.start()
    for path in ("/ujian/ruang-tunggu/", "/ujian/latihan/", f"/ujian/naskah/{hall.built.form.paper.pk}/"):
        body = client.get(path).content
        assert CANARY.encode() not in body and b'"points"' not in body


def test_practice_is_for_everybody_and_marked(db: None, people: People) -> None:
    for name in EVERYBODY:
        answer = people.client(people.who(name)).get("/ujian/latihan/", **LOCAL)
        assert answer.status_code == 200 and "latihan, bukan ujian" in answer.text, name


def test_practice_items_are_whole() -> None:
    demo = json.loads((Path(__file__).parents[3] / "cat_exam/static/cat_exam/practice.json").read_text())
    assert len(demo["items"]) == 8 and demo["tutorial"]["seconds"] == 60
    for item in [*demo["items"], *demo["tutorial"]["items"]]:
        texts = [option["html"] for option in item["options"]]
        assert len(set(texts)) == 5 and len({option["id"] for option in item["options"]}) == 5
        points = sorted(option["points"] for option in item["options"])
        assert points == ([1, 2, 3, 4, 5] if item["section"] == "TKP" else [0, 0, 0, 0, 5])


def test_the_pages_speak_english_as_well(hall: Hall) -> None:
    pin = hall.open_and_admit()[0]
    client = at(hall)
    client.cookies["django_language"] = "en"
    assert "Enter the examination room" in client.get("/ujian/").text
    enter(client, hall, pin)
    page = client.get("/ujian/ruang-tunggu/").text
    for word in ("Ruang tunggu", "Simpan dan Lanjutkan", "Selesai Ujian", "belum tersimpan", "menyimpan"):
        assert word not in page
    assert "Save and continue" in page
