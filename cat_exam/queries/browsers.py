"""What the hall knows of browsers: allowed keys, who is excused, what was seen."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from cat_exam.models import Attempt, Exam
from cat_exam.models.browsers import BrowserExcuse, BrowserKey, BrowserSeen
from cat_exam.rules.seb import Verdict
from registration.models import Selection

#: Verdicts that kept a browser out.
KEPT_OUT = (Verdict.MISSING, Verdict.WRONG)


def keys_of(selection: Selection) -> QuerySet[BrowserKey]:
    """Every key of a selection, retired ones last, with who added it."""
    return BrowserKey.objects.filter(selection=selection).select_related("added_by").order_by(
        "retired_at", "kind", "added_at"
    )  # fmt: skip


def allowed_keys(selection: int) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """Config Keys and Browser Exam Keys in force, by id."""
    rows = BrowserKey.objects.filter(selection=selection, retired_at__isnull=True)
    found: dict[str, dict[UUID, str]] = {"config": {}, "exam": {}}
    for pk, kind, key in rows.values_list("pk", "kind", "key"):
        found[kind][pk] = key
    return found["config"], found["exam"]


def is_excused(attempt: Attempt) -> bool:
    """True once a proctor let this candidate, or the whole room, go on without the locked browser."""
    mine = Q(attempt=attempt) | Q(attempt__isnull=True)
    return BrowserExcuse.objects.filter(mine, exam=attempt.exam_id).exists()


def excuses_of(exam: Exam) -> QuerySet[BrowserExcuse]:
    """Who was excused, newest first."""
    return BrowserExcuse.objects.filter(exam=exam).select_related("attempt__seat", "by").order_by("-at")


def browsers_of(exam: Exam) -> QuerySet[BrowserSeen]:
    """Browsers seen in a room, by seat and time."""
    rows = BrowserSeen.objects.filter(attempt__exam=exam).select_related("attempt__seat", "config_key", "exam_key")
    return rows.order_by("attempt__seat__label", "first_at")


def kept_out(exam: Exam) -> QuerySet[Attempt]:
    """Candidates whose browser was refused and who are not excused, by seat."""
    excused = BrowserExcuse.objects.filter(exam=exam)
    rows = Attempt.objects.filter(exam=exam, browsers__verdict__in=KEPT_OUT).exclude(
        pk__in=excused.filter(attempt__isnull=False).values("attempt")
    )
    if excused.filter(attempt__isnull=True).exists():
        return rows.none()
    return rows.select_related("seat", "application").order_by("seat__label").distinct()


def sightings(exam: Exam, attempts: Sequence[int] | None = None) -> QuerySet[BrowserSeen]:
    """Rows of a room (or of some of its attempts) for those who look for changes."""
    rows = BrowserSeen.objects.filter(attempt__exam=exam)
    return rows if attempts is None else rows.filter(attempt__in=attempts)
