"""Sittings (sesi), the seats in them and the exam card: frozen and sealed when issued."""

import pgtrigger
from django.db import models
from django.db.models import Q

from core.models import Room, Station
from core.models.base import Sealed, reference, uuid_key
from registration.models.applicants import Application
from registration.models.selections import Stage

#: A sitting never promises more seats than its room has.
_SITTING_FITS_ROOM = """
IF NEW.capacity > (SELECT capacity FROM core_room WHERE id = NEW.room_id) THEN
    RAISE EXCEPTION 'the sitting is larger than its room' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""

#: Runs once a statement; the lock makes two statements at once count one after the other.
_SEATS_WITHIN_CAPACITY = """
PERFORM FROM registration_sitting s
  WHERE s.id IN (SELECT sitting_id FROM new_seats) ORDER BY s.id FOR NO KEY UPDATE;
IF EXISTS (
    SELECT FROM registration_sitting s
     WHERE s.id IN (SELECT sitting_id FROM new_seats)
       AND (SELECT count(*) FROM registration_seat x WHERE x.sitting_id = s.id) > s.capacity
) THEN
    RAISE EXCEPTION 'more seats than the sitting has' USING ERRCODE = 'check_violation';
END IF;
IF EXISTS (
    SELECT FROM new_seats n JOIN registration_sitting s ON s.id = n.sitting_id WHERE n.stage_id <> s.stage_id
) THEN
    RAISE EXCEPTION 'a seat belongs to the stage of its sitting' USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


def _within_capacity(name: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=operation,
        level=pgtrigger.Statement,
        referencing=pgtrigger.Referencing(new="new_seats"),
        func=_SEATS_WITHIN_CAPACITY,
    )


class Sitting(models.Model):
    """One sitting of one stage in one room; carries the stage's code and minutes as data of its day."""

    id = uuid_key()
    reference = models.CharField(max_length=16, unique=True, default=reference)
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="sittings")
    room = models.ForeignKey(Room, models.PROTECT, related_name="sittings")
    number = models.PositiveSmallIntegerField(help_text="number of the sitting (sesi)")
    starts_at = models.DateTimeField()
    stage_code = models.CharField(max_length=20)
    minutes = models.PositiveSmallIntegerField()
    minutes_visual = models.PositiveSmallIntegerField()
    capacity = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "room", "number"]
        constraints = [
            models.UniqueConstraint(fields=["room", "starts_at"], name="sitting_room_time"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="sitting_capacity"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fits_room",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_SITTING_FITS_ROOM,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage_code} · sesi {self.number}"


class Seat(models.Model):
    """One candidate's place in a sitting; one per application and stage, one per station label and sitting."""

    id = uuid_key()
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="seats")
    application = models.ForeignKey(Application, models.PROTECT, related_name="seats")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True, related_name="+")
    label = models.CharField(max_length=20)

    class Meta:
        ordering = ["sitting", "label"]
        constraints = [
            models.UniqueConstraint(fields=["application", "stage"], name="seat_once_a_stage"),
            models.UniqueConstraint(fields=["sitting", "label"], name="seat_label_once"),
        ]
        triggers = [
            _within_capacity("capacity_at_insert", pgtrigger.Insert),
            _within_capacity("capacity_at_update", pgtrigger.Update),
        ]


class ExamCard(Sealed):
    """The exam card of one seat: what was printed, frozen and sealed."""

    PURPOSE = "card"

    id = uuid_key()
    application = models.ForeignKey(Application, models.PROTECT, related_name="cards")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="cards")
    number = models.CharField(max_length=40, unique=True, help_text="card number, also in the QR code")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "stage"], condition=Q(replaces__isnull=True), name="card_once_a_stage"
            ),
        ]
