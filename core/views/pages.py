"""Home, desk, the style page, public keys, language."""

import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from core import actions, clock, queries, steps, vault
from core.access import SECOND_FACTOR, gate, roles_of
from core.errors import Refusal
from core.models import User


@gate("public")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Visitors: what this is and where to begin; applicants: their road and the one next thing; staff: the desk."""
    user = request.user
    if not isinstance(user, User):
        return render(request, "core/home.html", {"entries": steps.public_menu()})
    if user.is_staff:
        return redirect("core:desk")
    road = steps.steps_for(user, clock.now())
    turn = next((step for step in road if step.state == "now"), None)
    return render(request, "core/applicant_home.html", {"steps": road, "turn": turn})


@gate("staff")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What the staff member signed in can do, and what waits for the person."""
    roles = roles_of(request.user)
    asked = (
        queries.grants("asked").exclude(granted_by=request.user.pk).count() if roles & {"operator", "chair"} else 0
    )
    return render(request, "core/desk_home.html", {"roles": roles, "asked": asked})


@gate("public")
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys that seals are checked with, and the certificate behind signed announcements."""
    published = vault.public_keys()
    rows = [(kid, entry["purpose"], entry["ed25519"]) for kid, entry in published.get("seal", {}).items()]
    return render(request, "core/keys.html", {"rows": rows, "has_certificate": bool(published.get("ca_certificate"))})


@gate("public")
@require_safe
def keys_file(request: HttpRequest) -> HttpResponse:
    """The public keys as JSON, for checking offline."""
    body = json.dumps({"seal": vault.public_keys().get("seal", {})}, indent=2, sort_keys=True)
    return _download(body, "application/json", "kunci-publik.json")


@gate("public")
@require_safe
def certificate(request: HttpRequest) -> HttpResponse:
    """The certificate authority's certificate (PEM)."""
    pem = vault.public_keys().get("ca_certificate")
    if not pem:
        raise Http404
    return _download(pem, "application/x-pem-file", "cat-exam-ca.pem")


def _download(body: str, kind: str, name: str) -> HttpResponse:
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@gate("public")
@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Switch the language of the pages, and remember it for a person signed in."""
    asked = request.POST.get("language", "")
    user = request.user
    if isinstance(user, User) and asked != user.language:
        if user.is_staff and not request.session.get(SECOND_FACTOR):
            return set_language(request)
        try:
            actions.change_language(user=user, language=asked, by=user, now=clock.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
    return set_language(request)
