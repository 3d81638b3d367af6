"""Ranking runs: computed by one officer, checked and approved by others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from cat_exam.models import Roll, ScoreSheet
from cat_exam.queries import outcomes
from core import trail
from core.errors import Refusal
from core.models import Role, User
from core.models.base import reference
from core.seal import canonical
from registration.models import Formation, Selection, Stage
from registration.queries import FieldRow, grades_of, ranking_field
from registration.rules.passing import SECTIONS, Grade, shortfalls
from results.actions.rights import need_whole_country
from results.models import RankingRun, RankLine
from results.queries import count_codes, readiness
from results.rules import lifecycle
from results.rules.ranking import CODES, CutRule, Entrant, Line, rank_formation

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a run reads: the field by formation, outcome and sheet by application, grades by category."""

    field: Mapping[int, list[FieldRow]]
    outcomes: Mapping[str, str]
    sheets: Mapping[str, ScoreSheet]
    grades: Mapping[str, Grade]
    posts: Mapping[int, int]
    rule: CutRule

    def digest(self) -> str:
        """SHA-256 (hex) over the canonical form of everything read, in an order that does not depend on chance."""
        whole = sha256(canonical({"rule": [self.rule.factor, *self.rule.tie_order, self.rule.all_equal_advance]}))
        for formation in sorted(self.field):
            for row in sorted(self.field[formation], key=lambda one: one.number):
                key = str(row.application_id)
                sheet = self.sheets.get(key)
                facts = [key, row.number, formation, self.posts[formation], row.category, self.outcomes.get(key, "")]
                whole.update(canonical({"row": facts, "sheet": sheet.document if sheet else None}))
        return whole.hexdigest()


@transaction.atomic
def compute(*, selection: Selection, stage: Stage, by: User, now: datetime) -> RankingRun:
    """Rank every formation of ``stage`` from sealed score sheets and rolls, and freeze the lines.

    Refuses ``not_ready`` while an exam is open or a seat unprepared, ``sheet_missing`` for a present candidate
    without a score sheet, and ``seal_broken`` naming the sheets whose seal does not hold.
    """
    need_whole_country(by)
    _refuse_unready(selection, stage)
    inputs = gather(stage)
    lines = [
        line
        for formation in sorted(inputs.field)
        for line in rank_formation(
            (_entrant(row, inputs) for row in inputs.field[formation]), inputs.posts[formation], inputs.rule
        )
    ]
    run = RankingRun(
        reference=reference(),
        selection=selection,
        stage=stage,
        ruleset=selection.ruleset,
        inputs_sha256=inputs.digest(),
        counts=_counts(lines, inputs),
        computed_by=by,
        computed_at=now,
    )
    rows = _rows(run, lines, inputs)
    run.lines_sha256 = lines_digest(rows)
    run.save(force_insert=True)
    RankLine.objects.bulk_create(rows, batch_size=BATCH)
    trail.record("results.run_computed", run, by=by, now=now, lines=len(lines), inputs=run.inputs_sha256)
    return run


def _refuse_unready(selection: Selection, stage: Stage) -> None:
    (state,) = (one for one in readiness(selection) if one.stage.pk == stage.pk)
    if not state.ready:
        raise Refusal(
            "not_ready",
            _(
                "Tahap %(stage)s belum dapat dihitung: %(closed)s dari %(exams)s ujian ditutup, %(seats)s kursi belum"
                " disiapkan. Tutup semua ujian lebih dahulu."
            )
            % {"stage": stage.name, "closed": state.closed, "exams": state.exams, "seats": state.unprepared},
        )


def gather(stage: Stage) -> Inputs:
    """Read the field, the outcomes and the sheets of ``stage``; every seal is verified here."""
    field: dict[int, list[FieldRow]] = defaultdict(list)
    for row in ranking_field(stage):
        field[row.formation_id].append(row)
    ruleset = stage.selection.ruleset
    _refuse_broken_rolls(stage)
    found = Formation.objects.filter(pk__in=field.keys()).values_list("pk", "posts")
    inputs = Inputs(
        field=field,
        outcomes={str(one.application_id): one.outcome for one in outcomes(stage)},
        sheets=_sheets(stage),
        grades=grades_of(ruleset),
        posts=dict(found),
        rule=CutRule(ruleset.advance_factor, tuple(ruleset.tie_order), ruleset.all_equal_advance),
    )
    _refuse_missing(inputs)
    return inputs


def _refuse_broken_rolls(stage: Stage) -> None:
    rolls = Roll.objects.filter(exam__sitting__stage=stage, replaced_by__isnull=True).select_related("exam__sitting")
    broken = [roll for roll in rolls if not roll.seal_holds()]
    if broken:
        raise Refusal(
            "roll_broken",
            _("Segel daftar hadir sesi %(sittings)s tidak cocok. Hubungi auditor; tidak ada yang dihitung.")
            % {"sittings": ", ".join(str(roll.exam.sitting) for roll in broken[:5])},
        )


def _sheets(stage: Stage) -> dict[str, ScoreSheet]:
    """The latest sheet of each application; ``Refusal("seal_broken")`` lists those that were touched."""
    sheets = list(ScoreSheet.objects.filter(stage=stage, replaced_by__isnull=True))
    broken = [sheet for sheet in sheets if not sheet.seal_holds() or _differs(sheet)]
    if broken:
        raise Refusal(
            "seal_broken",
            _(
                "Segel %(count)s lembar nilai tidak cocok, di antaranya %(first)s. Hubungi auditor;"
                " tidak ada yang dihitung."
            )
            % {"count": len(broken), "first": ", ".join(sheet.receipt for sheet in broken[:5])},
        )
    return {str(sheet.application_id): sheet for sheet in sheets}


def _differs(sheet: ScoreSheet) -> bool:
    """True when the columns say something else than the sealed document."""
    document = sheet.document
    return (document["sections"], document["total"], document["application"]) != (
        sheet.sections,
        sheet.total,
        str(sheet.application_id),
    )


def _refuse_missing(inputs: Inputs) -> None:
    rows = [row for rows in inputs.field.values() for row in rows]
    absent = [row.number for row in rows if str(row.application_id) not in inputs.outcomes]
    if absent:
        raise Refusal(
            "outcome_missing",
            _("Peserta %(numbers)s belum tercatat di daftar hadir mana pun.") % {"numbers": ", ".join(absent[:5])},
        )
    bare = [
        row.number
        for row in rows
        if inputs.outcomes[str(row.application_id)] == "present" and str(row.application_id) not in inputs.sheets
    ]
    if bare:
        raise Refusal(
            "sheet_missing",
            _("Lembar nilai %(count)s peserta belum ada, di antaranya %(numbers)s. Tunggu penilaian selesai.")
            % {"count": len(bare), "numbers": ", ".join(bare[:5])},
        )


def _entrant(row: FieldRow, inputs: Inputs) -> Entrant:
    outcome = inputs.outcomes[str(row.application_id)]
    sheet = inputs.sheets.get(str(row.application_id)) if outcome == "present" else None
    scores = {code.lower(): points for code, points in sheet.sections.items()} if sheet else {}
    missed = _missed(inputs.grades.get(row.category), sheet.sections) if sheet else ()
    return Entrant(str(row.application_id), row.number, outcome, scores, missed)


def _missed(grade: Grade | None, sections: Mapping[str, int]) -> tuple[str, ...]:
    """What of the grade is not met; a stage without the graded sections (Literasi TI) has no passing grade."""
    if grade is None or not set(SECTIONS) <= sections.keys():
        return ()
    return tuple(short.section.lower() for short in shortfalls(grade, sections))


def lines_digest(rows: Iterable[RankLine]) -> str:
    """SHA-256 (hex) over everything a line says, in the order of the lines; the same inputs always give the same."""
    whole = sha256()
    for row in rows:
        facts = [row.formation_id, row.number, row.name, row.code, row.rank, row.total, row.reasons]
        whole.update(canonical({"line": facts, "sections": row.sections}))
    return whole.hexdigest()


