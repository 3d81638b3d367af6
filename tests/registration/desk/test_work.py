"""Long work: handed over once, done by the jobs process or taken back, told in words."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.urls import reverse

from core import clock
from core.errors import Refusal
from core.models import TrailEntry
from registration import actions, queries
from registration.models import Application, ExamCard, Formation, Seat, Work
from registration.rules.catalogue import COLUMNS
from registration.tasks import do_work
from tests.people import EVERYBODY
from tests.registration.desk.conftest import World
from tests.registration.portal.conftest import DEMO
from tests.registration.portal.test_import import demo_rows, workbook


def ask(world, kind="schedule", **more) -> Work:
    stage = {} if kind == "catalogue" else {"stage": world.skd}
    officer = world.people.staff("committee")
    return actions.ask_work(kind=kind, selection=world.selection, by=officer, now=clock.now(), **stage, **more)


def did(world, kind="schedule", **more) -> Work:
    """Asked for and done by the job."""
    work = ask(world, kind, **more)
    do_work(work=str(work.pk))
    work.refresh_from_db()
    return work


def jobs() -> list[dict[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'registration.do_work' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


# --- doing ----------------------------------------------------------------------------------------------
def test_asking_writes_the_work_and_its_job_together(world):
    work = ask(world)
    assert [str(row) for row in jobs()] and str(work.pk) in str(jobs()[-1])
    assert (work.state, work.percent, work.is_open) == ("waiting", 0, True)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        world.phase("registration")
        Work.objects.filter(pk=work.pk).update(state="cancelled", ended_at=clock.now())
        ask(world)
        raise ZeroDivisionError
    assert len(jobs()) == 1


def test_scheduling_and_cards_are_done_by_the_job_and_its_report_is_kept(world):
    for centre in (0, 0, 0, 2):
        world.application("verified_ok", centre=centre)
    world.sitting(centre=0, capacity=2)
    work = did(world)
    assert (work.state, work.percent, work.ended_at is not None) == ("done", 100, True)
    assert {key: work.result[key] for key in ("placed", "unplaced", "numbered")} == {
        "placed": 2, "unplaced": 2, "numbered": 4,
    }
    assert {(line["number"], line["code"]) for line in work.result["missing"]} == {(1, "full"), (1, "no_sitting")}
    cards = did(world, "cards")
    assert (cards.state, cards.result) == ("done", {"issued": 2})
    assert ExamCard.objects.count() == Seat.objects.count() == 2


def test_the_jobs_process_itself_can_seal_cards(world, keyring_of):
    world.application("verified_ok")
    world.sitting()
    did(world)
    work = ask(world, "cards")
    with keyring_of("jobs"):
        do_work(work=str(work.pk))
    assert ExamCard.objects.get().seal_holds()


def test_a_catalogue_is_taken_in_by_the_job_and_its_file_dropped(world):
    before = Formation.objects.count()
    work = did(world, "catalogue", content=DEMO.read_bytes(), file_name="katalog.xlsx")
    assert (work.state, work.result["added"], work.content) == ("done", 64, None)
    assert Formation.objects.count() == before + 64
    again = did(world, "catalogue", content=DEMO.read_bytes(), file_name="katalog.xlsx")
    assert (again.result["added"], again.result["unchanged"]) == (0, 64)


def test_a_look_at_a_catalogue_writes_nothing(world):
    before = Formation.objects.count()
    work = did(world, "catalogue", content=DEMO.read_bytes(), check_only=True)
    assert (work.state, Formation.objects.count()) == ("done", before)
    assert set(work.result) == {"rows"}


def test_one_wrong_row_refuses_the_whole_file_and_is_listed(world):
    before = Formation.objects.count()
    rows = demo_rows()
    rows[3][COLUMNS.index("jumlah_formasi")] = "=1+1|cmd"
    work = did(world, "catalogue", content=workbook(rows))
    assert (work.state, work.code, work.faults[0][:3]) == ("refused", "faults", [5, "jumlah_formasi", "no_number"])
    assert Formation.objects.count() == before


def test_a_broken_file_is_refused_in_words(world):
    work = did(world, "catalogue", content=b"bukan excel")
    assert (work.state, work.code) == ("refused", "not_xlsx")
    assert "XLSX" in work.text


def test_an_expected_no_of_the_work_is_told(world):
    world.application("verified_ok")
    work = did(world)
    assert (work.state, work.code) == ("refused", "no_sittings")
    assert "sesi" in work.text


def test_a_crash_is_told_and_leaves_nothing_behind(world, keyring_of, caplog):
    world.application("verified_ok")
    world.sitting()
    did(world)
    work = ask(world, "cards")
    with keyring_of("portal"):  # no seal of cards: nobody expects that
        do_work(work=str(work.pk))
    work.refresh_from_db()
    assert (work.state, work.code) == ("failed", "crashed")
    assert not ExamCard.objects.exists()
    assert "KeyNotHeld" in caplog.text
    assert did(world, "cards").state == "done"


def test_the_person_who_asked_stands_in_the_trail_of_what_was_done(world):
    world.application("verified_ok")
    world.sitting()
    did(world)
    line = TrailEntry.objects.get(verb="registration.stage_scheduled")
    assert line.actor == world.people.staff("committee")
    ended = TrailEntry.objects.filter(verb="registration.work_ended").get()
    assert (ended.facts["state"], ended.actor) == ("done", None)


# --- one at a time --------------------------------------------------------------------------------------
def test_a_second_work_is_refused_while_one_is_open(world):
    ask(world, "catalogue", content=b"x")
    for kind, more in (("catalogue", {"content": b"y"}), ("schedule", {}), ("cards", {})):
        with pytest.raises(Refusal) as no:
            ask(world, kind, **more)
        assert no.value.code == "work_runs"
        assert "Impor katalog formasi sedang berjalan" in no.value.text
    assert len(jobs()) == 1


def test_the_database_itself_keeps_one_open_work_a_selection(world):
    first = ask(world)
    with pytest.raises(IntegrityError, match="work_one_at_a_time"), transaction.atomic():
        Work.objects.create(kind="cards", selection=world.selection, stage=world.skd, asked_at=clock.now())
    for change in ({"state": "done"}, {"kind": "cards"}, {"asked_by": None}):
        with pytest.raises(DatabaseError, match=r"pgtrigger|work_end_whole"), transaction.atomic():
            Work.objects.filter(pk=first.pk).update(**change)
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        Work.objects.create(
            kind="cards", selection=world.selection, stage=world.skd, asked_at=clock.now(), state="done",
            ended_at=clock.now(),
        )


def test_two_clicks_at_once_start_one_work(committed_db, people):
    world = World(people)
    world.application("verified_ok")
    officer = people.staff("committee")
    gate, told = threading.Barrier(2), []

    def click():
        gate.wait()
        try:
            ask = actions.ask_work
            told.append(ask(kind="schedule", selection=world.selection, stage=world.skd, by=officer, now=clock.now()))
        except Refusal as no:
            told.append(no.code)
        finally:
            connections.close_all()

    for _round in range(5):
        told.clear()
        both = [threading.Thread(target=click) for _n in range(2)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join(20)
        assert sorted(isinstance(one, Work) for one in told) == [False, True]
        assert "work_runs" in told
        do_work(work=str(next(one.pk for one in told if isinstance(one, Work))))
    assert Work.objects.count() == len(jobs()) == 5


def test_a_job_delivered_twice_does_the_work_once(world):
    world.application("verified_ok")
    world.sitting()
    work = did(world)
    do_work(work=str(work.pk))
    assert TrailEntry.objects.filter(verb="registration.stage_scheduled").count() == 1


def test_a_work_whose_process_died_gives_way_to_the_next(world):
    dead = ask(world)
    actions.take_work(work=dead.pk, by=None, now=clock.now() - timedelta(minutes=10))
    assert queries.open_work(world.selection, clock.now()) is None
    world.application("verified_ok")
    world.sitting()
    assert did(world).state == "done"
    dead.refresh_from_db()
    assert (dead.state, dead.code) == ("failed", "lost")


def test_who_was_given_up_cannot_finish_after_all(world):
    slow = ask(world)
    taken = actions.take_work(work=slow.pk, by=None, now=clock.now() - timedelta(minutes=10))
    ask(world)
    with pytest.raises(Refusal):
        actions.end_work(work=taken, state="done", by=None, now=clock.now())


# --- told while it runs ---------------------------------------------------------------------------------
def test_progress_is_seen_before_the_work_is_committed_and_a_cancel_takes_it_back(committed_db, people):
    world = World(people)
    for _n in range(3):
        world.application("verified_ok")
    world.sitting()
    officer = people.staff("committee")
    work = ask(world)
    taken = actions.take_work(work=work.pk, by=None, now=clock.now())
    seen = []

    def look():
        row = Work.objects.get(pk=work.pk)
        seen.append((row.step, row.percent, Seat.objects.count()))
        actions.cancel_work(work=row, by=officer, now=clock.now())
        connections.close_all()

    with actions.telling(work=taken) as tell:

        def listening(step, done, total):
            if step == "numbering":
                other = threading.Thread(target=look)
                other.start()
                other.join(20)
            tell(step, done, total)

        with pytest.raises(Refusal) as no, transaction.atomic():
            actions.schedule_stage(stage=world.skd, by=officer, now=clock.now(), told=listening)
    assert no.value.code == "cancelled"
    assert seen == [("seating", 80, 0)]
    assert not Seat.objects.exists()
    assert set(Application.objects.values_list("state", flat=True)) == {"verified_ok"}


def test_a_waiting_work_can_be_cancelled_and_is_then_not_done(world):
    world.application("verified_ok")
    world.sitting()
    work = ask(world)
    actions.cancel_work(work=work, by=world.people.staff("committee"), now=clock.now())
    do_work(work=str(work.pk))
    work.refresh_from_db()
    assert (work.state, Seat.objects.count()) == ("cancelled", 0)
    with pytest.raises(Refusal) as no:
        actions.cancel_work(work=work, by=world.people.staff("committee"), now=clock.now())
    assert no.value.code == "work_over"


# --- pages ----------------------------------------------------------------------------------------------
def page(name, *parts) -> str:
    return reverse(f"registration:{name}", args=parts)


def test_the_page_shows_a_bar_while_it_is_open_and_asks_again_for_itself(world):
    work = ask(world)
    client = world.people.client(world.people.staff("committee"))
    shown = client.get(page("desk_work", work.pk)).text
    state = page("desk_work_state", work.pk)
    assert f'hx-get="{state}"' in shown
    assert "Menunggu giliran" in shown
    assert "Muat ulang" in shown
    actions.take_work(work=work.pk, by=None, now=clock.now())
    Work.objects.filter(pk=work.pk).update(step="seating", done=500, total=1000, step_began_at=clock.now())
    bar = client.get(state)
    assert "50 %" in bar.text
    assert "500 dari 1.000" in bar.text
    assert "HX-Refresh" not in bar.headers
    assert "<html" not in bar.text
    Work.objects.filter(pk=work.pk).update(beat_at=clock.now() - timedelta(minutes=9))
    assert "berhenti di tengah jalan" in client.get(state).text


def test_a_work_nobody_takes_says_what_to_do(world):
    work = actions.ask_work(
        kind="schedule", selection=world.selection, stage=world.skd, by=world.people.staff("committee"),
        now=clock.now() - timedelta(minutes=1),
    )
    shown = world.people.client(world.people.staff("committee")).get(page("desk_work", work.pk)).text
    assert "mintalah operator sistem" in shown


def test_when_the_work_is_over_the_bar_asks_for_the_result(world):
    work = did(world)
    client = world.people.client(world.people.staff("committee"))
    assert client.get(page("desk_work_state", work.pk)).headers["HX-Refresh"] == "true"


def test_faults_can_be_filtered_and_taken_as_csv(world):
    rows = demo_rows()
    for row in rows[:3]:
        row[COLUMNS.index("jumlah_formasi")] = "banyak"
    rows[-1][COLUMNS.index("formasi_id")] = "00000000-0000-0000-0000-000000000001"  # a formation of one row
    rows[-1][COLUMNS.index("ins_nm")] = "+Perusahaan"
    work = did(world, "catalogue", content=workbook(rows))
    client = world.people.client(world.people.staff("chair"))
    everything = client.get(page("desk_work", work.pk)).text
    assert "Tidak ada yang ditulis" in everything
    assert everything.count("<td>banyak</td>") == 3
    some = client.get(page("desk_work", work.pk), {"alasan": "agency_unknown"}).text
    assert "banyak" not in some
    assert "+Perusahaan" in some
    assert "Tidak ada kesalahan yang cocok" in client.get(page("desk_work", work.pk), {"cari": "zzz"}).text
    answer = client.get(page("desk_work", work.pk), {"bentuk": "csv", "kolom": "ins_nm"})
    body = b"".join(answer.streaming_content).decode()
    assert answer.headers["Content-Disposition"].endswith('kesalahan-katalog.csv"')
    assert body.count("\n") == 2
    assert "'+Perusahaan" in body


def test_only_the_committee_cancels_and_only_readers_read(world):
    work = ask(world)
    for name in EVERYBODY:
        client = world.people.client(world.people.who(name))
        may_read = name in {"committee", "chair", "auditor"}
        for address in (page("desk_work", work.pk), page("desk_work_state", work.pk)):
            assert (client.get(address).status_code == 200) == may_read, name
        if name == "auditor":
            assert "Batalkan" not in client.get(page("desk_work", work.pk)).text
        if name not in {"committee", "chair"}:
            assert client.post(page("desk_work_cancel", work.pk)).status_code in {302, 403}
            assert Work.objects.get().state == "waiting", name
    chair = world.people.client(world.people.staff("chair"))
    assert "dibatalkan" in chair.post(page("desk_work_cancel", work.pk), follow=True).text


def test_an_officer_of_one_agency_starts_and_cancels_nothing(world):
    bound = world.people.client(world.people.staff("committee", 5, agency=world.agencies[0]))
    assert bound.post(page("desk_schedule_run", world.selection.code, "SKD")).status_code == 403
    work = ask(world)
    assert bound.post(page("desk_work_cancel", work.pk)).status_code == 403
    assert Work.objects.get().state == "waiting"


def test_the_buttons_rest_while_a_work_is_open(world):
    world.application("verified_ok")
    world.sitting()
    client = world.people.client(world.people.staff("committee"))
    first = client.post(page("desk_schedule_run", world.selection.code, "SKD"))
    work = Work.objects.get()
    assert first.url == page("desk_work", work.pk)
    again = client.post(page("desk_schedule_run", world.selection.code, "SKD"), follow=True)
    assert "sedang berjalan untuk seleksi ini" in again.text
    assert f'href="{page("desk_work", work.pk)}"' in again.text
    do_work(work=str(work.pk))
    done = client.get(page("desk_work", work.pk)).text
    assert "1 peserta baru mendapat kursi" in done
    assert "Pekerjaan terakhir" in client.get(page("desk_schedule", world.selection.code)).text
