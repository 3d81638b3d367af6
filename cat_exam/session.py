"""The hall session: who sits at this browser, proved by a signed cookie of the PIN page; no User is behind it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from cat_exam.models import Attempt, Exam
from cat_exam.queries import attempt_of
from core.models import Station
from core.models.places import COOKIE as STATION_COOKIE
from core.queries import station_of_cookie

COOKIE = "cat_hall"
_SALT = "cat_exam.hall"
_AGE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class HallSession:
    """An attempt and the PC it is bound to."""

    attempt: Attempt
    station: Station


def station_of(request: HttpRequest) -> Station | None:
    """The enrolled PC this browser is; None on any other."""
    return station_of_cookie(request.COOKIES.get(STATION_COOKIE, ""))


def hall_session(request: HttpRequest) -> HallSession | None:
    """Who entered here with card and PIN; None once a new PIN was issued, at another PC, or when the exam is closed:
    whoever sits here next must not see the score of the one before."""
    try:
        told = cast("dict[str, object]", signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_AGE))
    except signing.BadSignature:
        return None
    station = station_of(request)
    try:
        attempt = attempt_of(cast("int", told["attempt"]))
    except Attempt.DoesNotExist:
        return None
    if station is None or attempt.station_id != station.pk or _stamp(attempt) != told["pin"]:
        return None
    if attempt.exam.state == Exam.State.CLOSED:
        return None
    return HallSession(attempt, station)


def _stamp(attempt: Attempt) -> str:
    return attempt.pin_issued_at.isoformat() if attempt.pin_issued_at else ""


def begin(response: HttpResponse, attempt: Attempt) -> None:
    """Bind this browser to ``attempt`` (after ``enter_hall``); the cookie is no good anywhere else."""
    value = signing.dumps({"attempt": attempt.pk, "pin": _stamp(attempt)}, salt=_SALT)
    response.set_cookie(
        COOKIE, value, max_age=_AGE, httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE,
        path="/ujian/",
    )  # fmt: skip


def end(response: HttpResponse) -> None:
    """Forget who sat here: the next candidate starts at the PIN page."""
    response.delete_cookie(COOKIE, path="/ujian/", samesite="Strict")
