"""Exam cards: frozen, sealed and numbered so that nobody can guess one."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import seal, trail
from core.errors import Refusal
from core.models import User
from registration.models import ExamCard, Seat, Selection, Sitting, Stage
from registration.queries import schedule as ask
from registration.queries.selections import phase_has_begun
from registration.rules import lifecycle
from registration.rules.numbers import CARD_DIGITS, card_number

_PART = 2_000

_CARDED = """
UPDATE registration_application SET state = 'carded'
 WHERE state = ANY(%s) AND id IN (SELECT application_id FROM registration_examcard WHERE stage_id = %s)
"""


def card_document(seat: Seat, number: str, photo_sha256: str) -> dict[str, Any]:
    """What is sealed: everything printed on the card; times in UTC beside the centre's zone."""
    sitting, application = seat.sitting, seat.application
    room, selection = sitting.room, sitting.stage.selection
    return {
        "card": number,
        "number": application.number,
        "name": application.applicant.full_name,
        "birth_date": application.applicant.birth_date.isoformat(),
        "selection": selection.code,
        "selection_name": selection.name,
        "stage": sitting.stage_code,
        "stage_name": sitting.stage.name,
        "agency": application.formation.agency.name,  # type: ignore[union-attr]
        "position": application.formation.position,  # type: ignore[union-attr]
        "centre": room.centre.name,
        "address": f"{room.centre.address}, {room.centre.city}",
        "room": room.name,
        "sitting": sitting.number,
        "seat": seat.label,
        "starts_at": sitting.starts_at.isoformat(),
        "zone": room.centre.zone,
        "minutes": sitting.minutes_visual if application.visually_impaired else sitting.minutes,
        "photo_sha256": photo_sha256,
    }


def _fresh_numbers(count: int) -> list[str]:
    """Card numbers that no card has; a clash within 10^15 numbers is drawn again."""
    drawn: set[str] = set()
    while len(drawn) < count:
        batch = {card_number(secrets.randbelow(10 ** (CARD_DIGITS - 1))) for _n in range(count - len(drawn))}
        drawn |= batch - set(ExamCard.objects.filter(number__in=batch).values_list("number", flat=True))
    return list(drawn)


def _parts(rows: Iterable[Seat]) -> Iterator[list[Seat]]:
    stream = iter(rows)
    while part := list(islice(stream, _PART)):
        yield part


@transaction.atomic
def issue_cards(
    *, stage: Stage, sitting: Sitting | None = None, by: User | None, now: datetime,
    told: Callable[[int, int], None] | None = None,
) -> int:  # fmt: skip
    """Seal a card for every seat of the stage (or of one sitting) without one; how many were issued.

    ``told`` is called with (cards sealed, cards in all) after every part.

    Raises Refusal ``phase_closed`` while the scheduling phase has not begun, and
    :class:`core.vault.KeyNotHeld` in a process without the card seal.
    """
    selection = Selection.objects.select_for_update(no_key=True).get(pk=stage.selection_id)
    if not phase_has_begun(selection, "scheduling", now):
        raise Refusal("phase_closed", _("Fase penjadwalan belum dibuka. Buka fasenya pada halaman seleksi."))
    seats = ask.seats_without_card(stage, sitting).select_related(
        "sitting__stage__selection", "sitting__room__centre", "application__applicant",
        "application__formation__agency",
    )  # fmt: skip
    issued, total = 0, seats.count() if told else 0
    if told:
        told(0, total)
    for part in _parts(seats.order_by("pk")):
        photos = ask.photos_of(seat.application_id for seat in part)
        numbers = _fresh_numbers(len(part))
        ExamCard.objects.bulk_create(
            _sealed(seat, number, photos[seat.application_id].sha256 if seat.application_id in photos else "", now)
            for seat, number in zip(part, numbers, strict=True)
        )
        issued += len(part)
        if told:
            told(issued, total)
    with connection.cursor() as cursor:
        before = [state for state in lifecycle.APPLICATION if lifecycle.may_move(state, "carded")]
        cursor.execute(_CARDED, [before, stage.pk])
    if issued:
        trail.record(
            "registration.cards_issued", stage, by=by, now=now, issued=issued, sitting=sitting.pk if sitting else None
        )
    return issued


def _sealed(seat: Seat, number: str, photo_sha256: str, now: datetime) -> ExamCard:
    document = card_document(seat, number, photo_sha256)
    made = seal.sign(ExamCard.PURPOSE, document)
    return ExamCard(
        application_id=seat.application_id, stage_id=seat.stage_id, seat=seat, number=number, document=document,
        digest=made.digest, seal_kid=made.kid, seal_signature=made.signature, sealed_at=now,
    )  # fmt: skip
