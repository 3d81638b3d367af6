"""What two officers decide, each on the own sign-in: the door, removals, moves to another PC, and the list of all."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Exam, Proposal, Removal
from core.access import gate
from core.errors import Refusal
from core.forms import UiForm
from proctoring import queries
from proctoring.actions import moves, override, removals
from proctoring.forms import MoveForm, OverrideDecisionForm, OverrideForm, RemovalForm
from proctoring.models import IdentityOverride, SeatMove
from proctoring.queries import evidence, stations
from proctoring.views.base import attempt_or_404, draw, exam_or_404, identity, person
from proctoring.views.door import read_by, show_pin

Kind = TypeVar("Kind", bound=Proposal)


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


def _ask(
    request: HttpRequest, exam: Exam, attempt: Attempt, kind: str, form: UiForm, doing: Callable[[], Proposal],
    **more: Any,
) -> HttpResponse:  # fmt: skip
    """The first officer's page; sent and taken, it leads to the request itself."""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(f"proctoring:{kind}", exam.reference, doing().pk)
        except Refusal as refusal:
            form.refuse(refusal)
    return draw(request, f"proctoring/{kind}_ask.html", exam, identity(attempt) | {"form": form} | more)


def _decide(
    request: HttpRequest, exam: Exam, rows: QuerySet[Kind], pk: UUID, kind: str,
    doing: Callable[[Kind, bool], HttpResponse], more: Callable[[Kind, Attempt], dict[str, Any]] | None = None,
    form: UiForm | None = None,
) -> HttpResponse:  # fmt: skip
    """The second officer's page: ``doing`` is told the request and whether it is confirmed, declined otherwise."""
    row, refused = get_object_or_404(rows, pk=pk), None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            return doing(row, request.POST.get("putusan") == "setuju")
        except Refusal as refusal:
            row, refused = get_object_or_404(rows, pk=pk), refusal
    attempt = attempt_or_404(exam, row.attempt.reference)
    is_mine = row.asked_by_id == person(request).pk
    context = {"row": row, "form": form, "refused": refused, "is_mine": is_mine, "may_decide": True}
    found = more(row, attempt) if more else {}
    return draw(request, f"proctoring/{kind}.html", exam, identity(attempt) | context | found)


# --- an identity that does not match --------------------------------------------------------------------------
@gate(*queries.ACTING)
@require_http_methods(["GET", "POST"])
def ask_override(request: HttpRequest, reference: str, attempt: str) -> HttpResponse:
    """The first officer says what is at fault and why the candidate should sit all the same."""
    exam = exam_or_404(request, reference)
    found = attempt_or_404(exam, attempt)
    form = OverrideForm(request.POST or None, initial={"method": read_by(request)})
    return _ask(request, exam, found, "override", form, lambda: override.ask_override(
        attempt=found, by=person(request), now=hall_now(), **form.cleaned_data
    ))  # fmt: skip


@gate(*queries.READING)
@require_http_methods(["GET", "POST"])
def decide_override(request: HttpRequest, reference: str, override_id: UUID) -> HttpResponse:
    """One request: another officer confirms (the PIN appears once) or refuses; who asked may take it back."""
    exam = exam_or_404(request, reference)
    form = OverrideDecisionForm(request.POST or None)

    def doing(row: IdentityOverride, confirmed: bool) -> HttpResponse:
        by, now, note = person(request), hall_now(), form.cleaned_data["note"]
        if confirmed:
            issued = override.confirm_override(override=row, note=note, by=by, now=now)
            return show_pin(request, exam, issued, is_new=True)
        override.decline_override(override=row, note=note, by=by, now=now)
        messages.success(request, _("Pengecualian tidak dijalankan. Peserta belum dihadirkan."))
        return redirect("proctoring:check_in", exam.reference, row.attempt.reference)

    return _decide(request, exam, queries.overrides_of(exam), override_id, "override", doing, form=form)


# --- out of the count -----------------------------------------------------------------------------------------
@gate(*queries.ACTING)
@require_http_methods(["GET", "POST"])
def ask_removal(request: HttpRequest, reference: str, attempt: str) -> HttpResponse:
    """The first officer says what should happen, why, and on what it rests."""
    exam = exam_or_404(request, reference)
    found = attempt_or_404(exam, attempt)
    form = RemovalForm(request.POST or None, attempt=found, zone=exam.sitting.room.centre.zone)
    return _ask(request, exam, found, "removal", form, lambda: removals.ask_removal(
        exam=exam, attempt=found, by=person(request), now=hall_now(), **form.cleaned_data
    ))  # fmt: skip


@gate(*queries.READING)
@require_http_methods(["GET", "POST"])
def decide_removal(request: HttpRequest, reference: str, removal_id: UUID) -> HttpResponse:
    """One request with its evidence, and what confirming it cannot undo; a coordinator who did not ask decides."""
    exam = exam_or_404(request, reference)

    def doing(row: Removal, confirmed: bool) -> HttpResponse:
        by, now = person(request), hall_now()
        if confirmed:
            removals.confirm_removal(removal=row, by=by, now=now)
            messages.success(request, _("Usulan disetujui dan langsung berlaku."))
        else:
            removals.decline_removal(removal=row, by=by, now=now)
            messages.success(request, _("Usulan tidak dijalankan. Keadaan peserta tidak berubah."))
        return redirect("proctoring:removal", exam.reference, row.pk)

    def more(row: Removal, attempt: Attempt) -> dict[str, Any]:
        may_decide = "coordinator" in queries.roles_in(person(request), exam)
        return {"evidence": evidence.named(attempt, row.evidence), "may_decide": may_decide}

    return _decide(request, exam, evidence.removals_of(exam), removal_id, "removal", doing, more)


# --- to another PC --------------------------------------------------------------------------------------------
@gate(*queries.ACTING)
@require_http_methods(["GET", "POST"])
def ask_move(request: HttpRequest, reference: str, attempt: str) -> HttpResponse:
    """The first officer names the PC and the reason."""
    exam = exam_or_404(request, reference)
    found = attempt_or_404(exam, attempt)
    form = MoveForm(request.POST or None, exam=exam)
    return _ask(request, exam, found, "move", form, lambda: moves.ask_move(
        attempt=found, station=form.stations[form.cleaned_data["station"]], reason=form.cleaned_data["reason"],
        by=person(request), now=hall_now(),
    ), free=len(form.stations))  # fmt: skip


@gate(*queries.READING)
@require_http_methods(["GET", "POST"])
def decide_move(request: HttpRequest, reference: str, move_id: UUID) -> HttpResponse:
    """One move: another officer confirms (the PIN appears once) or refuses; who asked may take it back."""
    exam = exam_or_404(request, reference)

    def doing(row: SeatMove, confirmed: bool) -> HttpResponse:
        by, now = person(request), hall_now()
        if confirmed:
            issued = moves.confirm_move(move=row, by=by, now=now)
            return show_pin(request, exam, issued, is_new=False, place=row.station.label)
        moves.decline_move(move=row, by=by, now=now)
        messages.success(request, _("Perpindahan tidak dijalankan. Peserta tetap di komputernya."))
        return redirect("proctoring:move", exam.reference, row.pk)

    return _decide(request, exam, stations.moves_of(exam), move_id, "move", doing)
