"""Officers of one agency or centre: what touches the whole country is not theirs, their own centre's PCs are."""

import pytest
from django.urls import reverse

from core import actions, clock
from core.errors import Refusal
from core.models import Agency, RoleGrant, Room, Station, TestCentre, User

pytestmark = pytest.mark.django_db


def make_room(code: str) -> Room:
    centre = TestCentre.objects.create(code=code, name=code, address="Jl. Uji 1", city="Biak", zone="Asia/Jayapura")
    return Room.objects.create(centre=centre, code="R1", name="Ruang 1", capacity=40)


@pytest.fixture
def agency() -> Agency:
    return Agency.objects.create(code="A1", name="Instansi Uji", kind="central")


@pytest.fixture
def asked(people) -> RoleGrant:
    """A national role that waits for its approval."""
    return actions.grant_role(
        user=people.staff("writer"), role="auditor", by=people.staff("operator", 7), now=clock.now()
    )


@pytest.mark.parametrize("role", ["chair", "operator"])
@pytest.mark.parametrize("decision", ["setujui", "tolak", "cabut"])
def test_an_officer_of_one_agency_decides_no_role(people, agency, asked, role, decision):
    local = people.staff(role, agency=agency)
    answer = people.client(local).post(reverse("core:grant_decide", args=[asked.pk, decision]))
    assert answer.status_code == 403
    step = {"setujui": actions.approve_grant, "tolak": actions.refuse_grant, "cabut": actions.revoke_grant}[decision]
    with pytest.raises(Refusal) as refusal:
        step(grant=asked, by=local, now=clock.now())
    assert refusal.value.code == "whole_country"
    asked.refresh_from_db()
    assert (asked.approved_by, asked.revoked_at) == (None, None)


PAGES = ["core:staff", "core:staff_new", "core:grants", "core:grant_new", "core:agencies", "core:agency_new",
         "core:centres", "core:centre_new"]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_an_operator_of_one_centre_opens_no_page_of_the_whole_country(people, name):
    local = people.staff("operator", centre=make_room("T1").centre)
    assert people.client(local).get(reverse(name)).status_code == 403


def test_an_operator_of_one_centre_touches_no_colleagues_account(people):
    local, victim = people.staff("operator", centre=make_room("T1").centre), people.staff("chair")
    desk = people.client(local)
    for act in ("nonaktifkan", "aktifkan", "lepas-kode"):
        assert desk.post(reverse("core:staff_act", args=[victim.pk, act])).status_code == 403
    assert desk.get(reverse("core:staff_password", args=[victim.pk])).status_code == 403
    for step in (actions.deactivate_staff, actions.reset_second_factor):
        with pytest.raises(Refusal) as refusal:
            step(user=victim, by=local, now=clock.now())
        assert refusal.value.code == "whole_country"
    assert User.objects.get(pk=victim.pk).is_active


def test_a_coordinator_enrols_pcs_of_the_own_centre_only(people):
    own, other = make_room("T1"), make_room("T2")
    coordinator = people.staff("coordinator", centre=own.centre)
    desk = people.client(coordinator)
    assert desk.post(reverse("core:station_here", args=[own.pk]), {"label": "B-01"}).status_code == 302
    assert desk.post(reverse("core:station_here", args=[other.pk]), {"label": "B-01"}).status_code == 403
    with pytest.raises(Refusal) as refusal:
        actions.enrol_station(room=other, label="B-01", by=coordinator, now=clock.now())
    assert refusal.value.code == "other_centre"
    assert [station.room for station in Station.objects.select_related("room")] == [own]


def test_an_operator_of_one_centre_enrols_no_pc(people):
    room = make_room("T1")
    local = people.staff("operator", centre=room.centre)
    assert people.client(local).get(reverse("core:station_here", args=[room.pk])).status_code == 403
    with pytest.raises(Refusal):
        actions.prepare_stations(room=room, labels=["B-01"], by=local, now=clock.now())


def test_a_code_of_an_operator_may_be_typed_by_anybody_at_the_pc(people):
    room = make_room("T1")
    [(_label, code)] = actions.prepare_stations(
        room=room, labels=["B-01"], by=people.staff("operator"), now=clock.now()
    )
    station, _token = actions.redeem_station(code=code, by=people.staff("proctor"), now=clock.now())
    assert station.room == room
