"""The bank's pages: who enters, the road from draft to sealed paper by HTTP, lists counted in queries."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from questionbank import actions, content
from questionbank.models import ItemVersion, Paper
from tests.people import EVERYBODY

pytestmark = pytest.mark.django_db

HANDS = {"writer", "reviewer", "approver", "custodian"}
PAGES = {
    "items": HANDS, "new": {"writer"}, "import": {"writer"}, "template": {"writer"},
    "blueprints": HANDS, "blueprint_new": {"approver", "custodian"}, "papers": {"custodian"},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_page_opens_only_for_its_hands(name, people, sections):
    opened = set()
    for who in EVERYBODY:
        answer = people.client(people.who(who)).get(reverse(f"questionbank:{name}"))
        assert answer.status_code in (200, 302, 403)
        if answer.status_code == 200:
            opened.add(who)
    assert opened == PAGES[name]


def test_pages_of_things_open_only_for_their_hands(people, hands, make_item, small_blueprint):
    version = make_item(state="in_review")
    make_item(), make_item()
    plan = small_blueprint(TWK=2)
    paper = actions.draw_paper(blueprint=plan, code="N-1", by=hands.custodian, now=clock.now())
    expected = {
        reverse("questionbank:item", args=[version.pk]): {"writer", "reviewer", "approver"},
        reverse("questionbank:edit", args=[make_item(state="draft").pk]): {"writer"},
        reverse("questionbank:blueprint", args=[plan.code]): HANDS,
        reverse("questionbank:paper", args=[paper.pk]): {"custodian"},
    }
    for url, allowed in expected.items():
        opened = {who for who in EVERYBODY if people.client(people.who(who)).get(url).status_code == 200}
        assert opened == allowed, url
    for name in ("submit", "judge", "new_version", "retire", "seal", "withdraw"):
        url = reverse(f"questionbank:{name}", args=[uuid4()])
        for who in ("visitor", "applicant", "proctor", "operator", "committee", "chair", "auditor"):
            assert people.client(people.who(who)).post(url).status_code in (302, 403), (name, who)
            if who not in ("visitor", "applicant"):
                assert people.client(people.who(who)).post(url).status_code == 403


def test_a_writer_sees_only_items_of_his_own_and_a_custodian_no_words(people, make_item):
    other = people.staff("writer", 2)
    mine, theirs = make_item(stem="Kata pelangi?"), make_item(writer=other, stem="Kata mendung?")
    page = people.client(people.staff("writer")).get(reverse("questionbank:items")).content.decode()
    assert mine.item.code in page
    assert theirs.item.code not in page
    page = people.client(people.staff("custodian")).get(reverse("questionbank:items")).content.decode()
    assert mine.item.code in page
    assert "pelangi" not in page
    url = reverse("questionbank:item", args=[mine.pk])
    assert people.client(people.staff("custodian")).get(url).status_code == 403
    assert people.client(other).get(url).status_code == 404


def form_of(draft, topic_pk, **changes):
    letters = "abcde"
    data = {
        "kode": draft.code, "topik": topic_pk, "bahasa": "id", "markup": "text", "pokok_soal": draft.stem,
        "pembahasan": draft.rationale, "sumber": "", "musuh": "", "tindakan": "simpan",
    }  # fmt: skip
    data |= {f"opsi_{letter}": text for letter, text in zip(letters, draft.options, strict=True)}
    data |= {f"poin_{letter}": points for letter, points in zip(letters, draft.points, strict=True)}
    return data | changes


def test_an_item_goes_from_the_editor_to_a_sealed_paper_by_http(people, hands, sections, make_draft, small_blueprint):
    from questionbank.models import Topic

    topic = Topic.objects.get(section__code="TWK", name="integritas")
    draft = make_draft()
    writer, reviewer = people.client(hands.writer), people.client(hands.reviewer)
    approver, first, second = (people.client(who) for who in (hands.approver, hands.custodian, hands.other_custodian))
    answer = writer.post(reverse("questionbank:new"), form_of(draft, topic.pk, tindakan="ajukan"))
    version = ItemVersion.objects.get(item__code=draft.code)
    assert answer.url == reverse("questionbank:item", args=[version.pk])
    assert version.state == "in_review"
    judge = reverse("questionbank:judge", args=[version.pk])
    returned = reviewer.post(judge, {"verdict": "return", "note": ""}, follow=True).content.decode()
    assert "Tulis catatan" in returned
    reviewer.post(judge, {"verdict": "return", "note": "Perjelas opsi C."})
    version.refresh_from_db()
    assert (version.state, version.reviewer) == ("draft", None)
    assert "Perjelas opsi C." in writer.get(reverse("questionbank:item", args=[version.pk])).content.decode()
    edit = reverse("questionbank:edit", args=[version.pk])
    assert draft.stem in writer.get(edit).content.decode()
    writer.post(edit, form_of(draft, topic.pk, opsi_c="Lebih jelas", tindakan="ajukan"))
    reviewer.post(judge, {"verdict": "accept", "note": ""})
    approver.post(judge, {"verdict": "accept", "note": ""})
    version.refresh_from_db()
    assert version.state == "approved"
    assert content.open_version(version)["options"][2]["html"] == "Lebih jelas"
    plan = small_blueprint(TWK=1)
    first.post(reverse("questionbank:papers"), {"blueprint": plan.code, "code": "NASKAH-1"})
    paper = Paper.objects.get(code="NASKAH-1")
    seal = reverse("questionbank:seal", args=[paper.pk])
    assert "Penjaga naskah lain" in first.post(seal, follow=True).content.decode()
    page = second.post(seal, follow=True).content.decode()
    assert "Segel utuh" in page
    paper.refresh_from_db()
    assert paper.state == "sealed"
    page = first.post(reverse("questionbank:withdraw", args=[paper.pk]), {"reason": "Uji coba"}, follow=True)
    assert "Ditarik" in page.content.decode()


def test_the_editor_keeps_the_input_and_names_every_problem_at_its_field(people, hands, sections, make_draft):
    from questionbank.models import Topic

    topic = Topic.objects.get(section__code="TKP", name="profesionalisme")
    data = form_of(make_draft("TKP"), topic.pk, opsi_b="", poin_a="lima", pokok_soal="Lihat ![x](y.svg) ya?")
    page = people.client(hands.writer).post(reverse("questionbank:new"), data).content.decode()
    assert "Lihat ![x](y.svg) ya?" in page
    for said in ("Belum diisi.", "Poin harus bilangan bulat.", "y.svg tidak disertakan.", "teks alternatif"):
        assert said in page
    assert not ItemVersion.objects.exists()


def test_the_preview_shows_the_item_and_its_problems_without_storing(people, hands, sections, make_draft):
    from questionbank.models import Topic

    topic = Topic.objects.get(section__code="TIU", name="numerik: hitung")
    client = people.client(hands.writer)
    url = reverse("questionbank:preview_new")
    good = client.post(url, form_of(make_draft("TIU", stem="Nilai $\\frac{1}{2}$?"), topic.pk)).content.decode()
    assert "<mfrac>" in good
    assert "Siap disimpan" in good
    bad = client.post(url, form_of(make_draft("TIU", stem="Nilai $\\left( x$?"), topic.pk)).content.decode()
    assert "tidak dapat dibaca" in bad
    assert not ItemVersion.objects.exists()


def test_a_script_in_an_item_reaches_no_page(people, hands, make_item):
    stem = '<p>Hai <script>alert("burung-camar")</script><img src=x onerror=alert(1)><b>dunia</b>?</p>'
    version = make_item(stem=stem, markup="html", rationale="<script>rajawali</script>")
    page = people.client(hands.approver).get(reverse("questionbank:item", args=[version.pk])).content.decode()
    assert "burung-camar" not in page
    assert "onerror" not in page
    assert "<script>rajawali" not in page
    assert "&lt;script&gt;rajawali" in page


def test_an_approver_takes_items_out_as_qti_and_the_trail_says_so(people, hands, make_item):
    from core.models import TrailEntry

    version = make_item()
    answer = people.client(hands.approver).post(reverse("questionbank:export"), {"pilih": [str(version.pk), "x"]})
    assert answer["Content-Type"] == "application/zip"
    assert TrailEntry.objects.get(verb="questionbank.items_exported").actor == hands.approver


def count_queries(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_the_item_list_takes_as_many_queries_for_three_rows_as_for_one(people, hands, make_item):
    client = people.client(hands.approver)
    make_item()
    one = count_queries(client, reverse("questionbank:items"))
    make_item(), make_item("TKP")
    assert count_queries(client, reverse("questionbank:items")) == one


def test_papers_and_blueprints_take_the_same_queries_for_one_row_and_three(people, hands, make_item, small_blueprint):

    client = people.client(hands.custodian)
    make_item()
    plan = small_blueprint(TWK=1)
    actions.draw_paper(blueprint=plan, code="P1", by=hands.custodian, now=clock.now())
    papers, plans = (count_queries(client, reverse(f"questionbank:{name}")) for name in ("papers", "blueprints"))
    for code in ("P2", "P3"):
        actions.draw_paper(blueprint=small_blueprint(TWK=1), code=code, by=hands.custodian, now=clock.now())
    assert count_queries(client, reverse("questionbank:papers")) == papers
    assert count_queries(client, reverse("questionbank:blueprints")) == plans


def test_filters_narrow_the_list(people, hands, make_item):
    client = people.client(hands.approver)
    twk, tkp = make_item(stem="Tentang merpati?"), make_item("TKP", state="reviewed", stem="Tentang elang?")
    for query, wanted, unwanted in (
        ("bagian=TWK", twk, tkp), ("status=in_review", tkp, twk), ("kata=ELANG", tkp, twk),
        ("kode=TWK", twk, tkp), ("giliran=approve", tkp, twk),
    ):  # fmt: skip
        page = client.get(f"{reverse('questionbank:items')}?{query}").content.decode()
        assert wanted.item.code in page, query
        assert unwanted.item.code not in page, query


def test_a_blueprint_is_made_copied_and_fixed_by_its_first_paper(people, hands, make_item, sections):
    from questionbank.models import Blueprint, Section

    client = people.client(hands.custodian)
    twk = Section.objects.get(code="TWK")
    head = {"code": "UJI-A", "name": "Uji A", "year": 2025, "decree": "Dasar", "minutes": 30, "minutes_visual": 40}
    parts = {"p0-what": f"s{twk.pk}", "p0-items": 1, "p0-points": 5, "p1-what": "", "p1-items": "", "p1-points": 5}
    data = head | parts
    client.post(reverse("questionbank:blueprint_new"), data)
    plan = Blueprint.objects.get(code="UJI-A")
    assert [(part.section.code, part.items) for part in plan.parts.all()] == [("TWK", 1)]
    page = client.get(reverse("questionbank:blueprint_new") + "?salin=UJI-A").content.decode()
    assert re.search(r'name="name" value="Uji A"', page)
    bad = client.post(reverse("questionbank:blueprint_new"), data | {"code": "UJI-B", "minutes_visual": 20})
    assert "tidak boleh kurang" in bad.content.decode()
    missing = client.post(reverse("questionbank:blueprint_new"), data | {"code": "UJI-B", "p0-items": ""})
    assert "Tulis jumlah soal" in missing.content.decode()
    make_item()
    actions.draw_paper(blueprint=plan, code="P1", by=hands.custodian, now=clock.now())
    page = client.post(reverse("questionbank:blueprint_edit", args=["UJI-A"]), data).content.decode()
    assert "Naskah sudah disusun" in page


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'


def test_a_figure_uploaded_in_the_editor_is_shown_and_kept(people, hands, sections, make_draft):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from questionbank.models import Topic

    client = people.client(hands.writer)
    topic = Topic.objects.get(section__code="TWK", name="integritas")
    data = form_of(make_draft(stem="Lihat ![kotak hitam](kotak.svg) ini?"), topic.pk)
    bad = SimpleUploadedFile("kotak.svg", SVG.replace(b"<rect", b"<script>1</script><rect"))
    assert "tidak diizinkan" in client.post(reverse("questionbank:new"), data | {"gambar": bad}).content.decode()
    client.post(reverse("questionbank:new"), data | {"gambar": SimpleUploadedFile("kotak.svg", SVG)})
    version = ItemVersion.objects.get()
    page = client.get(reverse("questionbank:item", args=[version.pk])).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    assert 'alt="kotak hitam"' in page
    client.post(reverse("questionbank:edit", args=[version.pk]), data | {"pembahasan": "Baru"})
    assert set(content.open_version(ItemVersion.objects.get())["figures"]) == {"kotak.svg"}
    assert content.open_version(ItemVersion.objects.get())["rationale"] == "Baru"


def test_statistics_stand_on_the_item_page(people, hands, make_item):
    from decimal import Decimal

    from questionbank.models import ItemStatistic

    version = make_item()
    for total in (Decimal("0.4321"), None):
        ItemStatistic.objects.create(
            version=version, computed_at=clock.now(), answered=1234, mean_points=Decimal("2.5"), item_total=total,
            option_counts={"A": 1, "C": 1200, "-": 33},
        )  # fmt: skip
    page = people.client(hands.approver).get(reverse("questionbank:item", args=[version.pk])).content.decode()
    for said in ("1.234", "0,43", "2,50", "C 1.200", "–"):
        assert said in page


def test_the_pages_speak_english_too(people, hands, make_item):
    from django.conf import settings

    client = people.client(hands.approver)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    version = make_item()
    page = client.get(reverse("questionbank:items")).content.decode()
    for said in ("<title>Items", "Stem", "Approved", "Needed and available by blueprint"):
        assert said in page
    assert "Withdraw the item" in client.get(reverse("questionbank:item", args=[version.pk])).content.decode()
