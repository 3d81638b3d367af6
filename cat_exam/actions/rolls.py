"""What the room hands on, sealed: the Roll (one outcome a seat) and the Minutes (what happened)."""

from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cat_exam.models import Attempt, Exam, Minutes, Pause, Roll, ScoreSheet, TimeGrant
from cat_exam.queries.lines import last_chains
from core import seal, trail
from core.errors import Refusal
from core.models import User
from core.models.base import uuid7

OUTCOMES = {"scored": "present", "absent": "absent", "disqualified": "disqualified", "voided": "voided"}


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC, or None."""
    return moment.astimezone(UTC).isoformat() if moment else None


def make_roll(*, exam: Exam, by: User, now: datetime) -> Roll:
    """Seal the Roll of a closed exam in the caller's transaction; a later one names the one before."""
    sheets = dict(
        ScoreSheet.objects.filter(attempt__exam=exam, replaced_by__isnull=True).values_list("attempt_id", "id")
    )
    rows = (
        Attempt.objects.filter(exam=exam)
        .order_by("seat__label")
        .values_list("pk", "application_id", "application__number", "seat__label", "state")
    )
    seats = [
        {
            "application": str(application), "number": number, "seat": label, "outcome": OUTCOMES[state],
            "sheet": str(sheets[pk]) if state == "scored" else None,
        }
        for pk, application, number, label, state in rows
    ]  # fmt: skip
    old = Roll.objects.filter(exam=exam, replaced_by__isnull=True).first()
    document: dict[str, Any] = {
        "exam": str(exam.pk),
        "sitting": str(exam.sitting_id),
        "seats": seats,
        "counts": dict(Counter(seat["outcome"] for seat in seats)),
        "closed_at": iso(exam.closed_at),
        "replaces": str(old.pk) if old else None,
    }
    roll = Roll(exam=exam, closed_by=by, replaces=old)
    _seal(roll, document, now)
    return roll


def journal_digest(exam: Exam) -> str:
    """SHA-256 over the last chain value of every attempt, ascending: any changed line of the sitting changes it."""
    whole = sha256()
    for attempt, seq, chain in last_chains(exam.pk):
        whole.update(b"%d|%d|" % (attempt, seq) + chain)
    return whole.hexdigest()


@transaction.atomic
def sign_minutes(
    *, exam: Exam, incidents: list[dict[str, Any]], decisions: dict[str, list[dict[str, Any]]] | None = None,
    by: User, now: datetime,
) -> Minutes:  # fmt: skip
    """Seal the minutes of a closed exam, signed by the proctor on duty; the countersignature is another's.

    ``decisions`` are the room's lists of what officers decided, by name (``proctoring.queries.minutes``).
    """
    locked = Exam.objects.select_for_update().get(pk=exam.pk)
    roll = Roll.objects.filter(exam=locked, replaced_by__isnull=True).first()
    if locked.state != Exam.State.CLOSED or roll is None:
        raise Refusal("exam_not_closed", _("Berita acara dibuat setelah sesi ditutup."))
    if Minutes.objects.filter(exam=locked).exists():
        raise Refusal("minutes_signed", _("Berita acara sesi ini sudah ditandatangani."))
    pauses = Pause.objects.filter(exam=locked).order_by("began_at")
    whole = Q(centre=locked.sitting.room.centre_id, day=locked.day, approved_at__lte=locked.closed_at)
    mine = Q(attempt__exam=locked) | Q(exam=locked) | whole
    grants = TimeGrant.objects.filter(mine, kind="credit", approved_at__isnull=False)
    document = {
        "exam": str(locked.pk),
        "sitting": str(locked.sitting_id),
        "roll": str(roll.pk),
        "roll_sha256": bytes(roll.digest).hex(),
        "counts": roll.document["counts"],
        "times": {name: iso(getattr(locked, name)) for name in ("opened_at", "started_at", "closed_at")},
        "pauses": [
            {"cause": p.cause, "reason": p.reason, "began_at": iso(p.began_at), "ended_at": iso(p.ended_at)}
            for p in pauses
        ],
        "credits": [
            {"grant": str(g.pk), "seconds": g.seconds, "reason": g.reason, "approved_at": iso(g.approved_at),
             "scope": "candidate" if g.attempt_id else "room" if g.exam_id else "centre",
             "seat": g.attempt.seat.label if g.attempt else ""}
            for g in grants.select_related("attempt__seat").order_by("approved_at")
        ],
        "incidents": incidents,
        **(decisions or {}),
        "journal_sha256": journal_digest(locked),
        "signed_by": str(by.pk),
    }
    minutes = Minutes(exam=locked, signed_by=by)
    _seal(minutes, document, now)
    trail.record("cat_exam.minutes_signed", locked, by=by, now=now, minutes=minutes.pk)
    return minutes


@transaction.atomic
def countersign_minutes(*, minutes: Minutes, by: User, now: datetime) -> Minutes:
    """The coordinator's signature; the same person is refused here and by the database."""
    locked = Minutes.objects.select_for_update().get(pk=minutes.pk)
    if locked.signed_by_id == by.pk:
        raise Refusal("four_eyes", _("Yang menandatangani dan yang mengesahkan harus dua orang yang berbeda."))
    if locked.countersigned_by_id:
        raise Refusal("already_countersigned", _("Berita acara ini sudah disahkan."))
    locked.countersigned_by, locked.countersigned_at = by, now
    locked.save(update_fields=["countersigned_by", "countersigned_at"])
    trail.record("cat_exam.minutes_countersigned", locked, by=by, now=now)
    return locked


def _seal(paper: Roll | Minutes, document: dict[str, Any], now: datetime) -> None:
    """Seal ``document`` into an unsaved paper and save it."""
    paper.pk = uuid7()
    found = seal.sign(paper.PURPOSE, {paper.PURPOSE: str(paper.pk), **document})
    paper.document = {paper.PURPOSE: str(paper.pk), **document}
    paper.digest, paper.seal_kid, paper.seal_signature = found.digest, found.kid, found.signature
    paper.sealed_at = now
    paper.save(force_insert=True)
