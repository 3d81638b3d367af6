"""Blueprints: saved by hand, copied, or loaded from the dated table; sections and topics of the bank."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import trail
from core.errors import Refusal
from core.models import User
from questionbank.models import Blueprint, BlueprintPart, Section, Topic

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part as it is saved: ``topic`` None means the whole section; ``points`` the most one item gives."""

    section: Section
    topic: Topic | None
    items: int
    points: int = 5


@dataclass(frozen=True, slots=True)
class BlueprintFacts:
    """The head of a blueprint; minutes for everybody and for visually impaired candidates."""

    code: str
    name: str
    year: int
    decree: str
    minutes: int
    minutes_visual: int


@dataclass(slots=True)
class Loaded:
    """What loading the dated table did; ``skipped`` names blueprints whose sections the bank does not have."""

    made: list[str]
    same: list[str]
    skipped: list[str]


def save_blueprint(
    *, facts: BlueprintFacts, parts: Sequence[PartRow], blueprint: Blueprint | None = None, by: User | None,
    now: datetime,
) -> Blueprint:
    """A new blueprint, or an existing one changed while no paper was drawn from it.

    Raises Refusal ``no_parts``, ``part_twice``, ``minutes``, ``code_taken``, ``has_papers``.
    """
    _check_parts(parts)
    if facts.minutes < 1 or facts.minutes_visual < facts.minutes:
        text = _("Menit untuk peserta tunanetra tidak boleh kurang dari menit biasa, dan paling sedikit 1.")
        raise Refusal("minutes", text, field="minutes_visual")
    with transaction.atomic():
        blueprint = _save_head(facts, blueprint, now)
        blueprint.parts.all().delete()
        BlueprintPart.objects.bulk_create(
            BlueprintPart(
                blueprint=blueprint, section=part.section, topic=part.topic, items=part.items, points=part.points,
                order=order,
            )
            for order, part in enumerate(parts, start=1)
        )  # fmt: skip
        trail.record("questionbank.blueprint_saved", blueprint, by=by, now=now, code=facts.code, parts=len(parts))
    return blueprint


def _check_parts(parts: Sequence[PartRow]) -> None:
    if not parts:
        raise Refusal("no_parts", _("Kisi-kisi harus punya paling sedikit satu bagian."))
    seen = [(part.section.pk, part.topic.pk if part.topic else None) for part in parts]
    if len(set(seen)) != len(seen):
        raise Refusal("part_twice", _("Ada bagian atau topik yang tertulis dua kali. Gabungkan jumlah soalnya."))
    if any(part.items < 1 or part.points < 1 for part in parts):
        raise Refusal("part_items", _("Jumlah soal dan poin tiap bagian paling sedikit 1."))


def _save_head(facts: BlueprintFacts, blueprint: Blueprint | None, now: datetime) -> Blueprint:
    values = {
        "code": facts.code, "name": facts.name, "year": facts.year, "decree": facts.decree,
        "minutes": facts.minutes, "minutes_visual": facts.minutes_visual,
    }  # fmt: skip
    try:
        with transaction.atomic():
            if blueprint is None:
                return Blueprint.objects.create(created_at=now, **values)
            blueprint = Blueprint.objects.select_for_update().get(pk=blueprint.pk)
            if blueprint.papers.exists():
                text = _("Naskah sudah disusun dari kisi-kisi ini. Salin kisi-kisi ini untuk membuat yang baru.")
                raise Refusal("has_papers", text)
            for name, value in values.items():
                setattr(blueprint, name, value)
            blueprint.save(update_fields=list(values))
            return blueprint
    except IntegrityError:
        raise Refusal("code_taken", _("Kode kisi-kisi ini sudah dipakai. Pilih kode lain."), field="code") from None


# --- dated data -------------------------------------------------------------------------------------
def load_sections(*, by: User | None, now: datetime) -> int:
    """Sections and topics from ``data/``; how many were new. Running it again changes nothing."""
    made = 0
    with transaction.atomic():
        for row in _table("sections.csv"):
            section, fresh = Section.objects.get_or_create(
                code=row["code"],
                defaults={
                    "name": row["name"], "scoring": row["scoring"], "order": int(row["order"]),
                    "is_it_literacy": row["is_it_literacy"] == "1",
                },
            )  # fmt: skip
            made += fresh
            made += _load_topics(section)
            if fresh:
                trail.record("questionbank.section_loaded", section, by=by, now=now, code=section.code)
    return made


def _load_topics(section: Section) -> int:
    known = set(section.topics.values_list("name", flat=True))
    rows = [row["topic"] for row in _table("topics.csv") if row["section"] == section.code]
    fresh = [
        Topic(section=section, name=name, order=order)
        for order, name in enumerate(rows, start=1)
        if name not in known
    ]
    return len(Topic.objects.bulk_create(fresh))


def load_blueprints(*, by: User | None, now: datetime) -> Loaded:
    """Blueprints from ``data/blueprints.csv``, each with its decree; those already there stay as they are."""
    loaded = Loaded([], [], [])
    sections = {section.code: section for section in Section.objects.prefetch_related("topics")}
    known = set(Blueprint.objects.values_list("code", flat=True))
    with transaction.atomic():
        for code, rows in _by_code(_table("blueprints.csv")).items():
            if code in known:
                loaded.same.append(code)
            elif any(row["section"] not in sections for row in rows):
                loaded.skipped.append(code)
            else:
                parts = [_part(row, sections[row["section"]]) for row in rows]
                save_blueprint(facts=_facts(rows[0]), parts=parts, by=by, now=now)
                loaded.made.append(code)
    return loaded


def _by_code(rows: Iterable[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row["code"], []).append(row)
    return found


def _facts(row: dict[str, str]) -> BlueprintFacts:
    minutes = int(row["minutes"])
    visual = int(row["minutes_visual_impairment"] or minutes)
    return BlueprintFacts(row["code"], row["name"], int(row["year"]), row["decree"], minutes, visual)


def _part(row: dict[str, str], section: Section) -> PartRow:
    topic = next((topic for topic in section.topics.all() if topic.name == row["topic"]), None)
    if row["topic"] and topic is None:
        raise ValueError(f"blueprints.csv names the unknown topic {row['topic']!r} of {section.code}")
    return PartRow(section, topic, int(row["items"]), int(row["max_points"]) // int(row["items"]))


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
