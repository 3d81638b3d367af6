"""My rooms, one room's live screen, its snapshot, one seat."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Exam
from cat_exam.rules.lifecycle import ATTEMPT, OPEN
from core.access import gate
from core.forms import paginate
from proctoring import protocol, queries
from proctoring.queries import evidence, stations
from proctoring.rules.seats import SHAPES, TONES, SeatKind
from proctoring.views.base import attempt_or_404, draw, exam_or_404, person
from proctoring.words import CALLS, FAULTS, JOURNAL, KINDS

#: Stands in an address where the browser puts the id of a request.
NO_ID = "00000000-0000-0000-0000-000000000000"

LARGE_ROOM = 60  # more seats than this are shown as small tiles


@gate(*queries.READING)
@require_safe
def rooms(request: HttpRequest) -> HttpResponse:
    """The exams of my centres, today's first."""
    past = request.GET.get("semua") == "1"
    page = paginate(request, queries.rooms_for(request.user, now=hall_now(), past=past), per_page=30)
    return render(request, "proctoring/rooms.html", {"page": page, "past": past})


@gate(*queries.READING)
@require_safe
def room(request: HttpRequest, reference: str) -> HttpResponse:
    """The live screen: map and table by seat, what needs a person, buttons of the exam's life."""
    exam = exam_or_404(request, reference)
    state = queries.read_room(exam, hall_now())
    on_duty = queries.duty(exam)
    kinds = [_kind_row(kind, state.seats) for kind in SeatKind]
    context = {
        "state": state,
        "tiles": [_tile_row(exam, tile) for tile in state.seats],
        "is_large": len(state.seats) > LARGE_ROOM,
        "calls": [_call_row(exam, call) for call in state.calls],
        "kinds": kinds,
        "data": _page_data(exam, state),
        "on_duty": on_duty,
        "is_on_duty": any(watch.user_id == person(request).pk for watch in on_duty),
        "life": _life(exam, state),
        "ready": ready_counts(state),
        "before": exam.state in {Exam.State.PREPARED, Exam.State.OPEN},
    }
    return draw(request, "proctoring/room.html", exam, context)


def _kind_row(kind: SeatKind, seats: tuple[protocol.Tile, ...]) -> dict[str, Any]:
    count = sum(tile.kind == kind for tile in seats)
    return {"kind": kind, "word": KINDS[kind], "tone": TONES[kind], "shape": SHAPES[kind], "count": count}


def ready_counts(state: protocol.Full) -> dict[str, Any]:
    """How many seats are ready, of how many, and those that are not: ``{"ready", "all", "behind"}``."""
    behind = [tile for tile in state.seats if tile.kind != SeatKind.READY]
    return {"ready": len(state.seats) - len(behind), "all": len(state.seats), "behind": behind}


def _tile_row(exam: Exam, tile: protocol.Tile) -> dict[str, Any]:
    kind = SeatKind(tile.kind)
    url = reverse("proctoring:seat", args=[exam.reference, tile.ref])
    wrong = ", ".join(str(FAULTS[code]) for code in tile.faults)
    if tile.moved:
        wrong = f"{_('di komputer')} {tile.moved}"
    return {
        "tile": tile, "word": KINDS[kind], "tone": TONES[kind], "shape": SHAPES[kind], "url": url, "wrong": wrong,
    }  # fmt: skip


#: Calls that lead to a request of their own, by the name of its page.
BY_ID = ("override", "removal", "move")


def _call_url(exam: Exam, call: protocol.Call) -> str:
    if call.code == "time_request":
        return reverse("proctoring:time", args=[exam.reference])
    if call.code in BY_ID:
        return reverse(f"proctoring:{call.code}", args=[exam.reference, call.id])
    if call.ref:
        return reverse("proctoring:seat", args=[exam.reference, call.ref])
    return reverse("proctoring:resume", args=[exam.reference])


def _call_row(exam: Exam, call: protocol.Call) -> dict[str, Any]:
    return {"call": call, "words": CALLS[call.code], "url": _call_url(exam, call)}


