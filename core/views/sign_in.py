"""Signing in and out: applicants by NIK, staff by e-mail and a second factor; recovery of a password."""

from uuid import UUID

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.http import url_has_allowed_host_and_scheme, urlencode, urlsafe_base64_decode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import actions, clock, queries, vault
from core.access import SECOND_FACTOR, gate
from core.errors import Refusal
from core.models import User
from core.views.forms import CodeForm, NewPasswordForm, NikForm, SignInForm, StaffSignInForm

_SEED_KEY = "second_factor_seed"
_CODES = "recovery_codes"
_NEXT = "next_after_code"


def _next(request: HttpRequest, fallback: str) -> str:
    """Where the person wanted to go; never off this site."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    fine = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if fine else reverse(fallback)


def _enter(request: HttpRequest, user: User, answer: HttpResponse) -> HttpResponse:
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", secure=request.is_secure())
    return answer


@gate("public")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """An applicant signs in by NIK and password."""
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            user = actions.check_password(
                username=vault.blind_index(form.cleaned_data["nik"]), password=form.cleaned_data["password"],
                kind=User.Kind.APPLICANT, now=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _enter(request, user, redirect(_next(request, "core:home")))
    return render(request, "core/sign_in/applicant.html", {"form": form, "next": _next(request, "core:home")})


@gate("public")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def staff_sign_in(request: HttpRequest) -> HttpResponse:
    """A staff member signs in by e-mail and password, then goes on to the second factor."""
    form = StaffSignInForm(request.POST or None)
    if form.is_valid():
        try:
            user = actions.check_password(
                username=form.cleaned_data["email"].lower(), password=form.cleaned_data["password"],
                kind=User.Kind.STAFF, now=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            there = _next(request, "core:desk")
            return _enter(request, user, redirect(f"{reverse('core:second_factor')}?{urlencode({'next': there})}"))
    return render(request, "core/sign_in/staff.html", {"form": form, "next": _next(request, "core:desk")})


@gate("public")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """The code of the phone; at the first sign-in the phone is bound here. The gate lets nobody past without it."""
    user = request.user
    if not isinstance(user, User) or not user.is_staff:
        return redirect("core:staff_sign_in")
    if request.session.get(SECOND_FACTOR):
        return redirect(_next(request, "core:desk"))
    if not queries.has_second_factor(user):
        return _enrol(request, user)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            actions.check_code(user=user, code=form.cleaned_data["code"], now=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _passed(request, _next(request, "core:desk"))
    return render(request, "core/sign_in/code.html", {"form": form, "next": _next(request, "core:desk")})


def _passed(request: HttpRequest, there: str) -> HttpResponse:
    request.session.cycle_key()
    request.session[SECOND_FACTOR] = clock.now().isoformat()
    return redirect(there)


def _enrol(request: HttpRequest, user: User) -> HttpResponse:
    secret = request.session.setdefault(_SEED_KEY, generate_totp_secret())
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            codes = actions.enrol_second_factor(
                user=user, secret=secret, code=form.cleaned_data["code"], by=user, now=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            del request.session[_SEED_KEY]
            request.session[_CODES], request.session[_NEXT] = codes, _next(request, "core:desk")
            return _passed(request, reverse("core:recovery_codes"))
    label = f"{settings.MFA_TOTP_ISSUER}:{user.email}"
    address = f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': settings.MFA_TOTP_ISSUER})}"
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    facts = {"form": form, "address": address, "secret": groups, "next": _next(request, "core:desk")}
    return render(request, "core/sign_in/enrol.html", facts)


@gate("staff")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Recovery codes, shown once after they were made; POST makes new ones."""
    user = request.user
    assert isinstance(user, User)
    if request.method == "POST":
        request.session[_CODES] = actions.new_recovery_codes(user=user, by=user, now=clock.now())
        return redirect("core:recovery_codes")
    codes = request.session.pop(_CODES, [])
    there = request.session.pop(_NEXT, reverse("core:desk"))
    facts = {"codes": codes, "left": queries.recovery_codes_left(user), "next": there}
    return render(request, "core/sign_in/recovery_codes.html", facts)


@gate("public")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session on this device."""
    logout(request)
    messages.success(request, _("Anda sudah keluar. Di komputer bersama, tutup juga jendela ini."))
    return redirect("core:home")


@gate("public")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """Ask for a link by NIK; the answer is the same whether an account exists or not."""
    form = NikForm(request.POST or None)
    if form.is_valid():
        actions.send_recovery(nik=form.cleaned_data["nik"], by=None, now=clock.now())
        return redirect("core:recover_sent")
    return render(request, "core/sign_in/recover.html", {"form": form})


@gate("public")
@require_safe
def recover_sent(request: HttpRequest) -> HttpResponse:
    """What happens next, without telling whether the account exists."""
    return render(request, "core/sign_in/recover_sent.html")


def _person_of(key: str) -> User | None:
    try:
        number = UUID(force_str(urlsafe_base64_decode(key)))
    except ValueError:
        return None
    return User.objects.filter(pk=number, kind=User.Kind.APPLICANT).first()


@gate("public")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def recover_set(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Set a new password with the mailed link, once."""
    user = _person_of(key)
    if user is None or not default_token_generator.check_token(user, token):
        return render(request, "core/sign_in/recover_dead.html", status=410)
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            actions.reset_password(user=user, token=token, password=form.cleaned_data["password"], now=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Kata sandi baru sudah berlaku. Silakan masuk."))
            return redirect("core:sign_in")
    return render(request, "core/sign_in/recover_set.html", {"form": form})
