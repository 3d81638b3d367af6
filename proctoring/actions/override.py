"""Override at the door: one officer asks with a reason, another of the same room confirms; only then a PIN."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cat_exam.models import Attempt
from core import trail
from core.errors import Refusal
from core.models import User
from proctoring.actions.check_in import Issued, admit, refuse_twice
from proctoring.actions.duty import begin_watch
from proctoring.actions.two import decide, decline, need_another, waiting
from proctoring.models import CheckIn, IdentityOverride
from proctoring.words import plain_words


@transaction.atomic
def ask_override(
    *, attempt: Attempt, fault: str, reason: str, method: str, identity_document: str, by: User, now: datetime
) -> IdentityOverride:
    """Ask that a candidate be admitted although card, photo or document is at fault; nobody is admitted by it.

    Raises :class:`core.errors.Refusal` ``not_your_room``, ``text_short``, ``checked_in``, ``not_expected``,
    ``override_waits``.
    """
    begin_watch(exam=attempt.exam, by=by, now=now)
    words = plain_words(reason)
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    refuse_twice(locked)
    if locked.state != Attempt.State.EXPECTED:
        raise Refusal("not_expected", _("Peserta ini tidak lagi menunggu registrasi."))
    try:
        with transaction.atomic():
            row = IdentityOverride.objects.create(
                attempt=locked, fault=fault, reason=words, method=method,
                identity_document=identity_document, asked_by=by, asked_at=now,
            )  # fmt: skip
    except IntegrityError as twice:
        if "override_one_waiting" not in str(twice):
            raise
        text = _("Pengecualian untuk peserta ini masih menunggu petugas kedua.")
        raise Refusal("override_waits", text) from twice
    trail.record("proctoring.override_asked", locked, by=by, now=now, override=row.pk, fault=fault)
    return row


@transaction.atomic
def confirm_override(*, override: IdentityOverride, note: str = "", by: User, now: datetime) -> Issued:
    """Another officer of the room has looked and confirms: the candidate is checked in and the PIN issued to ``by``.

    Raises ``four_eyes``, ``not_your_room``, ``decided``, or what the hall refuses (too early, too late); the request
    waits on then. The database refuses one's own request and strangers to the room as well.
    """
    row = waiting(override)
    need_another(row, by)
    begin_watch(exam=row.attempt.exam, by=by, now=now)
    refuse_twice(row.attempt)
    decide(row, confirmed=True, by=by, now=now, note=note.strip()[:500])
    trail.record(
        "proctoring.override_confirmed", row.attempt, by=by, now=now, override=row.pk, asked_by=row.asked_by_id
    )
    seen = CheckIn(
        attempt=row.attempt, method=row.method, by=row.asked_by, override_by=by, at=now,
        identity_document=row.identity_document, note=row.reason,
    )  # fmt: skip
    return admit(row=seen, by=by, now=now)


@transaction.atomic
def decline_override(*, override: IdentityOverride, note: str = "", by: User, now: datetime) -> None:
    """Another officer says no, or who asked takes it back. Raises ``not_your_room``, ``decided``."""
    decline(override, "override", by=by, now=now, note=note.strip()[:500])