def refuse_changed(run: RankingRun) -> None:
    """``Refusal("lines_changed")`` when the stored lines are not those that were computed."""
    if lines_digest(run.lines.order_by("pk").iterator(chunk_size=BATCH)) != run.lines_sha256:
        raise Refusal(
            "lines_changed", _("Baris peringkat ini tidak sama dengan hasil perhitungannya. Hubungi auditor.")
        )


def _counts(lines: list[Line], inputs: Inputs) -> dict[str, int]:
    codes = count_codes(line.code for line in lines)
    totals = {"lines": len(lines), "formations": len(inputs.field), "posts": sum(inputs.posts.values())}
    return totals | {code: codes.get(code, 0) for code in CODES}


def _rows(run: RankingRun, lines: list[Line], inputs: Inputs) -> list[RankLine]:
    people = {str(row.application_id): row for rows in inputs.field.values() for row in rows}
    return [_row(run, line, people[line.entrant.key]) for line in lines]


def _row(run: RankingRun, line: Line, person: FieldRow) -> RankLine:
    present = line.entrant.outcome == "present"
    return RankLine(
        run=run,
        formation_id=person.formation_id,
        application_id=person.application_id,
        number=person.number,
        name=person.name,
        sections={code.upper(): points for code, points in line.entrant.scores.items()},
        total=line.entrant.total if present else None,
        rank=line.rank,
        code=line.code,
        reasons=list(line.reasons),
    )


def _locked(run: RankingRun) -> RankingRun:
    return RankingRun.objects.select_for_update().get(pk=run.pk)


def _another(run: RankingRun, by: User) -> None:
    if run.computed_by_id == by.pk:
        raise Refusal(
            "four_eyes", _("Anda yang menghitung peringkat ini; pemeriksaan dan persetujuan oleh petugas lain.")
        )


def _move(run: RankingRun, to: str) -> None:
    try:
        run.state = lifecycle.move(lifecycle.RUN, run.state, to)
    except lifecycle.IllegalMove:
        raise Refusal(
            "wrong_state", _("Peringkat ini berstatus “%(state)s”.") % {"state": run.get_state_display()}
        ) from None


@transaction.atomic
def check_run(*, run: RankingRun, by: User, now: datetime) -> RankingRun:
    """Confirm that the figures were checked; refuses the officer who computed them."""
    need_whole_country(by)
    run = _locked(run)
    _another(run, by)
    refuse_changed(run)
    _move(run, "checked")
    run.checked_by, run.checked_at = by, now
    run.save(update_fields=["state", "checked_by", "checked_at"])
    trail.record("results.run_checked", run, by=by, now=now)
    return run


@transaction.atomic
def approve_run(*, run: RankingRun, by: User, now: datetime) -> RankingRun:
    """Approve a checked run for publication; refuses the officer who computed it."""
    run = _locked(run)
    _another(run, by)
    need_whole_country(by, Role.CHAIR)
    refuse_changed(run)
    _move(run, "approved")
    run.approved_by, run.approved_at = by, now
    run.save(update_fields=["state", "approved_by", "approved_at"])
    trail.record("results.run_approved", run, by=by, now=now, lines=run.lines_sha256)
    return run


@transaction.atomic
def reject_run(*, run: RankingRun, note: str, by: User, now: datetime) -> RankingRun:
    """Reject a run that is not published, with the reason on record; its lines stay."""
    need_whole_country(by)
    if not note.strip():
        raise Refusal("note_missing", _("Tulis alasan penolakan."), field="note")
    run = _locked(run)
    if run.announcements.exists():
        raise Refusal("already_published", _("Peringkat ini sudah diumumkan; hitung ulang untuk menggantinya."))
    _move(run, "rejected")
    run.note = note.strip()
    run.save(update_fields=["state", "note"])
    trail.record("results.run_rejected", run, by=by, now=now)
    return run
