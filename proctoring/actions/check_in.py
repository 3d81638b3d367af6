"""Check-in at the door: a person decides who stands there, the hall issues the PIN."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cat_exam import actions as hall
from cat_exam.models import Attempt
from core import trail
from core.errors import Refusal
from core.models import User
from proctoring.actions.duty import begin_watch
from proctoring.models import CheckIn, IdentityOverride


@dataclass(frozen=True, slots=True)
class Issued:
    """A PIN that is shown once and kept nowhere."""

    attempt: Attempt
    pin: str
    at: datetime


@transaction.atomic
def check_in(
    *, attempt: Attempt, method: str, identity_document: str, note: str = "", by: User, now: datetime
) -> Issued:
    """Record who identified the candidate and how, admit the attempt and issue its PIN.

    Raises :class:`core.errors.Refusal` ``checked_in`` for the second time, ``override_waits`` while another officer
    is asked about this candidate, ``override_refused`` for the officer whose request was refused (the database
    refuses both too), or what the hall refuses (too early, too late, wrong state); nothing is kept then.
    """
    begin_watch(exam=attempt.exam, by=by, now=now)
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    refuse_twice(locked)
    for asked in IdentityOverride.objects.filter(attempt=locked).exclude(confirmed=True):
        if asked.confirmed is None:
            raise Refusal("override_waits", _("Pengecualian untuk peserta ini masih menunggu petugas kedua."))
        if asked.asked_by_id == by.pk and asked.decided_by_id != by.pk:
            raise Refusal(
                "override_refused",
                _("Pengecualian yang Anda ajukan untuk peserta ini ditolak. Petugas lain yang harus mencocokkannya."),
            )
    row = CheckIn(attempt=locked, method=method, by=by, at=now, identity_document=identity_document, note=note)
    return admit(row=row, by=by, now=now)


def refuse_twice(attempt: Attempt) -> None:
    """Raise ``checked_in`` when this candidate is here already; the caller holds the attempt's lock."""
    if CheckIn.objects.filter(attempt=attempt).exists():
        raise Refusal(
            "checked_in",
            _("Peserta ini sudah hadir dan PIN-nya sudah ditampilkan. Bila slipnya hilang, terbitkan PIN baru."),
        )


@transaction.atomic
def admit(*, row: CheckIn, by: User, now: datetime) -> Issued:
    """Keep the check-in ``row``, admit its candidate and issue the PIN to ``by``, who hands it over."""
    row.save(force_insert=True)
    trail.record(
        "proctoring.checked_in", row.attempt, by=by, now=now, check_in=row.pk, method=row.method,
        document=row.identity_document, override_by=row.override_by_id,
    )  # fmt: skip
    hall.admit(attempt=row.attempt, by=by, now=now)
    pin = hall.issue_pin(attempt=row.attempt, by=by, now=now)
    return Issued(row.attempt, pin, now)


@transaction.atomic
def reissue_pin(*, attempt: Attempt, seen: datetime | None, by: User, now: datetime) -> Issued:
    """A new PIN for a candidate already checked in; the old one ends.

    ``seen`` is the moment of the PIN the proctor saw on the screen: a page sent twice does not make a third PIN
    (:class:`core.errors.Refusal` ``pin_is_newer``).
    """
    begin_watch(exam=attempt.exam, by=by, now=now)
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if not CheckIn.objects.filter(attempt=locked).exists():
        raise Refusal("not_checked_in", _("Peserta ini belum hadir. Cocokkan identitasnya di registrasi dahulu."))
    if locked.pin_issued_at != seen:
        raise Refusal(
            "pin_is_newer",
            _("PIN yang lebih baru sudah terbit untuk kursi ini. Pakai slip terakhir, atau buka lagi halaman kursi."),
        )
    pin = hall.issue_pin(attempt=locked, by=by, now=now)
    trail.record("proctoring.pin_reissued", locked, by=by, now=now)
    return Issued(attempt, pin, now)
