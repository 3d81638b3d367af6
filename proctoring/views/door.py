"""The door: find a candidate by card, decide, issue the PIN once; blank envelopes for the desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Exam
from core.access import gate
from core.errors import Refusal
from proctoring import actions, queries
from proctoring.documents.envelopes import write_envelopes
from proctoring.forms import CardForm, CheckInForm
from proctoring.models import CheckIn
from proctoring.views.base import attempt_or_404, draw, exam_or_404, identity, person
from registration.rules.numbers import grouped


@gate(*queries.ACTING)
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest, reference: str) -> HttpResponse:
    """Type or scan a card; a card of another sitting tells nothing but that."""
    exam = exam_or_404(request, reference)
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt = queries.attempt_for_card(exam, form.cleaned_data["number"])
        if attempt is not None:
            address = reverse("proctoring:check_in", args=[exam.reference, attempt.reference])
            return redirect(f"{address}?cara={form.method}")
        form.refuse(
            Refusal(
                "card_elsewhere",
                _("Kartu ini bukan untuk sesi dan ruang ini. Periksa tanggal, sesi, dan ruang pada kartu."),
                field="number",
            )
        )
    present = CheckIn.objects.filter(attempt__exam=exam).select_related("attempt__seat", "by").order_by("-at")[:8]
    asked = list(queries.waiting_overrides(exam))
    context = {"form": form, "recent": present, "waiting": _waiting(exam), "asked": asked}
    return draw(request, "proctoring/find.html", exam, context)


def read_by(request: HttpRequest) -> CheckIn.Method:
    """How the card was read on the page before this one."""
    return CheckIn.Method.QR if request.GET.get("cara") == CheckIn.Method.QR else CheckIn.Method.NUMBER


def _waiting(exam: Exam) -> int:
    return Attempt.objects.filter(exam=exam, state=Attempt.State.EXPECTED).count()


@gate(*queries.ACTING)
@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest, reference: str, attempt: str) -> HttpResponse:
    """The person beside the photo on file; a person decides, then the PIN appears once."""
    exam = exam_or_404(request, reference)
    found = attempt_or_404(exam, attempt)
    form = CheckInForm(request.POST or None, initial={"method": read_by(request)})
    late = None
    if request.method == "POST" and form.is_valid():
        try:
            issued = actions.check_in(attempt=found, by=person(request), now=hall_now(), **form.cleaned_data)
            return show_pin(request, exam, issued, is_new=True)
        except Refusal as refusal:
            late = refusal if refusal.code in LATE else None
            form.refuse(refusal)
    context = {
        "form": form,
        "earlier": getattr(found, "check_in", None),
        "too_late": found.state == Attempt.State.EXPECTED and hall_now() >= queries.pin_until(exam),
        "overrides": list(queries.overrides_of(exam).filter(attempt=found)),
        "late": late,
    }
    return draw(request, "proctoring/check_in.html", exam, identity(found) | context)


#: Refusals of the hall that mean: no PIN any more, this candidate is absent (TH).
LATE = frozenset({"pin_closed", "pin_late", "exam_started", "exam_running", "exam_closed"})


@gate(*queries.ACTING)
@require_http_methods(["GET", "POST"])
def new_pin(request: HttpRequest, reference: str, attempt: str) -> HttpResponse:
    """A new PIN for somebody already checked in: lost slip, five wrong tries."""
    exam = exam_or_404(request, reference)
    found = attempt_or_404(exam, attempt)
    refusal = None
    if request.method == "POST":
        seen = found.pin_issued_at if request.POST.get("seen") == _stamp(found) else None
        try:
            issued = actions.reissue_pin(attempt=found, seen=seen, by=person(request), now=hall_now())
            return show_pin(request, exam, issued, is_new=False)
        except Refusal as no:
            refusal = no
    context = {"attempt": found, "seen": _stamp(found), "refusal": refusal}
    return draw(request, "proctoring/new_pin.html", exam, context)


def _stamp(attempt: Attempt) -> str:
    return attempt.pin_issued_at.isoformat() if attempt.pin_issued_at else ""


def show_pin(
    request: HttpRequest, exam: Exam, issued: actions.Issued, *, is_new: bool, place: str = ""
) -> HttpResponse:
    """The only answer that ever carries a PIN; never stored, never in an address. ``place``: the one PC it opens."""
    context = {
        "attempt": issued.attempt,
        "pin": issued.pin,
        "pin_groups": f"{issued.pin[:3]} {issued.pin[3:]}",
        "issued_at": issued.at,
        "is_new": is_new,
        "place": place,
        "card": grouped(issued.attempt.card_number),
    }
    return draw(request, "proctoring/pin.html", exam, context)


@gate(*queries.ACTING)
@require_safe
def envelopes(request: HttpRequest, reference: str) -> HttpResponse:
    """Blank slips for every expected seat: seat, name and number, and an empty box for the PIN."""
    exam = exam_or_404(request, reference)
    seats = Attempt.objects.filter(exam=exam).select_related("seat", "application__applicant").order_by("seat__label")
    body = write_envelopes(exam, list(seats), made_at=hall_now())
    answer = HttpResponse(body, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="amplop-{exam.reference}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
