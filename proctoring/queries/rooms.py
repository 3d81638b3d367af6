"""Which exams a person sees and in which role; who is on duty."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from cat_exam.models import Exam
from cat_exam.rules.admission import pin_is_issued_until
from core import access
from core.models import User
from proctoring.models import Watch

#: Roles that act in a room, and those that may also look.
ACTING = ("coordinator", "proctor")
READING = (*ACTING, "auditor")


def visible_to(user: Any, rows: QuerySet[Exam] | None = None) -> QuerySet[Exam]:
    """Exams of the centres for which ``user`` holds a room role; all of them with a grant for the country."""
    exams = Exam.objects.all() if rows is None else rows
    if not isinstance(user, User) or not user.is_staff or not user.is_active:
        return exams.none()
    grants = access.grants_of(user, *READING)
    if access.sees_everything(grants):
        return exams
    centres = [grant.centre_id for grant in grants if grant.centre_id is not None]
    return exams.filter(sitting__room__centre__in=centres)


def rooms_for(user: Any, *, now: datetime, past: bool = False) -> QuerySet[Exam]:
    """Exams to list, with their number of seats and of people present; without ``past`` from yesterday on."""
    rows = visible_to(user).select_related("sitting__room__centre", "sitting__stage__selection")
    if not past:
        rows = rows.filter(Q(day__gte=(now - timedelta(days=1)).date()) | Q(state="running"))
    present = Q(attempts__state__in=["admitted", "running", "paused", "submitted", "expired", "scored"])
    return rows.annotate(seat_count=Count("attempts"), present_count=Count("attempts", filter=present)).order_by(
        "-day" if past else "day", "sitting__starts_at", "sitting__room"
    )


def exam_for(user: Any, reference: str) -> Exam | None:
    """The exam with its place and stage if ``user`` may see it; None for strangers as for unknown references."""
    rows = visible_to(user).select_related("sitting__room__centre", "sitting__stage__selection")
    return rows.filter(reference=reference).first()


def roles_in(user: User, exam: Exam) -> frozenset[str]:
    """Codes of the room roles ``user`` holds in this exam's centre."""
    centre = exam.sitting.room.centre_id
    return frozenset(
        grant.role
        for grant in access.grants_of(user, *READING)
        if grant.centre_id == centre or (grant.centre_id is None and grant.agency_id is None)
    )


def duty(exam: Exam) -> list[Watch]:
    """Who is on duty now, longest first."""
    return list(Watch.objects.filter(exam=exam, ended_at__isnull=True).select_related("user").order_by("began_at"))


def pin_until(exam: Exam) -> datetime:
    """The first instant at which nobody is admitted any more in this exam."""
    return pin_is_issued_until(exam.sitting.starts_at, exam.opened_at)
