"""Into the hall: admission, the PIN of one sitting and one seat, the ticket of one socket, the oath."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b, sha256

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from cat_exam import protocol
from cat_exam.actions.tickets import SWEAR
from cat_exam.actions.wake import write_notice
from cat_exam.models import Attempt, Exam, Notice
from cat_exam.rules import lifecycle
from cat_exam.rules.admission import TRIES, pin_is_issued_until
from core import trail, vault
from core.errors import Refusal
from core.models import Station, User


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket for one socket, good until ``until``; ``value`` is shown to its browser only."""

    value: str
    attempt: Attempt
    until: datetime


def pin_hash(attempt: int, pin: str) -> bytes:
    """Keyed BLAKE2b of a PIN, bound to its attempt; the key is the hall's own (no slow hash in the rush)."""
    secret = vault.keyring().get("hall")
    if secret is None:
        raise vault.KeyNotHeld("PINs are made and checked by the hall's processes")
    key = blake2b(secret["age"].encode(), digest_size=32, person=b"cat-hall-pin").digest()
    return blake2b(f"{attempt}:{pin}".encode(), key=key, digest_size=32).digest()


def _lock(attempt: Attempt) -> Attempt:
    return Attempt.objects.select_for_update(of=("self",)).select_related("exam__sitting").get(pk=attempt.pk)


@transaction.atomic
def admit(*, attempt: Attempt, by: User, now: datetime) -> Attempt:
    """The proctor saw the card and the face: this candidate is here."""
    locked = _lock(attempt)
    if locked.exam.state not in {Exam.State.OPEN, Exam.State.RUNNING}:
        raise Refusal("exam_not_open", _("Registrasi sesi ini belum dibuka atau sudah ditutup."))
    _refuse_late(locked, now)
    try:
        locked.state = lifecycle.move(lifecycle.ATTEMPT, locked.state, Attempt.State.ADMITTED)
    except lifecycle.NotAllowed:
        raise Refusal("already_admitted", _("Peserta ini sudah dicatat hadir.")) from None
    locked.admitted_at = now
    locked.save(update_fields=["state", "admitted_at"])
    write_notice(exam=locked.exam_id, kind=Notice.Kind.STATE, now=now, attempt=locked.pk, text="admitted")
    trail.record("cat_exam.attempt_admitted", locked, by=by, now=now)
    return locked


def _refuse_late(attempt: Attempt, now: datetime) -> None:
    """PIN issue closes 5 minutes before the start: who comes later does not sit (gugur)."""
    exam = attempt.exam
    if now >= pin_is_issued_until(exam.sitting.starts_at, exam.opened_at):
        raise Refusal(
            "pin_closed",
            _(
                "Pemberian PIN ditutup 5 menit sebelum ujian dimulai."
                " Peserta yang datang setelah itu dinyatakan gugur (TH)."
            ),
        )


@transaction.atomic
def issue_pin(*, attempt: Attempt, station: Station | None = None, by: User, now: datetime) -> str:
    """A new 6-digit PIN, shown once; an earlier one and its tries are forgotten.

    Before the start it is good at any PC of the room. Who works already stays bound to the same PC; ``station`` binds
    them to another one instead, which the database allows only to two officers (``proctoring.models.SeatMove``).
    """
    locked = _lock(attempt)
    if locked.state not in lifecycle.OPEN:
        raise Refusal("not_admitted", _("PIN hanya untuk peserta yang hadir dan belum selesai."))
    if locked.pin_hash is None:
        _refuse_late(locked, now)
    pin = f"{secrets.randbelow(1_000_000):06d}"
    locked.pin_hash, locked.pin_tries, locked.pin_issued_at = pin_hash(locked.pk, pin), 0, now
    if station is not None or locked.state == Attempt.State.ADMITTED:
        locked.station = station
    locked.ticket = locked.ticket_until = None
    locked.save(update_fields=["pin_hash", "pin_tries", "pin_issued_at", "station", "ticket", "ticket_until"])
    trail.record("cat_exam.pin_issued", locked, by=by, now=now, **({"station": str(station.pk)} if station else {}))
    return pin


