"""Selections, their dated phases and stages, and the passing grades of a rule set."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from registration.models import NeedKind, PassingGrade, Phase, RuleSet, Selection, Stage
from registration.rules.passing import Grade


def selections_public(now: datetime) -> QuerySet[Selection]:
    """Selections that the public may see, newest first; their phases say what is open at ``now``."""
    return Selection.objects.filter(is_public=True, created_at__lte=now).prefetch_related("phases")


def selection_list(words: str = "", year: int | None = None) -> QuerySet[Selection]:
    """Selections for the committee's list, with counts of stages and applications."""
    rows = Selection.objects.select_related("ruleset").annotate(
        stage_count=Count("stages", distinct=True),
        application_count=Count("applications", filter=~Q(applications__state="draft"), distinct=True),
    )
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(code__icontains=words))
    return (rows.filter(year=year) if year else rows).order_by("-year", "code")


def phase_of(selection: Selection, code: str) -> Phase | None:
    """The dated phase of a selection, None while it has no dates."""
    return Phase.objects.filter(selection=selection, code=code).first()


def phase_is_open(selection: Selection, code: str, now: datetime) -> bool:
    """True while ``now`` lies in [opens, closes) of the phase."""
    return Phase.objects.filter(selection=selection, code=code, opens_at__lte=now, closes_at__gt=now).exists()


def phase_has_begun(selection: Selection, code: str, now: datetime) -> bool:
    """True from the phase's opening on, also after it closed."""
    return Phase.objects.filter(selection=selection, code=code, opens_at__lte=now).exists()


def next_phase(selection: Selection, now: datetime) -> Phase | None:
    """The phase that opens next."""
    return Phase.objects.filter(selection=selection, opens_at__gt=now).order_by("opens_at").first()


def as_grade(row: PassingGrade) -> Grade:
    """The pure form of a passing grade's row."""
    return Grade(row.category, row.decree, row.min_twk, row.min_tiu, row.min_tkp, row.min_total)


def grades_of(ruleset: RuleSet) -> dict[str, Grade]:
    """Every passing grade of a rule set by its category."""
    return {row.category: as_grade(row) for row in PassingGrade.objects.filter(ruleset=ruleset)}


def rulesets() -> QuerySet[RuleSet]:
    """Every rule set with its grades and kinds of need, newest first."""
    return RuleSet.objects.order_by("-code").prefetch_related("grades", "need_kinds", "position_categories")


def need_kinds(selection: Selection) -> QuerySet[NeedKind]:
    """The kinds of need that the selection's rule set knows."""
    return NeedKind.objects.filter(ruleset_id=selection.ruleset_id)


def stages_of(selection: Selection) -> QuerySet[Stage]:
    """The stages of a selection in the order they are sat, with the number of their sittings and seats."""
    rows = Stage.objects.filter(selection=selection).annotate(
        sitting_count=Count("sittings", distinct=True), seat_count=Count("sittings__seats", distinct=True)
    )
    return rows.order_by("order")
