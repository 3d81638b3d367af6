"""Sample applicants with documents of our own drawing, so that the verification desk has work to show."""

import secrets
from datetime import date, datetime, timedelta
from decimal import Decimal

from core.models import TestCentre
from deploy.drawn import paper, portrait
from registration.actions import (
    Identity,
    add_document,
    agree_and_submit,
    choose_centre,
    choose_formation,
    save_details,
    sign_up,
)
from registration.models import Application, Formation, Selection
from registration.queries import kinds_asked

#: name, sex, born, place, six-digit region of the NIK
PEOPLE = (
    ("Ayu Pratiwi", "P", date(1998, 3, 14), "Bandung", "327301"),
    ("Bima Nugraha", "L", date(1997, 7, 2), "Semarang", "337401"),
    ("Citra Maharani", "P", date(2000, 11, 25), "Makassar", "737101"),
    ("Dimas Saputra", "L", date(1999, 1, 9), "Surabaya", "357801"),
    ("Elisabet Rumbiak", "P", date(1996, 5, 30), "Jayapura", "917101"),
    ("Fajar Ramadhan", "L", date(1998, 12, 21), "Padang", "137101"),
    ("Gita Anggraini", "P", date(2001, 2, 17), "Palembang", "167101"),
    ("Hasan Basri", "L", date(1995, 8, 8), "Banjarmasin", "637101"),
    ("Intan Permata", "P", date(1999, 6, 3), "Denpasar", "517101"),
    ("Joko Susilo", "L", date(1996, 10, 12), "Surakarta", "337201"),
    ("Kartika Dewi", "P", date(1997, 4, 27), "Medan", "127101"),
    ("Lalu Wirawan", "L", date(1998, 9, 19), "Mataram", "527101"),
)


def sign_up_sample(selection: Selection, now: datetime) -> int:
    """Sign up and submit the sample applicants over a few formations; how many there are."""
    formations = list(
        Formation.objects.filter(selection=selection, need__code="UMUM")
        .prefetch_related("educations")
        .order_by("posts", "pk")[:4]
    )
    centre = TestCentre.objects.filter(is_open=True).order_by("code").first()
    assert centre is not None, "the demo makes its centres first"
    for place, person in enumerate(PEOPLE):
        _apply(selection, person, place, formations[place % len(formations)], centre, now)
    return len(PEOPLE)


def _apply(
    selection: Selection, person: tuple[str, str, date, str, str], place: int, formation: Formation,
    centre: TestCentre, now: datetime,
) -> Application:  # fmt: skip
    name, sex, born, birth_place, region = person
    applicant = sign_up(
        selection=selection,
        person=Identity(
            nik=_nik(region, born, sex, place + 1), family_card=f"{region}{now:%d%m%y}{place + 1:04}", full_name=name,
            birth_place=birth_place, birth_date=born, sex=sex, phone=f"0812{place:08}",
        ),
        email=f"pelamar{place + 1}@demo.invalid", password=secrets.token_urlsafe(12), now=now,
    )  # fmt: skip
    application, by = applicant.application, applicant.user
    choose_formation(
        application=application, formation=formation, education=formation.educations.all()[0], by=by, now=now
    )
    save_details(
        application=application, institution="Universitas Contoh", gpa=Decimal(300 + 7 * place) / 100, by=by, now=now
    )
    for kind in kinds_asked(application):
        body = portrait(place) if kind.code == "photo" else paper(f"{kind.name} · {name}")
        add_document(application=application, kind=kind, content=body, by=by, now=now)
    choose_centre(application=application, centre=centre, by=by, now=now)
    return agree_and_submit(
        application=application, statement=True, privacy=True, by=by, now=now + timedelta(milliseconds=place)
    )


def _nik(region: str, born: date, sex: str, serial: int) -> str:
    day = born.day + (40 if sex == "P" else 0)
    return f"{region}{day:02}{born:%m%y}{serial:04}"
