"""A prepared exam on a small sealed form, built through the rooms' own actions wherever there is one."""

import gzip
import json
import os
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from cat_exam import actions
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Exam, Removal
from core import seal, vault
from core.models import Agency, Room, Station, TestCentre, User
from core.models.base import uuid7
from core.seal import canonical
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

SECTIONS = (("TWK", 4), ("TIU", 4), ("TKP", 4))
#: Words that stand in the key record only; they may never reach a candidate.
CANARY = "CANARY-KUNCI-7731"

_serial = count(1)


@dataclass
class Form:
    """A small form in the clear: ``items`` as in the bundle, ``points`` by item and option."""

    paper: Paper
    items: list[dict[str, Any]]
    points: dict[int, dict[int, int]]

    def best(self) -> dict[int, int]:
        """The options with most points."""
        return {item: max(points, key=lambda one: points[one]) for item, points in self.points.items()}


def _items(sections: tuple[tuple[str, int], ...]) -> tuple[list[dict[str, Any]], dict[int, dict[int, int]]]:
    fresh = iter({int.from_bytes(os.urandom(4)) % (2**31 - 2) + 1 for _ in range(8 * sum(n for _, n in sections))})
    items, points = [], {}
    for code, number in sections:
        for place in range(number):
            options = [{"id": next(fresh), "html": f"<p>pilihan {letter}</p>"} for letter in "ABCDE"]
            item = {"id": next(fresh), "section": code, "topic": "Topik", "lang": "id",
                    "stem": f"<p>Soal {code} {place + 1}</p>", "options": options}  # fmt: skip
            items.append(item)
            worth = [1, 2, 3, 4, 5] if code == "TKP" else [0, 0, 5, 0, 0]
            points[item["id"]] = {option["id"]: worth[at] for at, option in enumerate(options)}
    return items, points


def make_form(
    people: People,
    *,
    blueprint: Blueprint,
    code: str,
    sections: tuple[tuple[str, int], ...] = SECTIONS,
    broken: bool = False,
) -> Form:
    """A sealed paper with ``sections`` items, drawn by one custodian and sealed by another.

    A ``broken`` one was sealed in good order, but its bundle does not open with its key.
    """
    items, points = _items(sections)
    pk, key, now = uuid7(), os.urandom(32), hall_now()
    content = {
        "paper": str(pk),
        "sections": [{"code": c, "name": f"Bagian {c}"} for c, _ in sections],
        "items": items,
    }
    nonce = os.urandom(12)
    bundle = nonce + AESGCM(key).encrypt(nonce, gzip.compress(json.dumps(content).encode()), None)
    if broken:
        key = os.urandom(32)
    record = canonical({
        "paper": str(pk), "sections": [c for c, _ in sections], "seed": CANARY,
        "items": {
            str(item["id"]): {
                "section": item["section"], "options": [o["id"] for o in item["options"]],
                "points": {str(o): p for o, p in points[item["id"]].items()}, "rationale": CANARY,
            } for item in items
        },
    })  # fmt: skip
    document = {
        "paper": str(pk), "code": code, "blueprint": blueprint.code,
        "sections": [{"code": c, "name": f"Bagian {c}", "items": n, "max": 5 * n} for c, n in sections],
        "items": len(items), "max_total": 5 * len(items), "minutes": 100, "minutes_visual": 130,
        "bundle_sha256": sha256(bundle).hexdigest(), "key_sha256": sha256(record).hexdigest(),
    }  # fmt: skip
    found = seal.sign("paper", document)
    Paper.objects.create(
        id=pk, blueprint=blueprint, code=code, bundle=bundle, bundle_sha256=document["bundle_sha256"],
        bundle_key=vault.wrap_for("hall", key), drawn_by=people.staff("custodian", 1), drawn_at=now,
        document=document, digest=found.digest, seal_kid=found.kid, seal_signature=found.signature, sealed_at=now,
        state="drawn",
    )  # fmt: skip
    Paper.objects.filter(pk=pk).update(state="sealed", sealed_by=people.staff("custodian", 2))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO questionbank_paperkey (paper_id, wrapped) VALUES (%s, %s)",
            [pk, vault.wrap_for("paper", record)],
        )
    return Form(Paper.objects.get(pk=pk), items, points)


@dataclass
class Built:
    """A prepared exam: its people, form, stations by seat label; :meth:`enter` plays the PIN page."""

    people: People
    sitting: Sitting
    exam: Exam
    form: Form
    stations: dict[str, Station] = field(default_factory=dict)
    report: Any = None
    pins: dict[int, str] = field(default_factory=dict)

    @property
    def proctor(self) -> Any:
        return self.people.staff("proctor", 1)

    def attempts(self) -> list[Attempt]:
        """By seat label."""
        return list(Attempt.objects.filter(exam=self.exam).select_related("seat").order_by("seat__label"))

    def station(self, label: str) -> Station:
        """The enrolled PC with this label; made on first use."""
        if label not in self.stations:
            self.stations[label] = Station.objects.create(
                room=self.sitting.room,
                label=label,
                token_hash=sha256(os.urandom(8)).hexdigest(),
                enrolled_at=hall_now(),
            )
        return self.stations[label]

    def open(self) -> "Built":
        actions.open_exam(exam=self.exam, by=self.proctor, now=hall_now())
        self.exam.refresh_from_db()
        return self

    def admit_all(self) -> dict[int, str]:
        """PIN by attempt id."""
        pins = {}
        for attempt in self.attempts():
            actions.admit(attempt=attempt, by=self.proctor, now=hall_now())
            pins[attempt.pk] = actions.issue_pin(attempt=attempt, by=self.proctor, now=hall_now())
        return pins

    def enter(self, attempt: Attempt, pin: str) -> actions.Ticket:
        return actions.enter_hall(
            card_number=attempt.card_number, pin=pin, station=self.station(attempt.seat.label), now=hall_now()
        )

    def start(self) -> None:
        actions.start_exam(exam=self.exam, by=self.proctor, now=hall_now())
        self.exam.refresh_from_db()


