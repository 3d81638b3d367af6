"""What remains of a room: incidents, requests for time, Roll, Minutes, result list, PDFs."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from cat_exam.models import Attempt, Exam, Minutes, Roll, ScoreSheet
from proctoring.models import Incident, RoomPaper, TimeRequest
from questionbank.models import BlueprintPart


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One line of a sitting's result list; ``scores`` in the order of the sections, None where there is no sheet."""

    seat: str
    number: str
    name: str
    state: str
    word: str
    scores: tuple[int, ...] | None
    total: int | None
    answered: int | None


def sections_of(exam: Exam) -> list[tuple[str, str]]:
    """(code, name) of the sections of this exam, in the order of its blueprint."""
    parts = BlueprintPart.objects.filter(blueprint__code=exam.sitting.stage.blueprint_code).order_by("order")
    return list(dict.fromkeys(parts.values_list("section__code", "section__name")))


def result_rows(exam: Exam) -> list[ResultRow]:
    """Every seat of the exam with the scores of its latest sealed sheet, by participant number."""
    codes = [code for code, _ in sections_of(exam)]
    sheets = {
        sheet.attempt_id: sheet
        for sheet in ScoreSheet.objects.filter(attempt__exam=exam, replaced_by__isnull=True).defer("seal_signature")
    }
    attempts = Attempt.objects.filter(exam=exam).select_related("seat", "application__applicant")
    rows = [_row(attempt, sheets.get(attempt.pk), codes) for attempt in attempts]
    return sorted(rows, key=lambda row: (row.number, row.seat))


def _row(attempt: Attempt, sheet: ScoreSheet | None, codes: list[str]) -> ResultRow:
    application = attempt.application
    scores = tuple(int(sheet.sections.get(code, 0)) for code in codes) if sheet else None
    return ResultRow(
        seat=attempt.seat.label,
        number=application.number or "",
        name=application.applicant.full_name,
        state=attempt.state,
        word=str(Attempt.State(attempt.state).label),
        scores=scores,
        total=sheet.total if sheet else None,
        answered=sheet.document.get("answered") if sheet else None,
    )


def roll_of(exam: Exam) -> Roll | None:
    """The Roll in force, None before the exam is closed."""
    return Roll.objects.filter(exam=exam, replaced_by__isnull=True).select_related("closed_by").first()


def minutes_of(exam: Exam) -> Minutes | None:
    """The minutes last signed, None before."""
    rows = Minutes.objects.filter(exam=exam).select_related("signed_by", "countersigned_by")
    return rows.order_by("-sealed_at").first()


def incidents_of(exam: Exam) -> QuerySet[Incident]:
    """Incidents, oldest first, with who and where."""
    return Incident.objects.filter(exam=exam).select_related("by", "attempt__seat").order_by("at", "pk")


def incident_documents(exam: Exam) -> list[dict[str, Any]]:
    """The incidents as the minutes carry them: moment (ISO 8601, UTC), kind, seat, words, who reported."""
    return [
        {
            "at": row.at.isoformat(timespec="seconds"),
            "kind": row.kind,
            "seat": row.attempt.seat.label if row.attempt else "",
            "text": row.text,
            "by": row.by.full_name,
        }
        for row in incidents_of(exam)
    ]


def time_requests(exam: Exam) -> QuerySet[TimeRequest]:
    """Requests for time in this exam, for one candidate, the room or its whole centre that day, newest first."""
    here = Q(grant__centre=exam.sitting.room.centre_id, grant__day=exam.day)
    mine = Q(grant__exam=exam) | Q(grant__attempt__in=Attempt.objects.filter(exam=exam))
    return TimeRequest.objects.filter(mine | here).select_related(
        "grant__author", "grant__approver", "grant__attempt__seat", "refused_by", "incident"
    ).order_by("-grant__asked_at")


def papers_of(exam: Exam) -> QuerySet[RoomPaper]:
    """PDFs kept for this exam, newest first."""
    return RoomPaper.objects.filter(exam=exam).select_related("made_by").order_by("-made_at")
