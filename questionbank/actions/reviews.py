"""From draft to approval through three different people."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import trail
from core.errors import Refusal
from core.models import User
from questionbank.actions.items import change_state, lock_version, require_own_draft
from questionbank.models import ItemVersion, Review

State, Verdict = ItemVersion.State, Review.Verdict


def submit_for_review(*, version: ItemVersion, by: User, now: datetime) -> ItemVersion:
    """The writer hands the draft in; raises Refusal ``not_draft``, ``not_writer``."""
    with transaction.atomic():
        version = lock_version(version.pk)
        require_own_draft(version, by)
        change_state(version, State.IN_REVIEW, now=now)
        trail.record("questionbank.version_submitted", version, by=by, now=now)
    return version


def review_version(
    *, version: ItemVersion, verdict: str, note: str = "", by: User, now: datetime
) -> ItemVersion:
    """A reviewer who did not write it accepts the version, or returns it to the writer with a note.

    Raises Refusal ``not_waiting``, ``own_work``, ``note_empty``.
    """
    with transaction.atomic():
        version = lock_version(version.pk)
        if version.state != State.IN_REVIEW or version.reviewer_id is not None:
            raise Refusal("not_waiting", _("Versi ini tidak sedang menunggu telaah. Muat ulang daftar soal."))
        if version.writer_id == by.pk:
            raise Refusal("own_work", _("Anda menulis soal ini. Orang lain yang harus menelaahnya."))
        _judge(version, "review", verdict, note, by=by, now=now)
    return version


def approve_version(
    *, version: ItemVersion, verdict: str = "accept", note: str = "", by: User, now: datetime
) -> ItemVersion:
    """An approver who neither wrote nor reviewed it approves the version, or returns it to the writer.

    The version approved before, if any, is retired in the same step. Raises Refusal ``not_waiting``, ``own_work``,
    ``note_empty``.
    """
    with transaction.atomic():
        version = lock_version(version.pk)
        if version.state != State.IN_REVIEW or version.reviewer_id is None:
            raise Refusal("not_waiting", _("Versi ini tidak sedang menunggu persetujuan. Muat ulang daftar soal."))
        if by.pk in (version.writer_id, version.reviewer_id):
            text = _("Anda menulis atau menelaah soal ini. Orang ketiga yang harus menyetujuinya.")
            raise Refusal("own_work", text)
        _judge(version, "approve", verdict, note, by=by, now=now)
    return version


def _judge(version: ItemVersion, step: str, verdict: str, note: str, *, by: User, now: datetime) -> None:
    if verdict not in Verdict.values:
        raise ValueError(f"unknown verdict {verdict!r}")
    if verdict == Verdict.RETURN and not note.strip():
        raise Refusal("note_empty", _("Tulis catatan agar penulis tahu apa yang harus diperbaiki."), field="note")
    Review.objects.create(version=version, step=step, by=by, verdict=verdict, note=note.strip(), at=now)
    if verdict == Verdict.RETURN:
        version.reviewer = None
        change_state(version, State.DRAFT, now=now, also=("reviewer",))
    elif step == "review":
        version.reviewer, version.changed_at = by, now
        version.save(update_fields=["reviewer", "changed_at"])
    else:
        _approve(version, by=by, now=now)
    verb = {"review": "reviewed", "approve": "approved"}[step] if verdict == Verdict.ACCEPT else "returned"
    trail.record(f"questionbank.version_{verb}", version, by=by, now=now, step=step)


def _approve(version: ItemVersion, *, by: User, now: datetime) -> None:
    before = ItemVersion.objects.select_for_update().filter(
        item_id=version.item_id, language=version.language, state__in=[State.APPROVED, State.IN_USE]
    )
    for old in before:
        change_state(old, State.RETIRED, now=now)
        trail.record("questionbank.version_retired", old, by=by, now=now, reason="superseded", by_version=version.pk)
    version.approver = by
    change_state(version, State.APPROVED, now=now, also=("approver",))
