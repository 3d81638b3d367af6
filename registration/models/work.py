"""Long work: what an officer asked for, how far the background process is with it, and how it ended."""

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import User
from core.models.base import uuid_key
from registration.models.selections import Selection, Stage
from registration.rules import work as rules


class Work(models.Model):
    """One piece of long work on a selection; at most one is open for each selection."""

    class Kind(models.TextChoices):
        CATALOGUE = "catalogue", _("Impor katalog formasi")
        SCHEDULE = "schedule", _("Penjadwalan peserta")
        CARDS = "cards", _("Penerbitan kartu ujian")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("pekerjaan", "menunggu giliran")
        RUNNING = "running", pgettext_lazy("pekerjaan", "sedang berjalan")
        DONE = "done", pgettext_lazy("pekerjaan", "selesai")
        REFUSED = "refused", pgettext_lazy("pekerjaan", "ditolak")
        FAILED = "failed", pgettext_lazy("pekerjaan", "gagal")
        CANCELLED = "cancelled", pgettext_lazy("pekerjaan", "dibatalkan")

    id = uuid_key()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    selection = models.ForeignKey(Selection, models.PROTECT, related_name="works")
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, blank=True, related_name="works")
    check_only = models.BooleanField(default=False, help_text="look for faults, write nothing")
    file_name = models.CharField(max_length=200, blank=True)
    content = models.BinaryField(null=True, help_text="the file, until the work is over")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    step = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0, help_text="of this step")
    total = models.PositiveIntegerField(default=0, help_text="of this step")
    began_at = models.DateTimeField(null=True, blank=True)
    step_began_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True, help_text="last word of the process that is at it")
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    code = models.CharField(max_length=40, blank=True, help_text="why it was refused or failed")
    text = models.CharField(max_length=1000, blank=True, help_text="the same in words")
    result = models.JSONField(default=dict, help_text="counts")
    faults = models.JSONField(default=list, help_text="[row, column, code, value] of each wrong place")

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["selection"], condition=Q(state__in=["waiting", "running"]), name="work_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(kind="catalogue", stage__isnull=True)
                | Q(kind__in=["schedule", "cards"], stage__isnull=False),
                name="work_stage_by_kind",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], ended_at__isnull=True)
                | Q(state__in=["done", "refused", "failed", "cancelled"], ended_at__isnull=False),
                name="work_end_whole",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="born_waiting", operation=pgtrigger.Insert, condition=~pgtrigger.Q(new__state="waiting")
            ),
            pgtrigger.FSM(name="life", field="state", transitions=rules.transitions()),
            pgtrigger.Protect(
                name="asked_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("kind", "selection", "stage", "check_only", "asked_by", "asked_at"),
            ),
        ]

    @property
    def is_open(self) -> bool:
        """True while it waits or runs."""
        return self.state in rules.OPEN

    @property
    def percent(self) -> int:
        """How far it is, 0–100."""
        return 100 if self.state == self.State.DONE else rules.percent(self.kind, self.step, self.done, self.total)

    def is_lost(self, now: datetime) -> bool:
        """True when its process is gone."""
        return rules.is_lost(self.state, self.beat_at, now)
