"""The public search of formations."""

import time
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Agency
from registration import queries
from registration.models import Formation, NeedKind
from tests.registration.portal.conftest import enter, fill, load_demo, make_selection, submit

pytestmark = pytest.mark.django_db
REAL = settings.CASES / "formations-2024.xlsx"


def found(catalogue, **wanted) -> list[Formation]:
    return list(queries.formations(catalogue, queries.Wanted(**wanted)))


def test_words_match_the_beginning_of_words_in_any_order(catalogue):
    rows = found(catalogue, words="ahli komputer pra")
    assert rows
    assert {row.position for row in rows} == {"PRANATA KOMPUTER AHLI PERTAMA"}
    assert found(catalogue, words="omputer") == []


@pytest.mark.parametrize("words", ["'; DROP TABLE x; --", "& | ! ( )", ":*", "\\", "%", "  ", "<script>"])
def test_signs_are_no_words_and_do_no_harm(catalogue, words):
    assert isinstance(found(catalogue, words=words), list)


def test_agencies_are_found_in_full_and_abbreviated(catalogue):
    assert {r.agency.name for r in found(catalogue, words="kabupaten alor")} == {"Pemerintah Kab. Alor"}
    assert {r.agency.name for r in found(catalogue, words="alor")} == {"Pemerintah Kab. Alor"}


def test_my_diploma_finds_only_formations_that_take_it(catalogue):
    rows = found(catalogue, level="S-1/Sarjana", programme="teknik informatika")
    assert {row.position for row in rows} == {"PRANATA KOMPUTER AHLI PERTAMA", "MANGGALA INFORMATIKA AHLI PERTAMA"}
    assert found(catalogue, level="SLTA", programme="teknik informatika") == []
    assert len({row.pk for row in rows}) == len(rows)


def test_every_filter_narrows(catalogue):
    agency = Agency.objects.get(name="Pemerintah Provinsi Papua")
    need = NeedKind.objects.get(ruleset=catalogue.ruleset, code="OAP")
    everything = found(catalogue)
    assert len(everything) == 64
    assert {r.agency_id for r in found(catalogue, agency=agency.pk)} == {agency.pk}
    assert {r.need_id for r in found(catalogue, need=need.pk)} == {need.pk}
    assert {r.region.name for r in found(catalogue, region="91")} == {"Papua"}
    assert {r.position for r in found(catalogue, position="PERAWAT TERAMPIL")} == {"PERAWAT TERAMPIL"}
    assert all(r.disability_allowed for r in found(catalogue, disability=True))
    assert 0 < len(found(catalogue, disability=True)) < 64


def test_filters_live_in_the_url_and_nonsense_is_ignored(catalogue):
    client = Client()
    page = client.get("/formasi/", {"kata": "perawat", "wilayah": "53"})
    assert {line.formation.region.name for line in page.context["lines"]} == {"Nusa Tenggara Timur"}
    assert 'value="perawat"' in page.text
    page = client.get("/formasi/", {"instansi": "x", "jabatan": "Tidak Ada", "hal": "abc", "kebutuhan": "-1"})
    assert page.context["page"].paginator.count == 64


def test_pages_do_not_repeat_or_lose_a_formation(catalogue):
    client, seen = Client(), []
    for number in range(1, 5):
        page = client.get("/formasi/", {"hal": number})
        seen += [line.formation.pk for line in page.context["lines"]]
    assert sorted(seen) == sorted(Formation.objects.values_list("pk", flat=True))


def test_the_list_takes_as_many_queries_for_one_row_as_for_many(catalogue):
    client = Client()
    counts = []
    for words in ("statistisi brin maluku", "perawat", ""):
        client.get("/formasi/")  # the choices of the filters are remembered
        with CaptureQueriesContext(connection, ) as captured:
            page = client.get("/formasi/", {"kata": words})
        counts.append((len(page.context["lines"]), len(captured)))
    one = Formation.objects.filter(agency__name="Pemerintah Kab. Alor", position="ARSIPARIS TERAMPIL").count()
    assert one == 1
    for words in ("alor arsiparis", "alor perawat", "alor"):
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/formasi/", {"kata": words})
        counts.append((len(page.context["lines"]), len(captured)))
    assert {rows for rows, _count in counts} >= {1, 2, 6}
    assert len({count for rows, count in counts if rows}) == 1, counts


