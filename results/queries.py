"""Reads what stands ready, ranking runs, their lines and announcements."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from cat_exam.models import Exam
from core.access import grants_of, sees_everything
from core.models import Role, User
from registration.models import Seat, Selection, Stage
from results.models import Announcement, RankingRun, RankLine, ResultObjection

#: Roles that may read the committee's desk.
READERS = (Role.COMMITTEE, Role.CHAIR, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What stands between a stage and its ranking."""

    stage: Stage
    seats: int
    unprepared: int
    exams: int
    closed: int
    runs: int

    @property
    def ready(self) -> bool:
        """Every seat is in an exam and every exam is closed."""
        return self.exams > 0 and self.exams == self.closed and self.unprepared == 0


def readiness(selection: Selection) -> list[Readiness]:
    """One entry per stage of ``selection``, in order; four queries whatever the number of stages."""
    exams = Exam.objects.filter(sitting__stage__selection=selection)
    seats = Seat.objects.filter(stage__selection=selection)
    by_seat = _counts(seats, "stage_id", unprepared=Q(attempt__isnull=True))
    by_exam = _counts(exams, "sitting__stage_id", closed=Q(state=Exam.State.CLOSED))
    by_run = _counts(RankingRun.objects.filter(selection=selection), "stage_id", live=~Q(state="rejected"))
    return [
        Readiness(
            stage,
            *by_seat.get(stage.pk, (0, 0)),
            *by_exam.get(stage.pk, (0, 0)),
            by_run.get(stage.pk, (0, 0))[0],
        )
        for stage in selection.stages.all()
    ]


def _counts(rows: "QuerySet[Any]", name: str, **condition: Q) -> dict[int, tuple[int, int]]:
    """``{value of name: (all rows, rows meeting the one condition)}``."""
    ((_label, wanted),) = condition.items()
    found = rows.order_by().values(name).annotate(n=Count("pk"), part=Count("pk", filter=wanted))
    return {row[name]: (row["n"], row["part"]) for row in found}


def runs_visible_to(user: User) -> QuerySet[RankingRun]:
    """Runs of the whole country; an officer of one agency reads its lines, see :func:`lines_visible_to`."""
    if not grants_of(user, *READERS):
        return RankingRun.objects.none()
    return RankingRun.objects.select_related(
        "selection", "stage", "ruleset", "computed_by", "checked_by", "approved_by"
    )


def lines_visible_to(user: User, run: RankingRun) -> QuerySet[RankLine]:
    """The run's lines a reader may see: all, or those of the agencies of the grants."""
    grants = grants_of(user, *READERS)
    lines = RankLine.objects.filter(run=run).select_related("formation__agency", "formation__need")
    if sees_everything(grants):
        return lines
    return lines.filter(formation__agency__in=[grant.agency_id for grant in grants if grant.agency_id])


def find_lines(lines: QuerySet[RankLine], *, words: str = "", code: str = "", agency: str = "") -> QuerySet[RankLine]:
    """Narrow a run's lines by participant number, name or position, by code and by agency."""
    if words:
        lines = lines.filter(
            Q(number__startswith=words) | Q(name__icontains=words) | Q(formation__position__icontains=words)
        )
    if code:
        lines = lines.filter(code=code)
    if agency.isdigit():
        lines = lines.filter(formation__agency_id=int(agency))
    return lines


def previous_run(run: RankingRun) -> RankingRun | None:
    """The newest earlier run of the same stage that was not rejected."""
    earlier = RankingRun.objects.filter(stage=run.stage, computed_at__lt=run.computed_at).exclude(state="rejected")
    return earlier.order_by("-computed_at").first()


@dataclass(frozen=True, slots=True)
class Change:
    """A candidate whose code or total differs between two runs; None where the candidate is in one only."""

    number: str
    before: tuple[str, int | None] | None
    after: tuple[str, int | None] | None


def differences(user: User, before: RankingRun, after: RankingRun) -> list[Change]:
    """Candidates ``user`` may see whose line changed, by participant number."""
    old, new = (
        {
            number: (code, total)
            for number, code, total in lines_visible_to(user, run).values_list("number", "code", "total")
        }
        for run in (before, after)
    )
    changed = sorted(number for number in old.keys() | new.keys() if old.get(number) != new.get(number))
    return [Change(number, old.get(number), new.get(number)) for number in changed]


def published() -> QuerySet[Announcement]:
    """Announcements anybody may read, newest first; superseded ones stay readable and say so."""
    return Announcement.objects.select_related("run__selection", "run__stage", "agency", "replaced_by")


def lines_of_number(number: str) -> list[tuple[RankLine, Announcement]]:
    """The published lines of one participant number, newest first, each with its announcement in force."""
    in_force = published().filter(state=Announcement.State.PUBLISHED, run__lines__number=number)
    found = {one.run_id: one for one in in_force}
    lines = RankLine.objects.filter(run__in=found, number=number).select_related(
        "formation__agency", "formation__need"
    )
    pairs = [(line, found[line.run_id]) for line in lines]
    return sorted(pairs, key=lambda pair: pair[1].published_at, reverse=True)


def lines_of_user(user: User) -> list[tuple[RankLine, Announcement]]:
    """The published lines of a signed-in applicant."""
    numbers = RankLine.objects.filter(application__applicant__user=user).values_list("number", flat=True).distinct()
    return [pair for number in numbers for pair in lines_of_number(number)]


def objections_visible_to(user: User) -> QuerySet[ResultObjection]:
    """Result objections a reader may see (all, or those of the agencies of the grants), unanswered ones first."""
    grants = grants_of(user, *READERS)
    rows = ResultObjection.objects.select_related("line__run__stage", "line__formation__agency")
    if not sees_everything(grants):
        rows = rows.filter(line__formation__agency__in=[grant.agency_id for grant in grants if grant.agency_id])
    return rows.order_by(F("decided_at").asc(nulls_first=True), "lodged_at")


def mask_name(name: str) -> str:
    """``S*** A*****``: first letters only, for pages anybody can open."""
    return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())


def count_codes(codes: Iterable[str]) -> dict[str, int]:
    """How many of each code."""
    counts: dict[str, int] = {}
    for code in codes:
        counts[code] = counts.get(code, 0) + 1
    return counts
