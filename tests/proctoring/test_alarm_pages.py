"""The pages of the alarms: who opens them, what they list, count and export, and what a person does on them."""

import csv
import io
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cat_exam import actions as hall
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, BrowserExcuse, BrowserKey
from cat_exam.rules.seb import Shown
from core.errors import Refusal
from proctoring import queries
from proctoring.models import Alarm, Incident
from proctoring.rules.anomaly import Sign
from tests.people import EVERYBODY
from tests.proctoring.conftest import RoomOfTest
from tests.proctoring.watching import NAMES, finding, raised, six_working  # noqa: F401

READ = ["alarms", "alarms_csv", "alarm_count", "browsers"]


def here(room: RoomOfTest, name: str, *more: object) -> str:
    return reverse(f"proctoring:{name}", args=[room.exam.reference, *more])


@pytest.mark.parametrize("who", EVERYBODY)
def test_alarms_open_to_the_rooms_people_and_auditors_only(room: RoomOfTest, seats: list[Attempt], who: str) -> None:
    (alarm,) = raised(finding(seats[0]))
    client = room.people.client(room.people.who(who))
    reads, acts = who in {"proctor", "coordinator", "auditor"}, who in {"proctor", "coordinator"}
    for address in [*(here(room, name) for name in READ), here(room, "alarm", alarm.pk)]:
        assert (client.get(address).status_code == 200) == reads, address
    client.post(here(room, "alarm", alarm.pk), {"note": "Sudah saya lihat.", "act": "dismiss"})
    alarm.refresh_from_db()
    assert (alarm.state == "dismissed") == acts


def test_a_stranger_sees_no_sign_of_the_rooms_alarms(room: RoomOfTest, seats: list[Attempt]) -> None:
    (alarm,) = raised(finding(seats[0]))
    client = room.people.client(room.stranger())
    for address in [*(here(room, name) for name in READ), here(room, "alarm", alarm.pk)]:
        assert client.get(address).status_code == 404, address
    assert client.post(here(room, "alarms_see"), {"pilih": str(alarm.pk)}).status_code == 404
    mine = room.people.client(room.proctor())
    assert mine.get(here(room, "alarm", uuid4())).status_code == 404
    assert mine.post(here(room, "alarms_see"), {"pilih": "bukan-nomor"}).status_code == 404


def test_the_list_is_filtered_searched_and_exported(room: RoomOfTest, seats: list[Attempt]) -> None:
    raised(finding(seats[0], Sign.REMOTE), finding(seats[1]),
           finding(seats[2], Sign.TWINS, other=seats[3].pk), finding(seats[4], Sign.SOCKETS))  # fmt: skip
    client = room.people.client(room.proctor())
    page = client.get(here(room, "alarms")).text
    assert "30 soal ditampilkan sekitar 7 detik, lalu dijawab sekitar 8 detik per soal." in page
    searches = {
        "jenis=remote": [0], "jenis=twins": [2], "keadaan=new": [0, 1, 2, 4], "keadaan=dismissed": [],
        "cari=gilang+pratama": [1], f"cari={seats[3].seat.label}": [2], "keadaan=waiting&jenis=focus": [1],
        "cari=tidak-ada": [], "jenis=bukan-jenis": [0, 1, 2, 4],
    }  # fmt: skip
    for query, places in searches.items():
        shown = client.get(here(room, "alarms") + "?" + query).text
        assert [name in shown for name in NAMES] == [place in places for place in range(6)], query
    assert "Tidak ada peringatan yang cocok" in client.get(here(room, "alarms") + "?cari=tidak-ada").text
    answer = client.get(here(room, "alarms_csv") + "?jenis=twins")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2 and rows[0][0] == "Jenis"
    assert rows[1][:2] == ["Jalur jawaban serupa", seats[2].seat.label] and rows[1][4] == seats[3].seat.label
    assert "22 jawaban sama" in rows[1][5]


def test_an_empty_list_says_what_it_means(room: RoomOfTest, seats: list[Attempt]) -> None:
    page = room.people.client(room.proctor()).get(here(room, "alarms")).text
    assert "Belum ada peringatan" in page and "tidak membuktikan apa pun" in page


