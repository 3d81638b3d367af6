"""Sign-up at /daftar/: four short pages, saved at each step, the password last."""

import json
from base64 import b64decode, b64encode
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core import clock, vault
from core.access import gate
from core.errors import Refusal
from core.models import User
from registration import actions, queries
from registration.actions.applicants import IDENTITY_FIELDS, Identity
from registration.forms.portal import AccountForm, BirthForm, ContactForm, IdentityForm, JoinForm, StepForm
from registration.models import Selection

STEPS: dict[str, type[StepForm]] = {
    "identitas": IdentityForm, "kelahiran": BirthForm, "kontak": ContactForm, "akun": AccountForm,
}  # fmt: skip
_ORDER = list(STEPS)
_KEY = "sign_up"


@gate("public")
@never_cache
@require_http_methods(["GET", "HEAD"])
def start(request: HttpRequest) -> HttpResponse:
    """The open selections; straight on when there is exactly one."""
    _no_staff(request)
    found = list(queries.selections_open(clock.now()))
    if len(found) == 1:
        return redirect("registration:sign_up", code=found[0].code, step=_ORDER[0])
    return render(request, "registration/portal/sign_up_start.html", {"selections": found})


@gate("public")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """One page of sign-up."""
    _no_staff(request)
    selection = get_object_or_404(Selection, code=code, is_public=True)
    if step not in STEPS:
        return redirect("registration:sign_up", code=code, step=_ORDER[0])
    try:
        queries.require_phase(selection, "registration", clock.now())
    except Refusal as refusal:
        context = {"refusal": refusal, "selection": selection}
        return render(request, "registration/portal/closed.html", context, status=403)
    known = read_draft(request, code)
    behind = next((name for name in _ORDER[: _ORDER.index(step)] if name not in known), None)
    if behind:
        return redirect("registration:sign_up", code=code, step=behind)
    if isinstance(request.user, User) and queries.application_of(request.user, selection):
        return redirect("registration:application")
    form = _form(request, step, known)
    if request.method == "POST" and form.is_valid():
        if step != _ORDER[-1]:
            write_draft(request, code, known | {step: form.cleaned_data})
            return redirect("registration:sign_up", code=code, step=_ORDER[_ORDER.index(step) + 1])
        answer = _finish(request, selection, known, form)
        if answer:
            return answer
    return render(request, "registration/portal/sign_up.html", _page(request, selection, step, known, form))


def _form(request: HttpRequest, step: str, known: dict[str, Any]) -> StepForm:
    kind = JoinForm if step == _ORDER[-1] and request.user.is_authenticated else STEPS[step]
    answers = {name: value for page in known.values() for name, value in page.items()}
    today = clock.now().astimezone(ZoneInfo(clock.WIB)).date()
    data = request.POST if request.method == "POST" else None
    return kind(data, initial=known.get(step, {}), known=answers, today=today)


def _page(
    request: HttpRequest, selection: Selection, step: str, known: dict[str, Any], form: StepForm
) -> dict[str, Any]:
    place = _ORDER.index(step)
    titles = {
        "identitas": _("Siapa Anda?"), "kelahiran": _("Kapan dan di mana Anda lahir?"),
        "kontak": _("Bagaimana kami menghubungi Anda?"), "akun": _("Periksa, lalu buat kata sandi"),
    }  # fmt: skip
    facts = {name: value for page in known.values() for name, value in page.items()}
    return {
        "form": form, "selection": selection, "step": step, "number": place + 1, "count": len(_ORDER),
        "title": titles[step], "facts": facts, "back": _ORDER[place - 1] if place else "",
        "joins": isinstance(form, JoinForm),
    }  # fmt: skip


def _finish(request: HttpRequest, selection: Selection, known: dict[str, Any], form: StepForm) -> HttpResponse | None:
    facts = {name: value for page in known.values() for name, value in page.items()}
    person = Identity(**{name: facts[name] for name in IDENTITY_FIELDS})
    by = request.user if isinstance(request.user, User) else None
    try:
        applicant = actions.sign_up(
            selection=selection, person=person, email=facts["email"], by=by, now=clock.now(),
            password=form.cleaned_data.get("password", ""),
        )  # fmt: skip
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    request.session.pop(_KEY, None)
    if by is None:
        login(request, applicant.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    messages.success(request, _("Akun Anda sudah jadi. Sekarang pilih satu formasi."))
    return redirect("registration:application")


def _no_staff(request: HttpRequest) -> None:
    if isinstance(request.user, User) and request.user.is_staff:
        raise PermissionDenied


# --- the draft: in the session on the server, encrypted, without any password -----------------------
def read_draft(request: HttpRequest, code: str) -> dict[str, Any]:
    """Step → its cleaned answers, as far as they were given for this selection."""
    kept = request.session.get(_KEY)
    if not kept or kept.get("code") != code:
        return {}
    try:
        plain = vault.decrypt("identity", b64decode(kept["answers"]), row=f"{_KEY}:{code}")
    except InvalidTag:
        return {}
    answers: dict[str, Any] = json.loads(plain)
    if "birth_date" in answers.get("kelahiran", {}):
        answers["kelahiran"]["birth_date"] = date.fromisoformat(answers["kelahiran"]["birth_date"])
    return answers


def write_draft(request: HttpRequest, code: str, answers: dict[str, Any]) -> None:
    """Keep the answers in the session."""
    plain = json.dumps(answers, default=date.isoformat).encode()
    sealed = vault.encrypt("identity", plain, row=f"{_KEY}:{code}")
    request.session[_KEY] = {"code": code, "answers": b64encode(sealed).decode()}
