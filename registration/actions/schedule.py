"""Scheduling: participant numbers and seats for everybody who meets the requirements."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import trail
from core.errors import Refusal
from core.models import TestCentre, User
from core.models.base import uuid7
from registration.models import Selection, Stage
from registration.queries import schedule as ask
from registration.queries.selections import phase_has_begun
from registration.rules import lifecycle
from registration.rules.numbers import participant_prefix
from registration.rules.seating import FULL, NO_SITTING, OVERLAP, Placement, Unplaced, assign


@dataclass(frozen=True, slots=True)
class Missing:
    """How many people of one centre have no seat and why (a code of :mod:`registration.rules.seating`)."""

    centre: str
    number: int
    code: str

    @property
    def reason(self) -> str:
        """The same in words."""
        return {
            NO_SITTING: _("titik lokasi belum mempunyai sesi"),
            FULL: _("semua sesi penuh"),
            OVERLAP: _("sesi yang tersisa bertabrakan dengan sesi lain peserta"),
        }[self.code]

    @property
    def advice(self) -> str:
        """What to do about it."""
        return {
            NO_SITTING: _("Buat sesi di titik lokasi ini, lalu jadwalkan lagi."),
            FULL: _("Tambah sesi atau ruang di titik lokasi ini, lalu jadwalkan lagi."),
            OVERLAP: _("Tambah sesi pada waktu lain di titik lokasi ini, lalu jadwalkan lagi."),
        }[self.code]


@dataclass(frozen=True, slots=True)
class Report:
    """What one run of scheduling did."""

    placed: int
    already: int
    numbered: int
    unplaced: int
    missing: list[Missing] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """The report as plain values."""
        return asdict(self)


#: Called with (step, people done, people in all): ``placing``, ``seating``, ``numbering``.
Told = Callable[[str, int, int], None]
_PART = 5_000


def _unheard(step: str, done: int, total: int) -> None:
    """Nobody listens."""


#: One pass over the applications: the number for those without one, the state for those who got a seat.
_MARK = """
UPDATE registration_application a
   SET number = n.number,
       state = CASE WHEN n.seated AND a.state = ANY(%(states)s) THEN 'scheduled' ELSE a.state END
  FROM (
    SELECT t.id, s.id IS NOT NULL AS seated, coalesce(t.number,
               %(prefix)s || lpad(f.agency_id::text, greatest(4, length(f.agency_id::text)), '0')
               || lpad((coalesce(used.top, 0) + row_number() OVER (
                      PARTITION BY f.agency_id, t.number IS NULL ORDER BY t.submitted_at, t.id
               ))::text, 6, '0')) AS number
      FROM registration_application t
      JOIN registration_formation f ON f.id = t.formation_id
      LEFT JOIN registration_seat s ON s.application_id = t.id AND s.stage_id = %(stage)s
      LEFT JOIN (
        SELECT g.agency_id, max(right(b.number, 6)::int) AS top
          FROM registration_application b JOIN registration_formation g ON g.id = b.formation_id
         WHERE b.selection_id = %(selection)s AND b.number IS NOT NULL GROUP BY g.agency_id
      ) used ON used.agency_id = f.agency_id
     WHERE t.selection_id = %(selection)s AND t.id = ANY(%(ids)s)
  ) n
 WHERE a.id = n.id AND (a.number IS NULL OR (n.seated AND a.state = ANY(%(states)s)))
"""

_SEATS = """
INSERT INTO registration_seat (id, sitting_id, application_id, stage_id, station_id, label)
SELECT n.id, n.sitting, n.application, %(stage)s, t.id, n.label
  FROM unnest(%(ids)s::uuid[], %(sittings)s::uuid[], %(applications)s::uuid[], %(labels)s::text[])
       AS n(id, sitting, application, label)
  JOIN registration_sitting s ON s.id = n.sitting
  LEFT JOIN core_station t ON t.room_id = s.room_id AND t.label = n.label AND t.retired_at IS NULL
"""


def _before(to: str) -> list[str]:
    """The states from which an application may move to ``to``."""
    return [state for state in lifecycle.APPLICATION if lifecycle.may_move(state, to)]


def _mark(stage: Stage, selection: Selection, applications: Sequence[object]) -> None:
    """Participant numbers and the state ``scheduled``; the caller holds the selection's lock."""
    fixed = participant_prefix(year=selection.year, selection=selection.pk, agency=0)[:-4]
    with connection.cursor() as cursor:
        cursor.execute(
            _MARK,
            {"ids": list(applications), "selection": selection.pk, "stage": stage.pk, "prefix": fixed,
             "states": _before("scheduled")},
        )  # fmt: skip


def _write_seats(stage: Stage, placed: Sequence[Placement], told: Told) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(placed), _PART):
            part = placed[start : start + _PART]
            cursor.execute(
                _SEATS,
                {
                    "stage": stage.pk,
                    "ids": [uuid7() for _placement in part],
                    "sittings": [placement.sitting for placement in part],
                    "applications": [placement.candidate for placement in part],
                    "labels": [placement.label for placement in part],
                },
            )
            told("seating", start + len(part), len(placed))


@transaction.atomic
def schedule_stage(
    *, stage: Stage, by: User | None, now: datetime, seed: str = "", told: Told = _unheard
) -> Report:
    """Seat everybody of ``stage`` who meets the requirements and has no seat yet; keep every seat given before.

    ``seed`` (default: the stage's own) makes the mixing repeatable. Raises Refusal: ``phase_closed`` (scheduling
    has not begun), ``no_sittings`` (nothing to place people into).
    """
    selection = Selection.objects.select_for_update(no_key=True).get(pk=stage.selection_id)
    if not phase_has_begun(selection, "scheduling", now):
        raise Refusal("phase_closed", _("Fase penjadwalan belum dibuka. Buka fasenya pada halaman seleksi."))
    ready = list(ask.of_stage(stage).values_list("pk", "number"))
    numbered = sum(number is None for _pk, number in ready)
    told("placing", 0, len(ready))
    people, spaces = ask.candidates(stage), ask.spaces(stage, now)
    if people and not spaces:
        raise Refusal("no_sittings", _("Tahap ini belum mempunyai sesi yang akan datang. Buat sesi dahulu."))
    plan = assign(people, spaces, seed=seed or f"{selection.code}/{stage.code}")
    _write_seats(stage, plan.placed, told)
    told("numbering", 0, len(ready))
    _mark(stage, selection, [pk for pk, _number in ready])
    report = Report(
        placed=len(plan.placed), already=len(ready) - len(people), numbered=numbered,
        unplaced=len(plan.unplaced), missing=_missing(plan.unplaced),
    )  # fmt: skip
    trail.record(
        "registration.stage_scheduled", stage, by=by, now=now, placed=report.placed, already=report.already,
        numbered=numbered, unplaced=report.unplaced,
    )  # fmt: skip
    return report


def _missing(unplaced: Sequence[Unplaced]) -> list[Missing]:
    counted = Counter((person.centre, person.reason) for person in unplaced)
    names = dict(TestCentre.objects.filter(pk__in={centre for centre, _r in counted}).values_list("pk", "name"))
    return [Missing(names[centre], number, reason) for (centre, reason), number in sorted(counted.items())]
