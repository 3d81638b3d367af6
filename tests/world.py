"""A small sat stage for tests of what comes after the hall: formations, carded candidates, sealed sheets and a roll.

Rows are written as the rooms leave them (score sheets by ``cat_score`` with the scorer's seal), so that tests of the
results room need not play whole exams; the journeys and the rehearsal do that.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import uuid4

import pytest

from cat_exam.models import Attempt, Exam, ExamPaper, Roll, ScoreSheet
from core import clock, seal
from core.models import Agency, Room, TestCentre
from core.models.base import reference, uuid7
from questionbank.models import Blueprint, Paper
from registration.actions import load_rules
from registration.models import (
    Applicant,
    Application,
    ExamCard,
    Formation,
    FormationEducation,
    NeedKind,
    RuleSet,
    Seat,
    Selection,
    Sitting,
    Stage,
)
from tests.people import People, nik
from tests.roads import walk

Enter = Callable[[str], AbstractContextManager[None]]


@dataclass
class World:
    """One selection with one stage; ``seat`` adds candidates, ``close`` writes the roll."""

    people: People
    as_role: Enter
    keyring_of: Enter
    stage_code: str = "SKD"
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    outcomes: dict[Application, tuple[str, ScoreSheet | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.now: datetime = clock.now()
        self.founder = self.people.staff("committee", 9)
        load_rules(by=self.founder, now=self.now)
        self.ruleset = RuleSet.objects.get(code="2024")
        self.selection = Selection.objects.create(
            code="uji",
            name="Seleksi Uji",
            year=2026,
            ruleset=self.ruleset,
            document_kinds=["photo"],
            statement="s",
            privacy="p",
            is_public=True,
            created_at=self.now,
        )
        self.stage = Stage.objects.create(
            selection=self.selection,
            code=self.stage_code,
            name="Seleksi Kompetensi Dasar",
            order=1,
            blueprint_code="SKD-2024",
            minutes=100,
            minutes_visual=130,
            max_total=550,
            weight=Decimal(40),
        )
        self.agency = Agency.objects.create(code="9001", name="Kementerian Uji", kind="central")
        self.centre = TestCentre.objects.create(
            code="UJI", name="Tilok Uji", address="Jalan Uji 1", city="Makassar", zone="Asia/Makassar"
        )
        self.room = Room.objects.create(centre=self.centre, code="A", name="Ruang A", capacity=500)
        self.sitting = Sitting.objects.create(
            stage=self.stage,
            room=self.room,
            number=1,
            starts_at=self.now - timedelta(hours=3),
            capacity=500,
            stage_code=self.stage_code,
            minutes=100,
            minutes_visual=130,
            created_at=self.now,
        )
        self.exam = Exam.objects.create(sitting=self.sitting, day=self.now.date(), prepared_at=self.now)
        self.paper = self._paper()
        ExamPaper.objects.create(exam=self.exam, paper=self.paper)
        self.exam.opened_at = self.exam.started_at = self.now
        for state in ("open", "running"):
            self.exam.state = state
            self.exam.save(update_fields=["state", "opened_at", "started_at"])

    def _plan(self) -> Blueprint:
        plan, _ = Blueprint.objects.get_or_create(
            code="UJI",
            defaults={
                "name": "Uji", "year": 2026, "decree": "-", "minutes": 100, "minutes_visual": 130,
                "created_at": self.now,
            },
        )  # fmt: skip
        return plan

    def _paper(self) -> Paper:
        return Paper.objects.create(
            blueprint=self._plan(),
            code=f"UJI-{Paper.objects.count() + 1}",
            bundle=b"x",
            bundle_sha256="0" * 64,
            bundle_key=b"x",
            drawn_by=self.founder,
            drawn_at=self.now,
            document={},
            digest=b"x",
            seal_kid="x",
            seal_signature=b"x",
            sealed_at=self.now,
        )

    def formation(self, *, posts: int = 1, need: str = "UMUM", position: str = "ANALIS UJI") -> Formation:
        """A formation with one education programme."""
        one = Formation.objects.create(
            selection=self.selection,
            external_id=uuid4(),
            agency=self.agency,
            procurement="CPNS",
            need=NeedKind.objects.get(ruleset=self.ruleset, code=need),
            position=position,
            location="PUSAT | UJI",
            posts=posts,
            disability_allowed=True,
            salary_min=1,
            salary_max=2,
            words=position,
        )
        FormationEducation.objects.create(formation=one, level="S-1", programme="S-1 UJI")
        return one

    def seat(
        self, formation: Formation, scores: dict[str, int] | None, *, outcome: str = "present", name: str = ""
    ) -> Application:
        """A carded candidate; ``scores`` by section, None for somebody who never sat."""
        which = next(self.numbers)
        application = self._application(formation, which, name or f"Peserta Nomor {which}")
        seat = Seat.objects.create(
            sitting=self.sitting, application=application, stage=self.stage, label=f"A-{which:03}"
        )
        number = f"{which:012}"
        ExamCard.objects.create(
            application=application,
            stage=self.stage,
            seat=seat,
            number=number,
            document={},
            digest=b"x",
            seal_kid="x",
            seal_signature=b"x",
            sealed_at=self.now,
        )
        attempt = Attempt.objects.create(
            exam=self.exam,
            seat=seat,
            application=application,
            stage=self.stage,
            paper=self.paper,
            day=self.exam.day,
            card_number=number,
            display_name=application.applicant.full_name,
            seed=which,
        )
        for state in ("admitted", "running", "submitted", "scored") if scores else ("absent",):
            attempt.state, attempt.started_at = state, self.now if scores else None
            attempt.save(update_fields=["state", "started_at"])
        self.outcomes[application] = (outcome, self.sheet(attempt, scores) if scores else None)
        return application

    def _application(self, formation: Formation, which: int, name: str) -> Application:
        user = self.people.applicant(1000 + which, name=name)
        applicant = Applicant.objects.create(
            selection=self.selection,
            user=user,
            nik_index=user.username,
            nik_cipher=b"x",
            family_card_cipher=b"x",
            full_name=name,
            birth_place="Uji",
            birth_date=date(1998, 3, 15),
            sex="P",
            phone=nik(which),
            created_at=self.now,
        )
        made = Application.objects.create(
            applicant=applicant,
            selection=self.selection,
            number=f"26-{which:08}",
            formation=formation,
            education=formation.educations.get(),
            centre=self.centre,
            gpa=Decimal("3.50"),
            statement_agreed_at=self.now,
            privacy_agreed_at=self.now,
            submitted_at=self.now,
        )
        self.before_sending(made)
        walk([made], "carded", people=self.people, now=self.now)
        return made

    def before_sending(self, application: Application) -> None:
        """What a test still adds to a draft; nothing unless it says so."""

    def sheet(
        self, attempt: Attempt, scores: dict[str, int], *, replaces: ScoreSheet | None = None, tamper: int = 0
    ) -> ScoreSheet:
        """A score sheet as the scorer writes it: by its database role, under its seal.

        ``tamper`` points are added to the sealed document after the seal was put on it.
        """
        key = uuid7()
        document = {
            "sheet": str(key),
            "attempt": attempt.pk,
            "application": str(attempt.application_id),
            "stage": self.stage_code,
            "paper": str(self.paper.pk),
            "sections": scores,
            "total": sum(scores.values()),
            "answered": 110,
            "chain": "00" * 32,
            "lines": 112,
            "finished_at": self.now.isoformat(),
        }
        with self.keyring_of("score"):
            mark = seal.sign("sheet", document)
        document["total"] += tamper
        with self.as_role("cat_score"):
            return ScoreSheet.objects.create(
                id=key,
                attempt=attempt,
                application_id=attempt.application_id,
                stage=self.stage,
                sections=scores,
                total=sum(scores.values()) + tamper,
                receipt=reference(),
                document=document,
                digest=mark.digest,
                seal_kid=mark.kid,
                seal_signature=mark.signature,
                sealed_at=self.now,
                replaces=replaces,
            )

    def close(self, *, tamper: bool = False) -> Roll:
        """Close the exam: one outcome per seat, sealed; ``tamper`` makes the first seat absent after sealing."""
        self.exam.state, self.exam.closed_at = "closed", self.now
        self.exam.save(update_fields=["state", "closed_at"])
        seats = [
            {
                "application": str(application.pk),
                "number": application.number,
                "seat": "A",
                "outcome": outcome,
                "sheet": str(sheet.pk) if sheet else None,
            }
            for application, (outcome, sheet) in self.outcomes.items()
        ]
        document = {"exam": str(self.exam.pk), "sitting": str(self.sitting.pk), "seats": seats, "counts": {}}
        with self.keyring_of("web"):
            mark = seal.sign("roll", document)
        if tamper:
            seats[0]["outcome"] = "absent"
        return Roll.objects.create(
            exam=self.exam,
            closed_by=self.founder,
            document=document,
            digest=mark.digest,
            seal_kid=mark.kid,
            seal_signature=mark.signature,
            sealed_at=self.now,
        )


@pytest.fixture
def world(db: None, people: People, as_role: Enter, keyring_of: Enter) -> Iterator[World]:
    """A stage that was sat, ready for candidates."""
    with keyring_of("web"):
        yield World(people, as_role, keyring_of)
