"""Agencies, centres, rooms and enrolled PCs."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core import actions, queries
from core.errors import Refusal
from core.models import Agency, Room, Station, TestCentre
from core.models.places import COOKIE

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(people):
    return people.staff("operator")


@pytest.fixture
def room(operator) -> Room:
    centre = actions.save_centre(
        code="T1", name="Tilok Uji", address="Jl. Uji 1", city="Manokwari", zone="Asia/Jayapura", by=operator, now=NOW
    )
    return actions.save_room(centre=centre, code="R1", name="Ruang 1", capacity=40, by=operator, now=NOW)


def test_an_agency_is_added_and_changed_on_the_page(people, operator):
    desk = people.client(operator)
    desk.post(reverse("core:agency_new"), {"code": "BKN", "name": "Badan Kepegawaian Negara", "kind": "central"})
    agency = Agency.objects.get(code="BKN")
    desk.post(reverse("core:agency_edit", args=[agency.pk]), {"code": "BKN", "name": "BKN", "kind": "central"})
    agency.refresh_from_db()
    assert agency.name == "BKN"
    twice = desk.post(reverse("core:agency_new"), {"code": "BKN", "name": "Lain", "kind": "central"})
    assert "Kode atau nama instansi ini sudah ada" in twice.content.decode()


def test_a_centre_abroad_keeps_its_own_zone_and_a_wrong_zone_is_refused(people, operator):
    desk = people.client(operator)
    facts = {
        "code": "KBRI",
        "name": "KBRI Tokyo",
        "address": "5-2-9",
        "city": "Tokyo",
        "zone": "Asia/Tokyo",
        "is_open": "on",
    }
    assert desk.post(reverse("core:centre_new"), facts).status_code == 302
    assert TestCentre.objects.get(code="KBRI").zone == "Asia/Tokyo"
    wrong = desk.post(reverse("core:centre_new"), facts | {"code": "X", "zone": "WIB"})
    assert wrong.status_code == 200
    assert not TestCentre.objects.filter(code="X").exists()


def test_room_codes_are_unique_within_a_centre(operator, room):
    with pytest.raises(Refusal) as refusal:
        actions.save_room(centre=room.centre, code="R1", name="Lain", capacity=1, by=operator, now=NOW)
    assert refusal.value.code == "room_taken"


def test_enrolling_this_pc_leaves_a_signed_cookie_and_only_a_digest_in_the_database(people, operator, room):
    desk = people.client(operator)
    answer = desk.post(reverse("core:station_here", args=[room.pk]), {"label": "b-14"})
    cookie = answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    station = queries.station_of_cookie(cookie.value)
    assert station.label == "B-14"
    assert cookie.value.split(":")[0] not in str(Station.objects.values().get())
    assert "B-14" in desk.get(reverse("core:station")).content.decode()
    assert queries.station_of_cookie(cookie.value[:-1] + ("a" if cookie.value[-1] != "a" else "b")) is None
    assert queries.station_of_cookie("") is None


def test_a_retired_pc_is_nobody_at_once_and_its_label_is_free(people, operator, room):
    desk = people.client(operator)
    desk.post(reverse("core:station_here", args=[room.pk]), {"label": "B-14"})
    station = Station.objects.get()
    desk.post(reverse("core:station_retire", args=[station.pk]))
    assert "belum terdaftar" in desk.get(reverse("core:station")).content.decode()
    actions.enrol_station(room=room, label="B-14", by=operator, now=NOW)
    with pytest.raises(Refusal, match="B-14 sudah dipakai"):
        actions.enrol_station(room=room, label="B-14", by=operator, now=NOW)


def test_codes_for_many_pcs_work_once_each_without_signing_in(people, operator, room):
    desk = people.client(operator)
    page = desk.post(reverse("core:stations", args=[room.pk]), {"label_start": "B-", "first": "1", "count": "12"})
    codes = dict(re.findall(r'<th scope="row">(B-\d\d)</th><td class="mono">([\w-]+)</td>', page.content.decode()))
    assert list(codes) == [f"B-{number:02d}" for number in range(1, 13)]
    pc, other = Client(), Client()
    assert pc.post(reverse("core:station"), {"code": codes["B-07"].lower()}).status_code == 302
    assert "B-07" in pc.get(reverse("core:station")).content.decode()
    again = other.post(reverse("core:station"), {"code": codes["B-07"]})
    assert "sudah dipakai" in again.content.decode()
    assert COOKIE not in other.cookies
    assert Station.objects.count() == 1


def test_a_code_dies_after_twelve_hours_and_when_a_new_one_is_made(operator, room):
    [(_label, old)] = actions.prepare_stations(room=room, labels=["B-01"], by=operator, now=NOW)
    [(_label, new)] = actions.prepare_stations(room=room, labels=["B-01"], by=operator, now=NOW)
    for code, moment in ((old, NOW), (new, NOW + timedelta(hours=12))):
        with pytest.raises(Refusal):
            actions.redeem_station(code=code, by=None, now=moment)
    actions.redeem_station(code=new, by=None, now=NOW + timedelta(hours=11))


def test_a_list_with_one_label_in_use_makes_no_code_at_all(operator, room):
    actions.enrol_station(room=room, label="B-02", by=operator, now=NOW)
    with pytest.raises(Refusal, match="B-02"):
        actions.prepare_stations(room=room, labels=["B-01", "B-02"], by=operator, now=NOW)
