"""Agencies, centres, rooms and enrolled PCs."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import actions, clock, queries
from core.access import SECOND_FACTOR, gate, may_enrol, need_whole_country
from core.errors import Refusal
from core.forms import UiForm, ordered, paginate
from core.models import Agency, Room, Station, TestCentre, User
from core.models.places import COOKIE
from core.views.forms import (
    AgencyForm,
    BulkStationsForm,
    CentreForm,
    LabelForm,
    RoomForm,
    SearchForm,
    StationCodeForm,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

YEARS_5 = 5 * 365 * 24 * 60 * 60


def _officer(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the gate let only staff members in
    return request.user


def _form_page(request: HttpRequest, form: UiForm, heading: "str | StrPromise", back: str) -> HttpResponse:
    return render(request, "core/places/form.html", {"form": form, "heading": heading, "back": back})


@gate("operator")
@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    """All agencies."""
    need_whole_country(request, "operator")
    form = SearchForm(request.GET)
    rows = ordered(request, queries.agencies(request.GET.get("cari", "")), ["code", "name", "kind"])
    return render(request, "core/places/agencies.html", {"form": form, "page": paginate(request, rows)})


@gate("operator")
@require_http_methods(["GET", "HEAD", "POST"])
def agency_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change an agency."""
    need_whole_country(request, "operator")
    agency = get_object_or_404(Agency, pk=pk) if pk else None
    initial = {"code": agency.code, "name": agency.name, "kind": agency.kind} if agency else {}
    form = AgencyForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.save_agency(agency=agency, by=_officer(request), now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Instansi tersimpan."))
            return redirect("core:agencies")
    heading = _("Ubah instansi") if agency else _("Tambah instansi")
    return _form_page(request, form, heading, reverse("core:agencies"))


@gate("operator")
@require_safe
def centres(request: HttpRequest) -> HttpResponse:
    """All test centres."""
    need_whole_country(request, "operator")
    form = SearchForm(request.GET)
    rows = ordered(request, queries.centres(request.GET.get("cari", "")), ["code", "name", "city"])
    return render(request, "core/places/centres.html", {"form": form, "page": paginate(request, rows)})


@gate("operator")
@require_http_methods(["GET", "HEAD", "POST"])
def centre_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a test centre."""
    need_whole_country(request, "operator")
    centre = get_object_or_404(TestCentre, pk=pk) if pk else None
    fields = ("code", "name", "address", "city", "zone", "is_open")
    initial = {name: getattr(centre, name) for name in fields} if centre else {}
    form = CentreForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            saved = actions.save_centre(centre=centre, by=_officer(request), now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Titik lokasi tersimpan."))
            return redirect("core:rooms", saved.pk)
    heading = _("Ubah titik lokasi") if centre else _("Tambah titik lokasi")
    return _form_page(request, form, heading, reverse("core:centres"))


@gate("operator")
@require_safe
def rooms(request: HttpRequest, pk: int) -> HttpResponse:
    """The rooms of a centre."""
    need_whole_country(request, "operator")
    centre = get_object_or_404(TestCentre, pk=pk)
    return render(request, "core/places/rooms.html", {"centre": centre, "rooms": queries.rooms(centre)})


@gate("operator")
@require_http_methods(["GET", "HEAD", "POST"])
def room_edit(request: HttpRequest, centre_pk: int, pk: int | None = None) -> HttpResponse:
    """Add or change a room."""
    need_whole_country(request, "operator")
    centre = get_object_or_404(TestCentre, pk=centre_pk)
    room = get_object_or_404(Room, pk=pk, centre=centre) if pk else None
    initial = {"code": room.code, "name": room.name, "capacity": room.capacity} if room else {}
    form = RoomForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.save_room(centre=centre, room=room, by=_officer(request), now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Ruang tersimpan."))
            return redirect("core:rooms", centre.pk)
    heading = _("Ubah ruang") if room else _("Tambah ruang")
    return _form_page(request, form, heading, reverse("core:rooms", args=[centre.pk]))


@gate("operator")
@require_http_methods(["GET", "HEAD", "POST"])
def stations(request: HttpRequest, pk: int) -> HttpResponse:
    """The PCs of a room; POST makes enrolment codes to type at each PC."""
    need_whole_country(request, "operator")
    room = get_object_or_404(Room.objects.select_related("centre"), pk=pk)
    form = BulkStationsForm(request.POST or None)
    codes: list[tuple[str, str]] = []
    if form.is_valid():
        try:
            codes = actions.prepare_stations(room=room, labels=form.labels(), by=_officer(request), now=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
    facts = {"room": room, "stations": queries.stations(room), "form": form, "codes": codes}
    return render(request, "core/places/stations.html", facts)


@gate("operator", "coordinator")
@require_http_methods(["GET", "HEAD", "POST"])
def station_here(request: HttpRequest, pk: int) -> HttpResponse:
    """Enrol the PC this page is open on."""
    room = get_object_or_404(Room.objects.select_related("centre"), pk=pk)
    if not may_enrol(_officer(request), room):
        raise PermissionDenied
    form = LabelForm(request.POST or None)
    if form.is_valid():
        try:
            label = form.cleaned_data["label"]
            _station, token = actions.enrol_station(room=room, label=label, by=_officer(request), now=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _with_cookie(redirect("core:station"), token)
    return _form_page(request, form, _("Daftarkan komputer ini"), reverse("core:stations", args=[room.pk]))


@gate("operator")
@require_POST
def station_retire(request: HttpRequest, pk: str) -> HttpResponse:
    """Take a PC out of use."""
    need_whole_country(request, "operator")
    station = get_object_or_404(Station, pk=pk)
    try:
        actions.retire_station(station=station, by=_officer(request), now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Komputer tidak dipakai lagi; tokennya langsung mati."))
    return redirect("core:stations", station.room_id)


@gate("public")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def station(request: HttpRequest) -> HttpResponse:
    """Which enrolled PC this is; typing an enrolment code here enrols it."""
    form = StationCodeForm(request.POST or None)
    if form.is_valid():
        officer = request.user if isinstance(request.user, User) and request.session.get(SECOND_FACTOR) else None
        try:
            _station, token = actions.redeem_station(code=form.cleaned_data["code"], by=officer, now=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _with_cookie(redirect("core:station"), token)
    here = queries.station_of_cookie(request.COOKIES.get(COOKIE, ""))
    return render(request, "core/places/station.html", {"form": form, "enrolled": here})


def _with_cookie(answer: HttpResponse, token: str) -> HttpResponse:
    answer.set_cookie(
        COOKIE, queries.station_cookie(token), max_age=YEARS_5, httponly=True, samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer
