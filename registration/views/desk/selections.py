"""Selections, their phases and stages: lists and set-up pages of the committee."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.access import gate, need_whole_country
from core.errors import Refusal
from core.forms import ordered, paginate
from registration.actions import open_phase_now, save_phase, save_selection, save_stage
from registration.actions.selections import SELECTION_FIELDS, STAGE_FIELDS
from registration.forms.desk import PhaseForm, SelectionFilter, SelectionForm, StageForm
from registration.models import Phase, Selection, Stage
from registration.queries import selections as ask
from registration.views.desk.common import asks_csv, csv_answer, csv_url, officer

READERS = ("committee", "chair", "auditor")
WRITERS = ("committee", "chair")


@gate(*READERS)
@require_safe
def selection_list(request: HttpRequest) -> HttpResponseBase:
    """All selections, newest first."""
    form = SelectionFilter(request.GET)
    data = form.cleaned_data if form.is_valid() else {}
    rows = ask.selection_list(data.get("cari", ""), data.get("tahun"))
    rows = ordered(request, rows, ["code", "name", "year"])
    if asks_csv(request):
        head = (_("Kode"), _("Nama"), _("Tahun"), _("Aturan"), _("Tahap"), _("Pendaftaran terkirim"))
        cells = (
            (row.code, row.name, row.year, row.ruleset.code, row.stage_count, row.application_count)  # type: ignore[attr-defined]
            for row in rows.iterator()
        )
        return csv_answer("seleksi", head, cells)
    context = {"form": form, "page": paginate(request, rows), "csv_url": csv_url(request)}
    return render(request, "registration/desk/selections.html", context)


@gate(*READERS)
@require_safe
def selection_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One selection: its phases, stages and what opens next."""
    selection = get_object_or_404(Selection.objects.select_related("ruleset"), code=code)
    now = clock.now()
    dated = {phase.code: phase for phase in selection.phases.all()}
    phases = [
        {"code": phase, "label": label, "row": dated.get(phase), "state": _phase_state(dated.get(phase), now)}
        for phase, label in Phase.Code.choices
    ]
    context = {
        "selection": selection,
        "phases": phases,
        "coming": ask.next_phase(selection, now),
        "stages": ask.stages_of(selection),
        "grades": ask.grades_of(selection.ruleset).values(),
    }
    return render(request, "registration/desk/selection.html", context)


def _phase_state(phase: Phase | None, now: object) -> tuple[str, str]:
    """Tone and word of a phase."""
    if phase is None:
        return "warn", _("belum bertanggal")
    if now < phase.opens_at:  # type: ignore[operator]
        return "muted", _("akan datang")
    if now < phase.closes_at:  # type: ignore[operator]
        return "now", _("dibuka")
    return "ok", pgettext("fase", "selesai")


def _selection_values(form: SelectionForm) -> dict[str, object]:
    return {name: form.cleaned_data[name] for name in SELECTION_FIELDS}


@gate(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def selection_edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """Make a selection or change it."""
    need_whole_country(request, *WRITERS)
    selection = get_object_or_404(Selection, code=code) if code else None
    initial = {name: getattr(selection, name) for name in SELECTION_FIELDS} if selection else {}
    form = SelectionForm(request.POST or None, initial=initial or {"year": clock.now().year})
    if form.is_valid():
        try:
            saved = save_selection(
                selection=selection, by=officer(request), now=clock.now(), **_selection_values(form)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Seleksi tersimpan."))
            return redirect("registration:desk_selection", saved.code)
    back = reverse("registration:desk_selection", args=[code]) if code else reverse("registration:desk_selections")
    title = _("Ubah seleksi") if selection else _("Seleksi baru")
    return render(request, "registration/desk/form.html", {"form": form, "title": title, "back": back})


@gate(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def phase_edit(request: HttpRequest, code: str, phase: str) -> HttpResponse:
    """Date a phase, in WIB."""
    need_whole_country(request, *WRITERS)
    selection = get_object_or_404(Selection, code=code)
    if phase not in Phase.Code.values:
        return redirect("registration:desk_selection", code)
    row = ask.phase_of(selection, phase)
    form = PhaseForm(request.POST or None, initial=PhaseForm.initial_of(row))
    if form.is_valid():
        try:
            save_phase(
                selection=selection, code=phase, by=officer(request), now=clock.now(),
                opens_at=form.cleaned_data["opens_at"], closes_at=form.cleaned_data["closes_at"],
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Tanggal fase tersimpan."))
            return redirect("registration:desk_selection", code)
    title = _("Tanggal fase: %(name)s") % {"name": Phase.Code(phase).label}
    back = reverse("registration:desk_selection", args=[code])
    return render(request, "registration/desk/form.html", {"form": form, "title": title, "back": back})


@gate(*WRITERS)
@require_POST
def phase_open(request: HttpRequest, code: str, phase: str) -> HttpResponse:
    """Open a coming phase now; the confirmation stands in the page's dialog."""
    need_whole_country(request, *WRITERS)
    selection = get_object_or_404(Selection, code=code)
    try:
        opened = open_phase_now(selection=selection, code=phase, by=officer(request), now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Fase %(name)s dibuka.") % {"name": opened.get_code_display()})
    return redirect("registration:desk_selection", code)


@gate(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def stage_edit(request: HttpRequest, code: str, stage: str = "") -> HttpResponse:
    """Make a stage or change it."""
    need_whole_country(request, *WRITERS)
    selection = get_object_or_404(Selection, code=code)
    row = get_object_or_404(Stage, selection=selection, code=stage) if stage else None
    initial: dict[str, object] = {"order": selection.stages.count() + 1}
    if row:
        initial = {name: getattr(row, name) for name in STAGE_FIELDS} | {"positions": "\n".join(row.positions)}
    form = StageForm(request.POST or None, initial=initial)
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in STAGE_FIELDS}
        try:
            save_stage(selection=selection, stage=row, by=officer(request), now=clock.now(), **values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Tahap tersimpan."))
            return redirect("registration:desk_selection", code)
    title = _("Ubah tahap") if row else _("Tahap baru")
    back = reverse("registration:desk_selection", args=[code])
    return render(request, "registration/desk/form.html", {"form": form, "title": title, "back": back})


@gate(*READERS)
@require_safe
def rulesets(request: HttpRequest) -> HttpResponse:
    """The dated rules: grades, kinds of need, position categories, each with its decree."""
    return render(request, "registration/desk/rulesets.html", {"rulesets": ask.rulesets()})
