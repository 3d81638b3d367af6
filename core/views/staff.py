"""Staff members and their roles: asked by one officer, approved by another."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import actions, clock, queries
from core.access import gate, need_whole_country
from core.errors import Refusal
from core.forms import ordered, paginate
from core.models import RoleGrant, TrailEntry, User
from core.views.forms import GrantForm, NewPasswordForm, StaffFilter, StaffForm

STATES = {
    "asked": _("Menunggu persetujuan"),
    "running": _("Berlaku"),
    "later": _("Belum mulai"),
    "expired": _("Berakhir"),
    "revoked": _("Dicabut"),
}


@gate("operator", "auditor")
@require_safe
def staff_list(request: HttpRequest) -> HttpResponse:
    """All staff members, filtered by name, role held now and state of the account."""
    need_whole_country(request, "operator", "auditor")
    form = StaffFilter(request.GET)
    form.is_valid()
    data = form.cleaned_data
    rows = queries.staff(data.get("cari", ""), data.get("peran", ""), data.get("aktif", ""))
    page = paginate(request, ordered(request, rows, ["full_name", "email", "created_at"]))
    held = queries.roles_held([person.pk for person in page])
    lines = [(person, held.get(person.pk, [])) for person in page]
    return render(request, "core/staff/list.html", {"form": form, "page": page, "lines": lines})


@gate("operator")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def staff_new(request: HttpRequest) -> HttpResponse:
    """A new staff member, still without a role."""
    need_whole_country(request, "operator")
    form = StaffForm(request.POST or None)
    if form.is_valid():
        try:
            person = actions.create_staff_user(**form.cleaned_data, by=_officer(request), now=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Petugas tersimpan. Mintakan perannya sekarang."))
            return redirect("core:staff_detail", person.pk)
    return render(request, "core/staff/new.html", {"form": form})


@gate("operator", "auditor")
@require_safe
def staff_detail(request: HttpRequest, pk: str) -> HttpResponse:
    """One staff member: roles, second factor, trail of the account."""
    need_whole_country(request, "operator", "auditor")
    person = get_object_or_404(User, pk=pk, kind=User.Kind.STAFF)
    grants = _with_states(list(queries.grants(user=person)))
    facts = {
        "person": person, "grants": grants, "enrolled": queries.has_second_factor(person),
        "entries": timeline(queries.trail_of(person)), "own": person.pk == request.user.pk,
    }  # fmt: skip
    return render(request, "core/staff/detail.html", facts)


_ACTS = {
    "nonaktifkan": (actions.deactivate_staff, _("Akun dinonaktifkan dan semua perannya dicabut.")),
    "aktifkan": (actions.reactivate_staff, _("Akun aktif lagi; perannya harus dimintakan kembali.")),
    "lepas-kode": (
        actions.reset_second_factor,
        _("Kode lama dilepas. Petugas memasang kode baru saat masuk berikutnya."),
    ),
}


@gate("operator")
@require_POST
def staff_act(request: HttpRequest, pk: str, act: str) -> HttpResponse:
    """Deactivate, reactivate, or take away a lost phone's codes."""
    need_whole_country(request, "operator")
    person = get_object_or_404(User, pk=pk, kind=User.Kind.STAFF)
    action, done = _ACTS[act]
    try:
        action(user=person, by=_officer(request), now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("core:staff_detail", person.pk)


@gate("operator")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def staff_password(request: HttpRequest, pk: str) -> HttpResponse:
    """Replace a staff member's forgotten password."""
    need_whole_country(request, "operator")
    person = get_object_or_404(User, pk=pk, kind=User.Kind.STAFF)
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            actions.replace_staff_password(
                user=person, password=form.cleaned_data["password"], by=_officer(request), now=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Kata sandi diganti. Sampaikan langsung kepada petugas itu."))
            return redirect("core:staff_detail", person.pk)
    return render(request, "core/staff/password.html", {"form": form, "person": person})


@gate("operator", "chair", "auditor")
@require_safe
def grants(request: HttpRequest) -> HttpResponse:
    """Roles asked for, in force and ended."""
    need_whole_country(request, "operator", "chair", "auditor")
    state = request.GET.get("keadaan", "asked")
    page = paginate(request, queries.grants(state))
    tabs = [
        (label, f"?keadaan={key}", key == state, queries.grants(key).count())
        for key, label in (("asked", STATES["asked"]), ("running", STATES["running"]), ("closed", STATES["expired"]))
    ]
    facts = {"page": page, "grants": _with_states(list(page)), "tabs": tabs, "state": state}
    return render(request, "core/staff/grants.html", facts)


@gate("operator")
@require_http_methods(["GET", "HEAD", "POST"])
def grant_new(request: HttpRequest) -> HttpResponse:
    """Ask for a role; another officer must approve it."""
    need_whole_country(request, "operator")
    form = GrantForm(request.POST or None, initial={"user": request.GET.get("petugas")})
    if form.is_valid():
        data = dict(form.cleaned_data)
        last_day = data.pop("valid_to")
        try:
            actions.grant_role(**data, valid_to=_end_of(last_day), by=_officer(request), now=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("Permintaan tersimpan. Petugas lain harus menyetujuinya sebelum peran berlaku.")
            )
            return redirect("core:grants")
    return render(request, "core/staff/grant_new.html", {"form": form})


_DECISIONS = {
    "setujui": (actions.approve_grant, _("Peran disetujui dan berlaku.")),
    "tolak": (actions.refuse_grant, _("Permintaan ditolak.")),
    "cabut": (actions.revoke_grant, _("Peran dicabut; berlaku seketika.")),
}


@gate("operator", "chair")
@require_POST
def grant_decide(request: HttpRequest, pk: str, decision: str) -> HttpResponse:
    """Approve, refuse or revoke; who asked cannot approve."""
    need_whole_country(request, "operator", "chair")
    grant = get_object_or_404(RoleGrant, pk=pk)
    action, done = _DECISIONS[decision]
    try:
        action(grant=grant, by=_officer(request), now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("core:grants")


def _officer(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the gate let only staff members in
    return request.user


def _end_of(day: date | None) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day, time.min, ZoneInfo(clock.WIB)) + timedelta(days=1)


def _with_states(rows: list[RoleGrant]) -> list[dict[str, object]]:
    now = clock.now()
    states = [(row, queries.grant_state(row, now)) for row in rows]
    return [{"grant": row, "state": state, "word": str(STATES[state])} for row, state in states]


def timeline(entries: Iterable[TrailEntry]) -> list[dict[str, object]]:
    """Trail lines as the timeline partial draws them."""
    return [{"at": line.at, "who": line.actor or _("Sistem"), "what": line.verb, "tone": "info"} for line in entries]
