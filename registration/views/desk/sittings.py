"""Sittings: list, new, one sitting with its seats and what is printed for it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.access import gate, need_whole_country
from core.errors import Refusal
from core.forms import ordered, paginate
from registration import queries
from registration.actions import create_sitting
from registration.forms.desk import SittingFilter, SittingForm
from registration.models import Selection
from registration.views.desk.common import asks_csv, csv_answer, csv_url, officer

READERS = ("committee", "chair", "auditor", "coordinator", "proctor", "operator")


@gate(*READERS)
@require_safe
def sitting_list(request: HttpRequest, code: str) -> HttpResponseBase:
    """The sittings of a selection that this officer may see."""
    selection = get_object_or_404(Selection, code=code)
    form = SittingFilter(request.GET, selection=selection)
    data = form.cleaned_data if form.is_valid() else {}
    centre = data.get("lokasi")
    rows = queries.sitting_list(
        officer(request), selection=selection, stage=data.get("tahap", ""), centre=centre.pk if centre else None,
        words=data.get("cari", ""),
    )  # fmt: skip
    rows = ordered(request, rows, ["starts_at", "stage_code", "room__centre__name", "capacity"])
    if asks_csv(request):
        head = (
            _("Tahap"), _("Titik lokasi"), _("Ruang"), _("Sesi"), _("Tanggal"), _("Mulai"),
            pgettext("banyak", "Kursi"), _("Terisi"), _("Kartu"),
        )  # fmt: skip
        cells = (
            (
                s.stage_code, s.room.centre.name, s.room.name, s.number,
                clock.write_date(s.starts_at, s.room.centre.zone), clock.write_time(s.starts_at, s.room.centre.zone),
                s.capacity, s.seat_count, s.card_count,  # type: ignore[attr-defined]
            )
            for s in rows.iterator()
        )  # fmt: skip
        return csv_answer(f"sesi-{code}", head, cells)
    context = {"selection": selection, "form": form, "page": paginate(request, rows), "csv_url": csv_url(request)}
    return render(request, "registration/desk/sittings.html", context)


@gate("committee", "chair")
@require_http_methods(["GET", "HEAD", "POST"])
def sitting_new(request: HttpRequest, code: str) -> HttpResponse:
    """Make a sitting; its start is typed in the centre's zone."""
    need_whole_country(request, "committee", "chair")
    selection = get_object_or_404(Selection, code=code)
    form = SittingForm(request.POST or None, selection=selection, initial={"stage": request.GET.get("tahap")})
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = create_sitting(
                stage=data["stage"], room=data["room"], starts_at=data["starts_at"], capacity=data["capacity"],
                number=data["number"], by=officer(request), now=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(Refusal(refusal.code, refusal.text, field=_FIELDS.get(refusal.field or "", refusal.field)))
        else:
            messages.success(request, _("Sesi tersimpan. Anda dapat menambah sesi berikutnya."))
            return redirect("registration:desk_sitting", made.reference)
    back = reverse("registration:desk_sittings", args=[code])
    context = {"form": form, "title": _("Sesi baru"), "back": back}
    return render(request, "registration/desk/form.html", context)


_FIELDS = {"starts_at": "time"}


@gate(*READERS)
@require_safe
def sitting_detail(request: HttpRequest, reference: str) -> HttpResponseBase:
    """One sitting: seats, people, cards and what can be printed."""
    sitting = get_object_or_404(queries.sittings_for(officer(request)), reference=reference)
    seats = queries.seats_of(sitting)
    if asks_csv(request):
        head = (_("Kursi"), _("Nomor peserta"), _("Nama"), _("Instansi"), _("Nomor kartu"))
        cells = (
            (
                seat.label, seat.application.number, seat.application.applicant.full_name,
                seat.application.formation.agency.name if seat.application.formation else "", seat.card_number,  # type: ignore[attr-defined]
            )
            for seat in seats.iterator()
        )  # fmt: skip
        return csv_answer(f"peserta-sesi-{sitting.number}", head, cells)
    context = {
        "sitting": sitting,
        "zone": sitting.room.centre.zone,
        "page": paginate(request, seats, 100),
        "carded": queries.cards_of(sitting).count(),
        "csv_url": csv_url(request),
    }
    return render(request, "registration/desk/sitting.html", context)
