"""Override at the door: ask for a second officer, and that officer's decision on the own sign-in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Exam
from core.access import gate
from core.errors import Refusal
from proctoring import queries
from proctoring.actions import override as actions
from proctoring.forms import OverrideDecisionForm, OverrideForm
from proctoring.models import CheckIn, IdentityOverride
from proctoring.queries.pictures import picture_of
from proctoring.views.base import attempt_or_404, draw, exam_or_404, person
from proctoring.views.door import show_pin
from registration.rules.numbers import grouped


def _people(attempt: Attempt) -> dict[str, Any]:
    """What both officers look at."""
    return {
        "attempt": attempt,
        "applicant": attempt.application.applicant,
        "card": grouped(attempt.card_number),
        "has_photo": queries.photo_of(attempt.application_id) is not None,
        "picture": picture_of(attempt),
    }


@gate(*queries.ACTING)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, reference: str, attempt: str) -> HttpResponse:
    """The first officer says what is at fault and why the candidate should sit all the same."""
    exam = exam_or_404(request, reference)
    found = attempt_or_404(exam, attempt)
    method = CheckIn.Method.QR if request.GET.get("cara") == CheckIn.Method.QR else CheckIn.Method.NUMBER
    form = OverrideForm(request.POST or None, initial={"method": method})
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.ask_override(attempt=found, by=person(request), now=hall_now(), **form.cleaned_data)
            return redirect("proctoring:override", exam.reference, row.pk)
        except Refusal as refusal:
            form.refuse(refusal)
    return draw(request, "proctoring/override_ask.html", exam, _people(found) | {"form": form})


def _row_or_404(exam: Exam, override_id: UUID) -> IdentityOverride:
    row = queries.overrides_of(exam).filter(pk=override_id).first()
    if row is None:
        raise Http404
    return row


@gate(*queries.READING)
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, reference: str, override_id: UUID) -> HttpResponse:
    """One request: another officer confirms (the PIN appears once) or refuses; who asked may take it back."""
    exam = exam_or_404(request, reference)
    row = _row_or_404(exam, override_id)
    form = OverrideDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _decided(request, exam, row, form.cleaned_data["note"])
        except Refusal as refusal:
            form.refuse(refusal)
            row = _row_or_404(exam, override_id)
    attempt = attempt_or_404(exam, row.attempt.reference)
    context = {"row": row, "form": form, "is_mine": row.asked_by_id == person(request).pk}
    return draw(request, "proctoring/override.html", exam, _people(attempt) | context)


def _decided(request: HttpRequest, exam: Exam, row: IdentityOverride, note: str) -> HttpResponse:
    by, now = person(request), hall_now()
    if request.POST.get("putusan") == "setuju":
        issued = actions.confirm_override(override=row, note=note, by=by, now=now)
        return show_pin(request, exam, issued, is_new=True)
    actions.decline_override(override=row, note=note, by=by, now=now)
    messages.success(request, _("Pengecualian tidak dijalankan. Peserta belum dihadirkan."))
    return redirect("proctoring:check_in", exam.reference, row.attempt.reference)
