"""The minutes list what officers decided: overrides, moves, removals, credits, alarms followed up."""

import pytest

from cat_exam import actions as hall
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt
from core.models import Station
from proctoring import actions
from proctoring.actions import override
from proctoring.documents.minutes_pdf import write_minutes_pdf
from proctoring.models import Alarm
from tests.proctoring.conftest import RoomOfTest
from tests.proctoring.reading import pdf_text

pytestmark = pytest.mark.django_db


def test_the_minutes_list_every_decision_of_two_officers(room: RoomOfTest) -> None:
    first, second, third = (room.expect(name) for name in ("Siti Aminah", "Budi Santoso", "Made Wirawan"))
    room.open()
    by, other, chief = room.proctor(), room.proctor(2), room.coordinator()
    asked = override.ask_override(
        attempt=first, fault="photo", reason="Foto lama, tahi lalat cocok.", method="number",
        identity_document="ktp", by=by, now=hall_now(),
    )  # fmt: skip
    override.confirm_override(override=asked, by=other, now=hall_now())
    places = [
        Station.objects.create(room=room.place, label=label, token_hash=label * 4, enrolled_at=hall_now())
        for label in (second.seat.label, "CADANGAN")
    ]
    pin = room.check_in(second)
    hall.enter_hall(card_number=second.card_number, pin=pin, station=places[0], now=hall_now())
    room.check_in(third)
    room.start()
    move = actions.ask_move(
        attempt=second, station=places[1], reason="Papan ketik rusak total.", by=by, now=hall_now()
    )
    actions.confirm_move(move=move, by=other, now=hall_now())
    seen = actions.report_incident(
        exam=room.exam, kind="conduct", text="Membuka ponsel.", attempt=third, by=by, now=hall_now()
    )
    removal = actions.ask_removal(
        exam=room.exam, attempt=third, to="disqualified", reason="Ponsel di ruang ujian.",
        evidence=[f"incident:{seen.pk}"], by=by, now=hall_now(),
    )  # fmt: skip
    actions.confirm_removal(removal=removal, by=chief, now=hall_now())
    wide = actions.ask_time(
        exam=room.exam, whole_centre=True, minutes=10, reason="Listrik padam segedung.", by=chief, now=hall_now()
    )
    actions.grant_time(exam=room.exam, request=wide, by=room.coordinator(2), now=hall_now())
    alarm = Alarm.objects.create(
        exam=room.exam, attempt=first, kind="focus", strength=4, first_at=hall_now(), last_at=hall_now(),
        raised_at=hall_now(),
    )  # fmt: skip
    Alarm.objects.filter(pk=alarm.pk).update(
        state="followed", note="Ditegur dan diawasi.", decided_by=by, decided_at=hall_now(), decided_strength=4
    )
    for attempt in Attempt.objects.filter(exam=room.exam, state="running"):
        room.finish(attempt)
    room.end()
    minutes = actions.write_minutes(exam=room.exam, by=by, now=hall_now())
    document = minutes.document
    assert {name: len(document[name]) for name in ("overrides", "moves", "removals", "alarms", "credits")} == {
        "overrides": 1, "moves": 1, "removals": 1, "alarms": 1, "credits": 1,
    }  # fmt: skip
    assert document["moves"][0] | {"at": ""} == {
        "at": "", "seat": second.seat.label, "confirmed": True, "reason": "Papan ketik rusak total.",
        "asked_by": by.full_name, "decided_by": other.full_name, "from": second.seat.label, "to": "CADANGAN",
    }  # fmt: skip
    assert document["credits"][0]["scope"] == "centre"
    text, _pages = pdf_text(write_minutes_pdf(room.exam, minutes, made_at=hall_now()))
    flat = " ".join(text.split())
    for words in ("Foto lama, tahi lalat cocok.", "CADANGAN", "Ponsel di ruang ujian.", "Diskualifikasi",
                  "Seluruh titik lokasi", "Ditegur dan diawasi.", chief.full_name):  # fmt: skip
        assert words in flat, words
