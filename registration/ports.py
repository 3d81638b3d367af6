"""Doors to services outside: the population registry that knows whether a NIK and a person belong together."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from core import vault
from registration.models import PopulationRecord
from registration.rules.identity import normal_name


@dataclass(frozen=True, slots=True)
class Match:
    """The registry knows this person by exactly these data."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The registry answers otherwise; ``fields`` among ``nik``, ``family_card``, ``full_name``, ``birth_date``."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotChecked:
    """There is no registry to ask in this installation; said as such to whoever verifies."""


Answer = Match | Mismatch | NotChecked


class PopulationRegistry(Protocol):
    """What every adapter answers; a service that cannot be reached raises ``core.errors.Refusal``."""

    def check(self, *, nik: str, family_card: str, name: str, birth_date: date) -> Answer: ...


def digest(nik: str, field: str, value: str) -> str:
    """The keyed digest of one attribute of one person; equal only for the same person and value."""
    return vault.blind_index(f"{field}\0{nik}\0{value}")


class LocalRegistry:
    """Answers from the loaded table of this installation; from an empty table it answers "not checked"."""

    def check(self, *, nik: str, family_card: str, name: str, birth_date: date) -> Answer:
        row = PopulationRecord.objects.filter(nik_index=vault.blind_index(nik)).first()
        if row is None:
            return Mismatch(("nik",)) if PopulationRecord.objects.exists() else NotChecked()
        told = {
            "family_card": (row.family_card_digest, digest(nik, "family_card", family_card)),
            "full_name": (row.name_digest, digest(nik, "name", normal_name(name))),
            "birth_date": (row.birth_date_digest, digest(nik, "birth_date", birth_date.isoformat())),
        }
        wrong = tuple(field for field, (known, given) in told.items() if known != given)
        return Mismatch(wrong) if wrong else Match()


def population_registry() -> PopulationRegistry:
    """The adapter this installation names by ``POPULATION_REGISTRY`` (dotted path)."""
    adapter = import_string(settings.POPULATION_REGISTRY)
    return cast("PopulationRegistry", adapter())
