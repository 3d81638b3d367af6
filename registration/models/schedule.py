"""Sittings (sesi), the seats in them and the exam card: frozen and sealed when issued."""

from django.db import models
from django.db.models import Q

from core.models import Room, Station
from core.models.base import Sealed, reference, uuid_key
from registration.models.applicants import Application
from registration.models.selections import Stage


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
