"""Test centres in three zones, each with rooms."""

from datetime import datetime

from core.actions import save_centre, save_room
from core.models import Room, TestCentre
from deploy.demo.staff import Team

#: (code, name, address, city, zone), rooms as (code, name, seats)
CENTRES = (
    (
        ("JKT-01", "Kantor Pusat BKN Demo", "Jalan Contoh Raya 1", "Jakarta Timur", "Asia/Jakarta"),
        (("A", "Ruang CAT A", 40), ("B", "Ruang CAT B", 20)),
    ),
    (
        ("MKS-01", "UPT Makassar Demo", "Jalan Contoh Losari 2", "Makassar", "Asia/Makassar"),
        (("A", "Ruang CAT A", 30),),
    ),
    (
        ("JPR-01", "UPT Jayapura Demo", "Jalan Contoh Sentani 3", "Jayapura", "Asia/Jayapura"),
        (("A", "Ruang CAT A", 20),),
    ),
)


def build(team: Team, now: datetime) -> list[TestCentre]:
    """The centres, made by the operator where they are missing."""
    by, made = team["operator"], []
    for (code, name, address, city, zone), rooms in CENTRES:
        centre = TestCentre.objects.filter(code=code).first() or save_centre(
            by=by, now=now, code=code, name=name, address=address, city=city, zone=zone
        )
        for room, title, seats in rooms:
            if not Room.objects.filter(centre=centre, code=room).exists():
                save_room(by=by, now=now, centre=centre, code=room, name=title, capacity=seats)
        made.append(centre)
    return made
