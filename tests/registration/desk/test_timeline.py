"""The applicant's timeline tells when seat and card were given, from their own rows."""

from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from registration import queries
from registration.actions import issue_cards, schedule_stage
from registration.models import Seat
from registration.queries.schedule import made_at


def seated(world, stage, hours) -> None:
    world.sitting(stage, hours=hours)
    schedule_stage(stage=stage, by=world.people.staff("committee"), now=clock.now())
    issue_cards(stage=stage, by=world.people.staff("committee"), now=clock.now())


def test_seat_and_card_stand_in_the_timeline_with_time_and_place(world):
    began = clock.now()
    mine = world.application("verified_ok", centre=1)
    client = world.people.client(mine.applicant.user)
    assert "ditetapkan" not in client.get("/lamaran/").text.split("timeline")[-1]
    world.sitting(world.skd, centre=1)
    schedule_stage(stage=world.skd, by=world.people.staff("committee"), now=clock.now())
    page = client.get("/lamaran/").text
    assert f"Jadwal {world.skd.name} ditetapkan" in page
    assert "WITA, " in page
    assert "Kartu ujian" not in page[page.index('class="timeline"'):]
    issue_cards(stage=world.skd, by=world.people.staff("committee"), now=clock.now())
    page = client.get("/lamaran/").text
    told = page[page.index('class="timeline"'):]
    assert told.index("Jadwal") < told.index(f"Kartu ujian {world.skd.name} terbit")
    seat, card = queries.dated_seats(mine)[0], queries.dated_cards(mine)[0]
    assert began - timedelta(milliseconds=1) <= seat.given_at <= card.given_at + timedelta(seconds=1)
    assert card.given_at <= clock.now()


def test_two_stages_cost_no_more_queries_than_one(world):
    mine = world.application("verified_ok", formation=0)
    client = world.people.client(mine.applicant.user)
    counts = []
    for stage, hours in ((world.skd, 24), (world.it, 72)):
        seated(world, stage, hours)
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/lamaran/").status_code == 200
        counts.append(len(seen))
    assert Seat.objects.filter(application=mine).count() == 2
    assert counts[0] == counts[1]


def test_the_moment_of_a_seat_is_that_of_its_key():
    made = made_at(UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"))
    assert made.isoformat() == "2022-02-22T19:22:22+00:00"  # RFC 9562, appendix A.6
