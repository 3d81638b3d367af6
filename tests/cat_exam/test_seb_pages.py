"""Keys of the locked browser are the national committee's; the demand is also the centre's; both before the start."""

import pytest
from django.urls import reverse

from cat_exam.models import BrowserKey, Exam
from tests.cat_exam.builders import Built, make_exam
from tests.people import EVERYBODY, People

pytestmark = pytest.mark.django_db
KEY = "0f" * 32


@pytest.fixture
def built(people: People) -> Built:
    return make_exam(people)


def page(built: Built, name: str = "browser", *more: object) -> str:
    return reverse(f"cat_exam:{name}", args=[built.sitting.reference, *more])


def add(client: object, built: Built, **changes: str) -> object:
    return client.post(page(built), {"kind": "config", "key": KEY, "label": "SEB 3.9"} | changes)  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_page_opens_to_committee_and_coordinators(built: Built, people: People, who: str) -> None:
    client = people.client(people.who(who))
    assert (client.get(page(built)).status_code == 200) == (who in {"committee", "coordinator"})
    add(client, built)
    assert BrowserKey.objects.exists() == (who == "committee")
    client.post(page(built, "browser_demand"), {"act": "demand"})
    assert Exam.objects.get(pk=built.exam.pk).locked_browser == (who == "committee"), "no key, no demand"


def test_a_coordinator_of_the_centre_demands_what_the_committee_allowed(built: Built, people: People) -> None:
    add(people.client(people.staff("committee")), built)
    mine = people.client(people.staff("coordinator", 5, centre=built.sitting.room.centre))
    text = mine.get(page(built)).text
    assert "SEB 3.9" in text and KEY not in text, "a key is not shown in full to who does not keep it"
    assert "Tambahkan kunci" not in text
    assert mine.post(page(built, "browser_demand"), {"act": "demand"}).status_code == 302
    assert Exam.objects.get(pk=built.exam.pk).locked_browser
    key = BrowserKey.objects.get()
    assert mine.post(page(built, "browser_retire", key.pk)).status_code == 404
    assert mine.post(page(built, "browser_demand"), {"act": "free"}).status_code == 302
    assert not Exam.objects.get(pk=built.exam.pk).locked_browser


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"key": KEY[:-1]}, "yang Anda tulis 63 karakter"),
        ({"key": "kunci"}, "64 angka heksadesimal"),
        ({"label": ""}, "Isilah bagian ini"),
        ({"kind": "lain"}, "kind"),
    ],
)
def test_a_wrong_key_is_told_and_stays_on_the_screen(
    built: Built, people: People, changes: dict[str, str], words: str
) -> None:
    answer = add(people.client(people.staff("committee")), built, **changes)
    assert answer.status_code == 422 and words in answer.text  # type: ignore[attr-defined]
    assert changes.get("key", KEY) in answer.text  # type: ignore[attr-defined]
    assert not BrowserKey.objects.exists()


def test_the_same_key_is_registered_once_and_again_after_it_was_retired(built: Built, people: People) -> None:
    client = people.client(people.staff("committee"))
    add(client, built)
    assert "sudah terdaftar" in add(client, built).text  # type: ignore[attr-defined]
    assert client.post(page(built, "browser_retire", BrowserKey.objects.get().pk)).status_code == 302
    assert "Dicabut" in client.get(page(built)).text
    add(client, built)
    assert BrowserKey.objects.filter(retired_at__isnull=True).count() == 1


def test_without_a_key_the_page_says_what_to_do_and_refuses_the_demand(people: People, built: Built) -> None:
    client = people.client(people.staff("committee"))
    assert "Belum ada kunci" in client.get(page(built)).text
    told = client.post(page(built, "browser_demand"), {"act": "demand"}, follow=True).text
    assert "Daftarkan sedikitnya satu kunci" in told
