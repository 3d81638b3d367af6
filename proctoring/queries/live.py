"""One room's live state, in a few queries whatever its size: what the tiles, the counts and the calls show."""

from datetime import datetime, timedelta

from cat_exam import queries as hall
from cat_exam.hallclock import to_ms
from cat_exam.models import Attempt, Exam, Pause
from proctoring.protocol import Call, Full, Room, Tile
from proctoring.queries.evidence import waiting_removals
from proctoring.queries.people import waiting_overrides
from proctoring.queries.presence import Presence, read_presence
from proctoring.queries.records import time_requests
from proctoring.queries.stations import moved_to, waiting_moves
from proctoring.rules.seats import SeatFacts, calls_for, kind_of

SECOND = timedelta(seconds=1)


def read_room(exam: Exam, now: datetime) -> Full:
    """The room at ``now`` (hall time); seats in the order of their labels."""
    exam.refresh_from_db(fields=["state", "started_at"])
    pause = Pause.objects.filter(exam=exam, ended_at__isnull=True).first()
    there, moved = read_presence(exam), moved_to(exam)
    seats = tuple(
        _tile(view, (view.attempt_id, view.station_id) in moved, there.get(view.attempt_id), exam, now)
        for view in hall.room_view(exam, now)
    )
    calls = [*_seat_calls(seats), *_requests(exam), *_by_two(exam)]
    if pause is not None and pause.cause == Pause.Cause.OUTAGE:
        calls.append(Call("outage", "", "", "", to_ms(pause.began_at)))
    calls.sort(key=lambda call: (-call.at, call.label, call.code))
    room = Room(exam.state, pause.cause if pause else "", to_ms(exam.started_at) if exam.started_at else None)
    return Full(now=to_ms(now), room=room, seats=seats, calls=tuple(calls))


def _tile(view: hall.SeatView, moved: bool, there: Presence | None, exam: Exam, now: datetime) -> Tile:
    label = view.station_label
    other = bool(label) and (label != view.label or view.station_room_id != exam.sitting.room_id)
    elsewhere = other and not moved
    gone = there.at if there and not there.connected else None
    facts = SeatFacts(
        state=view.state,
        entered=bool(label),
        connected=there.connected if there else None,
        preflight=there.preflight(now) if there else None,
        pin_tries=view.pin_tries,
        gone_seconds=(now - gone) // SECOND if gone else None,
        wrong_station=elsewhere,
    )
    runs = view.state == Attempt.State.RUNNING
    return Tile(
        ref=view.reference,
        label=view.label,
        number=view.number,
        name=view.name,
        kind=kind_of(facts).value,
        answered=view.answered,
        saved=to_ms(view.last_saved_at) if view.last_saved_at else None,
        # Rounded to the second: the instant of the end is the same in every frame while nothing changes.
        ends=_round(to_ms(now) + view.remaining_ms) if runs else None,
        left=None if runs else view.remaining_ms,
        gone=to_ms(gone) if gone else None,
        station=label if elsewhere else "",
        moved=label if other and not elsewhere else "",
        calls=tuple(calls_for(facts)),
        faults=there.faults or () if there and there.connected and view.state == Attempt.State.ADMITTED else (),
    )


def _round(moment: int) -> int:
    return (moment + 500) // 1000 * 1000


def _seat_calls(seats: tuple[Tile, ...]) -> list[Call]:
    return [Call(code, tile.ref, tile.label, "", tile.gone or 0) for tile in seats for code in tile.calls]


def _requests(exam: Exam) -> list[Call]:
    rows = time_requests(exam).filter(refused_at__isnull=True, grant__approved_at__isnull=True)
    return [
        Call(
            "time_request",
            row.grant.attempt.reference if row.grant.attempt else "",
            row.grant.attempt.seat.label if row.grant.attempt else "",
            str(row.pk),
            to_ms(row.grant.asked_at),
        )
        for row in rows
    ]


def _by_two(exam: Exam) -> list[Call]:
    """Requests that wait for a second officer."""
    waiting = (("override", waiting_overrides), ("removal", waiting_removals), ("move", waiting_moves))
    return [
        Call(code, row.attempt.reference, row.attempt.seat.label, str(row.pk), to_ms(row.asked_at))
        for code, rows in waiting
        for row in rows(exam)
    ]
