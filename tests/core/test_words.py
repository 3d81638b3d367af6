"""Our own words where something is wrong, numbers and dates as people read them, and the language a person chose."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from core.errors import Refusal
from core.forms import CleanFileField, DayField, NikField, UiForm, ordered
from core.models import Agency, User
from core.templatetags import writing


def draw(text: str, **facts) -> str:
    return Template("{% load ui %}" + text).render(Context(facts)).strip()


@pytest.mark.parametrize("name", ["400.html", "500.html", "403_csrf.html"])
def test_error_pages_stand_on_their_own_without_request_or_database(name):
    page = render_to_string(name)
    assert "<h1>" in page
    assert "Ke halaman depan" in page


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_in_our_words():
    answer = Client(enforce_csrf_checks=True).post(reverse("core:sign_in"), {"nik": "1"})
    assert answer.status_code == 403
    assert "Isian belum dikirim dan tidak ada yang berubah" in answer.content.decode()


@pytest.mark.django_db
def test_a_page_for_others_says_what_to_do(people):
    answer = people.client(people.staff("writer")).get(reverse("core:staff"))
    assert answer.status_code == 403
    assert "mintalah peran yang sesuai" in answer.content.decode()


@pytest.mark.django_db
def test_the_language_a_person_chose_is_remembered(people):
    user = people.applicant()
    client = people.client(user)
    client.post(reverse("core:language"), {"language": "en", "next": "/"})
    assert User.objects.get(pk=user.pk).language == "en"
    assert "My steps" in client.get("/").content.decode()
    client.post(reverse("core:language"), {"language": "xx", "next": "/"})
    assert User.objects.get(pk=user.pk).language == "en"


@pytest.mark.parametrize(
    ("filtered", "indonesian", "english"),
    [
        (lambda: writing.number(36865), "36.865", "36,865"),
        (lambda: writing.decimal(Decimal("77.8455")), "77,846", "77.846"),
        (lambda: writing.decimal("1234.5", 1), "1.234,5", "1,234.5"),
        (lambda: writing.rupiah(5_000_000), "Rp5.000.000", "Rp5,000,000"),
        (lambda: writing.duration(4320), "1 jam 12 menit", "1 hour 12 minutes"),
        (lambda: writing.duration(0), "0 detik", "0 seconds"),
        (lambda: writing.filesize(2_100_000), "2,1 MB", "2.1 MB"),
        (lambda: writing.filesize(1_000_000), "1 MB", "1 MB"),
        (lambda: writing.number(None), "", ""),
    ],
)
def test_numbers_are_written_as_readers_expect(filtered, indonesian, english):
    assert filtered() == indonesian
    with translation.override("en"):
        assert filtered() == english


def test_moments_are_written_in_the_centres_zone():
    noon = datetime(2026, 11, 21, 1, 5, tzinfo=UTC)
    assert "21 November 2026, 09.05 WITA" in draw('{% moment noon "Asia/Makassar" %}', noon=noon)
    assert "10.05.00 WIT" in draw('{% hour noon "Asia/Jayapura" seconds=True %}', noon=noon)
    assert draw("{% moment none %}", none=None) == ""


@pytest.mark.parametrize(
    ("state", "tone"), [("verified_ok", "ok"), ("paused", "warn"), ("now", "now"), ("unheard", "info")]
)
def test_a_status_has_a_word_a_shape_and_a_colour(state, tone):
    tag = draw("{% status state 'Kata' %}", state=state)
    assert f"tag--{tone}" in tag
    assert "<svg" in tag
    assert "Kata" in tag


class Form(UiForm):
    """One field of each kind that cleans."""

    nik = NikField()
    born = DayField(required=False)
    file = CleanFileField(limit=1_000_000, required=False)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("3171015503980001", True), (" 3171 0155 0398 0001 ", True), ("31710155039800", False), ("３" * 16, False)],
)
def test_a_nik_may_be_typed_in_groups_but_has_sixteen_digits(typed, kept):
    assert ("nik" not in Form({"nik": typed}).errors) == kept


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (("29", "2", "2024"), date(2024, 2, 29)), (("29", "2", "2023"), None), (("1", "1", "98"), None),
        (("x", "1", "1998"), None), (("1", "", "1998"), None),
    ],
)  # fmt: skip
def test_a_date_in_three_boxes(typed, day):
    form = Form({"nik": "3171015503980001"} | {f"born_{place}": part for place, part in enumerate(typed)})
    assert form.is_valid() == (day is not None)
    if day:
        assert form.cleaned_data["born"] == day


def test_a_refusal_stands_beside_its_field_and_is_linked_from_the_summary():
    form = Form({"nik": "3171015503980001"})
    assert form.is_valid()
    form.refuse(Refusal("nik_taken", "NIK ini sudah punya akun.", field="nik"))
    form.refuse(Refusal("closed", "Pendaftaran ditutup.", field="no_such_field"))
    page = draw("{% ui_form form %}", form=form)
    assert '<a href="#id_nik">' in page
    assert page.count("NIK ini sudah punya akun.") == 2
    assert "Pendaftaran ditutup." in page
    assert 'aria-invalid="true"' in page


@pytest.mark.django_db
def test_a_list_follows_only_the_orders_it_offers():
    ask = RequestFactory().get
    rows = Agency.objects.all()
    assert ordered(ask("/?urut=-name"), rows, ["name"]).query.order_by == ("-name", "pk")
    for asked in ("password", "--name", "name__length", "pk;drop"):
        assert ordered(ask("/", QueryDict(mutable=True) | {"urut": asked}), rows, ["name"]).query.order_by == ()
