"""Reading the room: which exams a person sees, one room's live state, its papers."""

from proctoring.queries.alarms import alarm_counts, alarm_of, alarms_of, chosen, linkable
from proctoring.queries.live import read_room
from proctoring.queries.people import (
    attempt_for_card,
    attempt_of,
    journal_counts,
    overrides_of,
    photo_of,
    waiting_overrides,
)
from proctoring.queries.records import (
    ResultRow,
    incident_documents,
    incidents_of,
    minutes_of,
    papers_of,
    result_rows,
    roll_of,
    sections_of,
    time_requests,
)
from proctoring.queries.rooms import ACTING, READING, duty, exam_for, pin_until, roles_in, rooms_for, visible_to

__all__ = [
    "ACTING",
    "READING",
    "ResultRow",
    "alarm_counts",
    "alarm_of",
    "alarms_of",
    "attempt_for_card",
    "attempt_of",
    "chosen",
    "duty",
    "exam_for",
    "incident_documents",
    "incidents_of",
    "journal_counts",
    "linkable",
    "minutes_of",
    "overrides_of",
    "papers_of",
    "photo_of",
    "pin_until",
    "read_room",
    "result_rows",
    "roles_in",
    "roll_of",
    "rooms_for",
    "sections_of",
    "time_requests",
    "visible_to",
    "waiting_overrides",
]
