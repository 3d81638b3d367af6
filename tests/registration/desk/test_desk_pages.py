"""The desk's pages: set-up, verification, scheduling, cards; each save a POST; who may enter which."""

from datetime import timedelta

from core.models import TrailEntry
from registration.actions import propose_verification, schedule_stage
from registration.models import Application, ExamCard, Phase, Seat, Selection, Sitting, Stage, Verification
from registration.rules.numbers import grouped
from registration.tasks import do_work
from tests.registration.desk.reading import carded, page, text, words_of

SELECTION = {
    "name": "Seleksi CPNS 2027", "code": "cpns-2027", "year": "2027", "document_kinds": ["photo", "ktp"],
    "statement": "Benar.", "privacy": "Untuk seleksi.", "is_public": "on",
}  # fmt: skip


# --- set-up -------------------------------------------------------------------------------------------
def test_a_selection_is_set_up_wholly_by_its_pages(world):
    client = world.people.client(world.people.staff("committee"))
    rules = world.selection.ruleset.pk
    answer = client.post(page("desk_selection_new"), SELECTION | {"ruleset": rules})
    assert answer.status_code == 302, text(answer)
    made = Selection.objects.get(code="cpns-2027")
    dates = {"opens_date": "2027-01-10", "opens_time": "08:00", "closes_date": "2027-02-10", "closes_time": "23:59"}
    assert client.post(page("desk_phase", "cpns-2027", "registration"), dates).status_code == 302
    phase = Phase.objects.get(selection=made)
    assert phase.opens_at.isoformat() == "2027-01-10T01:00:00+00:00"  # 08.00 WIB
    stage = {
        "name": "Literasi TI", "code": "TI", "order": "1", "blueprint_code": "TI-2024", "minutes": "45",
        "minutes_visual": "60", "max_total": "125", "weight": "0",
        "positions": "pranata komputer\n\nManggala informatika",
    }  # fmt: skip
    assert client.post(page("desk_stage_new", "cpns-2027"), stage).status_code == 302
    row = Stage.objects.get(selection=made)
    assert row.positions == ["PRANATA KOMPUTER", "MANGGALA INFORMATIKA"]
    day = (world.now + timedelta(days=400)).date().isoformat()
    sitting = {"stage": row.pk, "room": world.rooms[2].pk, "date": day, "time": "08:00"}
    assert client.post(page("desk_sitting_new", "cpns-2027"), sitting).status_code == 302
    assert (
        Sitting.objects.get(stage=row).starts_at.isoformat()
        == f"{(world.now + timedelta(days=399)).date()}T23:00:00+00:00"
    )
    shown = text(client.get(page("desk_selection", "cpns-2027")))
    assert "10 Januari 2027, 08.00 WIB" in shown
    assert "PRANATA KOMPUTER, MANGGALA INFORMATIKA" in shown
    assert "08.00 WIT" in text(client.get(page("desk_sittings", "cpns-2027")))
    verbs = set(TrailEntry.objects.filter(actor=world.people.staff("committee")).values_list("verb", flat=True))
    assert verbs >= {
        "registration.selection_created", "registration.phase_saved", "registration.stage_created",
        "registration.sitting_created",
    }  # fmt: skip


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(world):
    client = world.people.client(world.people.staff("committee"))
    taken = SELECTION | {"code": "cpns-2026", "ruleset": world.selection.ruleset.pk}
    answer = client.post(page("desk_selection_new"), taken)
    assert answer.status_code == 200
    assert "Kode ini sudah dipakai" in text(answer)
    assert "Seleksi CPNS 2027" in text(answer)  # the input stays
    dates = {"opens_date": "2027-02-10", "opens_time": "08:00", "closes_date": "2027-01-10", "closes_time": "08:00"}
    assert "Penutupan harus sesudah pembukaan" in text(client.post(page("desk_phase", "cpns-2026", "results"), dates))
    day = (world.now + timedelta(days=2)).date().isoformat()
    sitting = {"stage": world.skd.pk, "room": world.rooms[0].pk, "date": day, "time": "08:00", "capacity": "21"}
    assert "1 sampai 20 kursi" in text(client.post(page("desk_sitting_new", "cpns-2026"), sitting))
    past = sitting | {"capacity": "", "date": "2020-01-01"}
    assert "Waktu mulai sudah lewat" in text(client.post(page("desk_sitting_new", "cpns-2026"), past))
    stage = {
        "name": "SKB", "code": "SKB", "order": "3", "blueprint_code": "SKB", "minutes": "90", "minutes_visual": "80",
        "max_total": "500", "weight": "60",
    }  # fmt: skip
    assert "tidak boleh kurang" in text(client.post(page("desk_stage_new", "cpns-2026"), stage))
    assert not Sitting.objects.exists()
    assert Selection.objects.count() == 1


