"""What officers decided in a room, as the minutes carry it: plain lists, moments in ISO 8601, people by name."""

from typing import Any

from cat_exam.models import Exam, Removal
from proctoring.models import Alarm, IdentityOverride, SeatMove
from proctoring.queries.evidence import removals_of
from proctoring.queries.people import overrides_of
from proctoring.queries.stations import moves_of

Decided = IdentityOverride | Removal | SeatMove


def decision_documents(exam: Exam) -> dict[str, list[dict[str, Any]]]:
    """``overrides``, ``moves``, ``removals`` that were decided, and ``alarms`` a person followed up."""
    return {
        "overrides": [
            _decided(row) | {"fault": row.fault} for row in overrides_of(exam).filter(confirmed__isnull=False)
        ],
        "moves": [
            _decided(row) | {"from": row.left.label if row.left else "", "to": row.station.label}
            for row in moves_of(exam).filter(confirmed__isnull=False)
        ],
        "removals": [
            _decided(row) | {"to": row.to, "evidence": row.evidence}
            for row in removals_of(exam).filter(confirmed__isnull=False)
        ],
        "alarms": [
            {
                "at": row.first_at.isoformat(timespec="seconds"),
                "kind": row.kind,
                "seat": row.attempt.seat.label,
                "other": row.other.seat.label if row.other else "",
                "note": row.note,
                "by": row.decided_by.full_name if row.decided_by else "",
            }
            for row in Alarm.objects.filter(exam=exam, state=Alarm.State.FOLLOWED)
            .select_related("attempt__seat", "other__seat", "decided_by")
            .order_by("first_at")
        ],
    }


def _decided(row: Decided) -> dict[str, Any]:
    return {
        "at": row.decided_at.isoformat(timespec="seconds") if row.decided_at else "",
        "seat": row.attempt.seat.label,
        "confirmed": row.confirmed,
        "reason": row.reason,
        "asked_by": row.asked_by.full_name,
        "decided_by": row.decided_by.full_name if row.decided_by else "",
    }
