"""Papers of a closed exam: Roll, minutes, result list; PDFs behind the same gate."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cat_exam.hallclock import hall_now
from cat_exam.models import Exam
from core.access import gate
from core.models import User
from proctoring import actions, queries
from proctoring.documents.minutes_pdf import count_facts, journal_facts, signers, time_facts, write_minutes_pdf
from proctoring.documents.results_pdf import write_csv, write_results
from proctoring.models import RoomPaper
from proctoring.views.base import act, draw, exam_or_404, person


@gate(*queries.READING)
@require_safe
def papers(request: HttpRequest, reference: str) -> HttpResponse:
    """What the room still has to sign, and every PDF kept."""
    exam = exam_or_404(request, reference)
    zone = exam.sitting.room.centre.zone
    roll, minutes = queries.roll_of(exam), queries.minutes_of(exam)
    context = {
        "roll": roll,
        "counts": count_facts(roll.document["counts"]) if roll else [],
        "minutes": minutes,
        "times": time_facts(minutes.document, zone) if minutes else [],
        "journal": journal_facts(minutes) if minutes else [],
        "signers": signers(minutes, zone) if minutes else [],
        "seal_holds": minutes.seal_holds() if minutes else False,
        "incidents": queries.incidents_of(exam).count(),
        "papers": queries.papers_of(exam),
        "is_coordinator": "coordinator" in queries.roles_in(person(request), exam),
        "is_first_signer": bool(minutes and minutes.signed_by_id == person(request).pk),
    }
    return draw(request, "proctoring/papers.html", exam, context)


@gate(*queries.ACTING)
@require_POST
def sign(request: HttpRequest, reference: str) -> HttpResponse:
    """The first signature under the minutes."""
    exam = exam_or_404(request, reference)
    act(
        request,
        lambda: actions.write_minutes(exam=exam, by=person(request), now=hall_now()),
        _("Berita acara ditandatangani. Koordinator lain mengesahkannya."),
    )
    return redirect("proctoring:papers", reference=reference)


@gate(*queries.ACTING)
@require_POST
def countersign(request: HttpRequest, reference: str) -> HttpResponse:
    """The second signature; the PDF is made at once."""
    exam = exam_or_404(request, reference)
    by = person(request)
    if act(
        request,
        lambda: actions.confirm_minutes(exam=exam, by=by, now=hall_now()),
        _("Berita acara disahkan dan PDF-nya disimpan."),
    ):
        _file_minutes(exam, by)
    return redirect("proctoring:papers", reference=reference)


def _file_minutes(exam: Exam, by: User) -> None:
    minutes = queries.minutes_of(exam)
    if minutes is None:
        raise Http404
    now = hall_now()
    body = write_minutes_pdf(exam, minutes, made_at=now)
    actions.file_paper(exam=exam, kind=RoomPaper.Kind.MINUTES, body=body, by=by, now=now)


@gate(*queries.ACTING)
@require_POST
def make(request: HttpRequest, reference: str) -> HttpResponse:
    """Make the PDF of the minutes or, of a closed exam, of the result list once more; older versions stay."""
    of_minutes = request.POST.get("kind") == RoomPaper.Kind.MINUTES
    exam = exam_or_404(request, reference) if of_minutes else _closed_or_404(request, reference)
    by, now = person(request), hall_now()
    if of_minutes:
        doing = lambda: _file_minutes(exam, by)  # noqa: E731
    else:

        def doing() -> None:
            body = write_results(exam, queries.result_rows(exam), queries.sections_of(exam), made_at=now)
            actions.file_paper(exam=exam, kind=RoomPaper.Kind.RESULTS, body=body, by=by, now=now)

    act(request, doing, _("PDF disimpan."))
    return redirect("proctoring:papers", reference=reference)


@gate(*queries.READING)
@require_safe
def paper(request: HttpRequest, reference: str, paper_id: str) -> HttpResponseBase:
    """One PDF of this exam."""
    exam = exam_or_404(request, reference)
    row: RoomPaper | None = queries.papers_of(exam).filter(pk=paper_id).first()
    path = settings.MEDIA_ROOT / row.path if row else None
    if row is None or path is None or not path.is_file():
        raise Http404
    name = f"{row.kind}-{exam.reference}.pdf"
    answer = FileResponse(path.open("rb"), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@gate(*queries.READING)
@require_safe
def results(request: HttpRequest, reference: str) -> HttpResponse:
    """The result list on the screen and for the printer."""
    exam = _closed_or_404(request, reference)
    context = {"rows": queries.result_rows(exam), "sections": queries.sections_of(exam)}
    return draw(request, "proctoring/results.html", exam, context)


@gate(*queries.READING)
@require_safe
def results_csv(request: HttpRequest, reference: str) -> HttpResponse:
    """The result list as CSV."""
    exam = _closed_or_404(request, reference)
    body = write_csv(queries.result_rows(exam), queries.sections_of(exam))
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="hasil-{exam.reference}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _closed_or_404(request: HttpRequest, reference: str) -> Exam:
    """Scores of a sitting are listed only after it is closed."""
    exam = exam_or_404(request, reference)
    if exam.state != Exam.State.CLOSED:
        raise Http404
    return exam
