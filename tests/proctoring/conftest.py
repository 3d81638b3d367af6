"""A room before its exam: expected candidates with cards, seats and photos, watched by named people."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from PIL import Image

from cat_exam import actions as hall
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Exam, ExamPaper, TimeGrant
from core.models import Room, TestCentre, User
from proctoring import actions
from questionbank.models import Blueprint, BlueprintPart, Section
from registration.models import Application, Document, ExamCard, Formation, Seat, Sitting
from registration.rules.numbers import card_number
from tests.fixtures.sites import Live
from tests.people import People
from tests.world import World

Enter = Callable[[str], AbstractContextManager[None]]


class RoomOfTest(World):
    """``world`` plus a second room with a prepared exam of its own: ``exam``; ``expect`` adds candidates."""

    with_photo = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self.place = Room.objects.create(centre=self.centre, code="B", name="Ruang B", capacity=40)
        self.stage.blueprint_code = "UJI"
        self.stage.save(update_fields=["blueprint_code"])
        self.exam = self.make_exam(self.place)
        self.formation_one: Formation | None = None

    def _plan(self) -> Blueprint:
        """A blueprint whose sections are known."""
        plan = super()._plan()
        if plan.parts.exists():
            return plan
        for order, code in enumerate(("TWK", "TIU", "TKP")):
            section, _ = Section.objects.get_or_create(
                code=code, defaults={"name": f"Bagian {code}", "order": order, "scoring": "keyed"}
            )
            BlueprintPart.objects.create(blueprint=plan, section=section, items=5, order=order)
        return plan

    def make_exam(self, room: Room, *, starts_in: timedelta = timedelta(hours=1)) -> Exam:
        """A prepared exam in ``room``, its journal's day opened."""
        now = hall_now()
        sitting = Sitting.objects.create(
            stage=self.stage, room=room, number=2, starts_at=now + starts_in, capacity=40, stage_code="SKD",
            minutes=100, minutes_visual=130, created_at=now,
        )  # fmt: skip
        exam = Exam.objects.create(sitting=sitting, day=sitting.starts_at.date(), prepared_at=now)
        ExamPaper.objects.create(exam=exam, paper=self._paper())
        with connection.cursor() as cursor:
            cursor.execute("SELECT cat_exam_open_day(%s)", [exam.day])
        return exam

    def expect(self, name: str = "", *, exam: Exam | None = None, photo: bool = False) -> Attempt:
        """An expected candidate with seat, card and base time."""
        exam = exam or self.exam
        self.formation_one = self.formation_one or self.formation()
        which = next(self.numbers)
        self.with_photo = photo
        application = self._application(self.formation_one, which, name or f"Peserta Nomor {which}")
        seat = Seat.objects.create(
            sitting=exam.sitting, application=application, stage=self.stage, label=f"B-{which:02}"
        )
        number = card_number(10_000_000_000 + which)
        ExamCard.objects.create(
            application=application, stage=self.stage, seat=seat, number=number, document={}, digest=b"x",
            seal_kid="x", seal_signature=b"x", sealed_at=self.now,
        )  # fmt: skip
        attempt = Attempt.objects.create(
            exam=exam, seat=seat, application=application, stage=self.stage, paper=exam.papers.get().paper,
            day=exam.day, card_number=number, display_name=application.applicant.full_name, seed=which,
        )  # fmt: skip
        TimeGrant.objects.create(
            kind="base", seconds=6000, attempt=attempt, day=exam.day, asked_at=self.now, approved_at=self.now
        )
        return attempt

    def before_sending(self, application: Application) -> None:
        """The photo is there before the application is frozen."""
        if not self.with_photo:
            return
        path = Path(settings.MEDIA_ROOT) / f"uji/{application.reference}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (300, 400), (170, 60, 60)).save(path)
        body = path.read_bytes()
        Document.objects.create(
            application=application, kind="photo", path=str(path.relative_to(settings.MEDIA_ROOT)),
            media_type="image/jpeg", size=len(body), sha256=sha256(body).hexdigest(), uploaded_at=self.now,
        )  # fmt: skip

    # --- people of this centre ---------------------------------------------------------------------
    def proctor(self, which: int = 1) -> User:
        return self.people.staff("proctor", which, centre=self.centre)

    def coordinator(self, which: int = 1) -> User:
        return self.people.staff("coordinator", which, centre=self.centre)

    def stranger(self) -> User:
        """A proctor of another centre."""
        other, _ = TestCentre.objects.get_or_create(
            code="LAIN", defaults={"name": "Tilok Lain", "address": "-", "city": "Ambon", "zone": "Asia/Jayapura"}
        )
        return self.people.staff("proctor", 7, centre=other)

    # --- the life of the exam ----------------------------------------------------------------------
    def open(self) -> None:
        actions.open_registration(exam=self.exam, by=self.coordinator(), now=hall_now())

    def check_in(self, attempt: Attempt, by: User | None = None) -> str:
        """The PIN that came out of the check-in."""
        return actions.check_in(
            attempt=attempt, method="number", identity_document="ktp", by=by or self.proctor(), now=hall_now()
        ).pin

    def start(self) -> datetime:
        now = hall_now()
        actions.begin_exam(exam=self.exam, by=self.proctor(), now=now)
        return now

    def finish(self, attempt: Attempt, scores: dict[str, int] | None = None) -> None:
        """End an attempt as the room does and score it as the scorer does."""
        hall.submit(attempt=attempt, by=self.proctor(), now=hall_now())
        self.sheet(attempt, scores or {"TWK": 100, "TIU": 120, "TKP": 200})
        Attempt.objects.filter(pk=attempt.pk).update(state="scored")

    def end(self) -> None:
        actions.end_exam(exam=self.exam, by=self.proctor(), now=hall_now())


@pytest.fixture
def room(db: None, people: People, as_role: Enter, keyring_of: Enter, tmp_path: Path) -> Iterator[RoomOfTest]:
    """A prepared exam in a transaction that is rolled back."""
    settings_before = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = tmp_path
    try:
        with keyring_of("web"):
            yield RoomOfTest(people, as_role, keyring_of)
    finally:
        settings.MEDIA_ROOT = settings_before


@pytest.fixture
def live_room(live: Live, as_role: Enter, keyring_of: Enter) -> Iterator[RoomOfTest]:
    """A prepared exam in the running installation, for its pages in a browser."""
    with (
        keyring_of("web"),
        override_settings(
            MEDIA_ROOT=live.home / "media", VALKEY_URL=live.valkey.url,
            PASSWORD_HASHERS=["tests.people.QuickArgon2"],
        ),
    ):  # fmt: skip
        yield RoomOfTest(People(), as_role, keyring_of)
