"""Notices of exams, for the hall's loop."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from cat_exam.database import Connection

NOTICES = """
SELECT number, exam_id, attempt_id, kind, text, at FROM cat_exam_notice
 WHERE exam_id = ANY(%s) AND number > %s ORDER BY number
"""


class Told(NamedTuple):
    """One notice; ``attempt_id`` is None when it is for everybody in the exam."""

    number: int
    exam_id: UUID
    attempt_id: int | None
    kind: str
    text: str
    at: datetime


async def load_notices(connection: Connection, exams: Sequence[UUID], after: int) -> list[Told]:
    """Notices of ``exams`` with a number above ``after``, ascending."""
    answer = await connection.execute(NOTICES, [list(exams), after])
    return [Told(*row) async for row in answer]
