"""The time ledger: grants and pauses as rows, the hall's clock and heartbeat."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cat_exam.models.attempts import Attempt, Exam
from core.models import TestCentre, User
from core.models.base import uuid_key


def exactly_one(*names: str) -> Q:
    """A condition: exactly one of the nullable columns ``names`` is set."""
    either = Q()
    for name in names:
        either |= Q(**{f"{other}__isnull": other != name for other in names})
    return either


class TimeGrant(models.Model):
    """Time given, in seconds: base and accommodation per attempt; credit per attempt, room (exam) or centre."""

    class Kind(models.TextChoices):
        BASE = "base", _("Waktu dasar")
        ACCOMMODATION = "accommodation", _("Akomodasi")
        CREDIT = "credit", _("Pengganti waktu")

    id = uuid_key()
    kind = models.CharField(max_length=15, choices=Kind.choices)
    seconds = models.PositiveIntegerField()
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, blank=True, related_name="grants")
    exam = models.ForeignKey(Exam, models.PROTECT, null=True, blank=True, related_name="grants")
    centre = models.ForeignKey(TestCentre, models.PROTECT, null=True, blank=True, related_name="+")
    day = models.DateField(help_text="a centre's credit holds for this exam day")
    reason = models.CharField(max_length=500, blank=True)
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approver = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True, help_text="in force from here on")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=exactly_one("attempt", "exam", "centre"), name="grant_one_scope"),
            models.CheckConstraint(condition=~Q(author=F("approver")), name="time_four_eyes"),
            models.CheckConstraint(
                condition=~Q(kind="credit")
                | Q(author__isnull=False) & (Q(approved_at__isnull=True) | Q(approver__isnull=False)),
                name="time_credit_by_two",
            ),
            models.CheckConstraint(condition=~Q(kind="credit") | ~Q(reason=""), name="time_credit_reason"),
            models.UniqueConstraint(
                fields=["attempt", "kind"], condition=~Q(kind="credit"), name="grant_given_once"
            ),
        ]


class Pause(models.Model):
    """A stop of the clock for an exam (room) or one attempt: one row, [began_at, ended_at)."""

    class Cause(models.TextChoices):
        ROOM = "room", _("Keputusan pengawas")
        OUTAGE = "outage", _("Gangguan sistem")

    id = uuid_key()
    exam = models.ForeignKey(Exam, models.PROTECT, null=True, blank=True, related_name="pauses")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, blank=True, related_name="pauses")
    cause = models.CharField(max_length=10, choices=Cause.choices)
    reason = models.CharField(max_length=500)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    began_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=exactly_one("exam", "attempt"), name="pause_one_scope"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")), name="pause_forward"
            ),
            models.UniqueConstraint(fields=["exam"], condition=Q(ended_at__isnull=True), name="pause_exam_one_open"),
            models.UniqueConstraint(
                fields=["attempt"], condition=Q(ended_at__isnull=True), name="pause_attempt_one_open"
            ),
        ]


class Heartbeat(models.Model):
    """The hall's pulse: one row, touched every second; a gap over 5 s is our own outage."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    beat_at = models.DateTimeField(help_text="hall time")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="heartbeat_one_row")]


class HallClock(models.Model):
    """Hall time = CLOCK_BOOTTIME + ``offset_ns``, fixed once per host boot; wall clocks are labels only."""

    boot_id = models.CharField(max_length=36, primary_key=True)
    offset_ns = models.BigIntegerField()
    fixed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
