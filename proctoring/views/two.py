"""What two officers decide, each on the own sign-in: removals, moves to another PC, and the list of all of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Exam, Removal
from core.access import gate
from core.errors import Refusal
from proctoring import queries
from proctoring.actions import moves, removals
from proctoring.forms import MoveForm, RemovalForm
from proctoring.models import SeatMove
from proctoring.queries import evidence, stations
from proctoring.queries.pictures import picture_of
from proctoring.views.base import attempt_or_404, draw, exam_or_404, person
from proctoring.views.door import show_pin
from registration.rules.numbers import grouped


def _people(attempt: Attempt) -> dict[str, Any]:
    return {
        "attempt": attempt,
        "applicant": attempt.application.applicant,
        "card": grouped(attempt.card_number),
        "has_photo": queries.photo_of(attempt.application_id) is not None,
        "picture": picture_of(attempt),
    }


@gate(*queries.READING)
@require_safe
def proposals(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything two officers decide in this room: what waits, and what was decided."""
    exam = exam_or_404(request, reference)
    context = {
        "removals": list(evidence.removals_of(exam)),
        "moves": list(stations.moves_of(exam)),
        "overrides": list(queries.overrides_of(exam)),
    }
    return draw(request, "proctoring/proposals.html", exam, context)


@gate(*queries.ACTING)
@require_http_methods(["GET", "POST"])
def ask_removal(request: HttpRequest, reference: str, attempt: str) -> HttpResponse:
    """The first officer says what should happen, why, and on what it rests."""
    exam = exam_or_404(request, reference)
    found = attempt_or_404(exam, attempt)
    form = RemovalForm(request.POST or None, attempt=found, zone=exam.sitting.room.centre.zone)
    if request.method == "POST" and form.is_valid():
        try:
            row = removals.ask_removal(
                exam=exam, attempt=found, by=person(request), now=hall_now(), **form.cleaned_data
            )
            return redirect("proctoring:removal", exam.reference, row.pk)
        except Refusal as refusal:
            form.refuse(refusal)
    return draw(request, "proctoring/removal_ask.html", exam, _people(found) | {"form": form})


def _removal_or_404(exam: Exam, removal_id: UUID) -> Removal:
    row = evidence.removals_of(exam).filter(pk=removal_id).first()
    if row is None:
        raise Http404
    return row


@gate(*queries.READING)
@require_http_methods(["GET", "POST"])
def removal(request: HttpRequest, reference: str, removal_id: UUID) -> HttpResponse:
    """One request with its evidence, and what confirming it cannot undo; a coordinator who did not ask decides."""
    exam = exam_or_404(request, reference)
    row = _removal_or_404(exam, removal_id)
    refused = None
    if request.method == "POST":
        try:
            return _removed(request, exam, row)
        except Refusal as refusal:
            refused = refusal
            row = _removal_or_404(exam, removal_id)
    attempt = attempt_or_404(exam, row.attempt.reference)
    by = person(request)
    context = {
        "row": row,
        "refused": refused,
        "evidence": evidence.named(attempt, row.evidence),
        "is_mine": row.asked_by_id == by.pk,
        "may_decide": "coordinator" in queries.roles_in(by, exam),
    }
    return draw(request, "proctoring/removal.html", exam, _people(attempt) | context)


def _removed(request: HttpRequest, exam: Exam, row: Removal) -> HttpResponse:
    by, now = person(request), hall_now()
    if request.POST.get("putusan") == "setuju":
        removals.confirm_removal(removal=row, by=by, now=now)
        messages.success(request, _("Usulan disetujui dan langsung berlaku."))
    else:
        removals.decline_removal(removal=row, by=by, now=now)
        messages.success(request, _("Usulan tidak dijalankan. Keadaan peserta tidak berubah."))
    return redirect("proctoring:removal", exam.reference, row.pk)


@gate(*queries.ACTING)
@require_http_methods(["GET", "POST"])
def ask_move(request: HttpRequest, reference: str, attempt: str) -> HttpResponse:
    """The first officer names the PC and the reason."""
    exam = exam_or_404(request, reference)
    found = attempt_or_404(exam, attempt)
    form = MoveForm(request.POST or None, exam=exam)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = moves.ask_move(
                attempt=found, station=form.stations[given["station"]], reason=given["reason"], by=person(request),
                now=hall_now(),
            )  # fmt: skip
            return redirect("proctoring:move", exam.reference, row.pk)
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"form": form, "free": len(form.stations)}
    return draw(request, "proctoring/move_ask.html", exam, _people(found) | context)


def _move_or_404(exam: Exam, move_id: UUID) -> SeatMove:
    row = stations.moves_of(exam).filter(pk=move_id).first()
    if row is None:
        raise Http404
    return row


@gate(*queries.READING)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, reference: str, move_id: UUID) -> HttpResponse:
    """One move: another officer confirms (the PIN appears once) or refuses; who asked may take it back."""
    exam = exam_or_404(request, reference)
    row = _move_or_404(exam, move_id)
    refused = None
    if request.method == "POST":
        try:
            return _moved(request, exam, row)
        except Refusal as refusal:
            refused = refusal
            row = _move_or_404(exam, move_id)
    attempt = attempt_or_404(exam, row.attempt.reference)
    context = {"row": row, "refused": refused, "is_mine": row.asked_by_id == person(request).pk, "may_decide": True}
    return draw(request, "proctoring/move.html", exam, _people(attempt) | context)


def _moved(request: HttpRequest, exam: Exam, row: SeatMove) -> HttpResponse:
    by, now = person(request), hall_now()
    if request.POST.get("putusan") == "setuju":
        issued = moves.confirm_move(move=row, by=by, now=now)
        return show_pin(request, exam, issued, is_new=False, place=row.station.label)
    moves.decline_move(move=row, by=by, now=now)
    messages.success(request, _("Perpindahan tidak dijalankan. Peserta tetap di komputernya."))
    return redirect("proctoring:move", exam.reference, row.pk)
