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
from proctoring.models import CheckIn, IdentityOverride

REASON_MIN = 10


@transaction.atomic
def ask_override(
    *, attempt: Attempt, fault: str, reason: str, method: str, identity_document: str, by: User, now: datetime
) -> IdentityOverride:
    """Ask that a candidate be admitted although card, photo or document is at fault; nobody is admitted by it.

    Raises :class:`core.errors.Refusal` ``not_your_room``, ``reason_short``, ``checked_in``, ``not_expected``,
    ``override_waits``.
    """
    begin_watch(exam=attempt.exam, by=by, now=now)
    if len(reason.strip()) < REASON_MIN:
        text = _("Tulis sedikitnya %(n)s huruf, agar petugas kedua mengerti apa yang terlihat.")
        raise Refusal("reason_short", text % {"n": REASON_MIN}, field="reason")
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    refuse_twice(locked)
    if locked.state != Attempt.State.EXPECTED:
        raise Refusal("not_expected", _("Peserta ini tidak lagi menunggu registrasi."))
    try:
        with transaction.atomic():
            row = IdentityOverride.objects.create(
                attempt=locked, fault=fault, reason=reason.strip(), method=method,
                identity_document=identity_document, asked_by=by, asked_at=now,
            )  # fmt: skip
    except IntegrityError as twice:
        if "override_one_waiting" not in str(twice):
            raise
        text = _("Pengecualian untuk peserta ini masih menunggu petugas kedua.")
        raise Refusal("override_waits", text) from twice
    trail.record("proctoring.override_asked", locked, by=by, now=now, override=row.pk, fault=fault)
    return row


def _waiting(override: IdentityOverride) -> IdentityOverride:
    """The request under the lock of its candidate, so that it is decided once."""
    Attempt.objects.select_for_update().get(pk=override.attempt_id)
    row = IdentityOverride.objects.select_related("attempt__exam__sitting__room", "asked_by").get(pk=override.pk)
    if row.confirmed is not None:
        raise Refusal("override_decided", _("Permintaan ini sudah diputus. Muat ulang halaman untuk melihatnya."))
    return row


@transaction.atomic
def confirm_override(*, override: IdentityOverride, note: str = "", by: User, now: datetime) -> Issued:
    """Another officer of the room has looked and confirms: the candidate is checked in and the PIN issued to ``by``.

    Raises ``four_eyes``, ``not_your_room``, ``override_decided``, or what the hall refuses (too early, too late); the
    request waits on then. The database refuses one's own request and strangers to the room as well.
    """
    row = _waiting(override)
    if row.asked_by_id == by.pk:
        raise Refusal("four_eyes", _("Yang mengajukan dan yang menyetujui harus dua orang yang berbeda."))
    begin_watch(exam=row.attempt.exam, by=by, now=now)
    refuse_twice(row.attempt)
    _decide(row, True, note, by, now)
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
    """Another officer says no, or who asked takes it back. Raises ``not_your_room``, ``override_decided``."""
    row = _waiting(override)
    begin_watch(exam=row.attempt.exam, by=by, now=now)
    _decide(row, False, note, by, now)
    verb = "proctoring.override_withdrawn" if row.asked_by_id == by.pk else "proctoring.override_declined"
    trail.record(verb, row.attempt, by=by, now=now, override=row.pk)


def _decide(row: IdentityOverride, confirmed: bool, note: str, by: User, now: datetime) -> None:
    row.confirmed, row.note, row.decided_by, row.decided_at = confirmed, note.strip()[:500], by, now
    row.save(update_fields=["confirmed", "note", "decided_by", "decided_at"])
