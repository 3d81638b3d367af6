"""One candidate of a room: by card, by reference, with the photo on file and a summary of the journal."""

from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from cat_exam.models import Attempt, Exam, JournalLine
from proctoring.models import IdentityOverride
from registration.models import Document
from registration.queries import photos_of

_KINDS = {kind.value: kind.name.lower() for kind in JournalLine.Kind}


def _attempts(exam: Exam) -> Any:
    return Attempt.objects.filter(exam=exam).select_related(
        "seat", "station__room", "application__applicant", "check_in__by", "check_in__override_by"
    )


def attempt_of(exam: Exam, reference: str) -> Attempt | None:
    """The attempt of this exam with ``reference``, with the person and the seat."""
    found: Attempt | None = _attempts(exam).filter(reference=reference).first()
    return found


def attempt_for_card(exam: Exam, card_number: str) -> Attempt | None:
    """The attempt of this exam that the card belongs to; a card of another sitting gives None."""
    found: Attempt | None = _attempts(exam).filter(card_number=card_number).first()
    return found


def photo_of(application: UUID) -> Document | None:
    """The photo on file, as it was frozen with the application."""
    return photos_of([application]).get(application)


def overrides_of(exam: Exam) -> QuerySet[IdentityOverride]:
    """Requests at the door of this exam, oldest first."""
    rows = IdentityOverride.objects.filter(attempt__exam=exam)
    return rows.select_related("attempt__seat", "asked_by", "decided_by").order_by("asked_at")


def waiting_overrides(exam: Exam) -> QuerySet[IdentityOverride]:
    """Requests at the door that wait for a second officer."""
    return overrides_of(exam).filter(confirmed__isnull=True)


def journal_counts(attempt: Attempt) -> dict[str, int]:
    """How many lines of each kind the journal holds: ``{"answer": 12, …}``; never what was chosen."""
    rows = JournalLine.objects.filter(day=attempt.day, attempt=attempt.pk).values("kind").annotate(lines=Count("seq"))
    return {_KINDS[row["kind"]]: row["lines"] for row in rows.order_by("kind")}
