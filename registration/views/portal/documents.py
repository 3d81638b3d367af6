"""Uploading the documents of an application and serving them to those who may read them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.access import gate
from core.errors import Refusal
from core.models import User
from registration import actions, queries
from registration.forms.portal import DocumentForm
from registration.models import Application, DocumentKind
from registration.views.portal.application import mine_or_none, no_application

#: Beside the file: the CSRF token and the boundaries of the form.
_ENVELOPE = 64 * 1024
View = Callable[..., HttpResponseBase]


@gate("applicant")
@never_cache
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """The documents asked for, each with its own upload."""
    mine = mine_or_none(request)
    return no_application(request) if mine is None else _page(request, mine)


def _page(
    request: HttpRequest, mine: Application, *, bound: DocumentForm | None = None, reason: str = "", status: int = 200
) -> HttpResponse:
    have = {document.kind: document for document in queries.documents_of(mine)}
    rows: list[dict[str, Any]] = []
    for kind in queries.kinds_asked(mine):
        form = bound if bound and bound.kind == kind else DocumentForm(kind=kind, auto_id=f"id_{kind.code}_%s")
        rows.append({"kind": kind, "document": have.get(kind.code), "form": form})
    draft = mine.state == Application.State.DRAFT
    whole = all(row["document"] for row in rows)
    context = {"application": mine, "rows": rows, "draft": draft, "bound": bound, "reason": reason, "whole": whole}
    answer = render(request, "registration/portal/documents.html", context, status=status)
    if reason:
        answer["X-Reason"] = reason.encode("ascii", "replace").decode()
    return answer


def refuse_large(view: View) -> View:
    """Refuse by the announced length, before a single byte of the form is parsed; then check CSRF as usual."""
    checked = csrf_protect(view)

    @wraps(view)
    def entered(request: HttpRequest, kind: str) -> HttpResponseBase:
        row = get_object_or_404(DocumentKind, pk=kind)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > row.max_bytes + _ENVELOPE:
            refusal = actions.too_big(int(length) if length.isdigit() else 0, row.max_bytes)
            mine = mine_or_none(request)
            if mine is None:
                return no_application(request)
            return _page(request, mine, reason=refusal.text, status=413)
        return checked(request, row)

    return cast("View", csrf_exempt(entered))


@gate("applicant")
@require_POST
@refuse_large
def upload(request: HttpRequest, kind: DocumentKind) -> HttpResponse:
    """One document; checked, rebuilt, stored."""
    mine = mine_or_none(request)
    if mine is None:
        return no_application(request)
    form = DocumentForm(request.POST, request.FILES, kind=kind, auto_id=f"id_{kind.code}_%s")
    if form.is_valid():
        try:
            actions.add_document(
                application=mine, kind=kind, content=form.cleaned_data["file"].read(),
                by=cast("User", request.user), now=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(kind)s tersimpan.") % {"kind": kind})
            return redirect("registration:documents")
    reason = " ".join(str(text) for texts in form.errors.values() for text in texts)
    return _page(request, mine, bound=form, reason=reason, status=422)


@gate("applicant", "verifier", "supervisor", "committee", "chair", "auditor")
@never_cache
@require_safe
def document(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The stored file: downloaded, or shown beside the application at ``?tampil=1``."""
    found = get_object_or_404(queries.readable_documents(cast("User", request.user)), pk=key)
    suffix = found.path.rpartition(".")[2]
    inline = request.GET.get("tampil") == "1"
    answer = FileResponse(
        default_storage.open(found.path), content_type=found.media_type, as_attachment=not inline,
        filename=f"{found.kind}-{found.application.reference}.{suffix}",
    )  # fmt: skip
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    answer["X-Frame-Options"] = "SAMEORIGIN"
    return answer
