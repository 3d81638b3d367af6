"""A small selection with two agencies, three centres in three zones and applications in any state."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import uuid4

import pytest

from core import clock, vault
from core.models import Agency, Room, TestCentre
from core.models.base import uuid7
from registration.actions import create_sitting, load_rules, save_phase, save_selection, save_stage
from registration.models import (
    Applicant,
    Application,
    Formation,
    FormationEducation,
    NeedKind,
    RuleSet,
    Selection,
    Sitting,
    Stage,
)
from tests.people import People
from tests.roads import walk

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


class World:
    """Everything a desk works on; applications walk to their state."""

    def __init__(self, people: People, now: datetime | None = None) -> None:
        self.people = people
        self.now = now or clock.now()
        self._numbers = count(1)
        load_rules(by=None, now=self.now)
        self.selection = self._selection()
        self.skd = self._stage("SKD", 1, 100, 130, 550, [])
        self.it = self._stage("TI", 2, 45, 60, 125, ["PRANATA KOMPUTER"])
        self.agencies = [
            Agency.objects.create(code="kemkomdigi", name="Kementerian Komunikasi dan Digital", kind="central"),
            Agency.objects.create(code="kab-jayawijaya", name="Pemerintah Kab. Jayawijaya", kind="regional"),
        ]
        self.centres = [
            TestCentre.objects.create(code=code, name=name, address="Jl. Merdeka 1", city=city, zone=zone)
            for code, name, city, zone in (
                ("JKT", "Kantor Regional Jakarta", "Jakarta", "Asia/Jakarta"),
                ("MKS", "Gedung Ujian Makassar", "Makassar", "Asia/Makassar"),
                ("JYP", "UPT Jayapura", "Jayapura", "Asia/Jayapura"),
            )
        ]
        self.rooms = [Room.objects.create(centre=c, code="R1", name="Ruang 1", capacity=20) for c in self.centres]
        self.formations = [
            self.formation(self.agencies[0], "PRANATA KOMPUTER AHLI PERTAMA", "UMUM", 2),
            self.formation(self.agencies[0], "ANALIS KEBIJAKAN AHLI PERTAMA", "UMUM", 1),
            self.formation(self.agencies[1], "PRANATA KOMPUTER TERAMPIL", "OAP", 1),
        ]

    def _selection(self) -> Selection:
        selection = save_selection(
            by=None, now=self.now, code="cpns-2026", name="Seleksi CPNS 2026", year=2026,
            ruleset=RuleSet.objects.get(code="2024"), document_kinds=["photo", "ktp", "diploma"],
            statement="Saya menyatakan data ini benar.", privacy="Data dipakai untuk seleksi.", is_public=True,
        )  # fmt: skip
        for code in ("registration", "verification", "objection", "scheduling", "exam"):
            self.phase(code, selection=selection)
        return selection

    def phase(self, code: str, *, opens: int = -60, closes: int = 60, selection: Selection | None = None) -> None:
        """Date a phase in minutes from now."""
        save_phase(
            selection=selection or self.selection, code=code, by=None, now=self.now,
            opens_at=self.now + timedelta(minutes=opens), closes_at=self.now + timedelta(minutes=closes),
        )  # fmt: skip

    def _stage(self, code, order, minutes, visual, top, positions) -> Stage:
        return save_stage(
            selection=self.selection, by=None, now=self.now, code=code, name=code, order=order,
            blueprint_code=f"{code}-2024", minutes=minutes, minutes_visual=visual, max_total=top,
            weight=Decimal("40.000"), positions=positions,
        )  # fmt: skip

    def formation(self, agency: Agency, position: str, need: str, posts: int) -> Formation:
        made = Formation.objects.create(
            selection=self.selection, external_id=uuid4(), agency=agency, procurement="CPNS",
            need=NeedKind.objects.get(ruleset=self.selection.ruleset, code=need), position=position,
            location=f"{agency.name.upper()} | SEKRETARIAT", region=None, posts=posts, disability_allowed=True,
            salary_min=3_000_000, salary_max=5_000_000, words=position,
        )  # fmt: skip
        FormationEducation.objects.create(formation=made, level="S-1", programme="S-1 INFORMATIKA")
        return made

    def applicant(self, user=None, *, name: str = "") -> Applicant:
        """A person signed up for the selection, without an application."""
        number = next(self._numbers)
        user = user or self.people.applicant(1000 + number, name=name or f"Peserta {number:04d}")
        key = uuid7()
        return Applicant.objects.create(
            id=key, selection=self.selection, user=user, nik_index=user.username,
            nik_cipher=vault.encrypt("identity", b"3171015503980001", row=f"{key}:nik"),
            family_card_cipher=vault.encrypt("identity", b"3171010101010001", row=f"{key}:family_card"),
            full_name=user.full_name, birth_place="Jakarta", birth_date=date(1998, 3, 15), sex="P",
            phone="081234567890", created_at=self.now,
        )  # fmt: skip

    def application(
        self, state: str = "submitted", *, formation: int | Formation = 0, centre: int = 0, user=None,
        blind: bool = False, name: str = "",
    ) -> Application:  # fmt: skip
        """An application brought to ``state``, with its applicant and account."""
        applicant = self.applicant(user, name=name)
        chosen = formation if isinstance(formation, Formation) else self.formations[formation]
        made = Application.objects.create(
            applicant=applicant, selection=self.selection, formation=chosen,
            education=chosen.educations.get(), institution="Universitas Contoh", gpa=Decimal("3.50"),
            visually_impaired=blind, centre=self.centres[centre], statement_agreed_at=self.now,
            privacy_agreed_at=self.now, submitted_at=self.now, registration_number=f"R{next(self._numbers):08d}",
        )  # fmt: skip
        walk([made], state, people=self.people, now=self.now)
        return made

    def sitting(
        self, stage: Stage | None = None, *, centre: int = 0, hours: int = 24, capacity: int | None = None
    ) -> Sitting:
        """A coming sitting in the centre's first room."""
        return create_sitting(
            stage=stage or self.skd, room=self.rooms[centre], starts_at=self.now + timedelta(hours=hours),
            capacity=capacity, by=None, now=self.now,
        )  # fmt: skip


@pytest.fixture
def world(db, people) -> World:
    """The small selection, in a transaction that is rolled back."""
    return World(people)
