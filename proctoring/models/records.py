"""What a room keeps: who watched it, what happened, requests for time, its PDFs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cat_exam.models import Attempt, Exam, TimeGrant
from core.models import User
from core.models.base import uuid_key


class Watch(models.Model):
    """A proctor or coordinator on duty in an exam."""

    id = uuid_key()
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="watches")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exam", "user"], condition=Q(ended_at__isnull=True), name="watch_once"),
        ]


class Incident(models.Model):
    """Something that happened in the room, for the minutes; append-only."""

    class Kind(models.TextChoices):
        TECHNICAL = "technical", _("Teknis")
        HEALTH = "health", _("Kesehatan")
        CONDUCT = "conduct", _("Perilaku")
        OTHER = "other", _("Lain-lain")

    id = uuid_key()
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="incidents")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, blank=True, related_name="incidents")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.CharField(max_length=1000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]


class TimeRequest(models.Model):
    """A proctor's request for time credit; granting it approves the hall's TimeGrant it names."""

    id = uuid_key()
    grant = models.OneToOneField(TimeGrant, models.PROTECT, related_name="request")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True, refused_by__isnull=True)
                | Q(refused_at__isnull=False, refused_by__isnull=False),
                name="time_refusal_whole",
            ),
        ]


class RoomPaper(models.Model):
    """A PDF of the room kept under the media root: minutes and result lists, each version a row of its own."""

    class Kind(models.TextChoices):
        MINUTES = "minutes", _("Berita acara")
        RESULTS = "results", _("Daftar hasil sesi")

    id = uuid_key()
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="room_papers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    path = models.CharField(max_length=200, unique=True, help_text="under the media root")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="bytes")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]