def test_an_empty_answer_says_what_to_do(catalogue):
    page = Client().get("/formasi/", {"kata": "astronaut"})
    assert page.status_code == 200
    assert "Tidak ada formasi yang cocok" in page.text
    assert "Hapus semua saringan" in page.text


def test_without_a_public_selection_the_page_says_so(db):
    assert "Belum ada formasi" in Client().get("/formasi/").text


def test_a_selection_that_is_not_public_shows_nothing(catalogue):
    catalogue.is_public = False
    catalogue.save()
    formation = Formation.objects.first()
    assert Client().get("/formasi/", {"seleksi": catalogue.code}).status_code == 404
    assert Client().get(f"/formasi/{catalogue.code}/{formation.external_id}/").status_code == 404


def test_applicants_are_counted_once_sent_and_not_once_withdrawn(catalogue, centre, people):
    first, second = enter(catalogue), enter(catalogue, 2)
    formation = fill(first, centre).formation
    fill(second, centre)
    line = queries.lines([formation])[0]
    assert line.applicants == 0
    submit(first)
    submit(second)
    line = queries.lines([formation])[0]
    assert (line.applicants, formation.posts, line.per_post, line.bar) == (2, 3, Decimal("0.6"), 6)
    from core import clock
    from registration import actions

    actions.withdraw(application=second, by=second.applicant.user, now=clock.now())
    assert queries.lines([formation])[0].applicants == 1


def test_the_detail_page_names_the_diplomas_and_the_next_step(catalogue, people):
    formation = Formation.objects.filter(need__code="KALIMANTAN").first()
    url = f"/formasi/{catalogue.code}/{formation.external_id}/"
    page = Client().get(url)
    assert "Sudah punya akun? Masuk" in page.text
    assert formation.educations.first().programme in page.text
    mine = enter(catalogue)
    page = people.client(mine.applicant.user).get(url)
    assert "Pilih formasi ini" in page.text
    assert "pemilik KTP Kalimantan" in page.text
    assert "tidak diawali kode provinsi di Kalimantan" in page.text


def test_programme_suggestions_need_two_letters(catalogue):
    client = Client()
    assert "S-1 TEKNIK INFORMATIKA" in client.get("/formasi/prodi/", {"prodi": "tek"}).text
    assert "<option" not in client.get("/formasi/prodi/", {"prodi": "t"}).text


def test_two_selections_keep_their_formations_apart(catalogue):
    other = make_selection("cpns-lain")
    load_demo(other)
    assert Formation.objects.count() == 128
    page = Client().get("/formasi/", {"seleksi": "cpns-lain", "kata": "alor"})
    assert {line.formation.selection_id for line in page.context["lines"]} == {other.pk}


@pytest.mark.slow
@pytest.mark.skipif(not REAL.exists(), reason="the real catalogue is not here (CAT_CASES)")
def test_ten_thousand_formations_are_searched_by_index_and_quickly(selection, capsys):
    call_command("import_formations", str(REAL))
    client = Client()
    client.get("/formasi/")
    asked = [
        {}, {"kata": "pranata komputer"}, {"jenjang": "S-1/Sarjana", "prodi": "teknik informatika"},
        {"kata": "papua", "hal": "3"}, {"wilayah": "91", "disabilitas": "on"},
    ]
    times = []
    for query in asked:
        best = 9e9
        for _try in range(3):
            began = time.process_time()
            page = client.get("/formasi/", query)
            best = min(best, time.process_time() - began)
        times.append((query, page.context["page"].paginator.count, round(best * 1000)))
    with capsys.disabled():
        print(*times, sep="\n")
    rows = queries.formations(selection, queries.Wanted(words="manggala informatika"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")  # a word index is read by bitmap alone
    plan = rows.explain()
    assert "formation_words" in plan, plan
