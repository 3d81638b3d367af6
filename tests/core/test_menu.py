"""The staff menu shows the ways a person may go, and no other."""

import re

import pytest
from django.urls import reverse

from core import steps
from core.models import Agency, Role, TestCentre

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a href="([^"]+)"')


def menu(page: str) -> list[str]:
    return LINK.findall(page[page.index('class="desk-menu"') : page.index("</nav>", page.index('class="desk-menu"'))])


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("bound", ["agency", "centre", "country"])
def test_every_way_in_the_menu_is_open_to_who_sees_it(people, role, bound):
    place = {}
    if bound == "agency":
        place = {"agency": Agency.objects.create(code="A1", name="Instansi Uji", kind="central")}
    if bound == "centre":
        place = {"centre": TestCentre.objects.create(
            code="T1", name="Tilok Uji", address="Jl. Uji 1", city="Biak", zone="Asia/Jayapura"
        )}  # fmt: skip
    client = people.client(people.staff(role, **place))
    shown = menu(client.get(reverse("core:desk")).text)
    assert shown or bound != "country"
    for url in shown:
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize("role", Role.values)
def test_a_national_officer_sees_every_way_the_role_opens(people, role):
    client = people.client(people.staff(role))
    shown = menu(client.get(reverse("core:desk")).text)
    ways = steps.menu_for(frozenset(Role.values), frozenset(Role.values))
    for url in {reverse(entry.url_name) for entry in ways}:
        assert (client.get(url).status_code == 200) <= (url in shown), url


def test_an_operator_of_one_centre_sees_no_way_to_the_whole_country(people):
    centre = TestCentre.objects.create(code="T1", name="Tilok", address="-", city="Biak", zone="Asia/Jayapura")
    page = people.client(people.staff("operator", centre=centre)).get(reverse("core:desk")).text
    for name in ("core:staff", "core:grants", "core:agencies", "core:centres"):
        assert reverse(name) not in menu(page)
