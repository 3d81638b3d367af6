"""Agencies, centres, rooms and the PCs enrolled in them."""

import os
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import trail
from core.access import may_enrol, refuse_bound
from core.errors import Refusal
from core.models import Agency, Role, Room, Station, StationCode, TestCentre, User
from core.models.base import reference

CODE_LIVES = timedelta(hours=12)


def save_agency(*, by: User, now: datetime, agency: Agency | None = None, code: str, name: str, kind: str) -> Agency:
    """Add or change an agency. Refusal ``agency_taken``."""
    row = agency or Agency()
    row.code, row.name, row.kind = code.strip(), name.strip(), kind
    _write(row, "agency_taken", _("Kode atau nama instansi ini sudah ada."), "code", by, now)
    return row


def save_centre(
    *, by: User, now: datetime, centre: TestCentre | None = None, code: str, name: str, address: str, city: str,
    zone: str, is_open: bool = True,
) -> TestCentre:  # fmt: skip
    """Add or change a test centre; every time shown for it is in ``zone`` (IANA). Refusal ``centre_taken``."""
    row = centre or TestCentre()
    row.code, row.name, row.address, row.city = code.strip(), name.strip(), address.strip(), city.strip()
    row.zone, row.is_open = zone, is_open
    _write(row, "centre_taken", _("Kode titik lokasi ini sudah ada."), "code", by, now)
    return row


def save_room(
    *,
    by: User,
    now: datetime,
    centre: TestCentre,
    room: Room | None = None,
    code: str,
    name: str,
    capacity: int,
) -> Room:
    """Add or change a room of ``centre``; ``capacity`` in seats, at least 1. Refusal ``room_taken``."""
    row = room or Room(centre=centre)
    row.code, row.name, row.capacity = code.strip(), name.strip(), capacity
    _write(row, "room_taken", _("Kode ruang ini sudah ada di titik lokasi yang sama."), "code", by, now)
    return row


def _write(row: Agency | TestCentre | Room, code: str, text: str, field: str, by: User, now: datetime) -> None:
    refuse_bound(by, Role.OPERATOR)
    verb = f"core.{row._meta.model_name}_{'changed' if row.pk else 'added'}"
    with transaction.atomic():
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            raise Refusal(code, text, field=field) from None
        trail.record(verb, row, by=by, now=now)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def enrol_station(*, room: Room, label: str, by: User | None, now: datetime) -> tuple[Station, str]:
    """Enrol one PC; returns it with its token, of which only the SHA-256 is kept.

    Raises Refusal ``label_taken``, ``other_centre``; ``by`` is None for a PC enrolled by the installation itself.
    """
    if by:
        _check_reach(by, room)
    return _enrol(room, label, by, now)


def _check_reach(by: User, room: Room) -> None:
    if not may_enrol(by, room):
        raise Refusal("other_centre", _("Ruang ini bukan bagian dari titik lokasi yang Anda tangani."))


def _enrol(room: Room, label: str, by: User | None, now: datetime) -> tuple[Station, str]:
    token = reference() + reference()
    station = Station(room=room, label=label.strip().upper(), token_hash=_digest(token), enrolled_at=now)
    with transaction.atomic():
        try:
            with transaction.atomic():
                station.save(force_insert=True)
        except IntegrityError:
            raise Refusal(
                "label_taken",
                _("Label %(label)s sudah dipakai di ruang ini.") % {"label": station.label},
                field="label",
            ) from None
        trail.record("core.station_enrolled", station, by=by, now=now, room=room.pk)
    return station, token


def prepare_stations(*, room: Room, labels: list[str], by: User, now: datetime) -> list[tuple[str, str]]:
    """Make one enrolment code per label, to be typed at each PC within 12 hours; ``[(label, code), …]``.

    A label in use is refused as a whole list (Refusal ``label_taken``): nothing is half-made. Refusal
    ``other_centre`` as for :func:`enrol_station`.
    """
    _check_reach(by, room)
    taken = set(
        Station.objects.filter(room=room, retired_at__isnull=True, label__in=labels).values_list("label", flat=True)
    )
    if taken:
        raise Refusal(
            "label_taken",
            _("Label ini sudah dipakai: %(labels)s.") % {"labels": ", ".join(sorted(taken))},
            field="first",
        )
    codes = [(label, _short_code()) for label in labels]
    with transaction.atomic():
        StationCode.objects.filter(room=room, label__in=labels, used_at__isnull=True).update(expires_at=now)
        StationCode.objects.bulk_create(
            StationCode(room=room, label=label, code_hash=_digest(code), expires_at=now + CODE_LIVES, made_by=by)
            for label, code in codes
        )
        trail.record("core.stations_prepared", room, by=by, now=now, count=len(codes))
    return [(label, f"{code[:4]}-{code[4:]}") for label, code in codes]


def _short_code() -> str:
    """Eight signs without look-alikes (40 bits): used once, for twelve hours, by an officer at the PC."""
    alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
    return "".join(alphabet[byte % 31] for byte in os.urandom(8))


def redeem_station(*, code: str, by: User | None, now: datetime) -> tuple[Station, str]:
    """Enrol the PC at which an enrolment code is typed; each code works once. Refusal ``code_wrong``."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    with transaction.atomic():
        row = StationCode.objects.select_for_update().select_related("room").filter(code_hash=_digest(plain)).first()
        if row is None or row.used_at or row.expires_at <= now:
            text = _(
                "Kode pendaftaran tidak cocok, sudah dipakai, atau lewat 12 jam. Mintalah kode baru pada operator."
            )
            raise Refusal("code_wrong", text, field="code")
        # The code is the officer's leave: whoever types it at the PC needs no reach of their own.
        station, token = _enrol(row.room, row.label, by or row.made_by, now)
        row.used_at, row.station = now, station
        row.save(update_fields=["used_at", "station"])
    return station, token


def retire_station(*, station: Station, by: User, now: datetime) -> None:
    """Take a PC out of use at once; its token opens nothing any more.

    Raises Refusal ``station_retired``, ``whole_country``.
    """
    refuse_bound(by, Role.OPERATOR)
    with transaction.atomic():
        done = Station.objects.filter(pk=station.pk, retired_at__isnull=True).update(retired_at=now)
        if not done:
            raise Refusal("station_retired", _("Komputer ini sudah tidak dipakai."))
        trail.record("core.station_retired", station, by=by, now=now)
