"""What the room's pages share: the exam behind a reference, the person, sheets, and acts that may be refused."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Exam
from core.errors import Refusal
from core.forms import UiForm
from core.models import User
from proctoring import queries
from proctoring.forms import EVERYBODY
from proctoring.queries.pictures import picture_of
from proctoring.words import room_title
from registration.rules.numbers import grouped


def person(request: HttpRequest) -> User:
    """The staff member behind the gate."""
    return cast("User", request.user)


def exam_or_404(request: HttpRequest, reference: str) -> Exam:
    """The exam if this person may see it; for strangers it does not exist."""
    exam = queries.exam_for(request.user, reference)
    if exam is None:
        raise Http404
    return exam


def attempt_or_404(exam: Exam, reference: str) -> Attempt:
    """One candidate of this exam."""
    attempt = queries.attempt_of(exam, reference)
    if attempt is None:
        raise Http404
    return attempt


def identity(attempt: Attempt) -> dict[str, Any]:
    """Who a candidate is, as the officers at the door and of a decision look at it."""
    return {
        "attempt": attempt,
        "applicant": attempt.application.applicant,
        "card": grouped(attempt.card_number),
        "has_photo": queries.photo_of(attempt.application_id) is not None,
        "picture": picture_of(attempt),
    }


def chosen_attempt(exam: Exam, reference: str) -> Attempt | None:
    """The attempt chosen in a form; None for the whole room."""
    return None if reference == EVERYBODY else attempt_or_404(exam, reference)


def draw(request: HttpRequest, template: str, exam: Exam, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the room; asked for by htmx it is drawn as a sheet, without the desk around it."""
    base = "proctoring/sheet.html" if request.headers.get("HX-Request") else "proctoring/page.html"
    sitting, until = exam.sitting, queries.pin_until(exam)
    shared = {
        "base": base,
        "exam": exam,
        "sitting": sitting,
        "zone": sitting.room.centre.zone,
        "room_name": f"{sitting.room.centre.name}, {sitting.room.name}",
        "title_words": room_title(sitting.stage.name, sitting.number),
        "pin_until": until,
        "pin_left": max(0, int((until - hall_now()).total_seconds())),
        "may_act": bool(queries.roles_in(person(request), exam) & set(queries.ACTING)),
    }
    answer = render(request, template, shared | context, status=status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "HX-Request, Cookie"
    return answer


def act(request: HttpRequest, doing: Callable[[], object], done: str, form: UiForm | None = None) -> bool:
    """True when ``doing`` was done (and says ``done``); a refusal goes beside its field or into a message."""
    try:
        doing()
    except Refusal as refusal:
        if form is None:
            messages.error(request, str(refusal.text))
        else:
            form.refuse(refusal)
        return False
    messages.success(request, done)
    return True


def to_room(exam: Exam) -> HttpResponse:
    """Back to the live screen."""
    return redirect("proctoring:room", reference=exam.reference)