def test_the_badge_counts_what_is_new(room: RoomOfTest, seats: list[Attempt]) -> None:
    client = room.people.client(room.proctor())
    assert "baru" not in client.get(here(room, "alarm_count")).text
    alarms = raised(finding(seats[0]), finding(seats[1]))
    assert "2 baru" in client.get(here(room, "alarm_count")).text
    client.post(here(room, "alarms_see"), {"pilih": [str(alarm.pk) for alarm in alarms]})
    assert queries.alarm_counts(room.exam) == {"new": 0, "waiting": 2, "all": 2}


def test_the_note_stays_on_the_screen_when_it_is_too_short_for_the_minutes(
    room: RoomOfTest, seats: list[Attempt]
) -> None:
    (alarm,) = raised(finding(seats[0]))
    client = room.people.client(room.proctor())
    page = client.post(here(room, "alarm", alarm.pk), {"note": "Pendek", "report": "on", "act": "follow"})
    assert page.status_code == 422 and "Pendek" in page.text
    alarm.refresh_from_db()
    assert alarm.state == "new" and not Incident.objects.exists()


def test_a_pair_across_two_rooms_tells_the_other_place_but_no_name(room: RoomOfTest, seats: list[Attempt]) -> None:
    other = room.make_exam(room.room)
    far = room.expect("Nama Rahasia", exam=other)
    raised(finding(seats[0], Sign.TWINS, other=far.pk))
    page = room.people.client(room.proctor()).get(here(room, "alarms")).text
    assert far.seat.label in page and room.room.name in page and "Nama Rahasia" not in page


def test_the_list_costs_the_same_for_one_row_and_three(room: RoomOfTest, seats: list[Attempt]) -> None:
    client, counts = room.people.client(room.proctor()), []
    for attempts in (seats[:1], seats[1:3]):
        raised(*(finding(attempt) for attempt in attempts))
        with CaptureQueriesContext(connection) as asked:
            client.get(here(room, "alarms"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_every_kind_is_told_in_both_languages(room: RoomOfTest, seats: list[Attempt]) -> None:
    raised(*(finding(seats[0], sign, other=seats[1].pk if sign == Sign.TWINS else None) for sign in Sign))
    client = room.people.client(room.proctor())
    assert Alarm.objects.count() == len(Sign) == len(Alarm.Kind)
    pairs = {
        "Pola dikerjakan dari luar": "Pattern of outside solving",
        "lalu dijawab sekitar 8 detik": "then answered in about 8 seconds",
        "Peramban berganti 1 kali": "The browser changed 1 time without",
        "1 peramban ditolak": "1 browser was refused",
    }
    page = client.get(here(room, "alarms")).text
    assert all(words in page for words in pairs)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(here(room, "alarms")).text
    assert all(words in page for words in pairs.values())
    assert not any(words in page for words in pairs)


def test_a_proctor_excuses_a_seat_from_the_locked_browser_on_the_page(room: RoomOfTest, seats: list[Attempt]) -> None:
    client = room.people.client(room.proctor())
    assert "tidak mewajibkan" in client.get(here(room, "browsers")).text
    BrowserKey.objects.create(selection=room.stage.selection, kind="config", key="a" * 64, label="uji",
                              added_by=room.people.staff("committee"), added_at=hall_now())  # fmt: skip
    room.exam.__class__.objects.filter(pk=room.exam.pk).update(locked_browser=True)
    browser = hall.Browser("10.0.0.7", "Chromium", Shown(), ["http://127.0.0.1/ujian/tiket/"])
    with pytest.raises(Refusal):
        hall.see_browser(attempt=Attempt.objects.get(pk=seats[0].pk), browser=browser, now=hall_now())
    page = client.get(here(room, "browsers")).text
    assert "1 peserta tertahan" in page and "Tanpa kunci" in page
    form = {"seat": seats[0].reference, "reason": "SEB tidak terpasang, diawasi langsung."}
    assert client.post(here(room, "browsers"), form).status_code == 302
    assert "Tidak ada peserta yang tertahan" in client.get(here(room, "browsers")).text
    hall.see_browser(attempt=Attempt.objects.get(pk=seats[0].pk), browser=browser, now=hall_now())
    auditor = room.people.client(room.people.staff("auditor"))
    assert auditor.post(here(room, "browsers"), form | {"seat": "semua"}).status_code == 422
    assert BrowserExcuse.objects.count() == 1
