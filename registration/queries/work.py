"""Long work as the pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from registration.models import Selection, Work
from registration.rules import work as rules


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an open work goes: things a second and seconds left (None while nobody can tell)."""

    rate: int
    left: int | None


def works(selection: Selection | None = None, kinds: Sequence[str] = ()) -> QuerySet[Work]:
    """Pieces of work, newest first, without their files and lists of faults."""
    rows = Work.objects.select_related("selection", "stage", "asked_by").defer("content", "faults")
    if selection is not None:
        rows = rows.filter(selection=selection)
    return rows.filter(kind__in=kinds) if kinds else rows


def open_work(selection: Selection, now: datetime) -> Work | None:
    """The piece of work that is open for ``selection``, if somebody is still at it."""
    found = works(selection).filter(state__in=rules.OPEN).first()
    return None if found is None or found.is_lost(now) else found


def pace_of(work: Work, now: datetime) -> Pace:
    """How fast the step in hand goes."""
    return Pace(*rules.pace(work.done, work.total, work.step_began_at, now))


def faults_of(work: Work, *, column: str = "", code: str = "", words: str = "") -> list[list[Any]]:
    """The wrong places [row, column, code, value] of a work that answer the filter, by row."""
    low = words.lower()
    return [
        line
        for line in work.faults
        if (not column or line[1] == column) and (not code or line[2] == code)
        and (not low or low in f"{line[0]} {line[3]}".lower())
    ]  # fmt: skip
