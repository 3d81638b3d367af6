"""Late lines a credit covers: a new score sheet that names the old one, until the results are announced."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cat_exam.actions.score import SEEN, read_journal, seal_sheet
from cat_exam.actions.wake import write_notice
from cat_exam.models import Attempt, Exam, Notice, ScoreSheet
from cat_exam.queries.forms import answer_key
from cat_exam.queries.lateness import perhaps_covered, time_of
from cat_exam.rules import lateness
from cat_exam.rules.scoring import replay
from core import trail
from core.errors import Refusal
from core.models import User
from questionbank.rules import scoring
from registration.models import Stage

log = logging.getLogger(__name__)


@transaction.atomic
def rescore(*, attempt: Attempt, by: User | None, now: datetime) -> ScoreSheet:
    """Score an attempt again with the late lines that approved credits cover. Database role ``cat_score``.

    The two officers are those of the credit: one asked for it, another approved it, and the database refuses it
    otherwise. Raises Refusal ``not_scored``, ``announced`` (from then on only an objection may change a score, here
    and in the database), ``nothing_covered`` (no late line, no credit, too short a credit, or counted already);
    :class:`cat_exam.actions.score.ChainBroken`; :class:`core.vault.KeyNotHeld` outside the scorer.
    """
    locked = Attempt.objects.select_for_update(of=("self",)).only(*SEEN, "started_at").get(pk=attempt.pk)
    if locked.state != Attempt.State.SCORED:
        raise Refusal("not_scored", _("Peserta ini belum dinilai atau tidak dinilai lagi."))
    if Exam.objects.filter(pk=locked.exam_id, announced_at__isnull=False).exists():
        raise Refusal("announced", _("Hasil sudah diumumkan. Nilai hanya dapat berubah melalui sanggah."))
    old = ScoreSheet.objects.get(attempt=locked, replaced_by__isnull=True)
    lines = read_journal(locked)
    time = time_of(locked.pk)
    counted = lateness.covered([line for line, _chain in lines], time.started_at, time.grants, time.pauses)
    if counted == old.document.get("late", []):
        words = _("Tidak ada jawaban terlambat yang dicakup pengganti waktu yang disetujui.")
        raise Refusal("nothing_covered", words)
    responses = replay(lateness.told([line for line, _chain in lines], counted))
    facts = {"replaces": str(old.pk), "late": counted, "credits": list(time.credits)}
    sections = scoring.points(answer_key(locked.paper_id), responses)
    sheet = seal_sheet(locked, sections, responses, lines, now, replaces=old, facts=facts)
    write_notice(exam=locked.exam_id, kind=Notice.Kind.SCORED, now=now, attempt=locked.pk)
    trail.record("cat_exam.attempt_rescored", locked, by=by, now=now, sheet=sheet.pk, replaces=old.pk,
                 late=len(counted), credits=list(time.credits))  # fmt: skip
    return sheet


def rescore_covered(*, now: datetime) -> list[int]:
    """Score every attempt again whose late lines an approved credit came to cover; their ids. The scorer's rounds."""
    done = []
    for key in perhaps_covered():
        try:
            rescore(attempt=Attempt(pk=key), by=None, now=now)
        except Refusal as refusal:
            log.debug("score: attempt %d stays as it is: %s", key, refusal.code)
        else:
            done.append(key)
    return done


@transaction.atomic
def close_scores(*, stage: Stage, computed_at: datetime, by: User, now: datetime) -> int:
    """The results of ``stage`` are announced: no sheet of its exams is replaced any more. How many exams this closed.

    Raises Refusal ``scores_changed`` when a sheet was sealed after ``computed_at``, the moment of the ranking.
    """
    exams = Exam.objects.select_for_update(of=("self",)).filter(sitting__stage=stage, announced_at__isnull=True)
    keys = [exam.pk for exam in exams.order_by("pk")]
    later = ScoreSheet.objects.filter(stage=stage, sealed_at__gt=computed_at, replaces__isnull=False).count()
    if later:
        words = _("Nilai %(count)s peserta berubah setelah peringkat ini dihitung. Hitung ulang, lalu umumkan.")
        raise Refusal("scores_changed", words % {"count": later})
    Exam.objects.filter(pk__in=keys).update(announced_at=now)
    trail.record("cat_exam.scores_closed", stage, by=by, now=now, exams=len(keys))
    return len(keys)