def enter_hall(*, card_number: str, pin: str, station: Station | None, now: datetime) -> Ticket:
    """Card number and PIN at an enrolled PC give a ticket.

    Every try counts before it is judged, so that tries side by side count too. Refusals: ``station_unknown``,
    ``pin_wrong``, ``pin_blocked`` (5 wrong tries; the proctor issues a new one), ``sitting_other``,
    ``seat_elsewhere`` (already at another PC), ``attempt_over``.
    """
    if station is None:
        raise Refusal("station_unknown", _("Komputer ini belum terdaftar. Panggil pengawas."))
    digits = "".join(char for char in card_number if char.isalnum())
    found = Attempt.objects.filter(card_number=digits).values_list("pk", flat=True).first()
    if found is None:
        raise _wrong()
    with_tries = Attempt.objects.filter(pk=found, pin_hash__isnull=False, pin_tries__lt=TRIES)
    if not with_tries.update(pin_tries=F("pin_tries") + 1):
        raise _uncounted(found)
    with transaction.atomic():
        locked = Attempt.objects.select_for_update(of=("self",)).select_related("exam__sitting").get(pk=found)
        _check_pin(locked, pin)
        _check_place(locked, station)
        locked.pin_tries, locked.station = 0, station
        if locked.state == Attempt.State.ADMITTED and locked.exam.state == Exam.State.RUNNING:
            locked.state, locked.started_at = Attempt.State.RUNNING, now  # admitted after the room's start
        locked.save(update_fields=["pin_tries", "station", "state", "started_at"])
        trail.record("cat_exam.hall_entered", locked, by=None, now=now, station=station.pk)
        return _ticket(locked, now)


def _uncounted(found: int) -> Refusal:
    tries = Attempt.objects.filter(pk=found, pin_hash__isnull=False).values_list("pin_tries", flat=True).first()
    if tries is not None and tries >= TRIES:
        return Refusal("pin_blocked", _("PIN ini diblokir setelah 5 kali salah. Panggil pengawas untuk PIN baru."))
    return _wrong()


def _wrong() -> Refusal:
    return Refusal("pin_wrong", _("Nomor kartu atau PIN tidak cocok. Periksa keduanya, lalu coba lagi."), field="pin")


def _check_pin(attempt: Attempt, pin: str) -> None:
    given = "".join(pin.split())
    if attempt.pin_hash is None or not hmac.compare_digest(bytes(attempt.pin_hash), pin_hash(attempt.pk, given)):
        raise _wrong()


def _check_place(attempt: Attempt, station: Station) -> None:
    exam = attempt.exam
    if station.room_id != exam.sitting.room_id or exam.state not in {Exam.State.OPEN, Exam.State.RUNNING}:
        raise Refusal(
            "sitting_other", _("Kartu ini bukan untuk sesi yang sedang dibuka di ruang ini. Panggil pengawas.")
        )
    if attempt.state not in lifecycle.OPEN:
        raise Refusal("attempt_over", _("Ujian dengan kartu ini sudah berakhir."))
    if attempt.station_id and attempt.station_id != station.pk:
        raise Refusal("seat_elsewhere", _("Ujian ini sudah dibuka di komputer lain. Panggil pengawas untuk pindah."))


def _ticket(attempt: Attempt, now: datetime) -> Ticket:
    value = secrets.token_urlsafe(32)
    until = now + timedelta(seconds=protocol.TICKET_SECONDS)
    Attempt.objects.filter(pk=attempt.pk).update(ticket=sha256(value.encode()).digest(), ticket_until=until)
    return Ticket(value, attempt, until)


@transaction.atomic
def renew_ticket(*, attempt: Attempt, now: datetime) -> Ticket:
    """A fresh ticket for a browser that proved itself by its hall session; no PIN is asked.

    Refusals: ``exam_closed`` once the room is closed, ``attempt_over``.
    """
    locked = _lock(attempt)
    if locked.exam.state == Exam.State.CLOSED:
        raise Refusal("exam_closed", _("Sesi ini sudah ditutup."))
    if locked.state not in lifecycle.OPEN | lifecycle.ENDED:
        raise Refusal("attempt_over", _("Ujian ini ditutup oleh panitia. Hubungi pengawas ruang."))
    if locked.state == Attempt.State.ADMITTED and locked.exam.state == Exam.State.RUNNING:
        locked.state, locked.started_at = Attempt.State.RUNNING, now
        locked.save(update_fields=["state", "started_at"])
    return _ticket(locked, now)


@transaction.atomic
def agree_oath(*, attempt: Attempt, now: datetime) -> Attempt:
    """The candidate promised not to spread the items; recorded once."""
    with connection.cursor() as cursor:
        cursor.execute(SWEAR, [now, [attempt.pk]])
    attempt.refresh_from_db(fields=["oath_at"])
    return attempt
