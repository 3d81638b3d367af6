"""Who may open which page of the ground floor; every page is asked by everybody."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import Agency, Room, TestCentre
from tests.people import EVERYBODY

pytestmark = pytest.mark.django_db
OPEN = set(EVERYBODY)
STAFF = OPEN - {"visitor", "applicant"}
PAGES = {
    "core:gaya": OPEN, "core:keys": OPEN, "core:keys_file": OPEN, "core:certificate": OPEN, "core:station": OPEN,
    "core:recover": OPEN, "core:recover_sent": OPEN,
    "core:desk": STAFF, "core:recovery_codes": STAFF,
    "core:staff": {"operator", "auditor"}, "core:staff_new": {"operator"},
    "core:grants": {"operator", "chair", "auditor"}, "core:grant_new": {"operator"},
    "core:agencies": {"operator"}, "core:agency_new": {"operator"},
    "core:centres": {"operator"}, "core:centre_new": {"operator"},
    "core:trail": {"auditor"}, "core:trail_export": {"auditor"},
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_page_lets_in_exactly_these_people(people, name):
    entered = {who for who in EVERYBODY if people.client(people.who(who)).get(reverse(name)).status_code == 200}
    assert entered == PAGES[name]


@pytest.fixture
def room() -> Room:
    Agency.objects.create(code="A1", name="Instansi Uji", kind="central")
    centre = TestCentre.objects.create(
        code="T1", name="Tilok Uji", address="Jl. Uji 1", city="Manokwari", zone="Asia/Jayapura"
    )
    return Room.objects.create(centre=centre, code="R1", name="Ruang 1", capacity=40)


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("core:rooms", {"operator"}),
        ("core:centre_edit", {"operator"}),
        ("core:stations", {"operator"}),
        ("core:station_here", {"operator", "coordinator"}),
    ],
)
def test_pages_of_a_place_let_in_exactly_these_people(people, room, name, allowed):
    pk = room.centre_id if name in {"core:rooms", "core:centre_edit"} else room.pk
    entered = {
        who for who in EVERYBODY if people.client(people.who(who)).get(reverse(name, args=[pk])).status_code == 200
    }
    assert entered == allowed


def test_a_visitor_is_led_to_the_right_door_and_back(client):
    assert client.get(reverse("core:staff"))["Location"] == "/masuk/petugas/?next=/petugas/"


def test_acts_are_never_done_by_following_a_link(people):
    operator = people.client(people.staff("operator"))
    target = people.staff("proctor")
    for act in ("nonaktifkan", "aktifkan", "lepas-kode"):
        assert operator.get(reverse("core:staff_act", args=[target.pk, act])).status_code == 405
    assert operator.get(reverse("core:sign_out")).status_code == 405


@pytest.mark.parametrize("name", ["core:staff", "core:grants", "core:agencies", "core:centres"])
def test_a_list_asks_the_database_as_often_for_three_rows_as_for_one(people, room, name):
    client = people.client(people.staff("operator"))
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(name))
    for number in range(2, 5):
        people.staff("proctor", number)
        Agency.objects.create(code=f"A{number}", name=f"Instansi {number}", kind="central")
        TestCentre.objects.create(code=f"T{number}", name=f"T {number}", address="x", city="y", zone="Asia/Jakarta")
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(name))
    assert len(many) == len(few)