def test_the_next_phase_is_opened_now_by_a_post_and_leaves_a_line(world):
    world.phase("exam", opens=30, closes=90)
    world.phase("scheduling", opens=-60, closes=30)
    client = world.people.client(world.people.staff("chair"))
    assert "Buka fase berikutnya sekarang" in text(client.get(page("desk_selection", "cpns-2026")))
    url = page("desk_phase_open", "cpns-2026", "exam")
    assert client.get(url).status_code == 405
    client.post(url)
    opened = Phase.objects.get(selection=world.selection, code="exam")
    ended = Phase.objects.get(selection=world.selection, code="scheduling")
    assert abs((opened.opens_at - world.now).total_seconds()) < 120
    assert ended.closes_at == opened.opens_at
    line = TrailEntry.objects.get(verb="registration.phase_opened")
    assert line.actor == world.people.staff("chair")
    assert line.facts["ended"] == ["scheduling"]
    assert "sudah dibuka" in text(client.post(url, follow=True))


def test_a_committee_member_of_one_agency_does_not_set_up_the_whole_country(world):
    client = world.people.client(world.people.staff("committee", 4, agency=world.agencies[0]))
    assert client.get(page("desk_selection_edit", "cpns-2026")).status_code == 403
    assert client.post(page("desk_phase_open", "cpns-2026", "exam")).status_code == 403


def test_a_stage_with_seated_people_keeps_its_time(world):
    world.application("verified_ok")
    world.sitting()
    client = world.people.client(world.people.staff("committee"))
    schedule_stage(stage=world.skd, by=None, now=world.now)
    values = {
        "name": "SKD", "code": "SKD", "order": "1", "blueprint_code": "SKD-2024", "minutes": "90",
        "minutes_visual": "130",
        "max_total": "550", "weight": "40",
    }  # fmt: skip
    assert "tidak berubah lagi" in text(client.post(page("desk_stage", "cpns-2026", "SKD"), values))


# --- verification -------------------------------------------------------------------------------------
def test_verifier_and_supervisor_work_through_the_queue(world):
    first, second = world.application(name="Ayu Lestari"), world.application(name="Bima Sakti")
    verifier = world.people.client(world.people.staff("verifier"))
    shown = text(verifier.get(page("desk_queue")))
    assert "Ayu Lestari" in shown
    answer = verifier.post(page("desk_propose", first.reference), {"verdict": "TMS", "reasons": []})
    assert "Pilih paling sedikit satu alasan TMS" in text(answer)
    answer = verifier.post(
        page("desk_propose", first.reference), {"verdict": "TMS", "reasons": ["gpa"], "note": "2,9"}
    )
    assert answer.url == page("desk_application", second.reference)  # on to the next one
    verifier.post(page("desk_propose", second.reference), {"verdict": "MS"})
    supervisor = world.people.client(world.people.staff("supervisor"))
    shown = text(supervisor.get(page("desk_queue")))
    assert "usulan TMS" in shown
    assert "usulan MS" in shown
    assert "IPK atau nilai ijazah di bawah syarat" in text(supervisor.get(page("desk_application", first.reference)))
    supervisor.post(page("desk_return", first.reference), {"return_note": ""})
    assert Verification.objects.filter(confirmed=False).count() == 0
    supervisor.post(page("desk_return", first.reference), {"return_note": "Periksa transkrip."})
    supervisor.post(page("desk_confirm", second.reference))
    assert Application.objects.get(pk=second.pk).state == "verified_ok"
    assert Application.objects.get(pk=first.pk).state == "submitted"
    assert "Periksa transkrip." in text(verifier.get(page("desk_application", first.reference)))


