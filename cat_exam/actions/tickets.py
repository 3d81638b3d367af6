"""Tickets, oaths and presence on the hall's own connection: one statement for all candidates of a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cat_exam.database import Connection

#: Taking the ticket away and reading who holds it is one statement, so a ticket is good for one socket only.
REDEEM = """
UPDATE cat_exam_attempt a SET ticket = NULL
  FROM cat_exam_exam e
  JOIN registration_sitting s ON s.id = e.sitting_id
  JOIN registration_stage g ON g.id = s.stage_id
  JOIN registration_selection x ON x.id = g.selection_id
  JOIN core_room r ON r.id = s.room_id
  JOIN core_testcentre c ON c.id = r.centre_id,
       registration_seat t, questionbank_paper p
 WHERE a.ticket = ANY(%s) AND a.ticket_until > %s
   AND e.id = a.exam_id AND e.state <> 'closed' AND t.id = a.seat_id AND p.id = a.paper_id
RETURNING old.ticket, a.id, a.reference, a.exam_id, a.day, a.paper_id, a.seed, a.display_name, a.card_number,
          t.label, g.name, x.name, c.zone, s.starts_at, s.minutes, p.bundle_sha256
"""
#: The oath is taken once; its trail line belongs to the same statement.
SWEAR = """
WITH sworn AS (
    UPDATE cat_exam_attempt SET oath_at = %s WHERE id = ANY(%s) AND oath_at IS NULL RETURNING id, oath_at)
INSERT INTO core_trailentry (at, actor_id, verb, thing, thing_id, facts)
SELECT oath_at, NULL, 'cat_exam.oath_agreed', 'cat_exam.attempt', id::text, '{}'::jsonb FROM sworn
"""


@dataclass(frozen=True, slots=True)
class Place:
    """What a redeemed ticket opens: the attempt and what its screen shows."""

    attempt_id: int
    reference: str
    exam_id: UUID
    day: date
    paper_id: UUID
    seed: int
    display_name: str
    card_number: str
    seat: str
    stage: str
    title: str
    zone: str
    starts_at: datetime
    minutes: int
    bundle_sha256: str


async def redeem_tickets(connection: Connection, hashes: Sequence[bytes], now: datetime) -> dict[bytes, Place]:
    """Use up tickets (SHA-256 of each); only those that were good come back, each exactly once."""
    answer = await connection.execute(REDEEM, [list(hashes), now])
    rows: list[tuple[Any, ...]] = await answer.fetchall()
    return {bytes(row[0]): Place(*row[1:]) for row in rows}


async def swear(connection: Connection, attempts: Sequence[int], now: datetime) -> None:
    """Record the oath of attempts that had not taken it yet."""
    await connection.execute(SWEAR, [now, list(attempts)])
