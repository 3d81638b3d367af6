"""Shared by the bank's tests: three hands, custodians, sections, and small items made on the spot."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from core import clock

SAMPLE = Path(__file__).resolve().parents[2] / "questionbank" / "sample"
DEFAULT_TOPIC = {"TWK": "integritas", "TIU": "numerik: hitung", "TKP": "profesionalisme", "TI": "keamanan"}


@pytest.fixture
def hands(people):
    """Writer, reviewer, approver and two custodians, five different people."""
    return SimpleNamespace(
        writer=people.staff("writer"),
        reviewer=people.staff("reviewer"),
        approver=people.staff("approver"),
        custodian=people.staff("custodian"),
        other_custodian=people.staff("custodian", 2),
    )


@pytest.fixture
def sections(db):
    """Sections, topics and blueprints of the dated table."""
    from questionbank import actions

    actions.load_sections(by=None, now=clock.now())
    return actions.load_blueprints(by=None, now=clock.now())


@pytest.fixture
def make_draft() -> Callable:
    """``make_draft("TKP", stem="…")``: a good draft, each with its own code and words."""
    from questionbank.rules.drafts import Draft

    numbers = count(1)

    def make(section: str = "TWK", **changes):
        number = next(numbers)
        good = Draft(
            code=f"{section}-T{number:03}", section=section, topic=DEFAULT_TOPIC[section],
            stem=f"Pertanyaan uji nomor {number}?", options=tuple(f"Jawaban {number} {letter}" for letter in "abcde"),
            points=(3, 1, 5, 2, 4) if section == "TKP" else (0, 0, 5, 0, 0), rationale="Alasan.", source="",
        )  # fmt: skip
        return replace(good, **changes)

    return make


@pytest.fixture
def make_item(sections, hands, make_draft) -> Callable:
    """``make_item("TWK", state="approved")``: a version brought to ``state`` by the three hands."""
    from questionbank import actions

    def make(section: str = "TWK", *, state: str = "approved", writer=None, **changes):
        writer = writer or hands.writer
        version = actions.create_item(draft=make_draft(section, **changes), by=writer, now=clock.now())
        if state == "draft":
            return version
        version = actions.submit_for_review(version=version, by=writer, now=clock.now())
        if state == "in_review":
            return version
        version = actions.review_version(version=version, verdict="accept", by=hands.reviewer, now=clock.now())
        if state == "reviewed":
            return version
        return actions.approve_version(version=version, by=hands.approver, now=clock.now())

    return make


@pytest.fixture
def small_blueprint(sections) -> Callable:
    """``small_blueprint(TWK=2, TKP=3)``: a blueprint of whole sections."""
    from questionbank import actions
    from questionbank.models import Section

    names = count(1)

    def make(**items):
        facts = actions.BlueprintFacts(f"UJI-{next(names)}", "Uji", 2024, "Ketetapan uji", 10, 15)
        parts = [actions.PartRow(Section.objects.get(code=code), None, number) for code, number in items.items()]
        return actions.save_blueprint(facts=facts, parts=parts, by=None, now=clock.now())

    return make
