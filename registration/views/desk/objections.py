"""Objections: the applicant lodges one, an officer who took no part decides."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.access import gate, roles_of
from core.errors import Refusal
from core.forms import paginate
from core.models import User
from registration import queries
from registration.actions import decide_objection, lodge_objection
from registration.forms.desk import ObjectionDecisionForm, ObjectionForm
from registration.models import Objection, VerificationReason
from registration.queries import verification as ask
from registration.views.desk.common import asks_csv, csv_answer, csv_url, officer

DECIDERS = ("supervisor", "committee", "chair")


def _texts(codes: list[str]) -> list[tuple[str, str]]:
    english = (get_language() or "id").startswith("en")
    rows = {row.code: row for row in VerificationReason.objects.filter(code__in=codes)}
    return [(code, (rows[code].text_en if english else rows[code].text) if code in rows else code) for code in codes]


@gate(*DECIDERS, "auditor")
@require_safe
def objection_list(request: HttpRequest) -> HttpResponseBase:
    """Objections: those to decide, or the decided ones."""
    user = officer(request)
    decided = request.GET.get("langkah") == "selesai"
    rows = queries.objections_for(user, decided=decided)
    if asks_csv(request):
        head = (_("Nomor pendaftaran"), _("Nama"), _("Instansi"), _("Diajukan"), _("Putusan"))
        words = {None: "", True: _("diterima"), False: _("ditolak")}
        cells = (
            (
                row.application.registration_number, row.application.applicant.full_name,
                row.application.formation.agency.name if row.application.formation else "",
                clock.write_moment(row.lodged_at), words[row.accepted],
            )
            for row in rows.iterator()
        )  # fmt: skip
        return csv_answer("sanggah", head, cells)
    waiting = len(rows) if not decided else queries.objections_for(user, decided=False).count()
    tabs = [
        (_("Menunggu putusan"), "?langkah=putus", not decided, waiting),
        (_("Sudah diputus"), "?langkah=selesai", decided, None),
    ]
    context = {"page": paginate(request, rows), "tabs": tabs, "csv_url": csv_url(request), "decided": decided}
    return render(request, "registration/desk/objections.html", context)


@gate(*DECIDERS, "auditor")
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, reference: str) -> HttpResponse:
    """One objection: reason beside answer, and the decision."""
    user = officer(request)
    row = get_object_or_404(queries.objections_for(user), application__reference=reference)
    form = ObjectionDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decide_objection(objection=row, by=user, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Putusan sanggah tersimpan."))
            return redirect("registration:desk_objections")
    verified = ask.confirmed_verification(row.application)
    took_part = ask.took_part(row.application, user)
    context = {
        "objection": row,
        "application": row.application,
        "verified": verified,
        "lines": [(text, row.answers.get(code, "")) for code, text in _texts(list(row.answers))],
        "form": form,
        "may_decide": row.accepted is None and not took_part and bool(roles_of(user) & set(DECIDERS)),
        "took_part": took_part,
    }
    return render(request, "registration/desk/objection.html", context)


@gate("applicant")
@require_http_methods(["GET", "HEAD", "POST"])
def objection_lodge(request: HttpRequest) -> HttpResponse:
    """The applicant answers every reason, once; afterwards the page shows what was sent and decided."""
    assert isinstance(request.user, User)
    application = queries.application_of(request.user)
    if application is None:
        raise Http404
    now = clock.now()
    verified = ask.confirmed_verification(application)
    lodged = Objection.objects.filter(application=application).first()
    reasons = _texts(verified.reasons) if verified else []
    open_now = queries.phase_is_open(application.selection, "objection", now)
    form = ObjectionForm(request.POST or None, reasons=reasons)
    if request.method == "POST" and lodged is None and form.is_valid():
        try:
            lodge_objection(application=application, answers=form.cleaned_data, by=request.user, now=now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Sanggah Anda terkirim."))
            return redirect("registration:objection")
    context = {
        "application": application,
        "phase": queries.phase_of(application.selection, "objection"),
        "open_now": open_now,
        "lodged": lodged,
        "reasons": reasons,
        "lines": [(text, lodged.answers.get(code, "")) for code, text in reasons] if lodged else [],
        "form": form,
        "may_lodge": application.state == "verified_not_ok" and lodged is None and open_now,
    }
    return render(request, "registration/desk/objection_lodge.html", context)
