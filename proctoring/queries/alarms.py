"""Alarms of a room: the list, one of them, how many wait."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from cat_exam.models import Exam
from proctoring.models import Alarm, Incident

WAITING = (Alarm.State.NEW, Alarm.State.SEEN)


def alarms_of(exam: Exam) -> QuerySet[Alarm]:
    """Alarms about candidates of this exam, the latest first; a pair across two rooms stands in both."""
    rows = Alarm.objects.filter(Q(exam=exam) | Q(other__exam=exam)).select_related(
        "attempt__seat", "attempt__application", "attempt__exam__sitting__room__centre", "other__seat",
        "other__application", "other__exam__sitting__room__centre", "decided_by", "incident",
    )  # fmt: skip
    return rows.order_by("-last_at", "pk")


def chosen(rows: QuerySet[Alarm], exam: Exam, *, kind: str = "", state: str = "", words: str = "") -> QuerySet[Alarm]:
    """Those of ``kind`` and ``state`` (``waiting``: new or seen) whose candidate here has ``words`` in seat, name or
    number."""
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state__in=WAITING) if state == "waiting" else rows.filter(state=state)
    for word in words.split():
        here = Q()
        for side in ("attempt", "other"):
            one = (
                Q(**{f"{side}__seat__label__icontains": word})
                | Q(**{f"{side}__display_name__icontains": word})
                | Q(**{f"{side}__application__number__icontains": word})
            )
            here |= one & Q(**{f"{side}__exam": exam})
        rows = rows.filter(here)
    return rows


def alarm_of(exam: Exam, alarm: UUID) -> Alarm | None:
    """One alarm of this exam."""
    return alarms_of(exam).filter(pk=alarm).first()


def alarm_counts(exam: Exam) -> dict[str, int]:
    """``{"new": …, "waiting": …, "all": …}`` in one query, for a badge on the room's screen."""
    counts: dict[str, Any] = Alarm.objects.filter(Q(exam=exam) | Q(other__exam=exam)).aggregate(
        new=Count("pk", filter=Q(state="new")), waiting=Count("pk", filter=Q(state__in=WAITING)), all=Count("pk")
    )
    return {name: int(number) for name, number in counts.items()}


def linkable(exam: Exam, alarm: Alarm) -> QuerySet[Incident]:
    """Incidents of this room that an alarm may be linked to: of its candidates or of the whole room, newest first."""
    two = [alarm.attempt_id, alarm.other_id]
    rows = Incident.objects.filter(Q(attempt__in=[pk for pk in two if pk]) | Q(attempt__isnull=True), exam=exam)
    return rows.select_related("attempt__seat").order_by("-at")