def test_the_own_proposal_shows_no_button_and_its_address_refuses(world):
    from core.actions import approve_grant, grant_role

    officer = world.people.staff("verifier", 5)
    grant = grant_role(user=officer, role="supervisor", by=world.people.staff("operator"), now=world.now,
                       valid_from=world.now - timedelta(minutes=1))  # fmt: skip
    approve_grant(grant=grant, by=world.people.staff("chair"), now=world.now)
    application = world.application()
    propose_verification(application=application, verdict="MS", by=officer, now=world.now)
    client = world.people.client(officer)
    shown = text(client.get(page("desk_application", application.reference)))
    assert "Supervisor lain yang mengukuhkan" in shown
    assert page("desk_confirm", application.reference) not in shown
    answer = client.post(page("desk_confirm", application.reference), follow=True)
    assert "harus diputus supervisor lain" in text(answer)
    assert Application.objects.get(pk=application.pk).state == "submitted"


def test_filters_stay_in_the_address_and_choose(world):
    world.application(formation=0, name="Ayu Lestari")
    world.application(formation=2, name="Bima Sakti")
    client = world.people.client(world.people.staff("verifier"))
    url = page("desk_queue")
    shown = text(client.get(f"{url}?langkah=propose&instansi={world.agencies[1].pk}"))
    assert "Bima Sakti" in shown
    assert "Ayu Lestari" not in shown
    assert "Ayu Lestari" in text(client.get(f"{url}?cari=ayu"))
    assert "Tidak ada yang menunggu" in text(client.get(f"{url}?langkah=confirm"))
    assert client.get(f"{url}?langkah=tidak-ada&instansi=999999&seleksi=x").status_code == 200


def test_an_agencys_verifier_does_not_reach_others(world):
    theirs, others = (
        world.application(formation=2, name="Bima Sakti"),
        world.application(formation=0, name="Ayu Lestari"),
    )
    client = world.people.client(world.people.staff("verifier", 3, agency=world.agencies[1]))
    shown = text(client.get(page("desk_queue")))
    assert "Bima Sakti" in shown
    assert "Ayu Lestari" not in shown
    assert client.get(page("desk_application", theirs.reference)).status_code == 200
    assert client.get(page("desk_application", others.reference)).status_code == 404
    assert client.post(page("desk_propose", others.reference), {"verdict": "MS"}).status_code == 404


# --- scheduling and cards -----------------------------------------------------------------------------
def test_the_committee_schedules_and_issues_by_two_buttons(world):
    for _n in range(3):
        world.application("verified_ok")
    world.application("verified_ok", centre=2)
    world.sitting()
    client = world.people.client(world.people.staff("committee"))
    shown = text(client.get(page("desk_schedule", "cpns-2026")))
    assert "Jadwalkan 4 peserta" in shown
    assert "kurang 1 kursi" in shown
    answer = _done(client, client.post(page("desk_schedule_run", "cpns-2026", "SKD")))
    assert "3 peserta baru mendapat kursi" in answer
    assert "UPT Jayapura" in answer
    assert Seat.objects.count() == 3
    assert "Terbitkan 3 kartu" in text(client.get(page("desk_schedule", "cpns-2026")))
    answer = _done(client, client.post(page("desk_cards_issue", "cpns-2026", "SKD")))
    assert "3 kartu diterbitkan" in answer
    assert ExamCard.objects.count() == 3


def _done(client, answer) -> str:
    """The page of the work that was handed over, after the job has done it."""
    do_work(work=answer.url.rstrip("/").rsplit("/", 1)[1])
    return text(client.get(answer.url))


