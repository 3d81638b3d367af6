"""Alarms: what a person should look at in a journal, and what became of it."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cat_exam.models import Attempt, Exam
from cat_exam.rules.lifecycle import steps
from core.models import User
from core.models.base import uuid_key
from proctoring.models.records import Incident
from proctoring.rules.lifecycle import ALARM


class Alarm(models.Model):
    """Something in the journal a person should look at; it advises and decides nothing.

    ``other`` is the second candidate of a pair. The reader only moves ``last_at``, ``strength`` and ``facts`` on;
    a dismissed alarm comes back when it has become twice as strong.
    """

    class Kind(models.TextChoices):
        REMOTE = "remote", _("Pola dikerjakan dari luar")
        TWINS = "twins", _("Jalur jawaban serupa")
        FOCUS = "focus", _("Keluar dari halaman ujian")
        PLACE = "place", _("Alamat atau peramban berganti")
        SOCKETS = "sockets", _("Dua peramban bergantian")
        BROWSER = "browser", _("Bukan peramban terkunci")

    class State(models.TextChoices):
        NEW = "new", _("Baru")
        SEEN = "seen", _("Dilihat")
        FOLLOWED = "followed", _("Ditindaklanjuti")
        DISMISSED = "dismissed", _("Diabaikan")

    id = uuid_key()
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="alarms")
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="alarms")
    other = models.ForeignKey(Attempt, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    facts = models.JSONField(default=dict, help_text="numbers only: proctoring.rules.anomaly")
    strength = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    note = models.CharField(max_length=500, blank=True)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="alarms")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_strength = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "kind", "other"], nulls_distinct=False, name="alarm_once"),
            models.CheckConstraint(condition=Q(other__isnull=True) | Q(attempt__lt=F("other")), name="alarm_pair"),
            models.CheckConstraint(
                condition=Q(kind__in=["remote", "twins", "focus", "place", "sockets", "browser"]), name="alarm_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["new", "seen"]) | (~Q(note="") & Q(decided_by__isnull=False)
                                                          & Q(decided_at__isnull=False)),
                name="alarm_decided_with_a_note",
            ),
        ]
        indexes = [models.Index(fields=["exam", "state"], name="alarm_of_room")]
        triggers = [
            pgtrigger.Protect(
                name="born_new", operation=pgtrigger.Insert, condition=pgtrigger.Q(new__state__df="new")
            ),
            pgtrigger.FSM(name="alarm_lifecycle", field="state", transitions=steps(ALARM)),
        ]  # fmt: skip
