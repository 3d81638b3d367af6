"""What a browser in the hall can fetch: a fresh ticket and its own form, by the hall session alone."""

import json
from hashlib import sha256

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from cat_exam import actions, session
from cat_exam.hallclock import hall_now
from cat_exam.queries.forms import form_of, open_bundle
from core.models.places import COOKIE
from questionbank import queries as bank
from tests.cat_exam.builders import CANARY, Built, make_exam
from tests.people import EVERYBODY, People

pytestmark = pytest.mark.django_db


def station_cookie(token: str) -> str:
    from django.core.signing import get_cookie_signer

    return get_cookie_signer(salt=COOKIE + COOKIE).sign(token)


@pytest.fixture
def built(people: People) -> Built:
    made = make_exam(people).open()
    made.pins = made.admit_all()
    return made


def seated(built: Built, which: int = 0) -> Client:
    """A browser at an enrolled PC after the PIN page."""
    attempt = built.attempts()[which]
    station = built.station(attempt.seat.label)
    station.token_hash = sha256(f"token-{station.pk}".encode()).hexdigest()
    station.save()
    ticket = built.enter(attempt, built.pins[attempt.pk])
    client, answer = Client(), HttpResponse()
    session.begin(answer, ticket.attempt)
    client.cookies[COOKIE] = station_cookie(f"token-{station.pk}")
    client.cookies[session.COOKIE] = answer.cookies[session.COOKIE].value
    return client


def test_a_seated_browser_gets_a_fresh_ticket_without_the_pin(built: Built) -> None:
    client = seated(built)
    one, two = (client.post("/ujian/tiket/").json()["ticket"] for _ in range(2))
    assert one != two
    attempt = built.attempts()[0]
    assert bytes(attempt.ticket) == sha256(two.encode()).digest()
    assert client.get("/ujian/tiket/").status_code == 405


def test_a_new_pin_ends_the_old_session(built: Built) -> None:
    client = seated(built)
    actions.issue_pin(attempt=built.attempts()[0], by=built.proctor, now=hall_now())
    answer = client.post("/ujian/tiket/")
    assert (answer.status_code, answer.json()["code"]) == (403, "session_over")


def test_a_session_taken_to_another_pc_is_worth_nothing(built: Built) -> None:
    client = seated(built)
    other = built.station("cadangan")
    other.token_hash = sha256(b"token-other").hexdigest()
    other.save()
    client.cookies[COOKIE] = station_cookie("token-other")
    assert client.post("/ujian/tiket/").status_code == 403
    del client.cookies[COOKIE]
    assert client.post("/ujian/tiket/").status_code == 403


def test_a_forged_session_is_worth_nothing(built: Built) -> None:
    client = seated(built)
    client.cookies[session.COOKIE] = client.cookies[session.COOKIE].value[:-2] + "xx"
    assert client.post("/ujian/tiket/").status_code == 403


@pytest.mark.parametrize("name", EVERYBODY)
def test_nobody_else_gets_a_ticket_or_a_bundle(people: People, name: str) -> None:
    built = make_exam(people)
    client = people.client(people.who(name))
    assert client.post("/ujian/tiket/").status_code == 403
    assert client.get(f"/ujian/naskah/{built.form.paper.pk}/").status_code == 403


def test_the_bundle_is_whole_encrypted_and_kept_by_the_browser(built: Built) -> None:
    client = seated(built)
    url = f"/ujian/naskah/{built.form.paper.pk}/"
    answer = client.get(url)
    assert sha256(answer.content).hexdigest() == built.form.paper.bundle_sha256
    assert b"Soal TWK" not in answer.content and "immutable" in answer["Cache-Control"]
    assert client.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    with pytest.raises(InvalidTag):
        AESGCM(b"x" * 32).decrypt(answer.content[:12], answer.content[12:], None)
    inside = open_bundle(answer.content, bank.bundle_key(built.form.paper.pk)).decode()
    assert CANARY not in inside and "points" not in inside and len(json.loads(inside)["items"]) == 12


def test_a_form_of_another_candidate_is_not_handed_out(people: People, built: Built) -> None:
    other = make_exam(people)
    assert seated(built).get(f"/ujian/naskah/{other.form.paper.pk}/").status_code == 403


def test_the_cookie_is_for_the_hall_only(built: Built) -> None:
    answer = HttpResponse()
    session.begin(answer, built.attempts()[0])
    cookie = answer.cookies[session.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/ujian/")
    assert bool(cookie["secure"]) == settings.SESSION_COOKIE_SECURE


def test_the_hall_knows_a_form_without_its_points(built: Built) -> None:
    form = form_of(built.form.paper.pk)
    assert [len(section) for section in form.sections] == [4, 4, 4]
    assert set(form.options) == set(built.form.points)
