"""Setting a selection up: its own page, its dated phases, its stages and their sittings."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core import clock, trail
from core.errors import Refusal
from core.models import Room, User
from registration.models import Application, Phase, Seat, Selection, Sitting, Stage

SELECTION_FIELDS = ("code", "name", "year", "ruleset", "document_kinds", "statement", "privacy", "is_public")
STAGE_FIELDS = (
    "code", "name", "order", "blueprint_code", "minutes", "minutes_visual", "max_total", "weight", "positions",
)  # fmt: skip


def _take(thing: Any, fields: tuple[str, ...], values: Mapping[str, Any]) -> list[str]:
    """Put ``values`` on ``thing``; the names of what changed."""
    unknown = set(values) - set(fields)
    if unknown:
        raise TypeError(f"unknown fields {sorted(unknown)}")
    changed = [name for name, value in values.items() if getattr(thing, name, None) != value]
    for name in changed:
        setattr(thing, name, values[name])
    return changed


def _save(thing: Any, field: str, text: str) -> None:
    try:
        with transaction.atomic():
            thing.save()
    except IntegrityError as error:
        raise Refusal("taken", text, field=field) from error


@transaction.atomic
def save_selection(*, selection: Selection | None = None, by: User | None, now: datetime, **values: Any) -> Selection:
    """Make a selection or change it; ``values`` are fields of :data:`SELECTION_FIELDS`.

    Raises :class:`core.errors.Refusal`: ``taken`` (code in use), ``ruleset_fixed`` (applications exist already).
    """
    found = selection or Selection(created_at=now)
    if selection and values.get("ruleset", selection.ruleset) != selection.ruleset:
        _refuse_new_rules(selection)
    changed = _take(found, SELECTION_FIELDS, values)
    if selection and not changed:
        return found
    _save(found, "code", _("Kode ini sudah dipakai seleksi lain. Pilih kode lain."))
    verb = "registration.selection_changed" if selection else "registration.selection_created"
    trail.record(verb, found, by=by, now=now, code=found.code, fields=sorted(changed))
    return found


def _refuse_new_rules(selection: Selection) -> None:
    if Application.objects.filter(selection=selection).exclude(state="draft").exists():
        text = _("Aturan tidak dapat diganti: sudah ada pendaftaran yang terkirim.")
        raise Refusal("ruleset_fixed", text, field="ruleset")


@transaction.atomic
def save_phase(
    *, selection: Selection, code: str, opens_at: datetime, closes_at: datetime, by: User | None, now: datetime
) -> Phase:
    """Date a phase: half open [opens, closes), aware moments. Raises Refusal ``phase_backwards``."""
    if closes_at <= opens_at:
        text = _("Penutupan harus sesudah pembukaan. Periksa tanggal dan jamnya.")
        raise Refusal("phase_backwards", text, field="closes_at")
    if code not in Phase.Code.values:
        raise ValueError(code)
    phase = Phase.objects.select_for_update().filter(selection=selection, code=code).first()
    if phase and (phase.opens_at, phase.closes_at) == (opens_at, closes_at):
        return phase
    facts = {"was": f"{phase.opens_at.isoformat()}/{phase.closes_at.isoformat()}"} if phase else {}
    phase = phase or Phase(selection=selection, code=code)
    phase.opens_at, phase.closes_at = opens_at, closes_at
    phase.save()
    trail.record(
        "registration.phase_saved", phase, by=by, now=now, selection=selection.pk, code=code,
        opens=opens_at.isoformat(), closes=closes_at.isoformat(), **facts,
    )  # fmt: skip
    return phase


@transaction.atomic
def open_phase_now(*, selection: Selection, code: str, by: User | None, now: datetime) -> Phase:
    """Open a phase that lies ahead at ``now``; phases that should have ended before it end now.

    Raises Refusal: ``no_phase`` (not dated), ``phase_open`` (open already), ``phase_over`` (it has closed).
    """
    phases = {phase.code: phase for phase in Phase.objects.select_for_update().filter(selection=selection)}
    phase = phases.get(code)
    if phase is None:
        raise Refusal("no_phase", _("Fase ini belum bertanggal. Isi tanggalnya dahulu."))
    if phase.closes_at <= now:
        raise Refusal("phase_over", _("Fase ini sudah ditutup. Ubah tanggalnya bila harus dibuka lagi."))
    if phase.opens_at <= now:
        raise Refusal("phase_open", _("Fase ini sudah dibuka."))
    planned, ended = phase.opens_at, []
    for other in phases.values():
        if other.opens_at < now < other.closes_at <= planned:
            other.closes_at = now
            other.save(update_fields=["closes_at"])
            ended.append(other.code)
    phase.opens_at = now
    phase.save(update_fields=["opens_at"])
    trail.record(
        "registration.phase_opened", phase, by=by, now=now, selection=selection.pk, code=code,
        planned=planned.isoformat(), ended=ended,
    )  # fmt: skip
    return phase


@transaction.atomic
def save_stage(
    *, selection: Selection, stage: Stage | None = None, by: User | None, now: datetime, **values: Any
) -> Stage:
    """Make a stage or change it; ``values`` are fields of :data:`STAGE_FIELDS`.

    Raises Refusal: ``minutes`` (less time for visually impaired), ``stage_fixed`` (seats given already),
    ``taken`` (code or order in use).
    """
    found = stage or Stage(selection=selection)
    if stage and Seat.objects.filter(stage=stage).exists():
        fixed = {"code", "blueprint_code", "minutes", "minutes_visual", "positions"}
        if any(getattr(stage, name) != value for name, value in values.items() if name in fixed):
            text = _("Peserta tahap ini sudah berkursi; kode, kisi-kisi, waktu, dan jabatan tidak berubah lagi.")
            raise Refusal("stage_fixed", text)
    changed = _take(found, STAGE_FIELDS, values)
    if found.minutes_visual < found.minutes:
        text = _("Waktu peserta tunanetra tidak boleh kurang dari waktu biasa.")
        raise Refusal("minutes", text, field="minutes_visual")
    if stage and not changed:
        return found
    _save(found, "code", _("Kode atau urutan ini sudah dipakai tahap lain pada seleksi ini."))
    verb = "registration.stage_changed" if stage else "registration.stage_created"
    trail.record(verb, found, by=by, now=now, selection=selection.pk, code=found.code, fields=sorted(changed))
    return found


@transaction.atomic
def create_sitting(
    *, stage: Stage, room: Room, starts_at: datetime, capacity: int | None = None, number: int | None = None,
    by: User | None, now: datetime,
) -> Sitting:  # fmt: skip
    """Make a sitting of ``stage`` in ``room``; ``capacity`` defaults to the room's, ``number`` to the next.

    Raises Refusal: ``sitting_past``, ``room_capacity``, ``room_taken`` (another sitting at that time),
    ``centre_closed``.
    """
    seats = room.capacity if capacity is None else capacity
    if starts_at <= now:
        raise Refusal("sitting_past", _("Waktu mulai sudah lewat. Pilih waktu yang akan datang."), field="starts_at")
    if not room.centre.is_open:
        raise Refusal("centre_closed", _("Titik lokasi ini ditutup. Pilih titik lokasi lain."), field="room")
    if not 1 <= seats <= room.capacity:
        text = _("Ruang ini memuat 1 sampai %(most)s kursi.") % {"most": room.capacity}
        raise Refusal("room_capacity", text, field="capacity")
    Room.objects.select_for_update().get(pk=room.pk)
    _refuse_taken_room(room, starts_at, starts_at + timedelta(minutes=stage.minutes_visual))
    if number is None:
        number = (Sitting.objects.filter(stage=stage, room=room).aggregate(top=Max("number"))["top"] or 0) + 1
    sitting = Sitting.objects.create(
        stage=stage, room=room, number=number, starts_at=starts_at, stage_code=stage.code,
        minutes=stage.minutes, minutes_visual=stage.minutes_visual, capacity=seats, created_at=now,
    )  # fmt: skip
    trail.record(
        "registration.sitting_created", sitting, by=by, now=now, stage=stage.pk, room=room.pk, number=number,
        starts=starts_at.isoformat(), capacity=seats,
    )  # fmt: skip
    return sitting


def _refuse_taken_room(room: Room, starts_at: datetime, ends_at: datetime) -> None:
    """No two sittings in one room at the same time (locked by the caller)."""
    day = timedelta(days=1)
    for other in Sitting.objects.filter(room=room, starts_at__gt=starts_at - day, starts_at__lt=ends_at):
        if other.starts_at + timedelta(minutes=other.minutes_visual) > starts_at:
            text = _("Ruang ini terpakai sesi %(number)s mulai %(start)s. Pilih waktu atau ruang lain.")
            start = clock.write_moment(other.starts_at, room.centre.zone)
            raise Refusal("room_taken", text % {"number": other.number, "start": start}, field="starts_at")
