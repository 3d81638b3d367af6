"""Browsers in the hall: keys of the locked browser, what each attempt's browsers showed, and who was excused."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cat_exam.models.attempts import Attempt, Exam
from core.models import User
from core.models.base import uuid_key
from registration.models import Selection


class BrowserKey(models.Model):
    """A key of Safe Exam Browser that a selection allows: 64 hexadecimal digits; it is retired, never changed."""

    class Kind(models.TextChoices):
        CONFIG = "config", _("Config Key (konfigurasi)")
        EXAM = "exam", _("Browser Exam Key (versi peramban)")

    id = uuid_key()
    selection = models.ForeignKey(Selection, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=64)
    label = models.CharField(max_length=100, help_text="which file or version it belongs to")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    retired_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "added_at"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["config", "exam"]), name="browser_key_kind"),
            models.CheckConstraint(condition=Q(key__regex=r"^[0-9a-f]{64}$"), name="browser_key_hexadecimal"),
            models.UniqueConstraint(
                fields=["selection", "kind", "key"], condition=Q(retired_at__isnull=True), name="browser_key_once"
            ),
        ]


class BrowserSeen(models.Model):
    """Evidence: a browser asked for an attempt's ticket; the same one again only moves ``last_at`` and ``times``."""

    id = uuid_key()
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="browsers")
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200)
    verdict = models.CharField(max_length=8, help_text="cat_exam.rules.seb.Verdict")
    config_key = models.ForeignKey(BrowserKey, models.PROTECT, null=True, related_name="+")
    exam_key = models.ForeignKey(BrowserKey, models.PROTECT, null=True, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["first_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "address", "agent", "verdict", "config_key", "exam_key"],
                nulls_distinct=False, name="browser_seen_once",
            ),
        ]  # fmt: skip


class BrowserExcuse(models.Model):
    """A proctor let one candidate (or, without ``attempt``, the whole room) go on without the locked browser."""

    id = uuid_key()
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="browser_excuses")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="browser_excuse_reason")]
