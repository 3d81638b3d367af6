"""The life of an exam: each act is a page that asks once more, then a POST."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from cat_exam.hallclock import hall_now
from core.access import gate
from proctoring import actions, queries
from proctoring.forms import ReasonForm
from proctoring.protocol import Full
from proctoring.rules.seats import SeatKind
from proctoring.views.base import act, draw, exam_or_404, person, to_room
from proctoring.words import FAULTS, KINDS


@dataclass(frozen=True, slots=True)
class Step:
    """One act: what it is called, what it does in words, its button, and what is said when it is done."""

    title: Any
    text: Any
    button: Any
    done: Any
    doing: Callable[..., object]
    needs_reason: bool = False
    kind: str = "primary"


OPEN = Step(
    _("Buka registrasi"),
    _("Peserta dapat dihadirkan dan menerima PIN mulai sekarang. Anda tercatat sebagai pengawas yang bertugas."),
    _("Buka registrasi sekarang"),
    _("Registrasi dibuka."),
    actions.open_registration,
)
START = Step(
    _("Mulai ujian"),
    _("Waktu semua peserta yang hadir mulai berjalan serentak. Periksa dahulu kursi yang belum siap."),
    _("Mulai sekarang"),
    _("Ujian dimulai."),
    actions.begin_exam,
)
PAUSE = Step(
    _("Jeda ujian"),
    _("Waktu semua peserta berhenti pada saat yang sama. Jawaban yang tersimpan aman."),
    _("Jeda sekarang"),
    _("Ujian dijeda; waktu semua peserta berhenti."),
    actions.hold_exam,
    needs_reason=True,
)
RESUME = Step(
    _("Lanjutkan ujian"),
    _("Waktu semua peserta berjalan lagi dari sisa masing-masing."),
    _("Lanjutkan sekarang"),
    _("Ujian dilanjutkan."),
    actions.continue_exam,
    needs_reason=True,
)
CLOSE = Step(
    _("Tutup ujian"),
    _("Peserta yang tidak datang dicatat tidak hadir dan daftar hadir disegel. Ini tidak dapat dibatalkan."),
    _("Tutup ujian sekarang"),
    _("Ujian ditutup dan daftar hadir disegel. Lanjutkan dengan berita acara."),
    actions.end_exam,
    kind="stop",
)


#: Here, but not ready.
BEHIND = frozenset({"checked_in", "blocked", "checking", "preflight_failed", "disconnected"})


def _unready(state: Full) -> list[tuple[str, str]]:
    """(seat, why) of candidates who are here and would start without a ready PC."""
    words = KINDS | {SeatKind.CHECKED_IN: _("belum masuk di komputernya")}
    return [
        (tile.label, ", ".join([str(words[SeatKind(tile.kind)]), *(str(FAULTS[code]) for code in tile.faults)]))
        for tile in state.seats
        if tile.kind in BEHIND
    ]


def _take(request: HttpRequest, reference: str, step: Step) -> HttpResponse:
    exam = exam_or_404(request, reference)
    form = ReasonForm(request.POST or None) if step.needs_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        words = {"reason": form.cleaned_data["reason"]} if form else {}

        def doing() -> object:
            return step.doing(exam=exam, by=person(request), now=hall_now(), **words)

        if act(request, doing, str(step.done), form) or form is None:
            return to_room(exam)
    state = queries.read_room(exam, hall_now())
    context = {
        "step": step,
        "form": form,
        "waiting": sum(tile.kind == SeatKind.AWAITED for tile in state.seats),
        "seats": len(state.seats),
        "unready": _unready(state) if step is START else [],
    }
    return draw(request, "proctoring/act.html", exam, context)


@gate(*queries.ACTING)
@require_http_methods(["GET", "POST"])
def open_door(request: HttpRequest, reference: str) -> HttpResponse:
    """Open registration."""
    return _take(request, reference, OPEN)


@gate(*queries.ACTING)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, reference: str) -> HttpResponse:
    """Start the exam."""
    return _take(request, reference, START)


@gate(*queries.ACTING)
@require_http_methods(["GET", "POST"])
def pause(request: HttpRequest, reference: str) -> HttpResponse:
    """Stop the clock of the room."""
    return _take(request, reference, PAUSE)


@gate(*queries.ACTING)
@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest, reference: str) -> HttpResponse:
    """Let the clock run again."""
    return _take(request, reference, RESUME)


@gate(*queries.ACTING)
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close the exam."""
    return _take(request, reference, CLOSE)


@gate(*queries.ACTING)
@require_POST
def duty(request: HttpRequest, reference: str) -> HttpResponse:
    """Go on duty or off duty."""
    exam = exam_or_404(request, reference)
    by, now = person(request), hall_now()
    if request.POST.get("act") == "end":
        act(request, lambda: actions.end_watch(exam=exam, by=by, now=now), str(_("Tugas Anda di sini berakhir.")))
    else:
        act(request, lambda: actions.begin_watch(exam=exam, by=by, now=now), str(_("Anda bertugas di ruang ini.")))
    return to_room(exam)
