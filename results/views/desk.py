"""The committee's desk: what is ready, runs and their lines, check, approval, publication."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.access import gate, roles_of
from core.errors import Refusal
from core.forms import paginate
from core.models import User
from registration.models import Selection, Stage
from registration.queries import grade_for
from results import actions, queries
from results.announcement_pdf import section_names, words_for
from results.forms import DecisionForm, LineFilter, NoteForm, PublishForm
from results.models import RankingRun, RankLine
from results.rules.ranking import CODES


def _staff(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@require_GET
@gate("committee", "chair", "auditor")
def stages(request: HttpRequest) -> HttpResponse:
    """Every selection with its stages: how far the exams are, and the runs so far."""
    selections = [(one, queries.readiness(one)) for one in Selection.objects.all()[:5]]
    runs = queries.runs_visible_to(_staff(request))
    context: dict[str, Any] = {"selections": selections, "page": paginate(request, runs)}
    context["may_compute"] = bool(roles_of(request.user) & {"committee", "chair"})
    return render(request, "results/desk/stages.html", context)


@require_POST
@gate("committee", "chair")
def compute(request: HttpRequest, stage_id: int) -> HttpResponse:
    """Compute a new run of a stage."""
    stage = get_object_or_404(Stage.objects.select_related("selection__ruleset"), pk=stage_id)
    try:
        run = actions.compute(selection=stage.selection, stage=stage, by=_staff(request), now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.text)
        return redirect("results:desk")
    messages.success(request, _("Peringkat dihitung. Petugas lain memeriksa dan menyetujuinya."))
    return redirect("results:run", run.reference)


def _run(request: HttpRequest, reference: str) -> RankingRun:
    return get_object_or_404(queries.runs_visible_to(_staff(request)), reference=reference)


@require_GET
@gate("committee", "chair", "auditor")
def run(request: HttpRequest, reference: str) -> HttpResponse:
    """One run: counts by code, its lines with filters, and what may be done next."""
    return _show(request, _run(request, reference))


def _show(request: HttpRequest, one: RankingRun, **forms: Any) -> HttpResponse:
    visible = queries.lines_visible_to(_staff(request), one)
    agencies = visible.order_by("formation__agency__name").values_list(
        "formation__agency_id", "formation__agency__name"
    )
    choices = [(str(key), name) for key, name in dict(agencies).items()]
    form = LineFilter(request.GET or None, agencies=choices)
    lines = _filtered(visible, form)
    earlier = queries.previous_run(one)
    context = {
        "run": one,
        "form": form,
        "page": paginate(request, lines),
        "sections": section_names(one),
        "codes": [(code, words_for(code), one.counts[code]) for code in CODES],
        "earlier": earlier,
        "announcements": one.announcements.all(),
        "may": _may(one, _staff(request)),
        "note_form": NoteForm(),
        "publish_form": PublishForm(),
    } | forms
    return render(request, "results/desk/run.html", context, status=422 if forms else 200)


def _filtered(lines: Any, form: LineFilter) -> Any:
    if not form.is_valid():
        return lines
    data = form.cleaned_data
    return queries.find_lines(lines, words=data["q"], code=data["code"], agency=data["agency"])


def _may(one: RankingRun, user: User) -> dict[str, bool]:
    """Which buttons are drawn; the actions and the database refuse on their own."""
    another, roles = one.computed_by_id != user.pk, roles_of(user)
    return {
        "check": another and one.state == "computed" and bool(roles & {"committee", "chair"}),
        "approve": another and one.state == "checked" and "chair" in roles,
        "reject": one.state != "rejected" and not one.announcements.exists() and bool(roles & {"committee", "chair"}),
        "publish": another and one.state == "approved" and "chair" in roles and not one.announcements.exists(),
        "waits": not another and one.state in {"computed", "checked"},
    }


@require_GET
@gate("committee", "chair", "auditor")
def line(request: HttpRequest, reference: str, number: str) -> HttpResponse:
    """How one line came about: scores, grade, place among those over the grade, the key that decided."""
    one = _run(request, reference)
    found = get_object_or_404(queries.lines_visible_to(_staff(request), one), number=number)
    near = queries.lines_visible_to(_staff(request), one).filter(formation=found.formation).order_by("pk")
    context = {
        "run": one,
        "line": found,
        "near": near,
        "grade": grade_for(found.application_id),
        "sections": section_names(one),
    }
    return render(request, "results/desk/line.html", context)


@require_GET
@gate("committee", "chair", "auditor")
def run_csv(request: HttpRequest, reference: str) -> StreamingHttpResponse:
    """The lines a reader may see, as CSV, streamed."""
    one = _run(request, reference)
    lines = queries.lines_visible_to(_staff(request), one)
    answer = StreamingHttpResponse(
        _csv(lines.iterator(chunk_size=2_000), section_names(one)), content_type="text/csv"
    )
    answer["Content-Disposition"] = f'attachment; filename="peringkat-{one.reference}.csv"'
    return answer


class _Echo:
    """A file that hands back what is written, for csv.writer over a stream."""

    def write(self, text: str) -> str:
        return text


def _csv(lines: Iterator[RankLine], sections: list[str]) -> Iterator[str]:
    out = csv.writer(_Echo())
    yield out.writerow(["instansi", "jabatan", "kebutuhan", "nomor", "nama", *sections, "total", "peringkat", "kode"])
    for one in lines:
        post = one.formation
        scores = [one.sections.get(code, "") for code in sections]
        name = one.name if one.name[:1] not in "=+-@" else f"'{one.name}"  # a spreadsheet would run it
        yield out.writerow(
            [
                post.agency.name,
                post.position,
                post.need.name,
                one.number,
                name,
                *scores,
                one.total,
                one.rank,
                one.code,
            ]
        )


@require_GET
@gate("committee", "chair", "auditor")
def compare(request: HttpRequest, reference: str) -> HttpResponse:
    """What changed since the previous run of the stage."""
    one = _run(request, reference)
    earlier = queries.previous_run(one)
    changes = queries.differences(_staff(request), earlier, one) if earlier else []
    return render(
        request, "results/desk/compare.html", {"run": one, "earlier": earlier, "page": paginate(request, changes)}
    )


@require_POST
@gate("committee", "chair")
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Confirm the figures."""
    one = _run(request, reference)
    try:
        actions.check_run(run=one, by=_staff(request), now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, _("Pemeriksaan dicatat. Ketua panitia dapat menyetujui."))
    return redirect("results:run", one.reference)


