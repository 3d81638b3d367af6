"""Places: agencies that hire, centres where people sit, their rooms and enrolled stations."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models.base import uuid_key


class Agency(models.Model):
    """An agency (instansi), central or regional."""

    class Kind(models.TextChoices):
        CENTRAL = "central", _("Instansi pusat")
        REGIONAL = "regional", _("Instansi daerah")

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def check_zone(value: str) -> None:
    """Refuse what is no IANA zone; any zone is good, 93 centres were abroad in 2024."""
    if value not in available_timezones():
        raise ValidationError(_("“%(zone)s” bukan zona waktu IANA."), params={"zone": value})


class TestCentre(models.Model):
    """A test centre (titik lokasi); every time shown for it is in its own zone."""

    __test__ = False

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300)
    city = models.CharField(max_length=100)
    zone = models.CharField(max_length=40, validators=[check_zone])
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """One examination room of a centre."""

    centre = models.ForeignKey(TestCentre, models.PROTECT, related_name="rooms")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    capacity = models.PositiveIntegerField()

    class Meta:
        ordering = ["centre", "code"]
        constraints = [
            models.UniqueConstraint(fields=["centre", "code"], name="room_code"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="room_capacity"),
        ]

    def __str__(self) -> str:
        return f"{self.centre.name} · {self.name}"


#: The long-lived signed cookie by which an enrolled PC proves itself.
COOKIE = "cat_station"


class Station(models.Model):
    """One enrolled PC: it proves itself by a token of which only the SHA-256 is kept."""

    id = uuid_key()
    room = models.ForeignKey(Room, models.PROTECT, related_name="stations")
    label = models.CharField(max_length=20)
    token_hash = models.CharField(max_length=64, unique=True)
    enrolled_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["room", "label"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "label"], condition=Q(retired_at__isnull=True), name="station_label"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class StationCode(models.Model):
    """A code an operator makes for one label; typed once at the PC, it enrols that PC."""

    room = models.ForeignKey(Room, models.PROTECT, related_name="+")
    label = models.CharField(max_length=20)
    code_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    station = models.OneToOneField(Station, models.PROTECT, null=True, blank=True, related_name="+")