def test_an_applicant_opens_only_the_own_card(world):
    (one, two), _sitting = carded(world, centre=1)
    client = world.people.client(one.applicant.user)
    card, other = ExamCard.objects.get(application=one), ExamCard.objects.get(application=two)
    shown = text(client.get(page("cards")))
    assert grouped(card.number) in shown
    assert grouped(other.number) not in shown
    assert "WITA" in shown
    printed = words_of(client.get(page("card_file", "SKD")))
    assert len(printed) == 1
    words = printed[0]
    for fact in (one.applicant.full_name, "WITA", "Gedung Ujian Makassar", card.document["seat"], "Ruang 1"):
        assert fact in words, (fact, words)
    assert card.number in words.replace(" ", "")
    assert card.document["number"] in words.replace(" ", "")
    assert client.get(page("card_file", "TI")).status_code == 404
    stranger = world.people.client(world.people.applicant(77))
    assert stranger.get(page("card_file", "SKD")).status_code == 404
    assert "belum mempunyai pendaftaran" in text(stranger.get(page("cards")))


def test_the_papers_of_a_sitting_open_in_a_real_reader(world):
    _people, sitting = carded(world, 5)
    client = world.people.client(world.people.staff("committee"))
    read = {}
    for name in ("attendance", "labels", "cards"):
        read[name] = words_of(client.get(page(f"desk_sitting_{name}", sitting.reference)))
    assert len(read["cards"]) == 5
    cards = list(ExamCard.objects.order_by("seat__label"))
    for name in ("attendance", "labels"):
        words = "".join(read[name])
        for card in cards:
            assert card.document["seat"] in words
            assert card.document["number"] in words.replace(" ", "")
    assert "Tanda tangan" in read["attendance"][0]
    assert all(card.document["name"] in one for card, one in zip(cards, read["cards"], strict=True))


def test_papers_stay_indonesian_and_pages_speak_english(world):
    (one,), sitting = carded(world, 1)
    client = world.people.client(one.applicant.user)
    client.cookies["django_language"] = "en"
    assert "Download the card" in text(client.get(page("cards")))
    assert "KARTU PESERTA UJIAN" in words_of(client.get(page("card_file", "SKD")))[0]
    committee = world.people.client(world.people.staff("committee"))
    committee.cookies["django_language"] = "en"
    assert "List of seats" in text(committee.get(page("desk_sitting", sitting.reference)))
    assert "Tanda tangan" in words_of(committee.get(page("desk_sitting_attendance", sitting.reference)))[0]


def test_a_coordinator_prints_only_for_the_own_centre(world):
    _people, sitting = carded(world, 1)
    here = world.people.client(world.people.staff("coordinator", 2, centre=world.centres[0]))
    there = world.people.client(world.people.staff("coordinator", 3, centre=world.centres[1]))
    assert len(words_of(here.get(page("desk_sitting_cards", sitting.reference)))) == 1
    assert there.get(page("desk_sitting_cards", sitting.reference)).status_code == 404
    assert there.get(page("desk_sitting", sitting.reference)).status_code == 404


# --- objection ----------------------------------------------------------------------------------------
def test_the_applicant_objects_and_a_third_officer_decides(world):
    application = world.application()
    verifier, supervisor = (world.people.client(world.people.staff(role)) for role in ("verifier", "supervisor"))
    verifier.post(page("desk_propose", application.reference), {"verdict": "TMS", "reasons": ["gpa", "programme"]})
    supervisor.post(page("desk_confirm", application.reference))
    applicant = world.people.client(application.applicant.user)
    assert "satu kali" in text(applicant.get(page("objection")))
    short = applicant.post(page("objection"), {"gpa": "IPK saya 3,50 sesuai transkrip.", "programme": "x"})
    assert "IPK saya 3,50 sesuai transkrip." in text(short)
    applicant.post(
        page("objection"), {"gpa": "IPK saya 3,50 sesuai transkrip.", "programme": "Serumpun menurut BKN."}
    )
    url = page("desk_objection", application.reference)
    assert "diputus petugas lain" in text(supervisor.get(url))
    assert "tidak ikut memverifikasi" in text(supervisor.post(url, {"accepted": "ya", "answer": "Diterima."}))
    third = world.people.client(world.people.staff("supervisor", 2))
    assert "Serumpun menurut BKN." in text(third.get(url))
    third.post(url, {"accepted": "ya", "answer": "Diterima."})
    application.refresh_from_db()
    assert application.state == "decided"
    assert "Sanggah diterima" in text(applicant.get(page("objection")))