@require_POST
@gate("chair")
def approve(request: HttpRequest, reference: str) -> HttpResponse:
    """Approve for publication."""
    one = _run(request, reference)
    try:
        actions.approve_run(run=one, by=_staff(request), now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, _("Peringkat disetujui dan siap diumumkan."))
    return redirect("results:run", one.reference)


@require_POST
@gate("committee", "chair")
def reject(request: HttpRequest, reference: str) -> HttpResponse:
    """Reject with a reason; what was typed stays on the screen when it is not enough."""
    one, form = _run(request, reference), NoteForm(request.POST)
    if form.is_valid():
        try:
            actions.reject_run(run=one, note=form.cleaned_data["note"], by=_staff(request), now=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
    return _show(request, one, note_form=form) if form.errors else redirect("results:run", one.reference)


@require_POST
@gate("chair")
def publish(request: HttpRequest, reference: str) -> HttpResponse:
    """Sign and publish."""
    one, form = _run(request, reference), PublishForm(request.POST)
    if form.is_valid():
        try:
            actions.publish(run=one, number=form.cleaned_data["number"], by=_staff(request), now=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
    if form.errors:
        return _show(request, one, publish_form=form)
    messages.success(request, _("Pengumuman ditandatangani dan terbit di laman publik."))
    return redirect("results:run", one.reference)


@require_GET
@gate("committee", "chair", "auditor")
def objections(request: HttpRequest) -> HttpResponse:
    """Objections to results, those waiting first."""
    return render(
        request,
        "results/desk/objections.html",
        {"page": paginate(request, queries.objections_visible_to(_staff(request)))},
    )


@require_http_methods(["GET", "POST"])
@gate("committee", "chair")
def objection(request: HttpRequest, objection_id: str) -> HttpResponse:
    """One objection beside the line it is about; answered once."""
    one = get_object_or_404(queries.objections_visible_to(_staff(request)), pk=objection_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.decide_objection(
                objection=one,
                accepted=data["accepted"] == "yes",
                answer=data["answer"],
                by=_staff(request),
                now=clock.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Jawaban tersimpan dan dapat dibaca pelamar."))
            return redirect("results:objections")
    return render(request, "results/desk/objection.html", {"objection": one, "form": form, "line": one.line})
