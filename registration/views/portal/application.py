"""The applicant's one application: status, formation, details, centre, review, submission, withdrawal."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.access import gate
from core.errors import Refusal
from core.models import User
from registration import actions, queries
from registration.forms.portal import CentreForm, ChooseForm, DetailsForm, SubmitForm
from registration.models import Application, Formation
from registration.rules.numbers import grouped
from registration.views.portal.road import applicant_steps, timeline
from registration.views.portal.words import missing_lines, notice_lines

READ_OR_SEND = ["GET", "HEAD", "POST"]


def mine_or_none(request: HttpRequest) -> Application | None:
    """The signed-in applicant's newest application."""
    return queries.application_of(cast("User", request.user))


def no_application(request: HttpRequest) -> HttpResponse:
    """An account without an application: say where to begin."""
    return render(request, "registration/portal/application_none.html", status=404)


@gate("applicant")
@never_cache
@require_safe
def application(request: HttpRequest) -> HttpResponse:
    """Where the application stands, what is next, and what was done so far."""
    mine = mine_or_none(request)
    if mine is None:
        return no_application(request)
    user, now = cast("User", request.user), clock.now()
    road = applicant_steps(user, now)
    return render(
        request, "registration/portal/application.html",
        {"application": mine, "steps": road, "turn": next((step for step in road if step.state == "now"), None),
         "number": grouped(mine.registration_number or ""), "history": timeline(mine),
         "may_withdraw": mine.state != Application.State.WITHDRAWN},
    )  # fmt: skip


@gate("applicant")
@require_POST
def choose(request: HttpRequest, code: str, key: UUID) -> HttpResponse:
    """Choose this formation with one of the diplomas it accepts."""
    mine = mine_or_none(request)
    if mine is None:
        return no_application(request)
    formation = get_object_or_404(
        Formation.objects.select_related("agency", "need", "region", "selection"),
        selection__code=code,
        external_id=key,
    )
    programmes = formation.educations.order_by("level", "programme")
    form = ChooseForm(request.POST, programmes=programmes)
    if form.is_valid():
        try:
            actions.choose_formation(
                application=mine, formation=formation, education=form.cleaned_data["education"],
                by=cast("User", request.user), now=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Formasi Anda tersimpan."))
            return redirect("registration:details")
    notices = notice_lines(queries.notices_for(mine.applicant, formation, clock.now(), mine.disability))
    context = {"selection": formation.selection, "formation": formation, "line": queries.lines([formation])[0],
               "educations": programmes, "mine": mine, "draft": True, "open_now": True, "form": form,
               "notices": notices}  # fmt: skip
    return render(request, "registration/portal/formation.html", context, status=422)


@gate("applicant")
@never_cache
@require_http_methods(READ_OR_SEND)
def details(request: HttpRequest) -> HttpResponse:
    """Institution, grade point, disability."""
    mine = mine_or_none(request)
    if mine is None:
        return no_application(request)
    gpa = "" if mine.gpa is None else f"{mine.gpa:.2f}".replace(".", ",")
    initial = {"institution": mine.institution, "gpa": gpa, "disability": mine.disability,
               "visually_impaired": mine.visually_impaired}  # fmt: skip
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_details(
                application=mine, **form.cleaned_data, by=cast("User", request.user), now=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("registration:documents")
    return _step(request, mine, "details", form, _("Data pendidikan"), "registration:application")


@gate("applicant")
@never_cache
@require_http_methods(READ_OR_SEND)
def centre(request: HttpRequest) -> HttpResponse:
    """The test centre."""
    mine = mine_or_none(request)
    if mine is None:
        return no_application(request)
    form = CentreForm(request.POST if request.method == "POST" else None, initial={"centre": mine.centre_id})
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_centre(
                application=mine, centre=form.cleaned_data["centre"], by=cast("User", request.user), now=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("registration:review")
    return _step(request, mine, "centre", form, _("Titik lokasi ujian"), "registration:documents")


def _step(request: HttpRequest, mine: Application, key: str, form: Any, title: str, back: str) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = {"application": mine, "form": form, "title": title, "back": back, "key": key, "draft": _is_draft(mine)}
    return render(request, "registration/portal/step.html", context, status=status)


def _is_draft(mine: Application) -> bool:
    return mine.state == Application.State.DRAFT


@gate("applicant")
@never_cache
@require_http_methods(READ_OR_SEND)
def review(request: HttpRequest) -> HttpResponse:
    """Everything on one page; agree, confirm, submit."""
    mine = mine_or_none(request)
    if mine is None:
        return no_application(request)
    if not _is_draft(mine):
        return redirect("registration:application")
    form = SubmitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.agree_and_submit(
                application=mine, **form.cleaned_data, by=cast("User", request.user), now=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Lamaran Anda terkirim. Simpan nomor pendaftaran Anda."))
            return redirect("registration:application")
    kinds = queries.kinds_asked(mine)
    chosen, now = mine.formation, clock.now()
    notices = queries.notices_for(mine.applicant, chosen, now, mine.disability) if chosen else []
    return render(
        request, "registration/portal/review.html",
        {"application": mine, "form": form, "missing": missing_lines(queries.missing_of(mine), kinds),
         "documents": _by_kind(mine, kinds), "notices": notice_lines(notices)},
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def _by_kind(mine: Application, kinds: list[Any]) -> list[tuple[Any, Any]]:
    have = {document.kind: document for document in queries.documents_of(mine)}
    return [(kind, have.get(kind.code)) for kind in kinds]


@gate("applicant")
@never_cache
@require_http_methods(READ_OR_SEND)
def withdraw(request: HttpRequest) -> HttpResponse:
    """Give up the application for good, after one more question."""
    mine = mine_or_none(request)
    if mine is None:
        return no_application(request)
    if request.method == "POST":
        try:
            actions.withdraw(application=mine, by=cast("User", request.user), now=clock.now())
        except Refusal as refusal:
            messages.error(request, refusal.text)
        else:
            messages.success(request, _("Anda telah mengundurkan diri dari seleksi ini."))
        return redirect("registration:application")
    return render(request, "registration/portal/withdraw.html", {"application": mine})
