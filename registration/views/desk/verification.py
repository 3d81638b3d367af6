"""The verification desk: the queue, one application beside its documents, propose, confirm, return."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.access import gate, roles_of
from core.errors import Refusal
from core.forms import paginate
from core.models import Agency
from registration import queries
from registration.actions import confirm_verification, propose_verification, return_verification
from registration.forms.desk import QueueFilter, ReturnForm, VerdictForm
from registration.models import Application, DocumentKind, VerificationReason
from registration.queries import verification as ask
from registration.views.desk.common import asks_csv, csv_answer, csv_url, officer
from registration.views.portal.words import notice_lines

DESK = ("verifier", "supervisor")
READERS = (*DESK, "committee", "chair", "auditor")

TABS = (
    ("propose", gettext_lazy("Menunggu verifikasi")),
    ("confirm", gettext_lazy("Menunggu supervisor")),
    ("ms", gettext_lazy("Memenuhi syarat")),
    ("tms", gettext_lazy("Tidak memenuhi syarat")),
    ("objected", gettext_lazy("Disanggah")),
    ("all", gettext_lazy("Semua")),
)


def _own_step(request: HttpRequest) -> str:
    """The step an officer looks at first: verifiers propose, supervisors confirm."""
    return "confirm" if roles_of(officer(request)) & {"supervisor"} else "propose"


def _filtered(request: HttpRequest) -> tuple[QueueFilter, str, Any, Any]:
    """The form, the step, the rows and the counts that the address asks for."""
    user = officer(request)
    seen = ask.applications_visible_to(user)
    agencies = Agency.objects.filter(formations__applications__in=seen).distinct()
    form = QueueFilter(request.GET, agencies=agencies)
    data = form.cleaned_data if form.is_valid() else {}
    step = data.get("langkah") if data.get("langkah") in ask.STEPS else _own_step(request)
    agency, need = data.get("instansi"), data.get("kebutuhan")
    rows = ask.queue(
        user, selection=data.get("seleksi"), step=str(step), agency=agency.pk if agency else None,
        need=need.pk if need else None, words=data.get("cari", ""),
    )  # fmt: skip
    return form, str(step), rows, ask.counts(user, data.get("seleksi"))


@gate(*READERS)
@require_safe
def queue(request: HttpRequest) -> HttpResponseBase:
    """Applications by what they wait for, oldest first."""
    form, step, rows, counts = _filtered(request)
    if asks_csv(request):
        head = (
            _("Nomor pendaftaran"), _("Nama"), _("Instansi"), _("Jabatan"), _("Kebutuhan"), _("Terkirim"),
            _("Status"),
        )  # fmt: skip
        cells = (
            (
                row.registration_number, row.applicant.full_name, row.formation.agency.name, row.formation.position,
                row.formation.need.name, clock.write_moment(row.submitted_at), row.get_state_display(),
            )
            for row in rows.iterator()
        )  # fmt: skip
        return csv_answer("verifikasi", head, cells)
    query = request.GET.copy()
    query.pop("hal", None)
    tabs = []
    for name, label in TABS:
        query["langkah"] = name
        tabs.append((label, "?" + query.urlencode(), name == step, counts[name]))
    context = {
        "form": form, "tabs": tabs, "page": paginate(request, rows), "csv_url": csv_url(request), "step": step,
    }  # fmt: skip
    return render(request, "registration/desk/queue.html", context)


def _reason_lines(codes: list[str]) -> list[str]:
    english = (get_language() or "id").startswith("en")
    rows = {row.code: row for row in VerificationReason.objects.filter(code__in=codes)}
    return [(rows[code].text_en if english else rows[code].text) if code in rows else code for code in codes]


def visible_or_404(request: HttpRequest, reference: str) -> Application:
    """The application, where this officer's grants reach it."""
    rows = ask.applications_visible_to(officer(request)).select_related(
        "applicant", "selection", "formation__agency", "formation__need", "education", "centre"
    )
    return get_object_or_404(rows, reference=reference)


def _documents(application: Application, chosen: str) -> list[dict[str, Any]]:
    english = (get_language() or "id").startswith("en")
    names = {kind.code: kind.name_en if english else kind.name for kind in DocumentKind.objects.all()}
    rows = queries.documents_of(application)
    rows.sort(key=lambda row: list(names).index(row.kind) if row.kind in names else 99)
    current = next((row for row in rows if row.kind == chosen), rows[0] if rows else None)
    return [
        {"row": row, "name": names.get(row.kind, row.kind), "current": row is current,
         "is_picture": row.media_type == "image/jpeg"}
        for row in rows
    ]  # fmt: skip


