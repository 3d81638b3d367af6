"""The candidate's pages: the door (card number and PIN), waiting room and exam, the score, the receipt."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cat_exam import actions, hallclock, queries, session
from cat_exam.models import Attempt, ScoreSheet
from cat_exam.rules import lifecycle
from cat_exam.views.words import hall_words
from core import clock
from core.access import gate
from core.errors import Refusal
from core.forms import UiForm

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class DoorForm(UiForm):
    """Card number and PIN, as printed on the card and on the slip of this sitting."""

    card_number = forms.CharField(
        label=gettext_lazy("Nomor kartu ujian"),
        help_text=gettext_lazy("Tertulis di kartu ujian Anda; tanda hubung dan spasi boleh diabaikan."),
        max_length=40,
        widget=forms.TextInput(
            {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "autofocus": True}
        ),
    )
    pin = forms.CharField(
        label=gettext_lazy("PIN"),
        help_text=gettext_lazy("Enam angka dari pengawas, hanya untuk sesi dan kursi ini."),
        max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_pin(self) -> str:
        digits = "".join(self.cleaned_data["pin"].split())
        if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
            raise forms.ValidationError(
                _("PIN terdiri atas 6 angka; yang Anda tulis %(count)d karakter.") % {"count": len(digits)}
            )
        return digits


def is_safe(request: HttpRequest) -> bool:
    """True where a browser gives the page its storage and cryptography: https, or the same machine."""
    return request.is_secure() or request.get_host().rsplit(":", 1)[0] in LOOPBACK


@gate("public")
@never_cache
def entry(request: HttpRequest) -> HttpResponse:
    """The door. Who is already inside goes on; a wrong card or PIN is told in words, the typed text stays."""
    if not is_safe(request):
        return render(request, "cat_exam/insecure.html", status=403)
    inside = session.hall_session(request)
    if inside is not None and inside.attempt.state in lifecycle.OPEN:
        return redirect("cat_exam:lobby")
    station = session.station_of(request)
    form = DoorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ticket = actions.enter_hall(**form.cleaned_data, station=station, now=hallclock.hall_now())
        except Refusal as no:
            form.refuse(no)
        else:
            answer = redirect("cat_exam:lobby")
            session.begin(answer, ticket.attempt)
            return answer
    status = 200 if request.method in {"GET", "HEAD"} else 422
    return render(request, "cat_exam/entry.html", {"form": form, "station": station}, status=status)


@gate("candidate")
@never_cache
@require_safe
def lobby(request: HttpRequest) -> HttpResponse:
    """Waiting room and exam on one page; who has ended sees the score."""
    if not is_safe(request):
        return render(request, "cat_exam/insecure.html", status=403)
    inside = session.hall_session(request)
    if inside is None:
        return redirect("cat_exam:entry")
    if inside.attempt.state not in lifecycle.OPEN:
        return redirect("cat_exam:score")
    return render(request, "cat_exam/hall.html", hall_facts(inside.attempt))


def hall_facts(attempt: Attempt) -> dict[str, Any]:
    """What the page shows of the candidate and the sitting; nothing of the paper."""
    sitting = attempt.exam.sitting
    zone = sitting.room.centre.zone
    starts_at = clock.write_moment(sitting.starts_at, zone, weekday=True)
    minutes = sitting.minutes
    return {
        "attempt": attempt,
        "exam_title": f"{attempt.stage.code} {attempt.stage.selection.year}",
        "sitting_line": _("Sesi %(number)d, %(at)s")
        % {"number": sitting.number, "at": clock.write_time(sitting.starts_at, zone)},
        "seat_label": attempt.seat.label,
        "zone": zone,
        "zone_name": clock.zone_name(zone, sitting.starts_at),
        "starts_at": starts_at,
        "minutes": minutes,
        "identity": [
            (_("Nama"), attempt.display_name),
            (_("Nomor kartu"), attempt.card_number),
            (_("Ujian"), f"{attempt.stage.selection.name} · {attempt.stage.name}"),
            (_("Ruang dan kursi"), f"{sitting.room.name} · {attempt.seat.label}"),
        ],
        "words": hall_words(),
    }


@gate("candidate")
@never_cache
@require_safe
def score(request: HttpRequest) -> HttpResponse:
    """The score as soon as it is sealed; until then the page says so and looks again."""
    inside = session.hall_session(request)
    if inside is None:
        return redirect("cat_exam:entry")
    attempt = inside.attempt
    if attempt.state in lifecycle.OPEN:
        return redirect("cat_exam:lobby")
    told = queries.score_messages([attempt.pk]).get(attempt.pk)
    result = None
    if told is not None:
        url = settings.PUBLIC_ORIGIN + reverse("cat_exam:receipt", args=[told.receipt])
        result = asdict(told) | {
            "name": attempt.display_name,
            "card_number": attempt.card_number,
            "title": f"{attempt.stage.selection.name} · {attempt.stage.name}",
            "receipt_url": url,
        }
    return render(request, "cat_exam/score.html", {"result": result, "attempt": attempt})


@gate("candidate")
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Away from this PC; the next candidate finds an empty door."""
    answer = redirect("cat_exam:entry")
    session.end(answer)
    return answer


@gate("public")
@never_cache
@require_safe
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """Whoever holds a receipt code sees what was sealed under it, and whether the seal still holds."""
    sheet = queries.receipt(code)
    facts = {"sheet": receipt_facts(sheet) if sheet else None}
    return render(request, "cat_exam/receipt.html", facts, status=200 if sheet else 404)


def receipt_facts(sheet: ScoreSheet) -> dict[str, Any]:
    """The sheet for its holder: scores and moment, the card number only by its last four signs, no name."""
    zone = sheet.attempt.exam.sitting.room.centre.zone
    rows = [(_("Kartu ujian"), f"…{sheet.attempt.card_number[-4:]}"), (_("Tahap"), sheet.stage.name)]
    rows += [(code, str(points)) for code, points in sheet.sections.items()]
    rows += [(_("Jumlah nilai"), str(sheet.total)), (_("Disegel"), clock.write_moment(sheet.sealed_at, zone))]
    replaced = ScoreSheet.objects.filter(replaces=sheet).exists()
    return {"holds": sheet.seal_holds(), "facts": rows, "replaced": replaced}
