"""What a removal may rest on: what is recorded about one candidate or the whole room, each with a key of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cat_exam.models import Attempt, Exam, Notice, Removal
from proctoring.models import Alarm, Incident
from proctoring.queries.people import overrides_of


@dataclass(frozen=True, slots=True)
class Evidence:
    """One record: ``key`` is ``<kind>:<id>`` as the request keeps it; ``kind`` and ``text`` are for people."""

    key: str
    kind: Any
    at: datetime
    text: str


def evidence_for(attempt: Attempt) -> list[Evidence]:
    """Incidents, alarms, overrides and messages about this candidate or the whole room, oldest first."""
    found = [*_incidents(attempt), *_alarms(attempt), *_overrides(attempt), *_messages(attempt)]
    return sorted(found, key=lambda one: (one.at, one.key))


def _incidents(attempt: Attempt) -> Iterator[Evidence]:
    rows = Incident.objects.filter(Q(attempt=attempt) | Q(attempt__isnull=True), exam=attempt.exam_id)
    for row in rows:
        yield Evidence(f"incident:{row.pk}", _("Kejadian"), row.at, f"{row.get_kind_display()}: {row.text}")


def _alarms(attempt: Attempt) -> Iterator[Evidence]:
    for row in Alarm.objects.filter(Q(attempt=attempt) | Q(other=attempt)):
        words = f"{row.get_kind_display()} · {row.get_state_display()}" + (f": {row.note}" if row.note else "")
        yield Evidence(f"alarm:{row.pk}", pgettext("integritas", "Peringatan"), row.first_at, words)


def _overrides(attempt: Attempt) -> Iterator[Evidence]:
    for row in overrides_of(attempt.exam).filter(attempt=attempt):
        words = f"{row.get_fault_display()}: {row.reason}"
        yield Evidence(f"override:{row.pk}", _("Pengecualian"), row.asked_at, words)


def _messages(attempt: Attempt) -> Iterator[Evidence]:
    rows = Notice.objects.filter(
        Q(attempt=attempt) | Q(attempt__isnull=True), exam=attempt.exam_id, kind=Notice.Kind.MESSAGE
    )
    for row in rows:
        yield Evidence(f"message:{row.number}", _("Pesan"), row.at, row.text)


def named(attempt: Attempt, keys: Iterable[str]) -> list[Evidence]:
    """The records behind the keys of a request."""
    wanted = set(keys)
    return [one for one in evidence_for(attempt) if one.key in wanted]


def removals_of(exam: Exam) -> QuerySet[Removal]:
    """Requests to take candidates of this exam out of the count, oldest first."""
    rows = Removal.objects.filter(attempt__exam=exam).order_by("asked_at")
    return rows.select_related("attempt__seat", "attempt__exam__sitting__room__centre", "asked_by", "decided_by")


def waiting_removals(exam: Exam) -> QuerySet[Removal]:
    """Requests that wait for a second officer."""
    return removals_of(exam).filter(confirmed__isnull=True)
