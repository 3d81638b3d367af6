"""Long work: how far it is, how it ended, its list of faults; and the one way a page hands work over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.access import gate, need_whole_country, roles_of
from core.errors import Refusal
from core.forms import paginate
from registration import queries
from registration.actions import cancel_work
from registration.actions.schedule import Missing
from registration.exchange.catalogue import reason
from registration.forms.work import FaultFilter
from registration.models import Work
from registration.rules import work as rules
from registration.rules.catalogue import Fault
from registration.views.desk.common import asks_csv, csv_answer, csv_url, officer
from registration.views.desk.selections import READERS, WRITERS

#: Steps in words, as they stand above the bar.
STEPS = {
    "": gettext_lazy("Menunggu giliran"),
    "reading": gettext_lazy("Membaca dan memeriksa baris"),
    "writing": gettext_lazy("Menulis formasi dan program studi"),
    "placing": gettext_lazy("Menyusun pembagian kursi"),
    "seating": gettext_lazy("Menempatkan peserta pada kursi"),
    "numbering": gettext_lazy("Memberi nomor peserta"),
    "sealing": gettext_lazy("Menyegel kartu"),
}


def _found(pk: UUID) -> Work:
    return get_object_or_404(queries.works(), pk=pk)


def _state(work: Work) -> dict[str, Any]:
    """What the fragment shows of an open work."""
    now = clock.now()
    return {
        "work": work,
        "step": STEPS.get(work.step, STEPS[""]),
        "pace": queries.pace_of(work, now),
        "lost": work.is_lost(now),
        "slow": rules.waits_long(work.state, work.asked_at, now),
        "seconds": max(int((now - (work.began_at or work.asked_at)).total_seconds()), 0),
    }


@gate(*READERS)
@never_cache
@require_safe
def work_page(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One piece of work: a bar while it is open, then what came of it."""
    work = _found(pk)
    context = _state(work) | {"back": _back(work), "may_cancel": _may_cancel(request, work), "again": _again(work)}
    if work.kind == Work.Kind.SCHEDULE and work.state == Work.State.DONE:
        context["missing"] = [Missing(**line) for line in work.result["missing"]]
    if work.code == "faults":
        return _faults(request, work, context)
    return render(request, "registration/desk/work.html", context)


def _faults(request: HttpRequest, work: Work, context: dict[str, Any]) -> HttpResponseBase:
    form = FaultFilter(request.GET, faults=work.faults)
    data = form.cleaned_data if form.is_valid() else {}
    found = queries.faults_of(
        work, column=data.get("kolom", ""), code=data.get("alasan", ""), words=data.get("cari", "")
    )
    rows = [(line[0], line[1], reason(Fault(*line)), line[3]) for line in found]
    if asks_csv(request):
        head = (_("baris"), _("kolom"), _("alasan"), _("nilai"))
        return csv_answer("kesalahan-katalog", head, rows)
    context |= {
        "form": form, "page": paginate(request, rows, 100), "csv_url": csv_url(request), "count": len(work.faults),
    }  # fmt: skip
    return render(request, "registration/desk/work.html", context)


@gate(*READERS)
@never_cache
@require_safe
def work_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bar alone, asked for every second; when the work is over the page is asked for again."""
    work = _found(pk)
    answer = render(request, "registration/desk/work_state.html", _state(work))
    if not work.is_open:
        answer.headers["HX-Refresh"] = "true"
    return answer


@gate(*WRITERS)
@require_POST
def work_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop a piece of work; what it has written is taken back."""
    need_whole_country(request, *WRITERS)
    work = _found(pk)
    try:
        cancel_work(work=work, by=officer(request), now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("registration:desk_work", work.pk)


def _may_cancel(request: HttpRequest, work: Work) -> bool:
    return work.is_open and bool(roles_of(request.user) & set(WRITERS))


def _back(work: Work) -> tuple[str, str]:
    """Label and address of the page the work was asked for on."""
    if work.kind == Work.Kind.CATALOGUE:
        return _("Impor katalog formasi"), f"{reverse('registration:import_catalogue')}?seleksi={work.selection.code}"
    return pgettext("halaman", "Penjadwalan"), reverse("registration:desk_schedule", args=[work.selection.code])


def _again(work: Work) -> str:
    """What to do after a work that did not get through."""
    return {
        "lost": _("Proses latar berhenti di tengah jalan. Tidak ada yang ditulis. Mulai lagi dari awal."),
        "crashed": _("Coba sekali lagi. Bila terulang, beri tahu operator sistem nomor pekerjaan di bawah ini."),
        "cancelled": _("Mulai lagi dari halaman sebelumnya bila diperlukan."),
    }.get(work.code, _("Perbaiki yang disebut di atas, lalu mulai lagi dari halaman sebelumnya."))
