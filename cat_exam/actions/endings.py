"""How attempts end without a click: by the clock, by the room."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cat_exam import hallclock
from cat_exam.actions.wake import wake_readers
from cat_exam.journal import finish_lines
from cat_exam.models import Attempt
from cat_exam.queries.lines import tips
from cat_exam.rules.lines import BY_CLOCK, BY_ROOM, Kind, Line, next_chain
from core import trail
from core.errors import Refusal
from core.models import User


def finish_attempts(*, attempts: Sequence[int], reason: int, now: datetime) -> int:
    """Write a finish line after the tip of each attempt and move it; how many this call ended.

    The primary key decides: where another process wrote at the same place meanwhile nothing is changed, and the
    caller's next round sees the new tip.
    """
    rows = []
    for attempt, day, seq, chain, epoch in tips(attempts):
        line = Line(attempt, seq + 1, epoch, 0, 0, Kind.FINISH, None, reason, None, hallclock.to_us(now))
        rows.append((day, line, next_chain(chain, line)))
    if not rows:
        return 0
    with transaction.atomic():
        ended, exams = finish_lines(rows)
        transaction.on_commit(lambda: wake_readers([UUID(exam) for exam in exams]))
    return ended


@transaction.atomic
def submit(*, attempt: Attempt, by: User | None, now: datetime) -> Attempt:
    """End a running attempt for the room (the candidate's own button writes its line through the socket)."""
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if locked.state not in {"running", "paused"}:
        raise Refusal("not_running", _("Ujian peserta ini tidak sedang berlangsung."))
    if not finish_attempts(attempts=[locked.pk], reason=BY_ROOM, now=now):
        raise Refusal("try_again", _("Peserta baru saja mengirim jawaban. Coba lagi."))
    trail.record("cat_exam.attempt_submitted", locked, by=by, now=now)
    locked.refresh_from_db()
    return locked


def expire_attempts(*, attempts: Sequence[int], now: datetime) -> int:
    """Close attempts whose time is over, without a browser; how many this call ended."""
    return finish_attempts(attempts=attempts, reason=BY_CLOCK, now=now)