def _page_data(exam: Exam, state: protocol.Full) -> dict[str, Any]:
    """What room.js needs: words, shapes, addresses and the first frame."""
    here = exam.reference
    return {
        "first": asdict(state),
        "kinds": {kind: {"word": str(KINDS[kind]), "tone": TONES[kind], "shape": SHAPES[kind]} for kind in SeatKind},
        "calls": {code: str(words) for code, words in CALLS.items()},
        "faults": {code: str(words) for code, words in FAULTS.items()},
        "socket": protocol.SOCKET_PATH.format(reference=here),
        "snapshot": reverse("proctoring:snapshot", args=[here]),
        "seat": reverse("proctoring:seat", args=[here, "REF"]),
        "time": reverse("proctoring:time", args=[here]),
        "byId": {code: reverse(f"proctoring:{code}", args=[here, NO_ID]).replace(NO_ID, "ID") for code in BY_ID},
        "resume": reverse("proctoring:resume", args=[here]),
        "zone": exam.sitting.room.centre.zone,
        "words": {
            "live": _("Langsung"),
            "polling": _("Tidak langsung: diperbarui tiap 3 detik"),
            "lost": _("Terputus dari peladen. Angka di bawah ini sudah lama."),
            "saved": _("tersimpan"),
            "ago": _("lalu"),
            "gone": _("terputus"),
            "seat": _("Kursi"),
            "wrong_seat": _("Kursi salah"),
            "moved": _("di komputer"),
            "ready": _("Siap {n} dari {all}"),
        },
    }


def _life(exam: Exam, state: protocol.Full) -> list[dict[str, str]]:
    """Buttons of the exam's life that make sense now: (name of the act, label, kind, icon)."""
    buttons = {
        "prepared": [("open", _("Buka registrasi"), "primary", "people")],
        "open": [("start", _("Mulai ujian"), "primary", "play"), ("close", _("Tutup ujian"), "", "stop")],
        "running": [
            ("resume", _("Lanjutkan"), "primary", "play") if state.room.paused else ("pause", _("Jeda"), "", "pause"),
            ("close", _("Tutup ujian"), "", "stop"),
        ],
        "closed": [],
    }[exam.state]
    return [
        {"url": reverse(f"proctoring:{act}", args=[exam.reference]), "label": label, "kind": kind, "icon": icon}
        for act, label, kind, icon in buttons
    ]


@gate(*queries.READING)
@require_safe
def snapshot(request: HttpRequest, reference: str) -> HttpResponse:
    """The same frame the socket opens with, for the time without a socket."""
    exam = exam_or_404(request, reference)
    body = protocol.dump(queries.read_room(exam, hall_now()))
    return HttpResponse(body, content_type="application/json", headers={"Cache-Control": "no-store"})


@gate(*queries.READING)
@require_safe
def seat(request: HttpRequest, reference: str, attempt: str) -> HttpResponse:
    """One seat: who, which state, what the journal counts, and what may be done."""
    exam = exam_or_404(request, reference)
    found = attempt_or_404(exam, attempt)
    tile = next(tile for tile in queries.read_room(exam, hall_now()).seats if tile.ref == attempt)
    context = {
        "attempt": found,
        "row": _tile_row(exam, tile),
        "applicant": found.application.applicant,
        "check_in": getattr(found, "check_in", None),
        "calls": [CALLS[code] for code in tile.calls],
        "journal": [(JOURNAL[kind], lines) for kind, lines in queries.journal_counts(found).items()],
        "has_photo": queries.photo_of(found.application_id) is not None,
        "incidents": queries.incidents_of(exam).filter(attempt=found),
        "requests": queries.time_requests(exam).filter(grant__attempt=found),
        "proposals": _proposals(exam, found),
        "may_move": found.state in OPEN and exam.state != Exam.State.CLOSED,
        "may_remove": bool({"disqualified", "voided"} & ATTEMPT[found.state]),
        "left_seconds": None if tile.left is None else tile.left // 1000,
    }
    return draw(request, "proctoring/seat.html", exam, context)


def _proposals(exam: Exam, attempt: Attempt) -> list[tuple[str, str, Any]]:
    """(address, words, row) of what two officers decide about this candidate."""
    here = exam.reference
    moved = [
        (reverse("proctoring:move", args=[here, row.pk]), _("Pindah ke %(pc)s") % {"pc": row.station.label}, row)
        for row in stations.moves_of(exam).filter(attempt=attempt)
    ]
    removed = [
        (reverse("proctoring:removal", args=[here, row.pk]), str(row.get_to_display()), row)
        for row in evidence.removals_of(exam).filter(attempt=attempt)
    ]
    return [*moved, *removed]


@gate(*queries.READING)
@require_safe
def photo(request: HttpRequest, reference: str, attempt: str) -> HttpResponseBase:
    """The photo on file, only to those who see this exam."""
    exam = exam_or_404(request, reference)
    document = queries.photo_of(attempt_or_404(exam, attempt).application_id)
    path = settings.MEDIA_ROOT / document.path if document else None
    if document is None or path is None or not path.is_file():
        raise Http404
    answer = FileResponse(path.open("rb"), content_type=document.media_type)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
