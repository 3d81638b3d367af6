"""The scorer: replays a finished journal, asks the answer key, seals the score sheet. Database role ``cat_score``."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from cat_exam.actions.wake import write_notices
from cat_exam.models import Attempt, Notice, ScoreSheet
from cat_exam.queries.forms import answer_key
from cat_exam.queries.lines import lines_of
from cat_exam.rules.lines import Line, broken_at
from cat_exam.rules.scoring import replay
from core import seal, trail
from core.models.base import uuid7
from questionbank.rules import scoring

MOST = 50
#: The columns cat_score may read.
SEEN = ("id", "exam_id", "application_id", "stage_id", "paper_id", "day", "state", "finished_at")


class ChainBroken(RuntimeError):
    """A journal whose lines do not follow from each other is never scored."""


@transaction.atomic
def score_finished(*, now: datetime, most: int = MOST, passing: Sequence[int] = ()) -> list[int]:
    """Score up to ``most`` finished attempts nobody else is scoring, except ``passing``; their ids.

    Several scorers may run: each locks its own rows.
    """
    waiting = (
        Attempt.objects.select_for_update(skip_locked=True)
        .filter(state__in=["submitted", "expired"])
        .exclude(pk__in=passing)
        .order_by("finished_at")
        .only(*SEEN)[:most]
    )
    scored = [score_attempt(attempt=attempt, now=now) for attempt in waiting]
    if scored:
        rows = [(sheet.attempt.exam_id, sheet.attempt_id) for sheet in scored]
        write_notices(rows=rows, kind=Notice.Kind.SCORED, now=now)
    return [sheet.attempt_id for sheet in scored]


def score_attempt(*, attempt: Attempt, now: datetime) -> ScoreSheet:
    """Seal the sheet of one locked, finished attempt and move it to ``scored`` in the caller's transaction.

    Raises :class:`ChainBroken` when the journal was tampered with, :class:`core.vault.KeyNotHeld` outside the
    scorer, ValueError for an answer that is not of the form.
    """
    lines = read_journal(attempt)
    responses = replay((line.kind, line.item, line.response) for line, _ in lines)
    sections = scoring.points(answer_key(attempt.paper_id), responses)
    sheet = seal_sheet(attempt, sections, responses, lines, now)
    Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.SCORED)
    trail.record("cat_exam.attempt_scored", attempt, by=None, now=now, sheet=sheet.pk)
    return sheet


def read_journal(attempt: Attempt) -> list[tuple[Line, bytes]]:
    """The lines of an attempt with their chain; :class:`ChainBroken` when they do not follow from each other."""
    lines = list(lines_of(attempt.day, [attempt.pk]))
    broken = broken_at(attempt.pk, lines)
    if broken is not None or not lines:
        raise ChainBroken(f"attempt {attempt.pk}: line {broken}")
    return lines


def seal_sheet(
    attempt: Attempt, sections: dict[str, int], responses: dict[int, int], lines: list[tuple[Line, bytes]],
    now: datetime, *, replaces: ScoreSheet | None = None, facts: dict[str, Any] | None = None,
) -> ScoreSheet:  # fmt: skip
    """Write and sign the sheet; ``facts`` of a later one say why it ``replaces`` the earlier."""
    sheet = ScoreSheet(
        id=uuid7(), attempt=attempt, application_id=attempt.application_id, stage_id=attempt.stage_id,
        sections=sections, total=sum(sections.values()), sealed_at=now, replaces=replaces,
    )  # fmt: skip
    sheet.document = {
        "sheet": str(sheet.pk),
        "attempt": attempt.pk,
        "application": str(attempt.application_id),
        "stage": attempt.stage_id,
        "paper": str(attempt.paper_id),
        "sections": sections,
        "total": sheet.total,
        "answered": len(responses),
        "chain": lines[-1][1].hex(),
        "lines": len(lines),
        "finished_at": attempt.finished_at.astimezone(UTC).isoformat() if attempt.finished_at else None,
        "receipt": sheet.receipt,
    } | (facts or {})
    found = seal.sign(ScoreSheet.PURPOSE, sheet.document)
    sheet.digest, sheet.seal_kid, sheet.seal_signature = found.digest, found.kid, found.signature
    sheet.save(force_insert=True)
    return sheet