def _history(application: Application) -> list[dict[str, Any]]:
    """Proposals and decisions as entries of a timeline, newest first."""
    entries = []
    for row in ask.history(application):
        reasons = "; ".join(_reason_lines(row.reasons))
        if row.confirmed is not None:
            what = _("Dikukuhkan: %(verdict)s") if row.confirmed else _("Dikembalikan: %(verdict)s")
            entries.append(
                {"at": row.decided_at, "who": row.supervisor, "what": what % {"verdict": row.verdict},
                 "detail": row.return_note, "tone": "ok" if row.confirmed else "warn"}
            )  # fmt: skip
        what = _("Diusulkan: %(verdict)s") % {"verdict": row.verdict}
        detail = " — ".join(part for part in (reasons, row.note) if part)
        entries.append({"at": row.proposed_at, "who": row.verifier, "what": what, "detail": detail, "tone": "info"})
    entries.append({"at": application.submitted_at, "who": "", "what": _("Terkirim"), "detail": "", "tone": "info"})
    return entries


def _notices(application: Application) -> list[tuple[str, str]]:
    """What the formation asks of this applicant beyond the diploma, as the applicant was told: text and source."""
    if application.formation is None:
        return []
    found = queries.notices_for(application.applicant, application.formation, clock.now(), application.disability)
    return notice_lines(found)


def _page(request: HttpRequest, application: Application, **forms: Any) -> HttpResponse:
    user, roles = officer(request), roles_of(officer(request))
    waiting = ask.waiting_proposal(application)
    reasons = list(ask.reasons())
    english = (get_language() or "id").startswith("en")
    submitted = application.state == Application.State.SUBMITTED
    documents = _documents(application, request.GET.get("dokumen", ""))
    form = forms.get("form") or VerdictForm(reasons=reasons)
    picked = set(form["reasons"].value() or [])
    context = {
        "application": application,
        "notices": _notices(application),
        "documents": documents,
        "document": next((entry for entry in documents if entry["current"]), None),
        "history": _history(application),
        "waiting": waiting,
        "waiting_reasons": _reason_lines(waiting.reasons) if waiting else [],
        "may_propose": submitted and not waiting and "verifier" in roles,
        "may_confirm": submitted and waiting and "supervisor" in roles and waiting.verifier_id != user.pk,
        "own_proposal": waiting is not None and waiting.verifier_id == user.pk,
        "form": form,
        "reasons": [
            {"key": reason.order, "code": reason.code, "text": reason.text_en if english else reason.text,
             "picked": reason.code in picked}
            for reason in reasons
        ],
        "return_form": forms.get("return_form") or ReturnForm(),
        "following": ask.queue(user, step=_own_step(request)).exclude(pk=application.pk).first(),
    }  # fmt: skip
    answer = render(request, "registration/desk/application.html", context)
    answer._csp_update = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]
    return answer


@gate(*READERS)
@require_safe
def application(request: HttpRequest, reference: str) -> HttpResponse:
    """One application beside its documents."""
    return _page(request, visible_or_404(request, reference))


def _go_on(request: HttpRequest) -> HttpResponse:
    """To the next application that waits for this officer, or to the queue when none is left."""
    following = ask.queue(officer(request), step=_own_step(request)).first()
    if following is None:
        return redirect("registration:desk_queue")
    return redirect("registration:desk_application", following.reference)


@gate("verifier")
@require_POST
def propose(request: HttpRequest, reference: str) -> HttpResponse:
    """The verifier's proposal."""
    row = visible_or_404(request, reference)
    form = VerdictForm(request.POST, reasons=list(ask.reasons()))
    if form.is_valid():
        try:
            propose_verification(application=row, by=officer(request), now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            text = _("Usulan %(verdict)s untuk %(name)s tersimpan; supervisor akan mengukuhkan.")
            facts = {"verdict": form.cleaned_data["verdict"], "name": row.applicant.full_name}
            messages.success(request, text % facts)
            return _go_on(request)
    return _page(request, row, form=form)


@gate("supervisor")
@require_POST
def confirm(request: HttpRequest, reference: str) -> HttpResponse:
    """A different supervisor confirms."""
    row = visible_or_404(request, reference)
    waiting = ask.waiting_proposal(row)
    if waiting is None:
        raise Http404
    try:
        confirm_verification(verification=waiting, by=officer(request), now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("registration:desk_application", reference)
    text = _("%(name)s: %(verdict)s dikukuhkan.")
    messages.success(request, text % {"verdict": waiting.verdict, "name": row.applicant.full_name})
    return _go_on(request)


@gate("supervisor")
@require_POST
def send_back(request: HttpRequest, reference: str) -> HttpResponse:
    """A different supervisor returns the proposal, saying why."""
    row = visible_or_404(request, reference)
    waiting = ask.waiting_proposal(row)
    if waiting is None:
        raise Http404
    form = ReturnForm(request.POST)
    if form.is_valid():
        try:
            return_verification(
                verification=waiting, note=form.cleaned_data["return_note"], by=officer(request), now=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Usulan dikembalikan kepada verifikator."))
            return _go_on(request)
    return _page(request, row, return_form=form)
