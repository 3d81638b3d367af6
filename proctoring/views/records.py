"""Incidents, messages, requests for time."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cat_exam.hallclock import hall_now
from cat_exam.models import Exam, Notice
from core.access import gate
from core.forms import paginate
from proctoring import actions, queries
from proctoring.forms import CENTRE, EVERYBODY, IncidentForm, MessageForm, TimeForm
from proctoring.models import TimeRequest
from proctoring.views.base import act, chosen_attempt, draw, exam_or_404, person, to_room


def _asked_seat(request: HttpRequest) -> dict[str, str]:
    """The seat a page was opened for (``?kursi=``)."""
    return {"seat": request.GET.get("kursi", EVERYBODY)}


@gate(*queries.READING)
@require_http_methods(["GET", "POST"])
def incidents(request: HttpRequest, reference: str) -> HttpResponse:
    """What happened so far, and a form for the next incident."""
    exam = exam_or_404(request, reference)
    form = IncidentForm(request.POST or None, exam=exam, initial=_asked_seat(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        attempt = chosen_attempt(exam, given["seat"])

        def doing() -> object:
            return actions.report_incident(
                exam=exam, kind=given["kind"], text=given["text"], attempt=attempt, by=person(request), now=hall_now()
            )

        if act(request, doing, _("Kejadian tercatat untuk berita acara."), form):
            return redirect("proctoring:incidents", reference=reference)
    page = paginate(request, queries.incidents_of(exam))
    return draw(request, "proctoring/incidents.html", exam, {"form": form, "page": page})


@gate(*queries.READING)
@require_http_methods(["GET", "POST"])
def messages_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Messages so far, and a form for the next one."""
    exam = exam_or_404(request, reference)
    form = MessageForm(request.POST or None, exam=exam, initial=_asked_seat(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        attempt = chosen_attempt(exam, given["seat"])

        def doing() -> object:
            return actions.send_word(
                exam=exam, text=given["text"], attempt=attempt, by=person(request), now=hall_now()
            )

        if act(request, doing, _("Pesan terkirim."), form):
            return to_room(exam)
    return draw(request, "proctoring/messages.html", exam, {"form": form, "page": paginate(request, _sent(exam))})


def _sent(exam: Exam) -> QuerySet[Notice]:
    rows = Notice.objects.filter(exam=exam, kind=Notice.Kind.MESSAGE).select_related("attempt__seat")
    return rows.order_by("-number")


@gate(*queries.READING)
@require_http_methods(["GET", "POST"])
def time(request: HttpRequest, reference: str) -> HttpResponse:
    """Requests for time: ask one, and see who decided the others."""
    exam = exam_or_404(request, reference)
    is_coordinator = "coordinator" in queries.roles_in(person(request), exam)
    form = TimeForm(request.POST or None, exam=exam, whole_centre=is_coordinator, initial=_asked_seat(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wide = given["seat"] == CENTRE
        attempt = None if wide else chosen_attempt(exam, given["seat"])

        def doing() -> object:
            return actions.ask_time(
                exam=exam, attempt=attempt, whole_centre=wide, minutes=given["minutes"], reason=given["reason"],
                by=person(request), now=hall_now(),
            )  # fmt: skip

        if act(request, doing, _("Permintaan terkirim. Koordinator lain yang menyetujuinya."), form):
            return redirect("proctoring:time", reference=reference)
    page = paginate(request, queries.time_requests(exam))
    context = {"form": form, "page": page, "is_coordinator": is_coordinator}
    return draw(request, "proctoring/time.html", exam, context)


@gate(*queries.ACTING)
@require_POST
def decide_time(request: HttpRequest, reference: str, request_id: str) -> HttpResponse:
    """Grant or refuse one request."""
    exam = exam_or_404(request, reference)
    asked: TimeRequest | None = queries.time_requests(exam).filter(pk=request_id).first()
    if asked is None:
        raise Http404
    by, now = person(request), hall_now()
    if request.POST.get("act") == "grant":
        act(
            request, lambda: actions.grant_time(exam=exam, request=asked, by=by, now=now),
            _("Tambahan waktu disetujui dan langsung berlaku."),
        )  # fmt: skip
    else:
        act(request, lambda: actions.refuse_time(exam=exam, request=asked, by=by, now=now), _("Permintaan ditolak."))
    return redirect("proctoring:time", reference=reference)