def make_exam(
    people: People,
    *,
    seats: int = 2,
    minutes: int = 100,
    forms: int = 1,
    sections: tuple[tuple[str, int], ...] = SECTIONS,
    impaired: int = 0,
    starts_in: timedelta = timedelta(hours=1),
    like: "Built | None" = None,
) -> Built:
    """A sitting with ``seats`` carded candidates (the last ``impaired`` visually impaired), prepared.

    With ``like`` it is one more room of that one's stage, with forms of its own.
    """
    now, serial = hall_now(), next(_serial)
    stamp = f"{os.getpid()}-{serial}"
    if like is None:
        stage, formation, centre = _stage(people, stamp, now)
    else:
        stage, centre = like.sitting.stage, like.sitting.room.centre
        formation = Formation.objects.get(selection=stage.selection)
    letter = "A" if like is None else f"A{serial}"
    room = Room.objects.create(centre=centre, code=letter, name=f"Ruang {letter}", capacity=20_000)
    sitting = Sitting.objects.create(
        stage=stage, room=room, number=1, starts_at=now + starts_in, capacity=20_000, stage_code=stage.code,
        minutes=minutes, minutes_visual=minutes + 30, created_at=now,
    )  # fmt: skip
    add_seats(people, sitting, formation, seats, impaired, now)
    plan, _ = Blueprint.objects.get_or_create(
        code=stage.blueprint_code,
        defaults={"name": "Uji", "year": 2026, "decree": "-", "minutes": minutes, "minutes_visual": minutes + 30,
                  "created_at": now},
    )  # fmt: skip
    made = [make_form(people, blueprint=plan, code=f"N-{stamp}-{one}", sections=sections) for one in range(forms)]
    report = actions.prepare_exam(
        sitting=sitting, papers=[form.paper for form in made], by=people.staff("coordinator"), now=now
    )
    return Built(people, sitting, report.exam, made[0], report=report)


def _stage(people: People, stamp: str, now: datetime) -> tuple[Stage, Formation, TestCentre]:
    committee = people.staff("committee", 9)
    load_rules(by=committee, now=now)
    ruleset = RuleSet.objects.get(code="2024")
    selection = Selection.objects.create(
        code=f"uji-{stamp}", name="Seleksi Uji", year=2026, ruleset=ruleset, document_kinds=["photo"], statement="s",
        privacy="p", is_public=True, created_at=now,
    )  # fmt: skip
    stage = Stage.objects.create(
        selection=selection, code="SKD", name="Seleksi Kompetensi Dasar", order=1, blueprint_code=f"UJI-{stamp}",
        minutes=100, minutes_visual=130, max_total=550, weight=Decimal(40),
    )  # fmt: skip
    agency, _ = Agency.objects.get_or_create(code="9001", defaults={"name": "Kementerian Uji", "kind": "central"})
    centre = TestCentre.objects.create(
        code=f"T{stamp}", name="Tilok Uji", address="Jalan Uji 1", city="Makassar", zone="Asia/Makassar"
    )
    formation = Formation.objects.create(
        selection=selection, external_id=uuid4(), agency=agency, procurement="CPNS",
        need=NeedKind.objects.get(ruleset=ruleset, code="UMUM"), position="ANALIS UJI", location="PUSAT | UJI",
        posts=9, disability_allowed=True, salary_min=1, salary_max=2, words="ANALIS UJI",
    )  # fmt: skip
    FormationEducation.objects.create(formation=formation, level="S-1", programme="S-1 UJI")
    return stage, formation, centre


def add_seats(
    people: People, sitting: Sitting, formation: Formation, seats: int, impaired: int, now: datetime
) -> None:
    """Carded candidates with a seat in ``sitting``."""
    for which in range(1, seats + 1):
        person = next(_serial)
        user = people.applicant(100_000 + person)
        applicant = Applicant.objects.create(
            selection=formation.selection, user=user, nik_index=user.username, nik_cipher=b"x",
            family_card_cipher=b"x", full_name=f"Peserta Nomor {which}", birth_place="Uji",
            birth_date=date(1998, 3, 15), sex="P", phone=nik(which), created_at=now,
        )  # fmt: skip
        application = Application.objects.create(
            applicant=applicant, selection=formation.selection, number=f"26-{os.getpid()}-{person:06}",
            formation=formation, education=formation.educations.get(), centre=sitting.room.centre,
            institution="Universitas Uji", gpa=Decimal("3.50"), visually_impaired=which > seats - impaired,
            statement_agreed_at=now, privacy_agreed_at=now, submitted_at=now,
        )  # fmt: skip
        walk([application], "carded", people=people, now=now)
        seat = Seat.objects.create(
            sitting=sitting, application=application, stage=sitting.stage, label=f"A-{which:04}"
        )
        ExamCard.objects.create(
            application=application, stage=sitting.stage, seat=seat, number=f"{os.getpid():07}{person:07}",
            document={}, digest=b"x", seal_kid="x", seal_signature=b"x", sealed_at=now,
        )  # fmt: skip


def disqualify(attempt: Attempt, *, by: User, approved_by: User) -> None:
    """Out of the count by two officers: one asks, the other confirms."""
    asked = actions.ask_removal(
        attempt=attempt, to=Removal.To.DISQUALIFIED, reason="Perjokian", by=by, now=hall_now()
    )
    actions.confirm_removal(removal=asked, by=approved_by, now=hall_now())
