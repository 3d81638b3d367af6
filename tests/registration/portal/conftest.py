"""A selection that is open, a small catalogue in it, a centre, and applicants on their way."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from core import clock
from core.models import TestCentre
from registration import actions
from registration.exchange.catalogue import read_catalogue
from registration.models import Application, DocumentKind, Formation, Phase, RuleSet, Selection
from tests.people import PASSWORD, nik

DEMO = Path(actions.__file__).parent.parent / "data" / "formations-demo.xlsx"
KINDS = ["photo", "ktp", "diploma"]


def jpeg(width: int = 60, height: int = 80) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (180, 20, 30)).save(out, "JPEG")
    return out.getvalue()


def pdf(pages: int = 1) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _page in range(pages):
            made.add_blank_page()
        made.save(out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def selection(db) -> Selection:
    return make_selection()


def make_selection(code: str = "cpns-uji") -> Selection:
    now = clock.now()
    actions.load_rules(by=None, now=now)
    made = Selection.objects.create(
        code=code, name=f"Seleksi {code}", year=2024, ruleset=RuleSet.objects.get(code="2024"),
        document_kinds=KINDS, statement="Data saya benar.", privacy="Data dipakai untuk seleksi ini saja.",
        is_public=True, created_at=now,
    )
    Phase.objects.create(
        selection=made, code="registration", opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=5)
    )
    return made


@pytest.fixture
def catalogue(selection) -> Selection:
    load_demo(selection)
    return selection


def load_demo(selection):
    found = read_catalogue(DEMO, selection)
    assert found.faults == []
    return actions.import_catalogue(
        selection=selection, formations=found.formations, places=found.places, by=None, now=clock.now()
    )


@pytest.fixture
def centre(db) -> TestCentre:
    return TestCentre.objects.create(
        code="MKS", name="UPT BKN Makassar", address="Jl. Uji 1", city="Makassar", zone="Asia/Makassar"
    )


def person(which: int = 1, **changes) -> actions.Identity:
    facts = {
        "nik": nik(which), "family_card": f"317101150398{which:04}", "full_name": f"Pelamar Nomor {which}",
        "birth_place": "Jakarta", "birth_date": date(1998, 3, 15), "sex": "P", "phone": "081234567890",
    }
    return actions.Identity(**facts | changes)


def enter(selection: Selection, which: int = 1) -> Application:
    """An applicant who has just signed up."""
    applicant = actions.sign_up(
        selection=selection, person=person(which), email=f"pelamar{which}@uji.invalid", password=PASSWORD,
        now=clock.now(),
    )
    return applicant.application


def fill(application: Application, centre: TestCentre, *, position: str = "AUDITOR AHLI PERTAMA") -> Application:
    """Everything but the submission."""
    by, now = application.applicant.user, clock.now()
    found = Formation.objects.filter(selection=application.selection, need__code="UMUM")
    formation = found.filter(position=position).first()
    actions.choose_formation(
        application=application, formation=formation, education=formation.educations.first(), by=by, now=now
    )
    actions.save_details(application=application, institution="Universitas Uji", gpa=Decimal("3.45"), by=by, now=now)
    application.refresh_from_db()
    for code in KINDS:
        actions.add_document(
            application=application, kind=DocumentKind.objects.get(pk=code), content=jpeg(), by=by, now=now
        )
    return actions.choose_centre(application=application, centre=centre, by=by, now=now)


def submit(application: Application) -> Application:
    return actions.agree_and_submit(
        application=application, statement=True, privacy=True, by=application.applicant.user, now=clock.now()
    )


@pytest.fixture
def application(catalogue, people) -> Application:
    """A fresh draft of Pelamar Nomor 1."""
    return enter(catalogue)


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
