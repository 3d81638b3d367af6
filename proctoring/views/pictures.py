"""The picture at the door: taken by camera or file, shown beside the photo on file to those who see the room."""

from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cat_exam.hallclock import hall_now
from core.access import gate
from proctoring import queries
from proctoring.actions import pictures as actions
from proctoring.forms import PictureForm
from proctoring.queries import pictures
from proctoring.rules.faces import FaceAdviser, NoAdviser
from proctoring.views.base import act, attempt_or_404, draw, exam_or_404, person


def _adviser() -> FaceAdviser:
    """The installation's adviser: a class named by the setting ``FACE_ADVISER``; by default none."""
    name = getattr(settings, "FACE_ADVISER", "")
    return cast("FaceAdviser", import_string(name)()) if name else NoAdviser()


@gate(*queries.ACTING)
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, reference: str, attempt: str) -> HttpResponse:
    """Take a picture of the candidate; then back to where a person compares and decides."""
    exam = exam_or_404(request, reference)
    found = attempt_or_404(exam, attempt)
    form = PictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()

        def doing() -> object:
            return actions.take_picture(
                attempt=found, content=content, by=person(request), now=hall_now(), adviser=_adviser()
            )

        if act(request, doing, _("Gambar tersimpan. Bandingkan dengan foto pada berkas."), form):
            return redirect("proctoring:check_in", exam.reference, found.reference)
    context = {"form": form, "attempt": found, "applicant": found.application.applicant}
    return draw(request, "proctoring/picture.html", exam, context)


@gate(*queries.READING)
@require_safe
def picture(request: HttpRequest, reference: str, attempt: str) -> HttpResponse:
    """The newest picture itself, only to those who see this exam."""
    exam = exam_or_404(request, reference)
    row = pictures.picture_of(attempt_or_404(exam, attempt))
    body = pictures.open_picture(row) if row else None
    if body is None:
        raise Http404
    answer = HttpResponse(body, content_type="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
