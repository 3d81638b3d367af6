"""The score of an attempt as its candidate is told it, read from the sealed sheet."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from cat_exam import protocol
from cat_exam.models import Attempt, ScoreSheet
from registration import queries as registration
from registration.models import Stage
from registration.rules.passing import SECTIONS, TOTAL, Grade, meets


class SheetRow(NamedTuple):
    """What leaves the hall for one attempt: its latest sheet."""

    application_id: UUID
    sections: dict[str, int]
    total: int
    sheet_id: UUID
    digest: bytes


def score_sheets(stage: Stage) -> Iterator[SheetRow]:
    """The latest sheet of every scored attempt of a stage; voided and disqualified attempts have none that counts."""
    rows = (
        ScoreSheet.objects.filter(stage=stage, replaced_by__isnull=True)
        .exclude(attempt__state__in=["disqualified", "voided"])
        .values_list("application_id", "sections", "total", "id", "digest")
    )
    for application, sections, total, sheet, digest in rows.iterator(chunk_size=2000):
        yield SheetRow(application, sections, total, sheet, bytes(digest))


def score_messages(attempts: Iterable[int]) -> dict[int, protocol.Score]:
    """The ``Score`` message of each attempt that has a sheet."""
    sheets = (
        ScoreSheet.objects.filter(attempt__in=list(attempts), replaced_by__isnull=True)
        .select_related("attempt__paper")
        .defer("attempt__paper__bundle", "attempt__paper__bundle_key")
    )
    return {sheet.attempt_id: score_of(sheet, registration.grade_for(sheet.application_id)) for sheet in sheets}


def score_of(sheet: ScoreSheet, grade: Grade | None) -> protocol.Score:
    """The message of one sheet; passing grades exist only where the form has all the sections they speak of."""
    paper = sheet.attempt.paper.document
    judged = grade is not None and set(SECTIONS) <= {section["code"] for section in paper["sections"]}
    least = grade.minimums() if grade is not None and judged else {}
    return protocol.Score(
        sections=[_section(section, sheet.sections[section["code"]], least) for section in paper["sections"]],
        total=sheet.total,
        max=paper["max_total"],
        minimum=least.get(TOTAL),
        grades_met=meets(grade, sheet.sections) if grade is not None and judged else None,
        answered=sheet.document["answered"],
        items=paper["items"],
        receipt=sheet.receipt,
    )


def _section(section: dict[str, object], score: int, least: dict[str, int]) -> protocol.SectionScore:
    code = str(section["code"])
    minimum = least.get(code)
    return protocol.SectionScore(
        code=code,
        name=str(section["name"]),
        score=score,
        max=int(str(section["max"])),
        minimum=minimum,
        met=None if minimum is None else score >= minimum,
    )


def receipt(code: str) -> ScoreSheet | None:
    """The sheet of a receipt code, for whoever holds the code; spaces, dashes and capitals do not matter."""
    clean = "".join(char for char in code.lower() if char.isalnum())[:16]
    return ScoreSheet.objects.filter(Q(receipt=clean)).select_related("attempt", "stage").first() if clean else None


def attempt_of(pk: int) -> Attempt:
    """An attempt with what its pages show."""
    return Attempt.objects.select_related("exam__sitting__room__centre", "seat", "stage__selection", "station").get(
        pk=pk
    )
