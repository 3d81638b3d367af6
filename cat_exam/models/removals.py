"""Taking an attempt out of the count: asked by one officer with a reason, decided by another."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cat_exam.models.attempts import Attempt
from core.models import User
from core.models.base import uuid_key


class Removal(models.Model):
    """A request to disqualify an attempt, or to void it so that it is sat again; never changed but by its decision.

    ``evidence`` lists what the request rests on (ids of incidents, notices or papers of the room). The database
    moves an attempt to ``to`` only when such a row is confirmed, by somebody else than asked.
    """

    class To(models.TextChoices):
        DISQUALIFIED = "disqualified", _("Diskualifikasi")
        VOIDED = "voided", _("Dibatalkan untuk diulang")

    id = uuid_key()
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="removals")
    to = models.CharField(max_length=12, choices=To.choices)
    reason = models.CharField(max_length=500)
    evidence = models.JSONField(default=list)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed = models.BooleanField(null=True, help_text="None: waiting; False: declined or taken back")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to__in=["disqualified", "voided"]), name="removal_to"),
            models.CheckConstraint(condition=~Q(reason=""), name="removal_reason"),
            models.CheckConstraint(
                condition=~Q(confirmed=True) | ~Q(asked_by=F("decided_by")), name="removal_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(confirmed__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="removal_decision_whole",
            ),
            models.UniqueConstraint(
                fields=["attempt"], condition=Q(confirmed__isnull=True), name="removal_one_waiting"
            ),
        ]
