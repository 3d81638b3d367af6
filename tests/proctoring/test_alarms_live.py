"""Alarms in a running installation: the jobs process raises them, a proctor sees and decides them in a browser."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Page, expect

from cat_exam import actions as hall
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt
from cat_exam.rules.seb import Shown
from core.errors import Refusal
from proctoring.models import Alarm
from tests.cat_exam.builders import Built, make_exam
from tests.cat_exam.wire import Wire
from tests.fixtures.sites import Live
from tests.journeys.halls import module_people  # noqa: F401
from tests.people import People
from tests.proctoring.rules.simulator import insider, make_form
from tests.proctoring.watching import store

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow]
expect.set_options(timeout=20_000)
LIVE = ("web", "jobs")


@pytest.fixture(scope="module")
def built(live: Live, people: People) -> Built:
    """A running room: the first candidate's exam is opened by two browsers, the second's sheet is solved remotely."""
    made = make_exam(people, seats=3).open()
    pins = made.admit_all()
    one, two, three = made.attempts()
    made.start()
    for attempt in (one, three):
        hall.agree_oath(attempt=attempt, now=hall_now())

    async def open_in(device: int, ticket: str) -> None:
        async with Wire(live.ws_url, live.url, device=device) as wire:
            await wire.hello(ticket)
            await wire.answer(made.form.items[0]["id"], made.form.items[0]["options"][0]["id"])

    asyncio.run(open_in(11, made.enter(one, pins[one.pk]).value))
    asyncio.run(open_in(12, hall.renew_ticket(attempt=one, now=hall_now()).value))
    begun = hall_now() - timedelta(minutes=99)
    Attempt.objects.filter(pk=two.pk).update(state="running", started_at=begun)
    random = Random(1201)
    store(two, insider(1, make_form(random), random, "careless"))
    return made


def test_the_jobs_process_raises_alarms_by_itself(live: Live, built: Built) -> None:
    one, two, three = built.attempts()
    rows = live.wait_for(
        "SELECT array_agg(DISTINCT kind || ' ' || attempt_id) FROM proctoring_alarm HAVING count(*) >= 2", seconds=60
    )
    assert set(rows[0][0]) == {f"sockets {one.pk}", f"remote {two.pk}"}
    assert "Peserta Nomor" not in live.log("jobs")
    live.stop("jobs")
    live.start("jobs")  # reads anew, raises nothing twice
    before = live.sql("SELECT id, strength, state FROM proctoring_alarm ORDER BY id")
    store_at = live.sql("SELECT count(*) FROM core_trailentry WHERE verb = 'proctoring.alarm_raised'")
    time.sleep(15)  # a round and a half of the reader
    assert live.sql("SELECT id, strength, state FROM proctoring_alarm ORDER BY id") == before
    assert live.sql("SELECT count(*) FROM core_trailentry WHERE verb = 'proctoring.alarm_raised'") == store_at
    assert not Alarm.objects.filter(attempt=three.pk).exists()


def test_a_proctor_sees_decides_and_links_an_alarm(
    live: Live,
    built: Built,
    people: People,
    new_page: Callable[..., Page],
    audit: Callable[..., None],
    screenshot: Callable[[Page, str], Path],
) -> None:
    live.wait_for("SELECT 1 FROM proctoring_alarm WHERE kind = 'remote'", seconds=60)
    desk = new_page()
    desk.context.add_cookies([people.cookie(built.proctor, live.url)])  # type: ignore[list-item]
    here = f"{live.url}/ruang/{built.exam.reference}/"
    desk.goto(here + "peringatan/")
    expect(desk.get_by_role("row")).to_have_count(3)
    audit(desk, "peringatan-daftar")
    desk.get_by_role("link", name="Pola dikerjakan dari luar").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Pola dikerjakan dari luar")).to_be_visible()
    audit(desk, "peringatan-satu")
    desk.get_by_label("Yang Anda lihat dan lakukan").fill("Layar bergerak sendiri; koordinator dipanggil.")
    desk.get_by_label("Catat juga sebagai kejadian perilaku").check()
    desk.get_by_role("button", name="Catat tindak lanjut").click()
    expect(desk.get_by_role("cell", name="Ditindaklanjuti")).to_be_visible()
    alarm = Alarm.objects.select_related("incident").get(kind="remote")
    assert alarm.incident is not None and alarm.incident.attempt_id == alarm.attempt_id
    desk.goto(here + "peringatan/?cari=tidak-ada")
    audit(desk, "peringatan-kosong")
    desk.goto(here + "peramban/")
    audit(desk, "peramban-ruang")


def test_the_page_of_keys_is_clean(
    live: Live, built: Built, people: People, new_page: Callable[..., Page], audit: Callable[..., None]
) -> None:
    hall.add_browser_key(
        selection=built.sitting.stage.selection, kind="config", key="ab" * 32, label="SEB 3.9 Windows",
        by=people.staff("committee"), now=hall_now(),
    )  # fmt: skip
    desk = new_page()
    desk.context.add_cookies([people.cookie(people.staff("committee"), live.url)])  # type: ignore[list-item]
    desk.goto(f"{live.url}/ujian/siapkan/{built.sitting.reference}/peramban/")
    expect(desk.get_by_role("rowheader", name="SEB 3.9 Windows")).to_be_visible()
    audit(desk, "peramban-kunci")


def test_the_page_of_browsers_with_somebody_held_up_is_clean(
    live: Live, people: People, new_page: Callable[..., Page], audit: Callable[..., None]
) -> None:
    made = make_exam(people, seats=2)
    hall.add_browser_key(
        selection=made.sitting.stage.selection, kind="config", key="ab" * 32, label="SEB 3.9 Windows",
        by=people.staff("committee"), now=hall_now(),
    )  # fmt: skip
    hall.demand_browser(exam=made.exam, demanded=True, by=made.proctor, now=hall_now())
    made.open()
    attempt = Attempt.objects.select_related("exam", "stage").get(pk=made.attempts()[0].pk)
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
    with pytest.raises(Refusal):
        hall.see_browser(attempt=attempt, browser=hall.Browser("10.0.0.7", agent, Shown(), []), now=hall_now())
    desk = new_page()
    desk.context.add_cookies([people.cookie(made.proctor, live.url)])  # type: ignore[list-item]
    desk.goto(f"{live.url}/ruang/{made.exam.reference}/")
    desk.get_by_role("link", name="Peringatan").click()
    desk.get_by_role("link", name="Peramban di ruang ini").click()
    expect(desk.get_by_text("1 peserta tertahan")).to_be_visible()
    audit(desk, "peramban-tertahan")
    desk.get_by_label("Alasan").fill("Konfigurasi tidak terpasang; diawasi langsung.")
    desk.get_by_role("button", name="Izinkan tanpa Safe Exam Browser").click()
    expect(desk.get_by_text("Tidak ada peserta yang tertahan")).to_be_visible()
