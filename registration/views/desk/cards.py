"""Exam cards and the papers of a sitting: the applicant's own card, and what the committee prints."""

from tempfile import SpooledTemporaryFile
from typing import IO, cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import clock
from core.access import gate
from core.models import User
from registration import queries
from registration.documents.attendance import write_attendance
from registration.documents.exam_card import write_cards
from registration.documents.labels import write_labels
from registration.models import Sitting
from registration.rules.numbers import grouped
from registration.views.desk.common import officer
from registration.views.desk.sittings import READERS

_IN_MEMORY = 8 * 1024 * 1024


def _paper() -> IO[bytes]:
    """Where a PDF is written: in memory, on disk once it grows."""
    return cast("IO[bytes]", SpooledTemporaryFile(max_size=_IN_MEMORY))


def _send(file: IO[bytes], name: str, *, inline: bool = False) -> FileResponse:
    file.seek(0)
    return FileResponse(file, content_type="application/pdf", as_attachment=not inline, filename=f"{name}.pdf")


@gate("applicant")
@require_safe
@never_cache
def card_page(request: HttpRequest) -> HttpResponse:
    """The applicant's cards: number, place and time large enough to photograph, and the file."""
    assert isinstance(request.user, User)
    cards = [(card, grouped(card.number)) for card in queries.cards_of_applicant(request.user)]
    application = queries.application_of(request.user)
    return render(request, "registration/desk/cards.html", {"cards": cards, "application": application})


@gate("applicant")
@require_safe
@never_cache
def card_file(request: HttpRequest, stage: str) -> FileResponse:
    """The applicant's own card of a stage as PDF."""
    assert isinstance(request.user, User)
    card = next((row for row in queries.cards_of_applicant(request.user) if row.stage.code == stage), None)
    if card is None:
        raise Http404
    file = _paper()
    write_cards(file, [card], made_at=clock.now())
    return _send(file, f"kartu-{stage.lower()}-{card.document['number']}")


def _sitting(request: HttpRequest, reference: str) -> Sitting:
    return get_object_or_404(queries.sittings_for(officer(request)), reference=reference)


@gate(*READERS)
@require_safe
@never_cache
def sitting_cards(request: HttpRequest, reference: str) -> FileResponse:
    """Every card of a sitting in one file, by seat."""
    sitting = _sitting(request, reference)
    file = _paper()
    write_cards(file, queries.cards_of(sitting), made_at=clock.now())
    return _send(file, f"kartu-{sitting.stage_code.lower()}-{reference}")


@gate(*READERS)
@require_safe
@never_cache
def sitting_attendance(request: HttpRequest, reference: str) -> FileResponse:
    """The attendance list of a sitting, by seat, with room to sign."""
    sitting = _sitting(request, reference)
    file = _paper()
    write_attendance(file, sitting, queries.seats_to_examine(sitting), made_at=clock.now())
    return _send(file, f"daftar-hadir-{sitting.stage_code.lower()}-{reference}")


@gate(*READERS)
@require_safe
@never_cache
def sitting_labels(request: HttpRequest, reference: str) -> FileResponse:
    """Seat labels of a sitting to cut out."""
    sitting = _sitting(request, reference)
    file = _paper()
    write_labels(file, sitting, queries.seats_to_examine(sitting), made_at=clock.now())
    return _send(file, f"label-kursi-{sitting.stage_code.lower()}-{reference}")
