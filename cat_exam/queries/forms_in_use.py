"""Which sealed forms a sitting may still use: none that another hour uses, none whose key was given out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet

from cat_exam.models import Exam, ExamPaper
from questionbank.models import Paper
from questionbank.queries import sealed_papers
from registration.models import Sitting


@dataclass(frozen=True, slots=True)
class Use:
    """A form, the sitting that has it, and whether its key was given out there."""

    paper: Paper
    sitting: Sitting
    released: bool


def uses_against(sitting: Sitting, papers: Iterable[Paper]) -> list[Use]:
    """Why ``papers`` may not serve ``sitting``: uses by exams that were started or do not meet it in time.

    Sittings meet when each begins before the other's minutes are over: nobody has left the one yet with what he saw.
    """
    rows = (
        ExamPaper.objects.filter(paper__in=list(papers))
        .exclude(exam__sitting=sitting)
        .select_related("exam__sitting__room__centre", "paper")
        .defer("paper__bundle", "paper__bundle_key")
        .order_by("paper__code", "exam__sitting__starts_at")
    )
    uses = [Use(row.paper, row.exam.sitting, _released(row.exam)) for row in rows]
    return [use for use in uses if use.released or not _meet(use.sitting, sitting)]


def _released(exam: Exam) -> bool:
    return exam.started_at is not None or exam.state == Exam.State.RUNNING


def _meet(one: Sitting, two: Sitting) -> bool:
    first, last = sorted((one, two), key=lambda sitting: sitting.starts_at)
    return last.starts_at < first.starts_at + timedelta(minutes=first.minutes)


def usable_papers(sitting: Sitting) -> QuerySet[Paper]:
    """Sealed forms for the sitting's stage that this sitting has already or may still be given."""
    sealed = sealed_papers(sitting.stage.blueprint_code)
    barred = [use.paper.pk for use in uses_against(sitting, sealed)]
    mine = ExamPaper.objects.filter(exam__sitting=sitting).values("paper")
    return sealed.filter(~Q(pk__in=barred) | Q(pk__in=mine))
